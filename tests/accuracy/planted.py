#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No more than four characters of a planted secret may stand in anything that the scan leaves:
its two outputs, its errors, the profile.

    planted.py CLI
"""

import pathlib
import random
import subprocess
import sys
import tempfile

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


def pieces(value):
    """Every run of five characters that is no part of a prefix or address all such tokens share."""
    tail = value[len(value) // 2 :] if "://" not in value and ";" not in value else value[-24:]
    return {tail[i : i + 5] for i in range(len(tail) - 4)}


def main():
    cli = sys.argv[1]
    rng = random.Random(1)
    values, lines = zip(*planted(rng))
    leaks = []
    with tempfile.TemporaryDirectory(prefix="planted") as folder:
        root = pathlib.Path(folder)
        letter = root / "letter.txt"
        letter.write_text("\n\n".join(lines))
        profile = root / "profile"
        left = []
        for options in (("scan", "--json"), ("scan",), ("--verbose", "scan")):
            done = subprocess.run(
                [cli, "--profile", str(profile), *options, str(letter)], capture_output=True, text=True, check=False
            )
            left.append((" ".join(options), done.stdout + done.stderr))
        findings = left[0][1].count('"kind"')
        for path in profile.rglob("*"):
            if path.is_file():
                left.append((str(path.relative_to(root)), path.read_bytes().decode("latin-1")))
        for where, text in left:
            for number, value in enumerate(values):
                if any(piece in text for piece in pieces(value)):
                    leaks.append(f"{where}: line {number} of the planted ones")
    if findings < len(values) * 0.9:
        leaks.append(f"only {findings} of {len(values)} were found at all")
    print("\n".join(leaks) or f"{len(values)} planted, {findings} findings, no value in {len(left)} places")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
