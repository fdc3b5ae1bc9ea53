#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails where an #include breaks the layers of the house, a header that other rooms see drags in a
third-party one, a source file has no SPDX line, or a file has grown past its limit.

    check_layers.py ROOT [--qt-headers DIR]
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LAYERS = [
    ["base"],
    ["mail", "policy", "scan", "net", "crypto"],
    ["assurance", "submit", "store", "receive"],
    ["routing"],
    ["send", "practice", "wording"],
    ["runtime"],
    ["cli", "ui"],
]
LAYER_OF = {room: number for number, layer in enumerate(LAYERS) for room in layer}
SIDEWAYS = {("net", "crypto"), ("scan", "mail")}

# The decision is pure: beside base it sees value headers alone.
ROUTING_SEES = {
    "policy/Policy.h", "scan/Finding.h", "assurance/DomainReport.h", "crypto/CertificateInfo.h",
    "mail/Account.h", "mail/Address.h",
}

# Where each third-party library stops: the beginning of its headers' names, and its rooms.
THIRD_PARTY = {
    "openssl/": {"crypto"},
    "gpgme": {"crypto"},
    "zlib.h": {"crypto", "scan"},
    "gpg-error.h": {"crypto"},
    "gsasl.h": {"crypto"},
    "qtkeychain/": {"crypto"},
    "qt6keychain/": {"crypto"},
    "keychain.h": {"crypto"},
    "gmime/": {"mail"},
    "glib": {"mail"},
    "gio/": {"mail"},
    "idn2.h": {"mail"},
    "unbound.h": {"net"},
    "curl/": {"net"},
    "QNetworkProxy": {"net"},  # of Qt Network the system's settings alone
    "immintrin.h": {"scan"},  # SSE2, which Hyperscan needs too, and AVX2 where there is it
    "hs.h": {"scan"},
    "hs/": {"scan"},
    "pcre2.h": {"scan"},
    "archive.h": {"scan"},
    "archive_entry.h": {"scan"},
    "libdeflate.h": {"scan"},
    "poppler-": {"scan"},
    "zbar.h": {"scan"},
    "toml++/": {"policy", "scan"},
    "CLI/": {"cli"},
}
EVERYWHERE = ("tl/expected.hpp",)
QT_MODULES = {"QtSql": {"store"}, "QtGui": {"ui", "scan"}, "QtWidgets": {"ui"}, "QtSvg": {"ui"},
              "QtConcurrent": {"ui"}, "QtDBus": {"crypto"}}
SYSTEM = re.compile(
    r"(sys|netinet|arpa|net|linux|bits)/.*"
    r"|[a-z_0-9]+"  # the C++ library: no suffix
    r"|(assert|ctype|errno|fcntl|ifaddrs|inttypes|io|limits|locale|malloc|math|netdb|poll|process|pwd|"
    r"signal|stdarg|stddef|stdint|stdio|stdlib|string|strings|termios|time|unistd|wchar|"
    r"windows|winsock2|ws2tcpip|wincrypt|bcrypt|ncrypt|shlobj)\.h")

SOURCES = {".h", ".cpp", ".py", ".sh", ".cmake"}
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
LONGEST = 800

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


@dataclass(frozen=True)
class Include:
    path: Path  # from the root
    line: int
    name: str
    quoted: bool


@dataclass(frozen=True)
class Fault:
    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def room_of(path: Path) -> str | None:
    """The room of a path from the root, or of an include's name."""
    parts = path.parts[1:] if path.parts[0] == "app" else path.parts
    return parts[0] if len(parts) > 1 and parts[0] in LAYER_OF else None


def may_include(room: str, name: str) -> bool:
    """Whether a file of the room may include one of our headers by that name."""
    target = room_of(Path(name))
    if target is None or target == room:
        return target is not None
    if room == "routing":
        return target == "base" or name in ROUTING_SEES
    return LAYER_OF[target] < LAYER_OF[room] or (room, target) in SIDEWAYS


def rooms_of_third_party(name: str, qt_module: dict[str, str]) -> set[str] | None:
    """The rooms that may include a header in angle brackets; every room where it is the standard
    library's, the system's or Qt Core's; None where nobody has said."""
    everyone = set(LAYER_OF)
    if name in EVERYWHERE or SYSTEM.fullmatch(name):
        return everyone
    for start, rooms in THIRD_PARTY.items():
        if name.startswith(start):
            return rooms
    module = name.split("/")[0] if name.startswith("Qt") and "/" in name else qt_module.get(name)
    if module == "QtCore":
        return everyone
    return QT_MODULES.get(module) if module else None


def is_foreign(name: str, qt_module: dict[str, str]) -> bool:
    """Whether a header that other rooms see must not have it: all but std, Qt Core, tl::expected;
    in ui, where nobody else looks, Qt's others don't count."""
    return rooms_of_third_party(name, qt_module) != set(LAYER_OF)


def files_below(root: Path, folders: list[str]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and (path.suffix in SOURCES or path.name == "CMakeLists.txt"):
                yield path.relative_to(root)


def includes_in(root: Path, path: Path) -> list[Include]:
    found = []
    text = (root / path).read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        if match := INCLUDE.match(line):
            found.append(Include(path, number, match.group(2), match.group(1) == '"'))
    return found


def own_path(root: Path, include: Include) -> Path | None:
    """Where one of our headers lies, from the root; None where it is generated or not ours."""
    for base in (Path("app"), Path(), include.path.parent):
        if (root / base / include.name).is_file():
            return base / include.name
    return None


def check_includes(root: Path, qt_module: dict[str, str]) -> list[Fault]:
    faults = []
    by_file: dict[Path, list[Include]] = {}
    for path in files_below(root, ["app", "crypto", "ui"]):
        if path.suffix not in (".h", ".cpp"):
            continue
        room = room_of(path)
        if room is None:
            faults.append(Fault(path, 1, "belongs to no room of the house"))
            continue
        by_file[path] = includes_in(root, path)
        faults += [fault for include in by_file[path]
                   if (fault := _fault_of(root, room, include, qt_module))]
    return faults + _leaks(root, by_file, qt_module)


def _fault_of(root: Path, room: str, include: Include, qt_module: dict[str, str]) -> Fault | None:
    if include.quoted:
        if room_of(Path(include.name)) is None:
            # Its own folder's file, or one that a tool writes (moc, uic, configure_file).
            beside = (root / include.path.parent / include.name).is_file()
            if beside or "/" not in include.name:
                return None
            return Fault(include.path, include.line, f'"{include.name}" is in no room')
        if not may_include(room, include.name):
            return Fault(include.path, include.line, f'{room} must not include "{include.name}"')
        return None
    rooms = rooms_of_third_party(include.name, qt_module)
    if rooms is None:
        return Fault(include.path, include.line,
                     f"<{include.name}> is unknown: say in check_layers.py which rooms may have it")
    if room not in rooms:
        return Fault(include.path, include.line, f"{room} must not include <{include.name}>")
    return None


def _leaks(root: Path, by_file: dict[Path, list[Include]], qt_module: dict[str, str]) -> list[Fault]:
    """Third-party headers that another room gets through one of ours."""
    def foreign(path: Path, seen: set[Path]) -> str | None:
        seen.add(path)
        for include in by_file.get(path, []):
            if not include.quoted and is_foreign(include.name, qt_module):
                return include.name
            target = own_path(root, include) if include.quoted else None
            if target and target not in seen and room_of(target) == room_of(path):
                if found := foreign(target, seen):
                    return found
        return None

    faults = []
    for path, includes in by_file.items():
        for include in includes:
            target = own_path(root, include) if include.quoted else None
            if target and room_of(target) != room_of(path) and (found := foreign(target, set())):
                faults.append(Fault(path, include.line,
                                    f'"{include.name}" drags in <{found}> from another room'))
    return faults


def check_files(root: Path) -> list[Fault]:
    """SPDX line and length, in tests too."""
    faults = []
    for path in files_below(root, ["app", "crypto", "ui", "tests"]):
        lines = (root / path).read_text(encoding="utf-8", errors="replace").splitlines()
        if not any(SPDX in line for line in lines[:2]):
            faults.append(Fault(path, 1, "no SPDX line at the top"))
        if len(lines) > LONGEST:
            faults.append(Fault(path, len(lines), f"{len(lines)} lines: past {LONGEST} it is two"))
    return faults


def qt_modules(folder: Path) -> dict[str, str]:
    """Header name to Qt module, read from the folder that holds QtCore, QtWidgets, …"""
    return {header.name: module.name for module in sorted(folder.glob("Qt*"), reverse=True)
            if module.is_dir() for header in module.iterdir() if header.is_file()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--qt-headers", type=Path)
    arguments = parser.parse_args()
    qt_headers = arguments.qt_headers or next(Path("/usr/include").glob("*/qt6"), None)
    if qt_headers is None or not (qt_headers / "QtCore").is_dir():
        print("check_layers: Qt's headers are not found; use --qt-headers", file=sys.stderr)
        return 2
    faults = check_includes(arguments.root, qt_modules(qt_headers)) + check_files(arguments.root)
    for fault in faults:
        print(fault)
    print(f"check_layers: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
