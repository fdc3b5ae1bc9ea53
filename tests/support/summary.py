#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""summary.py (JUNIT-FILE | --skipped=NAME)…: counts and names what ctest ran: passed, failed, and
what was skipped, whole tests as well as cases inside a test (QSKIP, Python's skip), and what was
not even built. Fails where a file is missing, nothing ran at all, or something failed."""

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

UNBUILT = "--skipped="
CASE_SKIPPED = re.compile(r"^SKIP\s*: (\S+)|^(.*) \.\.\. skipped ", re.MULTILINE)


def skipped_cases(test: ElementTree.Element) -> list[str]:
    text = test.findtext("system-out") or ""
    return [f"{test.get('name')}: {match.group(1) or match.group(2)}"
            for match in CASE_SKIPPED.finditer(text)]


def summarise(path: Path) -> tuple[int, int]:
    """Prints one file's summary; returns how many tests ran and how many failed."""
    tests = list(ElementTree.parse(path).getroot().iter("testcase"))
    failed = [t.get("name") for t in tests if t.get("status") == "fail"]
    skipped, broken = [], []
    for test in tests:
        if test.get("status") in ("notrun", "disabled"):
            reason = test.find("skipped")
            message = "" if reason is None else reason.get("message", "")
            (skipped if message.startswith("SKIP_") else broken).append(test.get("name"))
    cases = [case for test in tests for case in skipped_cases(test)]
    passed = len(tests) - len(failed) - len(skipped) - len(broken)
    print(f"{path.parent}: {passed} passed, {len(failed)} failed, {len(broken)} could not run, "
          f"{len(skipped)} skipped, {len(cases)} cases skipped inside tests")
    for what, names in [("FAILED", failed), ("COULD NOT RUN", broken), ("skipped", skipped),
                        ("case skipped", cases)]:
        for name in names:
            print(f"    {what}: {name}")
    return len(tests), len(failed) + len(broken)


def main() -> int:
    ran = faults = 0
    unbuilt = [a.removeprefix(UNBUILT) for a in sys.argv[1:] if a.startswith(UNBUILT)]
    for name in (a for a in sys.argv[1:] if not a.startswith(UNBUILT)):
        if not Path(name).is_file():
            print(f"{name}: ctest has written no result")
            faults += 1
            continue
        tests, failed = summarise(Path(name))
        ran += tests
        faults += failed
    if unbuilt:
        print(f"not built: {len(unbuilt)} skipped")
        for name in unbuilt:
            print(f"    skipped: {name}")
    if ran == 0:
        print("no test ran")
    return 1 if faults or ran == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
