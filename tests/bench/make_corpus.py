#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the corpus of the scanner's benchmark: documentation and sources of this machine, with
secrets planted. The seed is fixed; what is installed decides which files are taken.

usage: make_corpus.py FOLDER [--mib 200] [--seed 4]
"""
import argparse
import gzip
import pathlib
import random
import string

SOURCES = ["/usr/share/doc", "/usr/include", "/usr/lib/python3", "/usr/share/perl",
           "/usr/lib/python3.11", "/usr/share/cmake-3.25", "/usr/share/perl5", "/usr/lib/node_modules",
           "/usr/share/nodejs", "/usr/share/info", "/usr/share/man/man3", "/usr/share/man/man1"]
LARGEST = 4 * 1024 * 1024
ALNUM = string.ascii_letters + string.digits


def token(rng, length, alphabet=ALNUM):
    return "".join(rng.choice(alphabet) for _ in range(length))


def planted(rng):
    """One line with something that must be found."""
    kinds = [
        lambda: "aws_access_key_id = AKIA" + token(rng, 16, string.ascii_uppercase + "234567"),
        lambda: "GITHUB_TOKEN=ghp_" + token(rng, 36),
        lambda: "The password is " + token(rng, 5, string.ascii_letters) + "-" + token(rng, 9),
        lambda: "postgresql://app:" + token(rng, 16) + "@db.internal:5432/cases",
        lambda: "-----BEGIN EC PRIVATE KEY-----\n" + token(rng, 64) + "\n" + token(rng, 64)
        + "\n-----END EC PRIVATE KEY-----",
        lambda: "national insurance number JG" + token(rng, 6, string.digits) + "A",
    ]
    return rng.choice(kinds)()


def text_of(path):
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
            return None
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
    except (OSError, EOFError, gzip.BadGzipFile):
        return None
    return None if b"\0" in data[:8192] else data


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--mib", type=int, default=200)
    parser.add_argument("--seed", type=int, default=4)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    paths = [path for source in SOURCES for path in pathlib.Path(source).rglob("*")]
    paths = sorted(set(paths))
    rng.shuffle(paths)
    wanted = arguments.mib * 1024 * 1024
    total = files = secrets = 0
    for path in paths:
        if total >= wanted:
            break
        data = text_of(path)
        if not data:
            continue
        if rng.random() < 0.02:
            lines = data.split(b"\n")
            lines.insert(rng.randrange(len(lines) + 1), planted(rng).encode())
            data = b"\n".join(lines)
            secrets += 1
        data = data[:wanted - total]
        folder = arguments.folder / f"{files // 500:03}"
        folder.mkdir(parents=True, exist_ok=True)
        name = path.name[:-3] if path.suffix == ".gz" else path.name
        (folder / f"{files:06}-{name}").write_bytes(data)
        total += len(data)
        files += 1
    print(f"{files} files, {total / 1048576:.1f} MiB, {secrets} secrets planted")


if __name__ == "__main__":
    main()
