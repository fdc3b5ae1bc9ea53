# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's certificate authority: a root, an issuer below it, servers, people and their CRLs."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import world
from .processes import tool, write

CONFIGURATION = """
[root]
dir = {folder}/authority
database = $dir/root.index
serial = $dir/root.serial
crlnumber = $dir/root.crlnumber
new_certs_dir = $dir
certificate = {folder}/ca.pem
private_key = $dir/root.key
default_md = sha256
default_crl_days = 30
policy = any
unique_subject = no
[issuing]
dir = {folder}/authority
database = $dir/issuing.index
serial = $dir/issuing.serial
crlnumber = $dir/issuing.crlnumber
new_certs_dir = $dir
certificate = {folder}/issuing.pem
private_key = $dir/issuing.key
default_md = sha256
default_crl_days = 30
policy = any
unique_subject = no
[any]
countryName = optional
organizationName = optional
commonName = supplied
[req]
distinguished_name = dn
prompt = no
[dn]
[ext_root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ext_issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://{crl_host}/root.crl
"""

EXTENSIONS = """[end_entity]
basicConstraints = critical,CA:FALSE
keyUsage = critical,{key_usage}
extendedKeyUsage = {extended}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {name}
crlDistributionPoints = URI:http://{crl_host}/issuing.crl
"""

ALL_SERVERS = [*world.MX_SERVERS, *world.SUBMISSION_SERVERS, *world.STS_SERVERS,
               *world.OAUTH_SERVERS]

# RSA keys take a moment each; the servers' are elliptic, but for one.
KEYS = {
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa3072": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
    "ec": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
}


def _date(days: int) -> str:
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return at.strftime("%Y%m%d%H%M%SZ")


class Authority:
    """Makes everything in one folder: ca.pem, issuing.pem, chain.pem, crl/, servers/, people/."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.own = folder / "authority"
        self.configuration = self.own / "openssl.cnf"

    def make(self) -> None:
        for name in ("authority", "crl", "servers", "people"):
            (self.folder / name).mkdir(parents=True)
        write(self.configuration,
              CONFIGURATION.format(folder=self.folder, crl_host=world.CRL_HOST))
        self._make_keys()
        self._make_authorities()
        for server in ALL_SERVERS:
            if server.tls is not world.Tls.NOT_OFFERED:
                self._make_server(server)
        for person in world.PEOPLE:
            if person.key:
                self._make_person(person)
        self._make_crls()

    def _make_keys(self) -> None:
        keys = {self.own / "root.key": "rsa3072", self.own / "issuing.key": "rsa3072"}
        for server in ALL_SERVERS:
            kind = "rsa" if server.host == "mx.tls12.example" else "ec"
            keys[self.folder / "servers" / f"{server.host}.key"] = kind
        for person in world.PEOPLE:
            if person.key:
                (self.folder / "people" / person.name).mkdir()
                kind = person.key
                keys[self.folder / "people" / person.name / "key.pem"] = kind
        with ThreadPoolExecutor(4) as pool:
            made = [pool.submit(tool, "openssl", "genpkey", *KEYS[kind], "-out", path)
                    for path, kind in keys.items()]
            for key in made:
                key.result()

    def _make_authorities(self) -> None:
        for authority in ("root", "issuing"):
            write(self.own / f"{authority}.index", "")
            write(self.own / f"{authority}.serial", "1000\n")
            write(self.own / f"{authority}.crlnumber", "01\n")
        tool("openssl", "req", "-x509", "-key", self.own / "root.key", "-days", "3650", "-sha256",
             "-subj", "/C=GB/O=Sealpost Lab/CN=Sealpost Lab Root", "-config", self.configuration,
             "-extensions", "ext_root", "-out", self.folder / "ca.pem")
        request = self._request(self.own / "issuing.key", "Sealpost Lab Issuing")
        tool("openssl", "ca", "-batch", "-config", self.configuration, "-name", "root",
             "-extensions", "ext_issuing", "-days", "1825", "-notext", "-in", request,
             "-out", self.folder / "issuing.pem")
        write(self.folder / "chain.pem", (self.folder / "issuing.pem").read_text()
              + (self.folder / "ca.pem").read_text())

    def _request(self, key: Path, common_name: str) -> Path:
        request = key.with_suffix(".csr")
        tool("openssl", "req", "-new", "-key", key, "-config", self.configuration, "-out", request,
             "-subj", f"/C=GB/O=Sealpost Lab/CN={common_name}")
        return request

    def _issue(self, key: Path, common_name: str, extensions: str, expired: bool, out: Path):
        first, last = (-400, -35) if expired else (-1, 365)
        extension_file = write(key.with_suffix(".ext"), extensions)
        tool("openssl", "ca", "-batch", "-config", self.configuration, "-name", "issuing",
             "-extfile", extension_file, "-extensions", "end_entity", "-notext",
             "-startdate", _date(first), "-enddate", _date(last),
             "-in", self._request(key, common_name), "-out", out)

    def _make_server(self, server: world.Server) -> None:
        key = self.folder / "servers" / f"{server.host}.key"
        certificate = self.folder / "servers" / f"{server.host}.crt"
        if server.certificate is world.Certificate.SELF_SIGNED:
            tool("openssl", "req", "-x509", "-key", key, "-days", "365", "-sha256",
                 "-subj", f"/CN={server.host}", "-config", self.configuration,
                 "-addext", f"subjectAltName=DNS:{server.host}", "-out", certificate)
        else:
            wrong = server.certificate is world.Certificate.WRONG_NAME
            names = ["mail.elsewhere.example"] if wrong else [server.host, *server.also]
            extensions = EXTENSIONS.format(
                key_usage="digitalSignature,keyEncipherment", extended="serverAuth",
                name=",".join(f"DNS:{name}" for name in names), crl_host=world.CRL_HOST)
            expired = server.certificate is world.Certificate.EXPIRED
            self._issue(key, names[0], extensions, expired, certificate)
        # What Postfix wants of a chain file: the key first, then certificates from the leaf up.
        write(self.folder / "servers" / f"{server.host}.pem",
              key.read_text() + certificate.read_text()
              + (self.folder / "issuing.pem").read_text(), mode=0o600)

    def _make_person(self, person: world.Person) -> None:
        folder = self.folder / "people" / person.name
        usage = "digitalSignature," + (
            "keyEncipherment" if person.key == "rsa" else "keyAgreement")
        extensions = EXTENSIONS.format(key_usage=usage, extended="emailProtection",
                                       name=f"email:{person.address}", crl_host=world.CRL_HOST)
        expired = person.certificate is world.Certificate.EXPIRED
        certificate = folder / "cert.pem"
        self._issue(folder / "key.pem", person.name.capitalize(), extensions, expired, certificate)
        legacy = ["-legacy"] if person.legacy_pkcs12 else []
        passphrase = write(folder / "passphrase", world.pkcs12_passphrase(person), 0o600)
        tool("openssl", "pkcs12", "-export", *legacy, "-inkey", folder / "key.pem",
             "-in", certificate, "-certfile", self.folder / "chain.pem", "-name", person.name,
             "-passout", f"file:{passphrase}", "-out", folder / f"{person.name}.p12")
        if person.revoked:
            tool("openssl", "ca", "-config", self.configuration, "-name", "issuing",
                 "-revoke", certificate, "-crl_reason", "keyCompromise")

    def _make_crls(self) -> None:
        for authority in ("root", "issuing"):
            pem = self.own / f"{authority}.crl.pem"
            tool("openssl", "ca", "-config", self.configuration, "-name", authority, "-gencrl",
                 "-out", pem)
            tool("openssl", "crl", "-in", pem, "-outform", "DER",
                 "-out", self.folder / "crl" / f"{authority}.crl")
