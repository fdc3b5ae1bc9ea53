# SPDX-License-Identifier: GPL-3.0-or-later
"""An OpenLDAP server with people's certificates, as an organisation's directory has them."""

import base64
import subprocess
from pathlib import Path

from . import world
from .processes import listens, start, tool, wait_until, write

CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCACertificateFile {pki}/chain.pem
TLSCertificateFile {pki}/servers/{host}.pem
TLSCertificateKeyFile {pki}/servers/{host}.key
database mdb
suffix "dc=lab"
directory {folder}/data
maxsize 10485760
"""

TOP = """dn: dc=lab
objectClass: dcObject
objectClass: organization
o: The lab
dc: lab
"""

PERSON = """
dn: uid={name},dc=lab
objectClass: inetOrgPerson
uid: {name}
cn: {name}
sn: {name}
mail: {address}
userCertificate;binary:: {certificate}
"""


class Directory:
    """Listens where the submission server is, whose name its certificate bears."""

    def __init__(self, folder: Path, pki: Path, people: list[world.Person]):
        self.folder = folder
        self.pki = pki
        self.people = people
        self.server = world.submission_server("submit")
        self.port = 6360
        self.running: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"ldaps://{self.server.host}:{self.port}/dc=lab"

    def _entry(self, person: world.Person) -> str:
        der = subprocess.run(["openssl", "x509", "-outform", "DER", "-in",
                              self.pki / "people" / person.name / "cert.pem"],
                             capture_output=True, check=True).stdout
        return PERSON.format(name=person.name, address=person.address,
                             certificate=base64.b64encode(der).decode("ascii"))

    def start(self) -> None:
        (self.folder / "data").mkdir(parents=True)
        configuration = write(self.folder / "slapd.conf", CONFIGURATION.format(
            folder=self.folder, pki=self.pki, host=self.server.host))
        entries = write(self.folder / "entries.ldif",
                        TOP + "".join(self._entry(person) for person in self.people))
        tool("slapadd", "-f", configuration, "-l", entries)
        self.running = start("slapd", self.folder, "slapd", "-d", "0", "-f", configuration, "-h",
                             f"ldaps://{self.server.address}:{self.port}/")
        wait_until("slapd", lambda: listens(self.server.address, self.port), [self.running])

    def stop(self) -> None:
        if self.running is not None:
            self.running.terminate()
            self.running.wait()
