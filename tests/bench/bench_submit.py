#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Round trips and time of submitting, with curl beside it.

    tests/bench/bench_submit.py build/release/bin/bench_submit [--rtt MS] [--count N]

A server with PIPELINING and CHUNKING on loopback, behind a line that holds every byte for half a round
trip in either direction. It counts turns: how often the client's bytes come after something that the
server has said. The certificate is made by openssl(1) for this run.
"""
import argparse
import base64
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

MESSAGE = 2000


class Line:
    """Carries bytes between two sockets, each piece after `delay` seconds, in order."""

    def __init__(self, front: socket.socket, target: int, delay: float):
        self.back = socket.create_connection(("127.0.0.1", target))
        self.turns = 0
        self._said = False
        for end in (front, self.back):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self._carry, args=(front, self.back, delay, True), daemon=True).start()
        threading.Thread(target=self._carry, args=(self.back, front, delay, False), daemon=True).start()

    def _carry(self, source, target, delay, from_client) -> None:
        pieces, ready = [], threading.Condition()

        def deliver():
            while True:
                with ready:
                    ready.wait_for(lambda: pieces)
                    when, data = pieces.pop(0)
                time.sleep(max(0.0, when - time.monotonic()))
                try:
                    if data:
                        target.sendall(data)
                    else:
                        target.shutdown(socket.SHUT_WR)
                        return
                except OSError:
                    return

        threading.Thread(target=deliver, daemon=True).start()
        while True:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""
            if data and from_client and self._said:
                self.turns += 1
                self._said = False
            if data and not from_client:
                self._said = True
            with ready:
                pieces.append((time.monotonic() + delay, data))
                ready.notify()
            if not data:
                return


class Server:
    """Takes what it is given; as much of SMTP as the two clients say."""

    def __init__(self, certificate: Path, delay: float, starttls: bool):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.context.num_tickets = 0
        self.starttls = starttls
        self.delay = delay
        self.inner = socket.create_server(("127.0.0.1", 0))
        self.outer = socket.create_server(("127.0.0.1", 0))
        self.port = self.outer.getsockname()[1]
        self.lines: list[Line] = []
        threading.Thread(target=self._bridge, daemon=True).start()
        threading.Thread(target=self._accept, daemon=True).start()

    def turns(self) -> int:
        return self.lines[-1].turns

    def _bridge(self) -> None:
        while True:
            front, _ = self.outer.accept()
            self.lines.append(Line(front, self.inner.getsockname()[1], self.delay))

    def _accept(self) -> None:
        while True:
            client, _ = self.inner.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            self._talk(client)
        except (OSError, ValueError):
            pass
        finally:
            client.close()

    def _talk(self, client) -> None:
        under_tls = not self.starttls
        if under_tls:
            client = self.context.wrap_socket(client, server_side=True)
        stream = client.makefile("rwb")

        def say(text: str) -> None:
            # One write for all that can be answered at once would flatter pipelining.
            stream.write(text.encode() + b"\r\n")
            stream.flush()

        say("220 bench ESMTP")
        while line := stream.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"EHLO":
                say("250-bench\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-SIZE 200000000\r\n" +
                    ("250 AUTH PLAIN" if under_tls else "250 STARTTLS"))
            elif verb == b"STARTTLS":
                say("220 go")
                client = self.context.wrap_socket(client, server_side=True)
                stream, under_tls = client.makefile("rwb"), True
            elif verb == b"AUTH":
                if len(line.split()) < 3:
                    say("334 ")
                    base64.b64decode(stream.readline())
                say("235 2.7.0 ok")
            elif verb == b"BDAT":
                left = int(line.split()[1])
                while left:
                    left -= len(stream.read(min(left, 1 << 20)))
                say("250 2.0.0 queued as 1")
            elif verb == b"DATA":
                say("354 go")
                while stream.readline() != b".\r\n":
                    pass
                say("250 2.0.0 queued as 1")
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 2.1.0 ok")


def certificate(folder: Path) -> Path:
    both = folder / "both.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-days", "2", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, capture_output=True)
    both.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return both


def curl(port: int, folder: Path, starttls: bool, count: int) -> float:
    message = folder / "message"
    message.write_text(("Subject: x\r\n\r\n" + "0123456789" * 7 + "\r\n") * (MESSAGE // 84))
    scheme = "smtp" if starttls else "smtps"
    one = ["--cacert", str(folder / "cert.pem"), "--ssl-reqd", "--user", "sam:secret", "--silent",
           "--mail-from", "sam@sender.example", "--mail-rcpt", "jo@court.example", "--upload-file",
           str(message), f"{scheme}://localhost:{port}"]
    command = ["curl"]
    for i in range(count):
        command += (["--next"] if i else []) + one
    begin = time.monotonic()
    subprocess.run(command, check=True)
    return (time.monotonic() - begin) * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--rtt", type=float, default=25, help="of the line, in ms")
    parser.add_argument("--count", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="slp") as name:
        folder = Path(name)
        server_certificate = certificate(folder)
        delay = arguments.rtt / 2000

        def ours(server: Server, count: int) -> float:
            mode = "starttls" if server.starttls else "implicit"
            done = subprocess.run([arguments.program, str(server.port), folder / "cert.pem", mode,
                                   str(count), str(MESSAGE)], check=True, capture_output=True)
            return float(done.stdout)

        for starttls, count in ((True, 1), (True, arguments.count), (False, arguments.count)):
            server = Server(server_certificate, delay, starttls)
            took = ours(server, count)
            turns = server.turns()
            theirs = curl(server.port, folder, starttls, count)
            print(f"{count} x {MESSAGE} bytes, {'STARTTLS' if starttls else 'port 465'}, "
                  f"{arguments.rtt:.0f} ms: {took:.0f} ms in {turns} turns; curl {theirs:.0f} ms in "
                  f"{server.turns()} turns; ratio {theirs / took:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
