# SPDX-License-Identifier: GPL-3.0-or-later
"""A submission server that fails in a way of its own: `failing_server.py ADDRESS PORT PEM HOW`.

TLS from the first byte. HOW is one of
  accept         takes everything
  greylist       turns every sender away for now
  die-in-data    is killed (SIGKILL) once a part of a message has come
  die-after-dot  is killed once the whole of it has come, before it answers
  hold           waits in the middle of a message until a line comes on standard input
  alert          answers MAIL with a fatal TLS alert's bytes and nothing else
Port 0 is the system's choice. It says `ready PORT`, then `took MESSAGE-ID` for each message that it
answered for; with hold also `holding`.
"""

import os
import signal
import socket
import ssl
import sys

PART = 4096


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def message(lines, how: str) -> bytes:
    """The beginning of a message that has come whole."""
    head = b""
    while (line := lines.readline()) != b".\r\n":
        if not line:
            return b""
        if len(head) <= PART:
            head += line
        elif how == "die-in-data":
            die()
        elif how == "hold":
            print("holding", flush=True)
            sys.stdin.readline()
            how = "accept"
    if how == "die-after-dot":
        die()
    return head


def talk(raw: socket.socket, line: ssl.SSLSocket, how: str) -> None:
    lines = line.makefile("rb")
    line.sendall(b"220 failing ESMTP\r\n")
    while command := lines.readline():
        verb = command.split()[0].upper() if command.split() else b""
        if verb == b"EHLO":
            line.sendall(b"250-failing\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n")
        elif verb == b"AUTH":
            line.sendall(b"235 2.7.0 welcome\r\n")
        elif verb == b"MAIL" and how == "greylist":
            line.sendall(b"451 4.7.1 later\r\n")
        elif verb == b"MAIL" and how == "alert":
            # A record of TLS 1.2's form that nobody can have authenticated.
            os.write(raw, b"\x15\x03\x03\x00\x02\x02\x28")
            return
        elif verb == b"DATA":
            line.sendall(b"354 go\r\n")
            got = message(lines, how)
            if not got:
                return
            ids = [h for h in got.split(b"\r\n") if h.lower().startswith(b"message-id:")]
            print("took", ids[0].split(b":", 1)[1].strip().decode(), flush=True)
            line.sendall(b"250 2.0.0 taken\r\n")
        elif verb == b"QUIT":
            line.sendall(b"221 bye\r\n")
            return
        else:
            line.sendall(b"250 2.0.0 ok\r\n")


def main() -> None:
    address, port, pem, how = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listener = socket.create_server((address, int(port)))
    print("ready", listener.getsockname()[1], flush=True)
    while True:
        plain, _ = listener.accept()
        raw = os.dup(plain.fileno())
        try:
            with context.wrap_socket(plain, server_side=True) as line:
                talk(raw, line, how)
        except OSError:
            pass
        finally:
            os.close(raw)


main()
