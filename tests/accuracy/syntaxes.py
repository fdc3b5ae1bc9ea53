#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well the scanner tells lines of programs with a password or a key from those without one.

    syntaxes.py CLI            prints what is missed and what is wrong; ends with 1 below F1 0.9
"""

import base64
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import code_lines
import secrets_made as secrets

SEED = 20261129
ROUNDS = 3
LEAST_F1 = 0.9
WORDS = ("dragon orange winter tiger falcon maple copper silver rocket monkey banana guitar summer "
         "purple wizard hammer planet castle shadow turtle").split()


def thought_up(rng):
    word = rng.choice(WORDS)
    return rng.choice((
        f"{word}{rng.randint(1, 9999)}", f"{word.capitalize()}{rng.randint(10, 99)}!",
        f"{word}@{rng.randint(100, 999)}", f"{word.capitalize()}_{rng.randint(100, 999)}",
        f"{word}{rng.choice(WORDS).capitalize()}{rng.randint(1, 99)}",
    ))


def password(rng):
    if rng.random() < 0.5:
        return thought_up(rng)
    return secrets.some(rng, secrets.ALNUM + rng.choice(("", "!@#%^*-_", "!?#*")), rng.randint(8, 16))


def key(rng):
    return rng.choice((
        lambda: secrets.some(rng, secrets.HEX, rng.choice((32, 40, 64))),
        lambda: secrets.some(rng, secrets.ALNUM, rng.choice((20, 24, 32, 40))),
        lambda: secrets.some(rng, secrets.URL_SAFE, 22),
        lambda: secrets.uuid(rng),
        lambda: base64.b64encode(rng.randbytes(rng.choice((24, 32)))).decode(),
    ))()


def lines(rng):
    """(file name, template, whether something must be found, the line)"""
    for templates, make in ((code_lines.PASSWORDS, password), (code_lines.KEYS, key)):
        for name, template in templates:
            for _ in range(ROUNDS):
                yield name, template, True, template.replace("{}", make(rng))
    for name, line in code_lines.QUIET:
        yield name, line, False, line


def found_in(cli, made):
    """The indices of the lines in which something is found."""
    with tempfile.TemporaryDirectory(prefix="syntaxes") as folder:
        root = pathlib.Path(folder)
        for i, (name, _template, _wanted, line) in enumerate(made):
            place = root / "set" / str(i)
            place.mkdir(parents=True)
            (place / name).write_text(line + "\n")
        done = subprocess.run([cli, "--profile", str(root / "profile"), "scan", "--json", str(root / "set")],
                              capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"scan ended with {done.returncode}: {done.stderr}")
    results = (json.loads(line) for line in done.stdout.splitlines())
    return {int(pathlib.Path(r["path"]).parent.name) for r in results
            if "kind" in r and r["confidence"] != "low"}


def main():
    made = list(lines(random.Random(SEED)))
    found = found_in(sys.argv[1], made)
    missed = collections.Counter()
    hits = wrong = 0
    for i, (name, template, wanted, line) in enumerate(made):
        if wanted:
            hits += i in found
            missed[name, template] += i not in found
        elif i in found:
            wrong += 1
            print(f"wrong: {name}: {line}")
    for (name, template), count in missed.most_common():
        if count:
            print(f"missed {count} of {ROUNDS}: {name}: {template!r}")
    precision = hits / (hits + wrong or 1)
    recall = hits / sum(wanted for _n, _t, wanted, _l in made)
    f1 = 2 * precision * recall / (precision + recall or 1)
    print(f"{len(made)} lines: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    return 0 if f1 >= LEAST_F1 else 1


if __name__ == "__main__":
    sys.exit(main())
