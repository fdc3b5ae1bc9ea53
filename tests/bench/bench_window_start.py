#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time until the first paint: the compose window against an empty Qt Widgets window.

    bench_window_start.py BIN_FOLDER [RUNS]

Runs both in turn, so that both meet the same machine. Prints the medians of the empty window, of
Sealpost's window when it appears and when its form is there, and their ratios to the first.
Needs a display, or QT_QPA_PLATFORM=offscreen.
"""
import collections
import statistics
import subprocess
import sys
import time

PROGRAMS = {"empty": "gui_empty_window", "sealpost": "gui_window_start"}


def run(program: str) -> dict[str, float]:
    """Milliseconds from the start of the program, by name of what was painted."""
    began = time.time()
    done = subprocess.run([program], capture_output=True, text=True, timeout=60, check=True)
    words = [line.split() for line in done.stdout.splitlines()]
    return {name: (float(when) - began) * 1e3 for name, when in words}


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    times = collections.defaultdict(list)
    for program in PROGRAMS.values():  # warms the disk's cache
        run(f"{sys.argv[1]}/{program}")
    for _ in range(runs):
        for which, program in PROGRAMS.items():
            for name, value in run(f"{sys.argv[1]}/{program}").items():
                times[f"{which} {name}"].append(value)
    empty = statistics.median(times["empty window"])
    for which, values in times.items():
        median = statistics.median(values)
        print(f"{which}: {median:.1f} ms (median of {runs}), ratio {median / empty:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
