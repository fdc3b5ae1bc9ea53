# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains of odd shapes and mail servers that misbehave, beside the world's: names in the zone
"example", addresses, a Postfix of their own, and scripted servers.

The names are always there (names.py); addresses and servers come with `Shapes.start`, in a test.
"""

import os
import pwd
from pathlib import Path

from . import world
from .post import COMMON, MASTER
from .processes import greets, start, tool, wait_until, write

# Real servers: Postfix with an address each.
GREYLISTED = "10.53.2.1"
REJECTED = "10.53.2.2"
RSA1024 = "10.53.2.3"
SHA1 = "10.53.2.4"
ONLY_V6 = "fd53::2:5"
BROKEN_V6 = "10.53.2.6"
TLS11 = "10.53.2.7"
SNI = "10.53.2.8"  # which certificate it shows depends on the name that it is called by
# Nothing comes back from here (misbehave.py, "void").
VOID_V4 = "10.53.4.1"
VOID_V6 = "fd53::4:1"
# A scripted server each (misbehave.py).
SILENT, TARPIT, ENDLESS, MASKED, STRIPPED, INJECTED, ALERT, HUNG_UP = (
    f"10.53.3.{i}" for i in range(1, 9))
# Outside PRIVATE_NETWORKS: nobody may connect to it, though somebody listens.
FORBIDDEN = "10.54.0.1"

# host: (A, AAAA)
HOSTS = {
    "mx.greylisted.example": (GREYLISTED, None),
    "mx.rejected.example": (REJECTED, None),
    "mx.rsa1024.example": (RSA1024, None),
    "mx.sha1.example": (SHA1, None),
    "mx.onlyv6.example": (None, ONLY_V6),
    "mx.brokenv6.example": (BROKEN_V6, VOID_V6),
    "mx.tls11.example": (TLS11, None),
    "mx.void.example": (VOID_V4, None),
    "mx.private.example": (FORBIDDEN, None),
    "mx.silent.example": (SILENT, None),
    "mx.tarpit.example": (TARPIT, None),
    "mx.endless.example": (ENDLESS, None),
    "mx.masked.example": (MASKED, None),
    "mx.stripped.example": (STRIPPED, None),
    "mx.injected.example": (INJECTED, None),
    "mx.alert.example": (ALERT, None),
    "mx.hungup.example": (HUNG_UP, None),
    "implicit.example": ("10.53.0.11", None),
}

# A name that the server SNI may be called by: the one name that its certificate bears then. Called
# by any other it shows the certificate of SNI_OTHERWISE.
SNI_CERTIFICATES = {
    "mx.sni-plain.example": "mx.sni-plain.example",
    "mx.sts-alias.example": "mx.sts-alias.example",
    "mx.sni-own.example": "mx.sni-own.example",
    "real.sni-target.example": "real.sni-target.example",
    "mx.sni-target.example": "mx.sni-target.example",
    "real.sni-wrong.example": "mx.sni-wrong.example",
    "real.sni-domain.example": "sni-domain.example",
    "mx.sni-expanded.example": "sni-expanded.example",
}
SNI_OTHERWISE = "otherwise.sni.example"
HOSTS |= {name: (SNI, None) for name in (
    "real.sni-plain.example", "real.sni-own.example", "real.sni-target.example",
    "real.sni-wrong.example", "real.sni-domain.example", "mx.sni-expanded.example")}
CNAMES = {f"mx.sni-{name}.example": f"real.sni-{name}.example"
          for name in ("plain", "own", "target", "wrong", "domain")}
CNAMES |= {"mx.sts-alias.example": "real.sni-plain.example",
           "sni-alias.example": "sni-expanded.example"}  # the domain itself is an alias
# Below these names stand TLSA records (2 1 1) of the lab's authority.
TLSA_BASES = ["real.sni-target.example", "mx.sni-own.example", "real.sni-wrong.example",
              "real.sni-domain.example", "mx.sni-expanded.example"]

GOOD = "mx.tls13-good.example"
DOMAINS = {
    **{host.removeprefix("mx."): [(10, host)] for host in (*HOSTS, *CNAMES)
       if host.startswith("mx.sni-") or host.startswith("mx.") and host in HOSTS},
    "besidenull.example": [(0, "."), (10, GOOD)],
    "localhostmx.example": [(10, "localhost")],
    "localhostbeside.example": [(5, "localhost"), (10, GOOD)],
    "aliased.example": [(10, "alias.aliased.example")],
    "*.wild.example": [(10, GOOD)],
    "deadbackup.example": [(10, GOOD), (20, "mx.unreachable.example")],
    "twice.example": [(10, GOOD), (20, GOOD)],
    "xn--bcher-kva.example": [(10, GOOD)],  # bücher
    "xn--curt-55d.example": [(10, GOOD)],  # "court" with a Cyrillic o
    "noaddress.example": [(10, "mx.noaddress.example")],
}
# A file of further records of the zone "example", for benchmarks.
EXTRA_RECORDS = "LAB_EXTRA_RECORDS"


def records() -> list[str]:
    lines = [f"{domain}. MX {preference} {host if host == '.' else host + '.'}"
             for domain, exchangers in DOMAINS.items() for preference, host in exchangers]
    for host, (four, six) in HOSTS.items():
        lines += [f"{host}. A {four}"] if four else []
        lines += [f"{host}. AAAA {six}"] if six else []
    lines.append(f"alias.aliased.example. CNAME {GOOD}.")
    lines += [f"{name}. CNAME {target}." for name, target in CNAMES.items()]
    extra = os.environ.get(EXTRA_RECORDS)
    return lines + (Path(extra).read_text(encoding="utf-8").splitlines() if extra else [])


def issue(pki: Path, folder: Path, names: list[str], *, key: str = "ec", digest: str = "sha256",
          issuer: str = "issuing", key_file: Path | None = None) -> Path:
    """A server's certificate, for a new key or one that is there; the file is what Postfix wants of
    a chain."""
    kinds = {"ec": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
             "rsa1024": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]}
    base = folder / names[0].replace("*", "any")
    request, out = (base.with_name(base.name + end) for end in (".csr", ".crt"))
    if key_file is None:
        key_file = base.with_name(base.name + ".key")
        tool("openssl", "genpkey", *kinds[key], "-out", key_file)
    tool("openssl", "req", "-new", "-key", key_file, "-subj", f"/CN={names[0]}", "-out", request)
    alternatives = ",".join(f"DNS:{name}" for name in names)
    extensions = write(base.with_name(base.name + ".ext"),
                       f"subjectAltName={alternatives}\nextendedKeyUsage=serverAuth\n")
    tool("openssl", "x509", "-req", "-in", request, "-CA", pki / f"{issuer}.pem", "-CAkey",
         pki / "authority" / f"{issuer}.key", "-days", "30", f"-{digest}", "-extfile", extensions,
         "-out", out)
    return write(base.with_name(base.name + ".pem"), key_file.read_text() + out.read_text()
                 + (pki / f"{issuer}.pem").read_text(), mode=0o600)


def add_addresses(addresses: list[str]) -> None:
    tool("ip", "-batch", "-", stdin="".join(
        f"address replace {a}/{'128 dev lo nodad' if ':' in a else '32 dev lo'}\n"
        for a in addresses))


def start_scripted(lab: Path, servers: list[tuple[str, str]]):
    """(kind, address) of each."""
    script = Path(__file__).with_name("misbehave.py")
    started = start("misbehave", lab / "log", "/usr/bin/python3", "-B", script,
                    *(f"{kind}={address}" for kind, address in servers))
    wait_until("the scripted servers",
               lambda: "ready" in (lab / "log" / "misbehave.out").read_text(), [started])
    return started


def service(address: str, name: str, *options: str) -> str:
    """The lines of master.cf for port 25 of one address."""
    where = f"[{address}]" if ":" in address else address
    lines = [f"{where}:25 inet n - n - 500 smtpd", f"-o syslog_name={name.replace('.', '-')}",
             f"-o myhostname={name}", *(f"-o {option}" for option in options)]
    return "\n    ".join(lines) + "\n"


def start_postfix(lab: Path, name: str, addresses: list[str], services: str, main: str = ""):
    """A Postfix that takes no mail; its folder is below the lab's and goes with it."""
    folder = lab / name
    (folder / "queue").mkdir(parents=True)
    data = folder / "data"
    data.mkdir()
    os.chown(data, pwd.getpwnam("postfix").pw_uid, -1)
    write(folder / "main.cf", COMMON.format(
        folder=folder, log=lab / "log" / f"{name}.log", log_folder=lab / "log",
        addresses=", ".join(addresses), host="mx.shapes.example")
        .replace("inet_protocols = ipv4", "inet_protocols = all")
        + "smtpd_relay_restrictions = reject\n" + main)
    write(folder / "master.cf", MASTER + services)
    started = start(f"postfix-{name}", lab / "log", "postfix", "-c", folder, "start-fg")
    return started


class Shapes:
    """The servers of all these domains; `stop` ends them."""

    def __init__(self, lab: Path):
        self.lab = lab
        self.started: list = []

    def start(self) -> None:
        folder = self.lab / "shapes-pki"
        folder.mkdir()
        pki = self.lab / "pki"
        scripted = [("silent", SILENT), ("tarpit", TARPIT), ("endless", ENDLESS),
                    ("masked", MASKED), ("stripped", STRIPPED), ("injected", INJECTED),
                    ("alert", ALERT), ("hungup", HUNG_UP), ("silent", FORBIDDEN),
                    ("void", VOID_V4), ("void", VOID_V6)]
        real = [GREYLISTED, REJECTED, RSA1024, SHA1, ONLY_V6, BROKEN_V6, TLS11, SNI]
        add_addresses([*real, *(address for _, address in scripted)])
        good = issue(pki, folder, [f"mx.{name}.example" for name in (
            "onlyv6", "brokenv6", "greylisted", "rejected", "tls11")])
        weak_key = issue(pki, folder, ["mx.rsa1024.example"], key="rsa1024")
        sha1 = issue(pki, folder, ["mx.sha1.example"], digest="sha1")
        # A server of yesterday: OpenSSL's own least level would refuse to be one.
        old = write(folder / "old.cnf", "postfix = old\n[old]\nssl_conf = ssl\n[ssl]\n"
                    "system_default = level\n[level]\nCipherString = DEFAULT:@SECLEVEL=0\n"
                    "MinProtocol = TLSv1\n")
        otherwise = issue(pki, folder, [SNI_OTHERWISE])
        by_name = write(folder / "sni", "".join(
            f"{name} {issue(pki, folder, [certified])}\n"
            for name, certified in SNI_CERTIFICATES.items()))
        may = "smtpd_tls_security_level=may"
        old_tls = [may, f"tls_config_file={old}", "tls_config_name=postfix",
                   "tls_medium_cipherlist=DEFAULT:@SECLEVEL=0"]
        services = (
            service(GREYLISTED, "mx.greylisted.example", may, f"smtpd_tls_chain_files={good}",
                    "smtpd_delay_reject=no", "smtpd_client_restrictions=defer")
            + service(REJECTED, "mx.rejected.example", may, f"smtpd_tls_chain_files={good}",
                      "smtpd_delay_reject=no", "smtpd_client_restrictions=reject")
            + service(RSA1024, "mx.rsa1024.example", f"smtpd_tls_chain_files={weak_key}", *old_tls)
            + service(SHA1, "mx.sha1.example", f"smtpd_tls_chain_files={sha1}", *old_tls)
            + service(ONLY_V6, "mx.onlyv6.example", may, f"smtpd_tls_chain_files={good}")
            + service(BROKEN_V6, "mx.brokenv6.example", may, f"smtpd_tls_chain_files={good}")
            + service(SNI, SNI_OTHERWISE, may, f"smtpd_tls_chain_files={otherwise}",
                      f"tls_server_sni_maps=texthash:{by_name}")
            + service(TLS11, "mx.tls11.example", f"smtpd_tls_chain_files={good}", *old_tls,
                      "smtpd_tls_protocols=<=TLSv1.1", "smtpd_tls_mandatory_protocols=<=TLSv1.1"))
        self.started.append(start_postfix(self.lab, "shapes", real, services))
        self.started.append(start_scripted(self.lab, scripted))
        for address in (RSA1024, SHA1, ONLY_V6, BROKEN_V6, TLS11, SNI):
            wait_until(address, lambda a=address: greets(a, 25), self.started)
        wait_until(REJECTED, lambda: greets(REJECTED, 25, b"554"), self.started)

    def stop(self) -> None:
        for one in self.started:
            one.terminate()
        for one in self.started:
            one.wait(timeout=60)
