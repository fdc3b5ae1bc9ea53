#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A labelled set for the content scanner: things that must be found, and things that only look so.

Every template belongs to one half, "tuned" or "held": rules are written and changed by looking at
the tuned half alone. The seed is fixed, so that a change of a figure is a change of the rules.
"""

import dataclasses
import random
import zlib

import hard_negatives
import numbers_of as numbers
import secrets_made as secrets
import templates

SEED = 20261124


@dataclasses.dataclass(frozen=True)
class Sample:
    half: str
    label: str  # of what must be found; "none" where nothing may be
    text: str


def half_of(template):
    return "tuned" if zlib.crc32(template.encode()) % 2 == 0 else "held"


def wrapped(rng, sentence):
    """The sentence in a mail, as it would stand there."""
    before, after = rng.choice(templates.OPENINGS), rng.choice(templates.CLOSINGS)
    return f"{before}\n\n{sentence}\n\n{after}\n"


def positives(rng, rounds):
    for label, (make, lines) in templates.positives().items():
        for line in lines:
            for _ in range(rounds):
                yield Sample(half_of(line), label, wrapped(rng, line.format(**make(rng))))
    for label, make in secrets.TOKENS:
        for line in templates.TOKEN_LINES:
            yield Sample(half_of(label + line), label, wrapped(rng, line.format(x=make(rng))))


def negatives(rng, rounds):
    for line in hard_negatives.SENTENCES:
        yield Sample(half_of(line), "none", wrapped(rng, line))
    for title, (make, lines) in hard_negatives.made().items():
        for line in lines:
            for _ in range(rounds):
                yield Sample(half_of(title + line), "none", wrapped(rng, line.format(**make(rng))))


def samples(rounds=4, seed=SEED):
    rng = random.Random(seed)
    return list(positives(rng, rounds)) + list(negatives(rng, rounds))


if __name__ == "__main__":
    made = samples()
    for half in ("tuned", "held"):
        found = [s for s in made if s.half == half]
        print(half, len(found), "of them with something to find:", sum(s.label != "none" for s in found))
