# SPDX-License-Identifier: GPL-3.0-or-later
"""Names: Knot serves a signed root and the zones below it, Unbound resolves and validates."""

import base64
import hashlib
import socket
import ssl
import struct
import time
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

# Their parent's DS fits no key of theirs.
TAMPERED_ZONES = [world.BOGUS_ZONE, world.FORGED_TLSA_ZONE]
# Knot signs these itself; the outdated one is signed beforehand, as of long ago.
SIGNED_ZONES = [".", "example", *TAMPERED_ZONES]
CHILD_ZONES = [*TAMPERED_ZONES, world.OUTDATED_TLSA_ZONE, world.UNSIGNED_ZONE]
ALL_ZONES = [".", "example", *CHILD_ZONES]
LONG_AGO_DAYS = 60  # Knot's signatures last 14


def _zone_of(name: str) -> str:
    for zone in CHILD_ZONES:
        if name == zone or name.endswith("." + zone):
            return zone
    return "example"


def _text(name: str, text: str) -> str:
    return f'{name}. TXT "{text}"'


def _published(certificates: Path) -> list[tuple[str, str]]:
    """What domains publish about their encryption: names, and records of theirs."""
    records = []
    for tlsa in [*world.TLSA_RECORDS,
                 *(world.Tlsa(base, 2, 1, 1, world.ISSUING) for base in shapes.TLSA_BASES)]:
        name = f"_25._tcp.{tlsa.host}"
        records.append((name, f"{name}. TLSA {tlsa.usage} {tlsa.selector} {tlsa.matching} "
                              f"{association(tlsa, certificates)}"))
    for smimea in world.SMIMEA_RECORDS:
        name = smimea_name(world.person(smimea.person))
        records.append((name, f"{name}. SMIMEA {smimea.usage} {smimea.selector} {smimea.matching} "
                              f"{association(smimea, certificates)}"))
    for policy in world.STS_POLICIES:
        name = f"_mta-sts.{policy.domain}"
        records.append((name, _text(name, "v=STSv1; id=20261129;")))
    for service, port in world.SERVICES:
        name = f"{service}._tcp.{world.SENDER_DOMAIN}"
        records.append((name, f"{name}. SRV 0 1 {port} {world.SUBMISSION_SERVERS[0].host}."))
    name = f"_smtp._tls.{world.REPORTING_DOMAIN}"
    records.append((name, _text(name, f"v=TLSRPTv1; rua={world.REPORTING_ADDRESS}")))
    return records


def smimea_name(person: world.Person) -> str:
    """RFC 8162 3."""
    local = hashlib.sha256(person.name.encode()).hexdigest()
    return f"{local[:56]}._smimecert.{person.domain}"


def association(record: world.Tlsa | world.Smimea, certificates: Path) -> str:
    """The certificate association data (RFC 6698 2.1.4), in hexadecimal."""
    def digest(data: bytes) -> str:
        return [data.hex(), hashlib.sha256(data).hexdigest(),
                hashlib.sha512(data).hexdigest()][record.matching]

    if record.certificate is None:
        return digest(b"a certificate that nobody has")
    if record.certificate == world.ISSUING:
        path = certificates / "issuing.pem"
    elif record.certificate == world.PERSONS_OWN:
        path = certificates / "people" / record.person / "cert.pem"
    else:
        path = certificates / f"servers/{record.certificate}.crt"
    whole = ssl.PEM_cert_to_DER_cert(path.read_text(encoding="ascii"))
    if record.selector == 0:
        return digest(whole)
    public_key = tool("openssl", "x509", "-in", path, "-pubkey", "-noout")
    lines = [line for line in public_key.splitlines() if not line.startswith("-----")]
    return digest(base64.b64decode("".join(lines)))


def _records(certificates: Path) -> dict[str, list[str]]:
    records: dict[str, list[str]] = {zone: [] for zone in ALL_ZONES}
    for domain, exchangers in world.MAIL_DOMAINS.items():
        for preference, host in exchangers:
            target = host if host == "." else host + "."
            records[_zone_of(domain)].append(f"{domain}. MX {preference} {target}")
    addresses = {world.CRL_HOST: world.WEB, **world.ALIASES, **world.UNREACHABLE_HOSTS}
    for server in [*world.MX_SERVERS, *world.SUBMISSION_SERVERS, *world.STS_SERVERS,
                   *world.OAUTH_SERVERS]:
        addresses |= {name: server.address for name in (server.host, *server.also)}
    for host, address in addresses.items():
        records[_zone_of(host)].append(f"{host}. A {address}")
    for host, target in world.CNAMES.items():
        records[_zone_of(host)].append(f"{host}. CNAME {target}.")
    for name, record in _published(certificates):
        records[_zone_of(name)].append(record)
    records["example"] += shapes.records()
    records["."].append(f"ns. A {world.KNOT}")
    return records


class NameServers:
    def __init__(self, folder: Path, log_folder: Path, certificates: Path):
        self.folder = folder
        self.log_folder = log_folder
        self.certificates = certificates
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

    def _sign_as_of_long_ago(self, zone: str) -> str:
        """Replaces the zone's file by one with signatures that have ended; returns its DS."""
        configuration = write(self.folder / "outdated.conf", KNOT_CONFIGURATION.format(
            folder=self.folder, address=world.KNOT, log=self.log_folder / "outdated.log")
            + f"  - domain: {zone}\n    file: {_file(zone)}\n"
              "    dnssec-signing: on\n    dnssec-policy: lab\n")
        days = f"-{LONG_AGO_DAYS + 30}d"
        ds = self._make_key(zone, configuration, *(
            f"{event}={days}" for event in ("created", "publish", "ready", "active")))
        out = self.folder / "outdated"
        out.mkdir()
        tool("kzonesign", "-c", configuration, "-o", out,
             "-t", str(int(time.time()) - LONG_AGO_DAYS * 86_400), zone)
        (out / _file(zone)).replace(self.folder / _file(zone))
        return ds

    def _write_zones(self) -> None:
        records = _records(self.certificates)
        self._write_zone(world.OUTDATED_TLSA_ZONE, records)
        ds = {zone: self._make_key(zone, self.configuration) for zone in SIGNED_ZONES}
        ds[world.OUTDATED_TLSA_ZONE] = self._sign_as_of_long_ago(world.OUTDATED_TLSA_ZONE)
        ds |= {zone: _tampered(ds[zone]) for zone in TAMPERED_ZONES}
        records["."] += ["example. NS ns.", ds["example"]]
        for zone in CHILD_ZONES:
            records["example"] += [f"{zone}. NS ns.", *([ds[zone]] if zone in ds else [])]
        for zone in ALL_ZONES:
            if zone != world.OUTDATED_TLSA_ZONE:
                self._write_zone(zone, records)
        write(self.trust_anchor, ds["."] + "\n")

    def _write_zone(self, zone: str, records: dict[str, list[str]]) -> None:
        origin = "." if zone == "." else zone + "."
        write(self.folder / _file(zone),
              ZONE_HEAD.format(origin=origin) + "\n".join(records[zone]) + "\n")

    def _make_key(self, zone: str, configuration: Path, *times: str) -> str:
        """Makes the zone's key; returns its SHA-256 DS record."""
        tool("keymgr", "-c", configuration, zone, "generate", "algorithm=ecdsap256sha256",
             "ksk=yes", "zsk=yes", *times)
        listed = tool("keymgr", "-c", configuration, zone, "ds").splitlines()
        return next(line for line in listed if line.split()[4] == "2")


def _file(zone: str) -> str:
    return ("root" if zone == "." else zone) + ".zone"


def _tampered(ds: str) -> str:
    return ds[:-1] + ("0" if ds[-1] != "0" else "1")


MX, DS, TLSA = 15, 43, 52
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
