# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyring of the session that a test runs in (tests/support/with-keyring.sh), locked and unlocked
as its owner would."""

import os
import subprocess

from .processes import wait_until

SECRETS = "org.freedesktop.secrets"
LOGIN = "/org/freedesktop/secrets/collection/login"
PASSWORD = "keyring"  # with-keyring.sh's


def _call(destination: str, path: str, method: str, *arguments: str) -> str:
    done = subprocess.run(["dbus-send", "--session", "--print-reply", f"--dest={destination}", path,
                           method, *arguments], text=True, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def is_locked() -> bool:
    return "boolean true" in _call(SECRETS, LOGIN, "org.freedesktop.DBus.Properties.Get",
                                   "string:org.freedesktop.Secret.Collection", "string:Locked")


def is_open() -> bool:
    return "boolean false" in _call(SECRETS, LOGIN, "org.freedesktop.DBus.Properties.Get",
                                    "string:org.freedesktop.Secret.Collection", "string:Locked")


def lock() -> None:
    _call(SECRETS, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock",
          f"array:objpath:{LOGIN}")
    if not is_locked():
        raise AssertionError("the keyring did not lock")


def unlock() -> subprocess.Popen:
    """There is nobody to be asked for the password here: another daemon is told it at its start."""
    owner = _call("org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetConnectionUnixProcessID",
                  f"string:{SECRETS}")
    os.kill(int(owner.split()[-1]), 15)
    wait_until("the end of the keyring", lambda: SECRETS not in _call(
        "org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames"))
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    daemon.stdin.write(PASSWORD.encode())
    daemon.stdin.close()
    wait_until("the keyring", is_open, [daemon])
    return daemon
