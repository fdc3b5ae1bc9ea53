#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Submitting one large message, with openssl s_client beside it through the same TLS.

    tests/bench/bench_submit_large.py build/release/bin/bench_submit [--mib N] [--runs N]

Both send the same number of bytes to the same kind of server on loopback, in turns. The medians of
throughput and of processor time (of the client alone) are compared, and the most memory that ours held.
"""
import argparse
import os
import resource
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench_submit import certificate

PIECE = 1 << 18


class Server:
    """Reads what comes over TLS: SMTP with CHUNKING, or bytes without a meaning."""

    def __init__(self, both: Path, smtp: bool):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(both)
        self.context.num_tickets = 0
        self.smtp = smtp
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.done = threading.Event()
        self.got = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            below, _ = self.listener.accept()
            try:
                with self.context.wrap_socket(below, server_side=True) as client:
                    self._talk(client) if self.smtp else self._swallow(client)
            except (OSError, ValueError):
                pass
            self.done.set()

    def _swallow(self, client) -> None:
        buffer = bytearray(PIECE)
        while count := client.recv_into(buffer):
            self.got += count

    def _talk(self, client) -> None:
        pending = b""
        buffer = bytearray(PIECE)

        def line() -> bytes:
            nonlocal pending
            while b"\n" not in pending:
                more = client.recv(4096)
                if not more:
                    return b""
                pending += more
            one, _, pending = pending.partition(b"\n")
            return one

        client.sendall(b"220 bench ESMTP\r\n")
        while said := line():
            verb = said.split()[0].upper()
            if verb == b"EHLO":
                client.sendall(b"250-bench\r\n250-PIPELINING\r\n250-CHUNKING\r\n"
                               b"250-SIZE 400000000\r\n250 AUTH PLAIN\r\n")
            elif verb == b"AUTH":
                client.sendall(b"235 2.7.0 ok\r\n")
            elif verb == b"BDAT":
                left = int(said.split()[1])
                self.got += left
                left -= len(pending[:left])
                pending = b"" if left else pending[int(said.split()[1]):]
                while left:
                    left -= client.recv_into(buffer, min(left, PIECE))
                client.sendall(b"250 2.0.0 queued as 1\r\n")
            elif verb == b"QUIT":
                client.sendall(b"221 bye\r\n")
                return
            else:
                client.sendall(b"250 2.1.0 ok\r\n")


class Measured:
    def __init__(self, command: list, source=None):
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=source or subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command[0]} ended with {process.returncode}")
        self.cpu = usage.ru_utime + usage.ru_stime
        self.mib = usage.ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--mib", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    size = arguments.mib << 20
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="slp") as name:
        folder = Path(name)
        both = certificate(folder)
        smtp, sink = Server(both, True), Server(both, False)
        plain = folder / "bytes"
        # In pieces: what this program holds would count as the clients' (wait4 of a fork).
        with plain.open("wb") as out:
            for _ in range(size // 78000):
                out.write((b"0123456789" * 7 + b"ABCDEF\r\n") * 1000)
        ours, theirs = [], []
        for _ in range(arguments.runs):
            ours.append(Measured([arguments.program, str(smtp.port), str(folder / "cert.pem"),
                                  "implicit", "1", str(size)]))
            sink.done.clear()
            begin = time.monotonic()
            with plain.open("rb") as source:
                one = Measured(["openssl", "s_client", "-quiet", "-no_ign_eof", "-connect",
                                f"localhost:{sink.port}", "-CAfile", str(folder / "cert.pem")],
                               source)
            sink.done.wait(60)
            one.seconds = time.monotonic() - begin
            theirs.append(one)
        if smtp.got < size * 0.99 * arguments.runs or sink.got < size * 0.99 * arguments.runs:
            raise SystemExit(f"not all arrived: {smtp.got}, {sink.got} bytes")
        def median(runs, what):
            return statistics.median(getattr(run, what) for run in runs)
        print(f"{arguments.mib} MiB: {arguments.mib / median(ours, 'seconds'):.0f} MiB/s, "
              f"{median(ours, 'cpu'):.3f} s CPU, at most {max(run.mib for run in ours):.0f} MiB; "
              f"openssl s_client {arguments.mib / median(theirs, 'seconds'):.0f} MiB/s, "
              f"{median(theirs, 'cpu'):.3f} s CPU; ratio of throughput "
              f"{median(theirs, 'seconds') / median(ours, 'seconds'):.2f}, "
              f"of CPU {median(theirs, 'cpu') / median(ours, 'cpu'):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
