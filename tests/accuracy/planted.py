#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No more than four characters of a planted secret may stand in anything that a scan, a plan and a
message sent by S/MIME leave: outputs, errors, journal, outbox, the profile with all its files, and what
the practice server received. They are in the text, in an attachment and in an archive in an archive. A
program that crashes leaves no file with its memory.

    planted.py CLI
"""

import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile

import secrets_made as secrets
import templates


def planted(rng):
    """(what is planted, the line around it)"""
    for _label, make in secrets.TOKENS:
        value = make(rng)
        yield value, f"key = {value}"
    for line in templates.PASSWORD_LINES + templates.CODE_LINES:
        value = secrets.some(rng, secrets.ALNUM, 16)
        yield value, line.format(x=value, first="Jo", last="Doe")


def pieces(value, length=5):
    """Every run of characters that is no part of a prefix or address all such tokens share."""
    tail = value[len(value) // 2 :] if "://" not in value and ";" not in value else value[-24:]
    return {tail[i : i + length] for i in range(len(tail) - length + 1)}


def leaked(value, text, length):
    """Whether a piece so long stands in it. Of digests, ids and signatures five characters can be
    anything: in these eight must agree."""
    words = re.sub(r"[0-9A-Za-z+/=_-]{32,}", " ", text)
    return (any(piece in words for piece in pieces(value, length))
            or any(piece in text for piece in pieces(value, 8)))


def packed(letter):
    """The letter as an attachment, and in a zip in a zip."""
    plain, inner, outer = (letter.with_name(name) for name in ("list.log", "inner.zip", "outer.zip"))
    plain.write_bytes(letter.read_bytes())
    for archive, member in ((inner, letter), (outer, inner)):
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
            made.write(member, member.name)
    inner.unlink()
    return plain, outer


def commands(letter, attachments):
    """What is done with the planted values, each in a profile of its own or in the practice one."""
    message = ("--to", "jo.bloggs@court.practice.example", "--subject", "x",
               "--classification", "OFFICIAL-SENSITIVE",
               *(word for path in attachments for word in ("--attach", str(path))), str(letter))
    files = [str(path) for path in (letter, *attachments)]
    yield "plain", ("scan", "--json", *files)
    yield "plain", ("scan", *files)
    yield "plain", ("--verbose", "scan", *files)
    for command in (("--json", "plan"), ("--verbose", "plan"), ("--json", "send", "--queue"), ("send",)):
        yield "practice", ("--practice", *command, *message)
    for command in (("journal", "export"), ("journal", "list"), ("outbox", "list", "--json")):
        yield "practice", ("--practice", *command)


def crash_leaves(cli, profile, letter):
    """What is wrong where a program crashes that has read a letter; None where nothing is."""
    def allow_core_files():
        most = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))

    with subprocess.Popen([cli, "--profile", str(profile), "--practice", "plan", "--to",
                           "jo.bloggs@court.practice.example", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=letter.parent,
                          preexec_fn=allow_core_files) as program:
        program.stdin.write(letter.read_bytes())
        program.stdin.flush()
        limits = pathlib.Path(f"/proc/{program.pid}/limits")
        until = time.monotonic() + 20
        while not (none := re.search(r"Max core file size +0 +0 ", limits.read_text())):
            if time.monotonic() > until:
                break
        program.send_signal(signal.SIGSEGV)
        program.communicate()
    return None if none and program.returncode == -signal.SIGSEGV else "a crash leaves a core file"


def main():
    cli = sys.argv[1]
    rng = random.Random(1)
    values, lines = zip(*planted(rng))
    leaks = []
    with tempfile.TemporaryDirectory(prefix="planted") as folder:
        root = pathlib.Path(folder)
        letter = root / "letter.txt"
        letter.write_text("\n\n".join(lines))
        attachments = packed(letter)
        left = []
        for profile, options in commands(letter, attachments):
            done = subprocess.run([cli, "--profile", str(root / profile), *options],
                                  capture_output=True, text=True, check=False)
            left.append((" ".join(options[:3]), done.stdout + done.stderr, 5))
        findings = left[0][1].count('"kind"')
        sent = [text for where, text, _length in left if " send" in where]
        for path in root.rglob("*"):
            if path not in (letter, *attachments) and path.is_file():
                # Ciphertext is random: five characters of it can be anything.
                left.append((str(path.relative_to(root)), path.read_bytes().decode("latin-1"), 8))
        if problem := crash_leaves(cli, root / "practice", letter):
            leaks.append(problem)
        for where, text, length in left:
            for number, value in enumerate(values):
                if leaked(value, text, length):
                    leaks.append(f"{where}: line {number} of the planted ones")
    if not any('"delivery":"accepted"' in text for text in sent):
        leaks.append(f"nothing was sent: {sent}")
    if findings < 3 * len(values) * 0.9:
        leaks.append(f"only {findings} of 3 times {len(values)} were found at all")
    print("\n".join(leaks) or f"{len(values)} planted, {findings} findings, no value in {len(left)} places")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
