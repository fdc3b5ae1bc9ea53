# SPDX-License-Identifier: GPL-3.0-or-later
"""Names: Knot serves a signed root and the zones below it, Unbound resolves and validates."""

import socket
import struct
from pathlib import Path

from . import shapes, world
from .processes import listens, start, tool, wait_until, write

KNOT_CONFIGURATION = """
server:
    rundir: {folder}
    pidfile: {folder}/knot.pid
    user: root:root
    listen: {address}@53
log:
  - target: {log}
    any: info
database:
    storage: {folder}/db
policy:
  - id: lab
    manual: on
    single-type-signing: on
    algorithm: ecdsap256sha256
template:
  - id: default
    storage: {folder}
    journal-content: none
    zonefile-sync: -1
zone:
"""

UNBOUND_CONFIGURATION = """
server:
    directory: "{folder}"
    chroot: ""
    username: ""
    pidfile: "{folder}/unbound.pid"
    logfile: "{log}"
    log-servfail: yes
    use-syslog: no
    num-threads: 1
    interface: {address}
    access-control: {network} allow
    do-ip6: no
    root-hints: "{folder}/root.hints"
    trust-anchor-file: "{folder}/root.anchor"
remote-control:
    control-enable: no
"""

ZONE_HEAD = """$TTL 300
$ORIGIN {origin}
@ SOA ns. hostmaster.sender.example. 1 3600 600 86400 300
@ NS ns.
"""

SIGNED_ZONES = [".", "example", world.BOGUS_ZONE]
ALL_ZONES = [*SIGNED_ZONES, world.UNSIGNED_ZONE]


def _zone_of(name: str) -> str:
    for zone in (world.BOGUS_ZONE, world.UNSIGNED_ZONE):
        if name == zone or name.endswith("." + zone):
            return zone
    return "example"


def _records() -> dict[str, list[str]]:
    records: dict[str, list[str]] = {zone: [] for zone in ALL_ZONES}
    for domain, exchangers in world.MAIL_DOMAINS.items():
        for preference, host in exchangers:
            target = host if host == "." else host + "."
            records[_zone_of(domain)].append(f"{domain}. MX {preference} {target}")
    for server in [*world.MX_SERVERS, *world.SUBMISSION_SERVERS]:
        records[_zone_of(server.host)].append(f"{server.host}. A {server.address}")
    records["example"].append(f"{world.CRL_HOST}. A {world.WEB}")
    records["example"].append(f"{world.UNREACHABLE_HOST}. A {world.UNREACHABLE_ADDRESS}")
    records["example"] += shapes.records()
    records["."].append(f"ns. A {world.KNOT}")
    return records


class NameServers:
    def __init__(self, folder: Path, log_folder: Path):
        self.folder = folder
        self.log_folder = log_folder
        self.configuration = folder / "knot.conf"
        self.trust_anchor = folder / "root.anchor"

    def start(self) -> list:
        (self.folder / "db").mkdir(parents=True)
        self._write_knot_configuration()
        self._write_zones()
        knot = start("knot", self.log_folder, "knotd", "-c", self.configuration)
        write(self.folder / "root.hints", f". 3600000 NS ns.\nns. 3600000 A {world.KNOT}\n")
        unbound_configuration = write(self.folder / "unbound.conf", UNBOUND_CONFIGURATION.format(
            folder=self.folder, log=self.log_folder / "unbound.log", address=world.RESOLVER,
            network=world.NETWORK))
        wait_until("Knot", lambda: listens(world.KNOT, 53), [knot])
        wait_until("Knot's root zone", lambda: query("example", DS, world.KNOT).answers > 0, [knot])
        unbound = start("unbound", self.log_folder, "unbound", "-d", "-c", unbound_configuration)
        return [knot, unbound]

    def wait_ready(self, servers: list) -> None:
        """The resolver validates a signed name and refuses a bogus one."""
        wait_until("Unbound", lambda: listens(world.RESOLVER, 53), servers)
        wait_until("validated answers",
                   lambda: query("tls13-good.example", MX, world.RESOLVER).authentic, servers)

    def _write_knot_configuration(self) -> None:
        text = KNOT_CONFIGURATION.format(folder=self.folder, address=world.KNOT,
                                         log=self.log_folder / "knot.log")
        for zone in ALL_ZONES:
            text += f"  - domain: {zone}\n    file: {_file(zone)}\n"
            if zone in SIGNED_ZONES:
                text += "    dnssec-signing: on\n    dnssec-policy: lab\n"
        write(self.configuration, text)

    def _write_zones(self) -> None:
        records = _records()
        ds = {zone: self._make_key(zone) for zone in SIGNED_ZONES}
        records["."] += ["example. NS ns.", ds["example"]]
        records["example"] += [f"{world.BOGUS_ZONE}. NS ns.", _tampered(ds[world.BOGUS_ZONE]),
                               f"{world.UNSIGNED_ZONE}. NS ns."]
        for zone in ALL_ZONES:
            origin = "." if zone == "." else zone + "."
            write(self.folder / _file(zone),
                  ZONE_HEAD.format(origin=origin) + "\n".join(records[zone]) + "\n")
        write(self.trust_anchor, ds["."] + "\n")

    def _make_key(self, zone: str) -> str:
        """Makes the zone's key; returns its SHA-256 DS record."""
        tool("keymgr", "-c", self.configuration, zone, "generate", "algorithm=ecdsap256sha256",
             "ksk=yes", "zsk=yes")
        listed = tool("keymgr", "-c", self.configuration, zone, "ds").splitlines()
        return next(line for line in listed if line.split()[4] == "2")


def _file(zone: str) -> str:
    return ("root" if zone == "." else zone) + ".zone"


def _tampered(ds: str) -> str:
    return ds[:-1] + ("0" if ds[-1] != "0" else "1")


MX, DS = 15, 43
SERVFAIL = 2


class Answer:
    def __init__(self, wire: bytes):
        _, flags, _, self.answers, _, _ = struct.unpack("!6H", wire[:12])
        self.code = flags & 0xF
        self.authentic = bool(flags & 0x20)


class NoAnswer:
    code, authentic, answers = None, False, 0


def query(name: str, kind: int, server: str):
    """One question by UDP with the DO bit, for readiness and self tests alone."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    options = b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000, 0)
    wire = struct.pack("!6H", 1, 0x0100, 1, 0, 0, 1) + labels + b"\0" + struct.pack("!HH", kind, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(2)
        try:
            line.sendto(wire + options, (server, 53))
            return Answer(line.recv(4096))
        except OSError:
            return NoAnswer()
