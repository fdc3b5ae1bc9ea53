# SPDX-License-Identifier: GPL-3.0-or-later
"""validate_toml.py SCHEMA: each TOML document of standard input fulfils the JSON Schema.

Documents are parted by a line "# ----"; dates count as their text.
"""

import datetime
import json
import sys
import tomllib

from jsonschema import Draft202012Validator


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return value


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    wrong = 0
    for number, document in enumerate(sys.stdin.read().split("\n# ----\n"), 1):
        for error in validator.iter_errors(plain(tomllib.loads(document))):
            print(f"document {number}: {error.json_path}: {error.message}")
            wrong = 1
    return wrong


sys.exit(main())
