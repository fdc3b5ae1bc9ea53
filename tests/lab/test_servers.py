# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab is what it says it is; shown with openssl, smtplib and nothing of ours. And each way in
which other tests look for a trace finds one where there is one."""

import base64
import hashlib
import quopri
import smtplib
import socket
import ssl
import subprocess
import unittest
import urllib.error
import urllib.request

import case
from sealpostlab import world
from sealpostlab.names import DS, MX, SERVFAIL, TLSA, association, query
from sealpostlab.processes import tool
from sealpostlab.wire import files_that_show, is_shown

NXDOMAIN = 3
TEXT = "The orchid opens at noon: QZ-5521"


class Names(case.LabCase):
    def test_signed_zone_validates(self):
        answer = query("tls13-good.example", MX, world.RESOLVER)
        self.assertEqual((answer.code, answer.authentic), (0, True))

    def test_bogus_zone_is_refused_but_there(self):
        self.assertEqual(query("bogus.example", MX, world.RESOLVER).code, SERVFAIL)
        self.assertEqual(query("bogus.example", MX, world.KNOT).answers, 2)  # MX and its RRSIG

    def test_unsigned_zone_answers_without_proof(self):
        answer = query("insecure.example", MX, world.RESOLVER)
        self.assertEqual((answer.code, answer.authentic, answer.answers), (0, False, 1))
        self.assertEqual(query("insecure.example", DS, world.RESOLVER).answers, 0)

    def test_absence_is_proven(self):
        answer = query(world.ABSENT_DOMAIN, MX, world.RESOLVER)
        self.assertEqual((answer.code, answer.authentic), (NXDOMAIN, True))

    def test_system_resolver_is_the_labs(self):
        self.assertEqual(socket.gethostbyname(world.CRL_HOST), world.WEB)


class Published(case.LabCase):
    def test_tlsa_validates(self):
        answer = query("_25._tcp.mx.dane-ee.example", TLSA, world.RESOLVER)
        self.assertEqual((answer.code, answer.authentic, answer.answers), (0, True, 2))

    def test_forged_and_outdated_tlsa_are_refused_but_there(self):
        for name in ("forged", "outdated"):
            with self.subTest(name):
                host = f"_25._tcp.mx.dane-{name}.example"
                self.assertEqual(query(host, TLSA, world.RESOLVER).code, SERVFAIL)
                self.assertEqual(query(host, TLSA, world.KNOT).answers, 2)  # with its RRSIG
                # The name above it is sound: only the records themselves are in doubt.
                self.assertTrue(query(f"dane-{name}.example", MX, world.RESOLVER).authentic)

    def test_tlsa_fits_the_certificate(self):
        tlsa = next(t for t in world.TLSA_RECORDS if t.host == "mx.dane-301.example")
        with smtplib.SMTP(tlsa.host, 25, timeout=60) as line:
            line.starttls()
            shown = line.sock.getpeercert(binary_form=True)
        self.assertEqual(hashlib.sha256(shown).hexdigest(), association(tlsa, self.lab / "pki"))

    def fetch(self, domain: str):
        context = ssl.create_default_context(cafile=self.lab / "pki" / "ca.pem")
        url = f"https://mta-sts.{domain}/.well-known/mta-sts.txt"
        return urllib.request.urlopen(url, context=context, timeout=60)

    def test_policies_are_handed_out(self):
        with self.fetch("sts.example") as answer:
            self.assertEqual(answer.headers.get_content_type(), "text/plain")
            self.assertIn(b"mode: enforce\r\n", answer.read())
        with self.fetch("sts-large.example") as answer:
            self.assertGreater(len(answer.read()), 65_536)
        with self.fetch("sts-redirect.example") as answer:
            self.assertEqual(answer.url, "https://mta-sts.sts.example/.well-known/mta-sts.txt")
        with self.assertRaisesRegex(urllib.error.URLError, "expired"):
            self.fetch("sts-expired.example")

    def test_what_is_out_of_reach_is_lost_without_a_word(self):
        for address in world.UNREACHABLE_HOSTS.values():
            with self.subTest(address), self.assertRaises(TimeoutError):
                socket.create_connection((address, 25), timeout=0.5)


class MxServers(case.LabCase):
    def handshake(self, host: str, *, minimum=ssl.TLSVersion.TLSv1_2):
        server = next(s for s in world.MX_SERVERS if s.host == f"mx.{host}.example")
        context = ssl.create_default_context(cafile=self.lab / "pki" / "ca.pem")
        context.minimum_version = minimum
        with smtplib.SMTP(server.host, 25, timeout=60) as line:
            line.starttls(context=context)
            return line.sock.version()

    def test_good_server(self):
        self.assertEqual(self.handshake("tls13-good"), "TLSv1.3")

    def test_tls12_only(self):
        self.assertEqual(self.handshake("tls12"), "TLSv1.2")
        with self.assertRaises(ssl.SSLError):
            self.handshake("tls12", minimum=ssl.TLSVersion.TLSv1_3)

    def test_no_starttls(self):
        with self.assertRaises(smtplib.SMTPNotSupportedError):
            self.handshake("notls")

    def test_bad_certificates(self):
        for host, why in [("selfsigned", "self-signed"), ("expired", "expired"),
                          ("wrongname", "Hostname mismatch")]:
            with self.subTest(host), self.assertRaisesRegex(ssl.SSLCertVerificationError, why):
                self.handshake(host)


class Submission(case.LabCase):
    sam = world.person("sam")

    def submit(self, recipients: list[str], body: str) -> dict:
        context = ssl.create_default_context(cafile=self.lab / "pki" / "ca.pem")
        with smtplib.SMTP_SSL("submit.sender.example", 465, context=context, timeout=60) as line:
            line.login(self.sam.address, world.smtp_password(self.sam))
            return line.sendmail(self.sam.address, recipients, f"Subject: x\r\n\r\n{body}\r\n")

    def test_message_arrives_over_tls(self):
        bob = world.person("bob")
        self.submit([bob.address], TEXT)
        mail = self.post.wait_for(bob)[0].read_text(encoding="utf-8")
        self.assertIn(TEXT, mail)
        self.assertIn("using TLSv1.3", mail)
        self.assertFalse(self.wire.shows(TEXT))
        session = self.post.settled_sessions("submission", "submit-sender-example-465")[-1]
        self.assertEqual((session.done("auth"), session.done("mail")), (1, 1))

    def test_message_is_seen_where_the_last_hop_has_no_tls(self):
        ned = world.person("ned")
        text = TEXT.replace("noon", "dusk")
        self.submit([ned.address], text)
        arrived = self.post.wait_for(ned)[0]
        self.assertTrue(self.wire.shows(text))
        self.assertIn(b"MAIL FROM", b"".join(self.wire.sent_to(("10.53.0.13", 25))))
        self.assertEqual(files_that_show(text, arrived.parent), [arrived])

    def test_one_recipient_of_two_is_refused(self):
        refused = self.submit(["kim@tls13-good.example", world.REFUSED_RECIPIENT], "two")
        self.assertEqual(refused[world.REFUSED_RECIPIENT][0], 550)
        self.post.wait_for(world.person("kim"))

    def test_wrong_password(self):
        with smtplib.SMTP("submit.sender.example", 587, timeout=60) as line:
            line.starttls()
            with self.assertRaises(smtplib.SMTPAuthenticationError):
                line.login(self.sam.address, "wrong")

    def test_no_relay_without_authentication(self):
        with smtplib.SMTP("submit.sender.example", 587, timeout=60) as line:
            line.starttls()
            with self.assertRaises(smtplib.SMTPRecipientsRefused):
                line.sendmail(self.sam.address, ["jo@tls13-good.example"], "x")

    def test_server_without_starttls_would_take_a_password(self):
        with smtplib.SMTP("submit-notls.sender.example", 587, timeout=60) as line:
            line.ehlo()
            self.assertFalse(line.has_extn("starttls"))
            self.assertIn("PLAIN", line.esmtp_features["auth"])


class Traces(unittest.TestCase):
    """A search that finds nothing proves nothing unless it finds what is there."""

    def test_text_is_found_in_every_disguise(self):
        noise = "Grüße, and so on. "
        for before in range(6):
            whole = "x" * before + noise + TEXT + noise
            forms = {
                "plain": whole.encode(),
                "utf-16": whole.encode("utf-16"),
                "base64 in one line": base64.b64encode(whole.encode()),
                "base64 in lines": base64.encodebytes((noise * 3 + whole).encode()),
                "quoted-printable": quopri.encodestring((noise * 3 + whole).encode()),
            }
            for name, data in forms.items():
                with self.subTest(name, before=before):
                    self.assertTrue(is_shown(TEXT, data))

    def test_other_text_is_not_found(self):
        self.assertFalse(is_shown(TEXT, base64.b64encode(TEXT.replace("noon", "nine").encode())))


class People(case.LabCase):
    def test_every_pkcs12_opens_with_its_passphrase(self):
        for person in filter(lambda p: p.key, world.PEOPLE):
            folder = self.lab / "pki" / "people" / person.name
            legacy = ["-legacy"] if person.legacy_pkcs12 else []
            with self.subTest(person.name):
                shown = tool("openssl", "pkcs12", *legacy, "-in", folder / f"{person.name}.p12",
                             "-nodes", "-passin", f"file:{folder / 'passphrase'}")
                self.assertIn("PRIVATE KEY", shown)
                self.assertEqual(shown.count("BEGIN CERTIFICATE"), 3)

    def test_legacy_pkcs12_is_legacy(self):
        folder = self.lab / "pki" / "people" / "lee"
        plain = subprocess.run(["openssl", "pkcs12", "-in", folder / "lee.p12", "-nodes",
                                "-passin", f"file:{folder / 'passphrase'}"],
                               capture_output=True, check=False)
        self.assertNotEqual(plain.returncode, 0)

    def test_revocation_lists_are_served(self):
        for name in ("root", "issuing"):
            url = f"http://{world.CRL_HOST}/{name}.crl"
            (self.folder / "list.crl").write_bytes(urllib.request.urlopen(url, timeout=5).read())
            issuer = "ca" if name == "root" else "issuing"
            shown = tool("openssl", "crl", "-inform", "DER", "-in", self.folder / "list.crl",
                         "-noout", "-text", "-CAfile", self.lab / "pki" / f"{issuer}.pem")
            self.assertEqual("Serial Number:" in shown, name == "issuing")

    def test_smime_round_trip(self):
        """openssl signs and encrypts; the opener that other tests use opens and verifies it."""
        people = self.lab / "pki" / "people"
        (self.folder / "text").write_text(TEXT, encoding="utf-8")
        for name in ("jo", "kim"):
            signed = tool("openssl", "cms", "-sign", "-in", self.folder / "text", "-text",
                          "-signer", people / "sam" / "cert.pem",
                          "-certfile", self.lab / "pki" / "issuing.pem",
                          "-inkey", people / "sam" / "key.pem")
            (self.folder / "signed").write_text(signed, encoding="utf-8")
            tool("openssl", "cms", "-encrypt", "-aes256", "-in", self.folder / "signed",
                 "-out", self.folder / "sealed", people / name / "cert.pem")
            inner = self.opener.decrypt(self.folder / "sealed", world.person(name))
            content = self.opener.verify(inner, world.person("sam"), self.folder)
            self.assertIn(TEXT, content)


if __name__ == "__main__":
    unittest.main(verbosity=2)
