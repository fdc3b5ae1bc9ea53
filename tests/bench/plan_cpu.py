#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time of `sealpost-cli plan` on a 10 KiB message with warm caches, in practice mode.

    tests/bench/plan_cpu.py build/release/bin/sealpost-cli [RUNS]

User and system time of the process and its children, as the kernel counts them; beside it what
`--version` takes, so that the figure can be read as a ratio on a slow machine.
"""
import resource
import statistics
import subprocess
import sys
import tempfile
import time


def cpu_ms(command, text):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    done = subprocess.run(command, input=text, capture_output=True, check=False)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, used * 1000, wall * 1000


def main():
    program = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    sentence = b"The minutes of Tuesday's meeting are below; please read them before Friday.\n"
    text = (sentence * (10 * 1024 // len(sentence) + 1))[: 10 * 1024]
    with tempfile.TemporaryDirectory(prefix="slp") as profile:
        plan = [program, "--practice", "--profile", profile, "plan", "--to",
                "jo.bloggs@court.practice.example", "--cc", "alex.marsh@council.practice.example",
                "--subject", "Minutes", "-"]
        done, first, _ = cpu_ms(plan, text)
        if done.returncode != 0:
            sys.exit(f"plan ended with {done.returncode}: {done.stderr.decode()}")
        planned = [cpu_ms(plan, text)[1:] for _ in range(runs)]
        nothing = [cpu_ms([program, "--version"], b"")[1:] for _ in range(runs)]
    plan_cpu = statistics.median(cpu for cpu, _ in planned)
    base_cpu = statistics.median(cpu for cpu, _ in nothing)
    print(f"plan, first run, with the practice world being made: {first:.0f} ms CPU")
    print(f"plan, warm, median of {runs}: {plan_cpu:.0f} ms CPU, "
          f"{statistics.median(wall for _, wall in planned):.0f} ms wall")
    print(f"--version, median of {runs}: {base_cpu:.0f} ms CPU; ratio {plan_cpu / base_cpu:.1f}")


if __name__ == "__main__":
    main()
