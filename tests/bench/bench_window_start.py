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


def run(program: str, which: str) -> float:
    began = time.time()
    done = subprocess.run([program, which], capture_output=True, text=True, timeout=60, check=True)
    return (float(done.stdout.split()[0]) - began) * 1e3


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    program = sys.argv[1] + "/gui_window_start"
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    times = {"empty": [], "sealpost": []}
    for which in times:  # warms the disk's cache
        run(program, which)
    for _ in range(runs):
        for which, values in times.items():
            values.append(run(program, which))
    medians = {which: statistics.median(values) for which, values in times.items()}
    for which, value in medians.items():
        print(f"{which}: {value:.1f} ms to the first paint (median of {runs})")
    print(f"ratio: {medians['sealpost'] / medians['empty']:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
