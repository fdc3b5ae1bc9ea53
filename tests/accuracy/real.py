#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well the scanner judges the lines of real_lines.py and real_quiet.py.

    real.py CLI            prints what is missed and what is wrong; ends with 1 below the floors
"""

import sys

import real_lines
import real_quiet
import syntaxes

LEAST_F1 = 0.95
LEAST_PRECISION = 0.98


def lines():
    """(file name, template, whether something must be found, the line)"""
    for name, text in real_lines.SECRET + real_lines.PERSONAL + real_lines.LATER:
        yield name.rsplit("/", 1)[-1], text, True, text.replace("¦", "")
    for name, text in real_quiet.QUIET + real_quiet.LATER:
        yield name.rsplit("/", 1)[-1], text, False, text.replace("¦", "")


def main():
    made = list(lines())
    found = syntaxes.found_in(sys.argv[1], made)
    hits = missed = wrong = 0
    for i, (name, _template, wanted, line) in enumerate(made):
        hits += wanted and i in found
        missed += wanted and i not in found
        wrong += not wanted and i in found
        if wanted != (i in found):
            print(f"{'missed' if wanted else 'wrong'}: {name}: {line!r}")
    precision = hits / (hits + wrong or 1)
    recall = hits / (hits + missed)
    f1 = 2 * precision * recall / (precision + recall or 1)
    print(f"{hits + missed} with something, {len(made) - hits - missed} without: "
          f"precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    return 0 if f1 >= LEAST_F1 and precision >= LEAST_PRECISION else 1


if __name__ == "__main__":
    sys.exit(main())
