#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# with-keyring.sh [--empty] PROGRAM [ARGUMENT…]: runs the program on a session bus of its own with an
# unlocked GNOME keyring that is thrown away afterwards; with --empty, with a secret service that has
# no keyring yet. Ends with the program's exit code; 77 (skipped) where dbus-run-session or
# gnome-keyring-daemon is not installed.
set -eu

kind=unlocked
if [ "${1:-}" = --empty ]; then
    kind=empty
    shift
fi

for tool in dbus-run-session gnome-keyring-daemon dbus-send; do
    command -v "$tool" >/dev/null || { echo "with-keyring: no $tool here" >&2; exit 77; }
done

if [ -z "${SEALPOST_INSIDE_KEYRING:-}" ]; then
    home=$(mktemp -d /tmp/keyring.XXXXXX)
    trap 'rm -rf "$home"' EXIT
    trap 'exit 130' INT TERM
    mkdir -m 700 "$home/run" "$home/data" "$home/config" "$home/cache"
    # Nothing of the person who runs the tests may be seen or changed; Qt Keychain chooses its
    # backend by the desktop's name.
    unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS KDE_FULL_SESSION GNOME_KEYRING_CONTROL
    rc=0
    env HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_DATA_HOME="$home/data" \
        XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" \
        XDG_CURRENT_DESKTOP=GNOME SEALPOST_INSIDE_KEYRING="$kind" \
        dbus-run-session -- "$0" "$@" || rc=$?
    exit "$rc"
fi

kind=$SEALPOST_INSIDE_KEYRING
unset SEALPOST_INSIDE_KEYRING
if [ "$kind" = empty ]; then
    gnome-keyring-daemon --foreground --components=secrets >/dev/null 2>&1 &
else
    printf 'keyring' | gnome-keyring-daemon --foreground --unlock --components=secrets \
        >/dev/null 2>&1 &
fi
daemon=$!

serves() {
    dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
        org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null |
        grep -q 'boolean true'
}
tries=0
until serves; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ]; then
        echo "with-keyring: the keyring did not start" >&2
        kill "$daemon" 2>/dev/null || true
        exit 1
    fi
    sleep 0.05
done

rc=0
"$@" || rc=$?
kill "$daemon" 2>/dev/null || true
wait "$daemon" 2>/dev/null || true
exit "$rc"
