#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ConfusableTable.cpp anew from ICU's data (libicui18n), which are Unicode's confusables.txt.

    app/base/confusable_table.py > app/base/ConfusableTable.cpp

Only what can stand in a domain name is kept: letters, marks, digits, hyphen and dot.
"""

import ctypes
import ctypes.util
import re
import sys
import unicodedata

HEAD = """// SPDX-License-Identifier: GPL-3.0-or-later
// Made by confusable_table.py from ICU {version}; not edited by hand.
// The pairs are from Unicode's confusables.txt (UTS #39): Copyright (c) 1991 Unicode, Inc., used under
// the Unicode License (https://www.unicode.org/license.txt), which asks that this notice stays.
#include "base/ConfusableTable.h"

namespace sealpost::base {{

// clang-format off
const std::string_view kConfusables =
{lines};
// clang-format on

}} // namespace sealpost::base
"""
IN_DOMAINS = {"Ll", "Lo", "Lm", "Mn", "Mc", "Nd", "Nl"}
WIDTH = 88


def skeletons():
    """A function from a text to its skeleton, and ICU's version."""
    name = ctypes.util.find_library("icui18n")
    if name is None:
        sys.exit("libicui18n is not installed")
    version = re.search(r"\d+$", name).group()
    library = ctypes.CDLL(name)
    open_checker = getattr(library, f"uspoof_open_{version}")
    open_checker.restype = ctypes.c_void_p
    skeleton = getattr(library, f"uspoof_getSkeletonUTF8_{version}")
    skeleton.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_int32,
                         ctypes.c_char_p, ctypes.c_int32, ctypes.POINTER(ctypes.c_int)]
    error = ctypes.c_int(0)
    checker = open_checker(ctypes.byref(error))

    def of(text):
        raw = text.encode()
        buffer = ctypes.create_string_buffer(1024)
        failed = ctypes.c_int(0)
        size = skeleton(checker, 0, raw, len(raw), buffer, len(buffer), ctypes.byref(failed))
        if failed.value > 0:
            sys.exit(f"ICU error {failed.value}")
        return buffer.raw[:size].decode()

    return of, version


def main():
    skeleton, version = skeletons()
    lines, line = [], ""
    for code in range(0x21, 0x110000):
        if 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        if unicodedata.normalize("NFD", character) != character:
            continue  # taken apart before it is looked up
        if unicodedata.category(character) not in IN_DOMAINS and character not in "-.":
            continue
        looks_like = skeleton(character)
        if looks_like == character:
            continue
        entry = f"{code:x}=" + "+".join(f"{ord(one):x}" for one in looks_like) + " "
        if len(line) + len(entry) > WIDTH:
            lines.append(line)
            line = ""
        line += entry
    lines.append(line)
    print(HEAD.format(version=version, lines="\n".join(f'    "{one}"' for one in lines)), end="")


main()
