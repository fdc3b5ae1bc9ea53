# SPDX-License-Identifier: GPL-3.0-or-later
"""SMTP servers as no real one would behave: `misbehave.py KIND=ADDRESS…`, each on port 25."""

import socket
import sys
import threading
import time

GREETING = b"220 mx.misbehaving.example ESMTP\r\n"


def command(line: socket.socket) -> bytes:
    """One command line of the client; empty at its end."""
    got = b""
    while not got.endswith(b"\r\n"):
        more = line.recv(512)
        if not more:
            return b""
        got += more
    return got


def silent(line: socket.socket) -> None:
    while line.recv(512):
        pass


def tarpit(line: socket.socket) -> None:
    for byte in GREETING * 1000:
        line.sendall(bytes([byte] if byte not in b"\r\n" else b"."))
        time.sleep(1)


def endless(line: socket.socket) -> None:
    while True:
        line.sendall(b"220-and more of it\r\n" * 64)


def masked(line: socket.socket) -> None:
    """A firewall that inspects SMTP."""
    line.sendall(b"220 ********************0*0*************\r\n")
    while command(line):
        line.sendall(b"250-mx.misbehaving.example\r\n250-SIZE 1000\r\n250 XXXXXXXA\r\n")


def stripped(line: socket.socket) -> None:
    """One that takes STARTTLS out of what the server says, and leaves no trace."""
    line.sendall(GREETING)
    while said := command(line):
        line.sendall(b"221 bye\r\n" if said.upper().startswith(b"QUIT")
                     else b"250-mx.misbehaving.example\r\n250 SIZE 1000\r\n")


def begin_tls(line: socket.socket, after: bytes) -> None:
    line.sendall(GREETING)
    command(line)
    line.sendall(b"250-mx.misbehaving.example\r\n250 STARTTLS\r\n")
    command(line)
    line.sendall(b"220 go ahead\r\n" + after)


def injected(line: socket.socket) -> None:
    begin_tls(line, b"250 injected in plain text\r\n")
    silent(line)


def alert(line: socket.socket) -> None:
    begin_tls(line, b"")
    line.recv(4096)
    line.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # fatal, handshake_failure
    silent(line)


def hungup(line: socket.socket) -> None:
    line.shutdown(socket.SHUT_RDWR)


def occupy(listener: socket.socket) -> list[socket.socket]:
    """Fills the queue of a listener that never accepts: the kernel then drops what else comes, as
    a firewall does that says nothing."""
    crowd = []
    for _ in range(4):
        one = socket.socket(listener.family)
        one.setblocking(False)
        one.connect_ex(listener.getsockname())
        crowd.append(one)
    return crowd


def serve(kind, listener: socket.socket) -> None:
    while True:
        line, _ = listener.accept()
        threading.Thread(target=talk, args=(kind, line), daemon=True).start()


def talk(kind, line: socket.socket) -> None:
    with line:
        try:
            kind(line)
        except OSError:
            pass


def main() -> None:
    kinds = {one.__name__: one for one in (silent, tarpit, endless, masked, stripped, injected,
                                           alert, hungup)}
    kept = []
    for word in sys.argv[1:]:
        kind, _, address = word.partition("=")
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, 25), family=family,
                                        backlog=0 if kind == "void" else 64)
        if kind == "void":
            kept.append((listener, occupy(listener)))
        else:
            threading.Thread(target=serve, args=(kinds[kind], listener), daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


main()
