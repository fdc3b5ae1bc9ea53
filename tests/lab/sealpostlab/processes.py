# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting servers in the foreground, and waiting for what they promise rather than for time."""

import os
import socket
import subprocess
import time
from pathlib import Path

READY_SECONDS = 60.0  # a busy machine takes its time; a server that has ended is noticed at once
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class LabError(Exception):
    """The lab can't be what it promises; the text says what failed."""


class Absent(LabError):
    """A program that the lab needs isn't installed."""


def environment() -> dict[str, str]:
    return {"PATH": SYSTEM_PATH, "LC_ALL": "C.UTF-8", "HOME": "/root"}


def tool(*command: str | Path, stdin: str | None = None) -> str:
    """Runs a program to its end and returns what it wrote; raises LabError with its words."""
    try:
        done = subprocess.run([str(word) for word in command], input=stdin, text=True,
                              capture_output=True, env=environment(), check=False)
    except FileNotFoundError as error:
        raise Absent(f"{command[0]} is not installed") from error
    if done.returncode != 0:
        raise LabError(f"{' '.join(str(w) for w in command)}\n{done.stdout}{done.stderr}".strip())
    return done.stdout


def start(name: str, log_folder: Path, *command: str | Path) -> subprocess.Popen:
    """Starts a server in the foreground; what it writes goes to NAME.out in the log folder."""
    with open(log_folder / f"{name}.out", "ab") as out:
        try:
            return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                    stdout=out, stderr=out, env=environment(), cwd="/")
        except FileNotFoundError as error:
            raise Absent(f"{command[0]} is not installed") from error


def wait_until(what: str, holds, servers: list[subprocess.Popen] | None = None) -> None:
    """Polls until holds() is true; gives up where a server has ended or time is over."""
    end = time.monotonic() + READY_SECONDS
    while not holds():
        for server in servers or []:
            if server.poll() is not None:
                raise LabError(f"{what}: {server.args[0]} ended with {server.returncode}")
        if time.monotonic() > end:
            raise LabError(f"{what}: not ready after {READY_SECONDS:.0f} s")
        time.sleep(0.02)


def listens(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False


def greets(address: str, port: int, greeting: bytes = b"220") -> bool:
    """Whether a server that speaks first says what it should."""
    try:
        with socket.create_connection((address, port), timeout=2) as line:
            return line.recv(512).startswith(greeting)
    except OSError:
        return False


def write(path: Path, text: str, mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.chmod(path, mode)
    return path
