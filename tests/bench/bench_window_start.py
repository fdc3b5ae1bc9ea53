#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time until the first paint: the compose window against an empty Qt Widgets window.

    bench_window_start.py BIN_FOLDER [RUNS]

Runs both in turn, so that both meet the same machine, and prints the medians and their ratio.
Needs a display, or QT_QPA_PLATFORM=offscreen.
"""
import statistics
import subprocess
import sys
import time


PROGRAMS = {"empty": "gui_empty_window", "sealpost": "gui_window_start"}


def run(program: str) -> float:
    began = time.time()
    done = subprocess.run([program], capture_output=True, text=True, timeout=60, check=True)
    return (float(done.stdout.split()[0]) - began) * 1e3


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    times = {which: [] for which in PROGRAMS}
    for which in times:  # warms the disk's cache
        run(f"{sys.argv[1]}/{PROGRAMS[which]}")
    for _ in range(runs):
        for which, values in times.items():
            values.append(run(f"{sys.argv[1]}/{PROGRAMS[which]}"))
    medians = {which: statistics.median(values) for which, values in times.items()}
    for which, value in medians.items():
        print(f"{which}: {value:.1f} ms to the first paint (median of {runs})")
    print(f"ratio: {medians['sealpost'] / medians['empty']:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
