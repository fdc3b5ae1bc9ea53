# SPDX-License-Identifier: GPL-3.0-or-later
"""validate_json.py SCHEMA: each line of standard input is a JSON object that fulfils the schema."""

import json
import sys

from jsonschema import Draft202012Validator


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    lines = [line for line in sys.stdin.read().splitlines() if line]
    for number, line in enumerate(lines, 1):
        for error in validator.iter_errors(json.loads(line)):
            print(f"line {number}: {error.json_path}: {error.message}")
            return 1
    if not lines:
        print("no objects")
        return 1
    return 0


sys.exit(main())
