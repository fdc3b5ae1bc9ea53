#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`sealpost-cli check` beside Postfix's `posttls-finger`, in one run, in a lab of its own.

    tests/bench/bench_check.py build/release/bin/sealpost-cli [--runs N] [--round-trip MS] [--many N]
                               [--long N] [--bulk N]

Both ask the lab's validating resolver for the same domains and speak to the same Postfix over
loopback, one after the other, so that only the ratios count. Nothing leaves the lab.

one     N domains, each with a mail server of its own, one process each, turn and turn about: the
        median of the wall times. posttls-finger (-l dane) resolves the MX, its address and TLSA
        record, believes the resolver's word that they are signed, connects, EHLO, STARTTLS, verifies
        by DANE, EHLO, QUIT; check does that, validates DNSSEC itself, looks at chain and name too,
        and asks for what else a report holds (CJSM, a wildcard, published policies).
within  the same of --runs domains in a program that runs already, one at a time, as in the window: the
        wall time of each, less what a list of one takes. posttls-finger starts anew for each.
far     as one, with a round trip of --round-trip ms between the two programs and the lab, its
        resolver among it: every packet takes half of it (sealpostlab/distance.py).
cached  a list of known domains, one at a time: wall time for each, less the start of the program.
many    --many domains 32 at a time, against `xargs -P32 posttls-finger`; resident memory.
long    --long domains of which a fifth never answers: total time against its bound, deadlines times
        failures by jobs, and whether memory grew with the list.
bulk    a list of --bulk names, by turns of domains that share one mail server and of none: what a list
        costs beside the dialogues, of which there must be one; whether memory grew with the list.
"""

import argparse
import collections
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "lab"))

from sealpostlab import shapes  # noqa: E402
from sealpostlab.distance import Distance  # noqa: E402
from sealpostlab.processes import tool  # noqa: E402

SERVERS = [f"10.53.5.{i}" for i in range(1, 9)]
DEAD = [f"10.53.4.{i}" for i in range(1, 9)]
CONNECT_DEADLINE = 8.0  # of StartTlsProbe.cpp
JOBS = 32
SERVERS_KEY = "BENCH_SERVERS_KEY"
SHARED = "shared.example"  # whatever stands below it has one mail server


def domain(index: int) -> str:
    return f"d{index}.load.example"


def is_dead(index: int) -> bool:
    return index % 5 == 4


def records(live: int, mixed: int, tlsa: str) -> str:
    """`live` domains that answer, then `mixed` of which every fifth does not."""
    lines = []
    for index in range(live + mixed):
        dead = index >= live and is_dead(index)
        among = DEAD if dead else SERVERS
        address = among[index % len(among)]
        lines.append(f"{domain(index)}. MX 10 mx-{domain(index)}.")
        lines.append(f"mx-{domain(index)}. A {address}")
        lines.append(f"_25._tcp.mx-{domain(index)}. TLSA {tlsa}")
    lines.append(f"*.{SHARED}. MX 10 mx-{domain(0)}.")
    return "\n".join(lines) + "\n"


def make_key(file: Path) -> str:
    """The servers' key; returns the TLSA record that names it."""
    tool("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file)
    public = file.with_suffix(".der")
    tool("openssl", "pkey", "-in", file, "-pubout", "-outform", "DER", "-out", public)
    return f"3 1 1 {hashlib.sha256(public.read_bytes()).hexdigest()}"


def start_servers(lab: Path):
    shapes.add_addresses([*SERVERS, *DEAD])
    dead = shapes.start_scripted(lab, [("void", address) for address in DEAD])
    folder = lab / "load-pki"
    folder.mkdir()
    chain = shapes.issue(lab / "pki", folder, ["*.load.example"],
                         key_file=Path(os.environ[SERVERS_KEY]))
    services = "".join(
        shapes.service(address, f"mx{i}.load.example", "smtpd_tls_security_level=may",
                       f"smtpd_tls_chain_files={chain}")
        for i, address in enumerate(SERVERS))
    main = ("smtpd_client_connection_count_limit = 0\nsmtpd_client_connection_rate_limit = 0\n"
            "max_use = 1000\nsmtpd_tls_loglevel = 0\n")
    server = shapes.start_postfix(lab, "load", SERVERS, services, main)
    for address in SERVERS:
        shapes.wait_until(address, lambda a=address: shapes.greets(a, 25), [server])
    return [server, dead]


class Used:
    """What one process took: wall and CPU seconds, and the most memory resident, in MiB."""

    def __init__(self, command: list[str], stdout: Path | None = None):
        started = time.monotonic()
        with open(stdout or os.devnull, "wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE)
            self.said = process.stderr.read().decode(errors="replace")
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - started
        self.code = process.returncode
        self.cpu = usage.ru_utime + usage.ru_stime
        self.mib = usage.ru_maxrss / 1024


class Bench:
    def __init__(self, program: str, folder: Path, live: int):
        self.program = program
        self.folder = folder
        self.live = live
        self.finger = ["posttls-finger", "-c", "-l", "dane", "-L", "none", "-t", "10",
                       "-F", os.environ["SEALPOST_CA_FILE"], "-o", "inet_protocols=ipv4", "-o", "inet_interfaces=all",
                       "-o", "smtp_dns_support_level=dnssec"]

    def check(self, *words: str, stdout: Path | None = None, where=lambda words: words) -> Used:
        return Used(where([self.program, "--profile", str(self.folder / "p"), "--json", "check",
                           *words]), stdout)

    def listed(self, name: str, indices: range) -> Path:
        path = self.folder / name
        path.write_text("".join(domain(i) + "\n" for i in indices), encoding="utf-8")
        return path

    def must(self, used: Used, codes: tuple[int, ...] = (0,)) -> Used:
        if used.code not in codes:
            sys.exit(f"ended with {used.code}: {used.said}")
        return used

    def one(self, name: str, indices: range, where=lambda words: words) -> None:
        """`where` gives the command that runs another one in the right place."""
        self.must(self.check(domain(0)))  # makes the profile
        self.must(Used(where([*self.finger, domain(0)])))
        ours, theirs, start = [], [], []
        for i in indices:
            def our_turn() -> None:
                ours.append(self.must(self.check(domain(i), where=where)))

            def their_turn() -> None:
                theirs.append(self.must(Used(where([*self.finger, domain(i)]))))

            # Whoever comes second finds the domain in the resolver's memory.
            for turn in (our_turn, their_turn) if i % 2 else (their_turn, our_turn):
                turn()
            start.append(self.must(Used(where([self.program, "--version"]))))
        middle = lambda all_, what: statistics.median(getattr(u, what) for u in all_) * 1000
        print(f"{name:7} check {middle(ours, 'wall'):.0f} ms (CPU {middle(ours, 'cpu'):.0f}), "
              f"posttls-finger {middle(theirs, 'wall'):.0f} ms (CPU {middle(theirs, 'cpu'):.0f}), "
              f"ratio {middle(ours, 'wall') / middle(theirs, 'wall'):.2f} (bound 1.0); "
              f"--version alone {middle(start, 'wall'):.0f} ms")

    def within(self, indices: range) -> None:
        names = self.listed("within.txt", indices)
        single = self.listed("single.txt", range(1))
        ask = lambda file: self.must(self.check("--input", str(file), "--jobs", "1", "--fresh"))
        ours, cpu, theirs = [], [], []
        for _ in range(3):
            alone, all_ = ask(single), ask(names)
            ours.append((all_.wall - alone.wall) / len(indices))
            cpu.append((all_.cpu - alone.cpu) / len(indices))
            theirs += [self.must(Used([*self.finger, domain(i)])) for i in indices]
        mine, other = statistics.median(ours), statistics.median(u.wall for u in theirs)
        print(f"within  check {mine * 1000:.1f} ms (CPU {statistics.median(cpu) * 1000:.1f}), "
              f"posttls-finger {other * 1000:.0f} ms "
              f"(CPU {statistics.median(u.cpu for u in theirs) * 1000:.0f}), "
              f"ratio {mine / other:.2f} (bound 1.0)")

    def cached(self) -> None:
        names = self.listed("cached.txt", range(self.live))
        single = self.listed("single.txt", range(1))
        self.must(self.check("--input", str(names), "--jobs", "8"))
        alone = self.must(self.check("--input", str(single), "--jobs", "1"))
        out = self.folder / "cached.json"
        all_ = self.must(self.check("--input", str(names), "--jobs", "1", stdout=out))
        each = (all_.wall - alone.wall) / (self.live - 1) * 1000
        cpu = (all_.cpu - alone.cpu) / (self.live - 1) * 1000
        print(f"cached  {each:.2f} ms a domain (CPU {cpu:.2f}; bound 5 ms), "
              f"{len(out.read_text().splitlines())} reports")

    def many(self) -> None:
        names = self.listed("many.txt", range(self.live))
        out = self.folder / "many.json"
        ours = self.must(self.check("--input", str(names), "--jobs", str(JOBS), "--fresh",
                                    stdout=out))
        theirs = self.must(Used(["xargs", "-a", str(names), f"-P{JOBS}", "-n1", *self.finger]))
        enforced = out.read_text().count('"assurance":"enforced"')
        print(f"many    {self.live} domains: check {ours.wall:.1f} s (CPU {ours.cpu:.1f}), "
              f"posttls-finger {theirs.wall:.1f} s (CPU {theirs.cpu:.1f}), throughput "
              f"{theirs.wall / ours.wall:.1f} times (bound 3.0); {ours.mib:.0f} MiB resident "
              f"(bound 64); enforced {enforced}")

    def long(self, count: int) -> None:
        whole = range(self.live, self.live + count)
        dead = sum(is_dead(i) for i in whole)
        part = self.listed("part.txt", whole[:count // 4])
        names = self.listed("long.txt", whole)
        codes = (0, 5)
        quarter = self.must(self.check("--input", str(part), "--jobs", str(JOBS), "--fresh"), codes)
        out = self.folder / "long.json"
        ours = self.must(self.check("--input", str(names), "--jobs", str(JOBS), "--fresh",
                                    stdout=out), codes)
        text = out.read_text()
        bound = CONNECT_DEADLINE * dead / JOBS
        print(f"long    {count} domains, {dead} dead: {ours.wall:.0f} s; deadlines x failures / jobs "
              f"= {bound:.0f} s, ratio {ours.wall / bound:.2f}; CPU {ours.cpu:.1f} s; "
              f"{ours.mib:.0f} MiB resident, {quarter.mib:.0f} MiB for a quarter of them; "
              f"enforced {text.count(chr(34) + 'enforced' + chr(34))}, "
              f"unreachable {text.count(chr(34) + 'unreachable' + chr(34))}")

    def bulk(self, count: int) -> None:
        def listed(name: str, letter: str, size: int) -> Path:
            below = (SHARED, "absent.example")
            path = self.folder / name
            path.write_text("".join(f"{letter}{i}.{below[i % 2]}\n" for i in range(size)),
                            encoding="utf-8")
            return path

        names = listed("bulk.txt", "n", count)
        few = listed("few.txt", "f", count // 50)
        least = self.must(self.check("--input", str(few), "--jobs", str(JOBS)), (3,))
        out = self.folder / "bulk.json"
        ours = self.must(self.check("--input", str(names), "--jobs", str(JOBS), stdout=out), (3,))
        with open(out, "rb") as lines:
            verdicts = collections.Counter(json.loads(line)["assurance"] for line in lines)
        print(f"bulk    {count} names: {ours.wall:.0f} s (CPU {ours.cpu:.0f}, {ours.cpu / count * 1000:.2f} "
              f"ms each), {dict(verdicts)}, {ours.mib:.0f} MiB resident, {least.mib:.0f} MiB for a "
              f"fiftieth")


def inside(arguments: argparse.Namespace) -> None:
    os.environ["MAIL_CONFIG"] = os.environ["LAB_DIR"] + "/post/mx"  # for posttls-finger
    servers = start_servers(Path(os.environ["LAB_DIR"]))
    try:
        with tempfile.TemporaryDirectory(prefix="spb.", dir="/tmp") as folder:
            bench = Bench(arguments.program, Path(folder), arguments.many)
            if arguments.runs:
                bench.one("one", range(1, arguments.runs + 1))
                bench.within(range(1, arguments.runs + 1))
                if arguments.round_trip:
                    distance = Distance(arguments.round_trip)
                    try:
                        bench.one("far", range(arguments.runs + 1, 2 * arguments.runs + 1),
                                  distance.command)
                    finally:
                        distance.stop()
            if arguments.many:
                bench.many()
                bench.cached()
            if arguments.bulk:
                bench.bulk(arguments.bulk)
            if arguments.long:
                bench.long(arguments.long)
    finally:
        for server in servers:
            server.terminate()
            server.wait(timeout=20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--round-trip", type=float, default=25)
    parser.add_argument("--many", type=int, default=500)
    parser.add_argument("--long", type=int, default=5000)
    parser.add_argument("--bulk", type=int, default=100_000)
    arguments = parser.parse_args()
    if "LAB_DIR" in os.environ:
        return inside(arguments)
    with tempfile.TemporaryDirectory(prefix="spbl.", dir="/tmp") as folder:
        extra = Path(folder) / "records"
        key = Path(folder) / "servers.key"
        tlsa = make_key(key)
        extra.write_text(records(max(arguments.many, 2 * arguments.runs + 1), arguments.long, tlsa),
                         encoding="utf-8")
        code = subprocess.call(
            [str(TESTS / "lab" / "lab"), "run", str(TESTS / "support" / "with-keyring.sh"),
             sys.executable, "-B", os.path.abspath(__file__), *sys.argv[1:]],
            env={**os.environ, shapes.EXTRA_RECORDS: str(extra), SERVERS_KEY: str(key)})
    sys.exit(code)


if __name__ == "__main__":
    main()
