#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Precision, recall and F1 of the scanner on the generated set, through `sealpost-cli scan --json`.

    accuracy.py CLI                    prints the table
    accuracy.py CLI --write FILE       writes it between the marks in FILE (docs/scanner.md)
    accuracy.py CLI --check            a small sample; ends with 1 where a threshold is missed
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

import generate
import templates

START, END = "<!-- accuracy: begin -->", "<!-- accuracy: end -->"


class Tally:
    def __init__(self):
        self.hits = self.missed = self.wrong = 0

    def precision(self):
        return self.hits / (self.hits + self.wrong) if self.hits + self.wrong else 1.0

    def recall(self):
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    def f1(self):
        return 2 * self.precision() * self.recall() / (self.precision() + self.recall() or 1)


def scan(cli, samples):
    """The kinds found in each sample, by its index. Findings of low confidence ask for nothing."""
    kinds = collections.defaultdict(set)
    with tempfile.TemporaryDirectory(prefix="accuracy") as folder:
        root = pathlib.Path(folder)
        (root / "set").mkdir()
        for i, sample in enumerate(samples):
            (root / "set" / f"{i}.txt").write_text(sample.text)
        done = subprocess.run(
            [cli, "--profile", str(root / "profile"), "scan", "--json", str(root / "set")],
            capture_output=True, text=True, check=False,
        )
        for line in done.stdout.splitlines():
            found = json.loads(line)
            if "kind" in found and found["confidence"] != "low":
                kinds[int(pathlib.Path(found["path"]).stem)].add(found["kind"])
    if done.returncode not in (0, 3):
        raise SystemExit(f"scan ended with {done.returncode}: {done.stderr}")
    return kinds


def judge(samples, kinds, show=None):
    tallies = collections.defaultdict(Tally)
    for i, sample in enumerate(samples):
        wanted = templates.FOUND_AS.get(sample.label, {sample.label})
        beside = templates.BESIDE.get(sample.label, set())
        if sample.label != "none":
            hit = bool(kinds[i] & wanted)
            tallies[sample.label].hits += hit
            tallies[sample.label].missed += not hit
            if show and not hit:
                show(sample, "missed", kinds[i])
        wrong = kinds[i] - wanted - beside
        if wrong:
            # A wrong kind in the place of the right one is counted once, as wrong too.
            tallies[sample.label].wrong += 1
            if show:
                show(sample, "wrong", wrong)
    return tallies


def total(tallies):
    whole = Tally()
    for tally in tallies.values():
        whole.hits += tally.hits
        whole.missed += tally.missed
        whole.wrong += tally.wrong
    return whole


def checked(tallies):
    return total({label: tallies[label] for label in templates.CHECKED if label in tallies})


def rows(samples, kinds):
    halves = {}
    for half in ("tuned", "held"):
        chosen = [i for i, sample in enumerate(samples) if sample.half == half]
        halves[half] = judge([samples[i] for i in chosen], {n: kinds[i] for n, i in enumerate(chosen)})
    labels = sorted({sample.label for sample in samples} - {"none"})

    def cells(tally):
        if tally.hits + tally.missed == 0:
            return "– | – | –"
        return f"{tally.precision():.3f} | {tally.recall():.3f} | {tally.f1():.3f}"

    yield "| what | precision | recall | F1 | held back: precision | recall | F1 |"
    yield "|---|---|---|---|---|---|---|"
    for label in labels:
        yield f"| {label} | {cells(halves['tuned'][label])} | {cells(halves['held'][label])} |"
    yield f"| **numbers with check digits** | {cells(checked(halves['tuned']))} | {cells(checked(halves['held']))} |"
    yield f"| **all, hard negatives included** | {cells(total(halves['tuned']))} | {cells(total(halves['held']))} |"


def write(path, lines):
    text = path.read_text()
    head, rest = text.split(START)
    tail = rest.split(END)[1]
    path.write_text(head + START + "\n" + "\n".join(lines) + "\n" + END + tail)


def failures(tallies):
    whole, numbers = total(tallies), checked(tallies)
    limits = (
        ("precision", whole.precision(), 0.98), ("F1", whole.f1(), 0.95),
        ("precision of numbers with check digits", numbers.precision(), 0.99),
        ("recall of numbers with check digits", numbers.recall(), 0.99),
    )
    return [f"{name} {value:.3f} < {limit}" for name, value, limit in limits if value < limit]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli")
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--show", choices=("tuned", "held"), help="print what went wrong in one half")
    options = parser.parse_args()
    samples = generate.samples(rounds=1 if options.check else 8)
    kinds = scan(options.cli, samples)
    if options.show:
        def show(sample, what, found):
            if sample.half == options.show:
                print(what, sample.label, sorted(found), repr(sample.text), file=sys.stderr)
        judge(samples, kinds, show)
    if options.check:
        missed = failures(judge(samples, kinds))
        print("\n".join(missed) or f"{len(samples)} samples: all thresholds held")
        return 1 if missed else 0
    lines = list(rows(samples, kinds))
    if options.write:
        write(options.write, lines)
    else:
        print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
