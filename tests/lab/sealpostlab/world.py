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
    """One address with services on it; under further names too, which its certificate bears."""

    host: str
    address: str
    tls: Tls = Tls.UP_TO_13
    certificate: Certificate = Certificate.GOOD
    also: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The server's name in the mail log."""
        return self.host.replace(".", "-")


@dataclass(frozen=True)
class Tlsa:
    """A TLSA record of port 25 of a host, for one of the lab's certificates: a server's, by its
    host, or the issuing authority's; or for none at all."""

    host: str
    usage: int
    selector: int
    matching: int
    certificate: str | None = None


@dataclass(frozen=True)
class Smimea:
    """An SMIMEA record of a person, for the person's own certificate, for the issuing authority's,
    or for none at all."""

    person: str
    usage: int
    selector: int
    matching: int
    certificate: str | None = None  # PERSONS_OWN, ISSUING


@dataclass(frozen=True)
class StsPolicy:
    """What a domain publishes by MTA-STS: the file, and how its web server hands it out."""

    domain: str
    mode: str = "enforce"
    mx: tuple[str, ...] = ()
    status: int = 200
    media_type: str = "text/plain"
    padding: int = 0

    @property
    def host(self) -> str:
        return f"mta-sts.{self.domain}"

    @property
    def file(self) -> str:
        lines = ["version: STSv1", f"mode: {self.mode}", *(f"mx: {mx}" for mx in self.mx),
                 "max_age: 604800", *(["x-padding: " + "x" * 70] * (self.padding // 82))]
        return "\r\n".join(lines) + "\r\n"


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
SIEVE_PORT = 4190
SENDER_DOMAIN = "sender.example"
SERVICES = [("_submissions", 465), ("_submission", 587), ("_imaps", 993), ("_imap", 143)]
SENT_FOLDER = "Sent Items"  # what the mailboxes' server marks as \\Sent

MX_SERVERS = [
    Server("mx.sender.example", "10.53.0.10"),
    Server("mx.tls13-good.example", "10.53.0.11"),
    Server("mx.tls12.example", "10.53.0.12", tls=Tls.ONLY_12),
    Server("mx.notls.example", "10.53.0.13", tls=Tls.NOT_OFFERED),
    Server("mx.selfsigned.example", "10.53.0.14", certificate=Certificate.SELF_SIGNED),
    Server("mx.expired.example", "10.53.0.15", certificate=Certificate.EXPIRED),
    Server("mx.wrongname.example", "10.53.0.16", certificate=Certificate.WRONG_NAME),
    Server("mx.insecure.example", "10.53.0.17"),
    Server("mx.dane-ee.example", "10.53.0.18", certificate=Certificate.SELF_SIGNED,
           also=("mx.dane-301.example", "mx.dane-312.example", "mx.dane-mismatch.example",
                 "mx.dane-unusable.example")),
    Server("mx.dane-ta.example", "10.53.0.19", also=("mx.dane-ta211.example",)),
    # But for the records that are forged or outdated, nothing is wrong with it.
    Server("mx.sts.example", "10.53.0.25",
           also=("mx.dane-forged.example", "mx.dane-outdated.example")),
]

# Further names of addresses above, whose certificates do not bear them.
ALIASES = {"mx.dane-stripped.example": "10.53.0.13", "mx.sts-stripped.example": "10.53.0.13",
           "mx.sts-selfsigned.example": "10.53.0.14"}
CNAMES = {"mx.dane-alias.example": "mx.dane-ee.example"}

SUBMISSION_SERVERS = [
    Server("submit.sender.example", "10.53.0.20"),
    Server("submit-notls.sender.example", "10.53.0.21", tls=Tls.NOT_OFFERED),
    Server("submit-expired.sender.example", "10.53.0.22", certificate=Certificate.EXPIRED),
    Server("submit-wrongname.sender.example", "10.53.0.23", certificate=Certificate.WRONG_NAME),
    Server("submit-selfsigned.sender.example", "10.53.0.24", certificate=Certificate.SELF_SIGNED),
]
# Started by the test that needs them: openid.py.
OPENID = Server("id.sender.example", "10.53.0.6")
OAUTH_SUBMISSION = Server("submit-oauth.sender.example", "10.53.0.26")
OAUTH_SERVERS = [OPENID, OAUTH_SUBMISSION]

# --- what domains publish ---

ISSUING = "issuing"
TLSA_RECORDS = [
    Tlsa("mx.dane-ee.example", 3, 1, 1, "mx.dane-ee.example"),
    Tlsa("mx.dane-301.example", 3, 0, 1, "mx.dane-ee.example"),
    Tlsa("mx.dane-312.example", 3, 1, 2, "mx.dane-ee.example"),
    Tlsa("mx.dane-ta.example", 2, 0, 1, ISSUING),
    Tlsa("mx.dane-ta211.example", 2, 1, 1, ISSUING),
    Tlsa("mx.dane-mismatch.example", 3, 1, 1),
    Tlsa("mx.dane-unusable.example", 1, 1, 1, "mx.dane-ee.example"),
    Tlsa("mx.dane-forged.example", 3, 1, 1, "mx.sts.example"),
    Tlsa("mx.dane-outdated.example", 3, 1, 1, "mx.sts.example"),
    Tlsa("mx.dane-stripped.example", 3, 1, 1),
    Tlsa("mx.insecure.example", 3, 1, 1),  # of a zone that is not signed: it counts for nothing
    Tlsa("mx.unreachable-dane.example", 3, 1, 1),
]

STS_POLICIES = [
    StsPolicy("sts.example", mx=("*.sts.example",)),
    StsPolicy("sts-testing.example", "testing", ("mx.elsewhere.example",)),
    StsPolicy("sts-none.example", "none"),
    StsPolicy("sts-mx.example", mx=("*.elsewhere.example",)),
    StsPolicy("sts-stripped.example", mx=("mx.sts-stripped.example",)),
    StsPolicy("sts-selfsigned.example", mx=("mx.sts-selfsigned.example",)),
    StsPolicy("sts-unreachable.example", mx=("mx.unreachable.example",)),
    StsPolicy("sts-alias.example", mx=("mx.sts-alias.example",)),
    StsPolicy("sts-redirect.example", mx=("mx.sts.example",), status=301),
    StsPolicy("sts-gone.example", mx=("mx.sts.example",), status=404),
    StsPolicy("sts-type.example", mx=("mx.sts.example",), media_type="text/html"),
    StsPolicy("sts-large.example", mx=("mx.sts.example",), padding=70_000),
    StsPolicy("sts-expired.example", mx=("mx.sts.example",)),
]
EXPIRED_STS_HOST = "mta-sts.sts-expired.example"
REPORTING_DOMAIN = "sts.example"
REPORTING_ADDRESS = "mailto:tls@sts.example"

# The web servers of the policies: one address, a certificate for all of them, and a bad one.
STS_SERVERS = [
    Server("mta-sts.sts.example", WEB, also=tuple(
        p.host for p in STS_POLICIES
        if p.host not in ("mta-sts.sts.example", EXPIRED_STS_HOST))),
    Server(EXPIRED_STS_HOST, WEB, certificate=Certificate.EXPIRED),
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
    **{f"dane-{name}.example": [(10, f"mx.dane-{name}.example")] for name in (
        "ee", "301", "312", "ta", "ta211", "mismatch", "unusable", "forged", "outdated",
        "stripped", "alias")},
    # Two signed MX, of which the second has no TLSA records.
    "dane-half.example": [(10, "mx.dane-ee.example"), (20, "mx.tls13-good.example")],
    # A signed MX answer that leads to a host in a zone that is not signed.
    "dane-unsigned.example": [(10, "mx.insecure.example")],
    "unreachable-dane.example": [(10, "mx.unreachable-dane.example")],
    **{policy.domain: [(10, {
        "sts-stripped.example": "mx.sts-stripped.example",
        "sts-selfsigned.example": "mx.sts-selfsigned.example",
        "sts-unreachable.example": "mx.unreachable.example",
        "sts-alias.example": "mx.sts-alias.example",  # shapes.py has its server
    }.get(policy.domain, "mx.sts.example"))] for policy in STS_POLICIES},
}
# What is sent there gets lost without a word, as where a network blocks port 25.
UNREACHABLE_HOSTS = {f"mx.{name}.example": f"10.53.1.{99 + i}" for i, name in enumerate(
    ("unreachable", "unreachable-dane", "unreachable-a", "unreachable-b"))}
MAIL_DOMAINS |= {f"unreachable-{x}.example": [(10, f"mx.unreachable-{x}.example")] for x in "ab"}
ABSENT_DOMAIN = "nowhere.example"

# Delegated zones of their own; the others are names in the zone "example".
BOGUS_ZONE = "bogus.example"  # signed, but its parent's DS fits no key of it
UNSIGNED_ZONE = "insecure.example"  # delegated without DS
FORGED_TLSA_ZONE = "_tcp.mx.dane-forged.example"  # as BOGUS_ZONE
OUTDATED_TLSA_ZONE = "_tcp.mx.dane-outdated.example"  # its signatures ended weeks ago

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
    Person("dan", "dane-ee.example", key=None),
    Person("pat", "dane-mismatch.example", key=None),
]
PERSONS_OWN = "own"
SMIMEA_RECORDS = [
    Smimea("sam", 3, 0, 0, PERSONS_OWN),
    Smimea("eve", 1, 1, 2, PERSONS_OWN),
    Smimea("lee", 2, 1, 1, ISSUING),
    Smimea("kim", 3, 1, 1),
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
