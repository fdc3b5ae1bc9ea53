# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists in the lab: addresses, domains, servers and people. The only place that names them.

The top-level domain is "example": libunbound answers "test" itself, with NXDOMAIN (RFC 6761).
"""

from dataclasses import dataclass
from enum import Enum


class Certificate(Enum):
    GOOD = "good"
    SELF_SIGNED = "self-signed"
    EXPIRED = "expired"
    WRONG_NAME = "wrong-name"


class Tls(Enum):
    UP_TO_13 = "up to 1.3"
    ONLY_12 = "1.2 only"
    NOT_OFFERED = "not offered"


@dataclass(frozen=True)
class Server:
    """One address with mail services on it."""

    host: str
    address: str
    tls: Tls = Tls.UP_TO_13
    certificate: Certificate = Certificate.GOOD

    @property
    def label(self) -> str:
        """The server's name in the mail log."""
        return self.host.replace(".", "-")


@dataclass(frozen=True)
class Person:
    """Somebody with a mailbox; key is None where there is no S/MIME certificate."""

    name: str
    domain: str
    key: str | None = "rsa"
    certificate: Certificate = Certificate.GOOD
    revoked: bool = False
    legacy_pkcs12: bool = False

    @property
    def address(self) -> str:
        return f"{self.name}@{self.domain}"


NETWORK = "10.53.0.0/24"
# Where Sealpost asks mail servers although they are private; all of the lab, as 10.54.0.0/16 is not.
PRIVATE_NETWORKS = "10.53.0.0/16,fd53::/16"
KNOT = "10.53.0.1"
RESOLVER = "10.53.0.2"
WEB = "10.53.0.5"
CRL_HOST = "crl.pki.example"

MX_SERVERS = [
    Server("mx.sender.example", "10.53.0.10"),
    Server("mx.tls13-good.example", "10.53.0.11"),
    Server("mx.tls12.example", "10.53.0.12", tls=Tls.ONLY_12),
    Server("mx.notls.example", "10.53.0.13", tls=Tls.NOT_OFFERED),
    Server("mx.selfsigned.example", "10.53.0.14", certificate=Certificate.SELF_SIGNED),
    Server("mx.expired.example", "10.53.0.15", certificate=Certificate.EXPIRED),
    Server("mx.wrongname.example", "10.53.0.16", certificate=Certificate.WRONG_NAME),
    Server("mx.insecure.example", "10.53.0.17"),
]

SUBMISSION_SERVERS = [
    Server("submit.sender.example", "10.53.0.20"),
    Server("submit-notls.sender.example", "10.53.0.21", tls=Tls.NOT_OFFERED),
    Server("submit-expired.sender.example", "10.53.0.22", certificate=Certificate.EXPIRED),
    Server("submit-wrongname.sender.example", "10.53.0.23", certificate=Certificate.WRONG_NAME),
    Server("submit-selfsigned.sender.example", "10.53.0.24", certificate=Certificate.SELF_SIGNED),
]

# Every mail domain and its MX records, as (preference, host).
MAIL_DOMAINS = {
    "sender.example": [(10, "mx.sender.example")],
    "tls13-good.example": [(10, "mx.tls13-good.example")],
    "tls12.example": [(10, "mx.tls12.example")],
    "notls.example": [(10, "mx.notls.example")],
    "selfsigned.example": [(10, "mx.selfsigned.example")],
    "expired.example": [(10, "mx.expired.example")],
    "wrongname.example": [(10, "mx.wrongname.example")],
    "insecure.example": [(10, "mx.insecure.example")],
    "bogus.example": [(10, "mx.tls13-good.example")],
    # One good server and a backup without TLS: the weakest decides.
    "mixed.example": [(10, "mx.tls13-good.example"), (20, "mx.notls.example")],
    "nullmx.example": [(0, ".")],
    "unreachable.example": [(10, "mx.unreachable.example")],
}
UNREACHABLE_HOST = "mx.unreachable.example"
UNREACHABLE_ADDRESS = "10.53.1.99"
ABSENT_DOMAIN = "nowhere.example"

# Delegated zones of their own; the others are names in the zone "example".
BOGUS_ZONE = "bogus.example"  # signed, but its parent's DS fits no key of it
UNSIGNED_ZONE = "insecure.example"  # delegated without DS

PEOPLE = [
    Person("sam", "sender.example"),
    Person("eve", "sender.example", key="ec"),
    Person("lee", "sender.example", legacy_pkcs12=True),
    Person("jo", "tls13-good.example"),
    Person("kim", "tls13-good.example", key="ec"),
    Person("bob", "tls13-good.example", key=None),
    Person("rae", "tls13-good.example", revoked=True),
    Person("max", "tls13-good.example", certificate=Certificate.EXPIRED),
    Person("nat", "notls.example"),
    Person("ned", "notls.example", key=None),
    Person("tim", "tls12.example", key=None),
    Person("sid", "selfsigned.example", key=None),
]
# Accepted by no submission server, so that one of two recipients can be refused.
REFUSED_RECIPIENT = "refused@tls13-good.example"


def smtp_password(person: Person) -> str:
    return f"smtp-{person.name}-8kX2"


def pkcs12_passphrase(person: Person) -> str:
    return f"p12-{person.name}-v93q"


def person(name: str) -> Person:
    return next(p for p in PEOPLE if p.name == name)


def submission_server(prefix: str) -> Server:
    return next(s for s in SUBMISSION_SERVERS if s.host == f"{prefix}.sender.example")
