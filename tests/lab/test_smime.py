# SPDX-License-Identifier: GPL-3.0-or-later
"""A sensitive message goes by S/MIME, is opened by its recipient, and leaves no trace on its way."""

import os
import unittest
from pathlib import Path

from case import LabCase
from sealpost_cli import Cli, Exit, blocked_reasons, receipt, routes
from sealpostlab import world
from sealpostlab.wire import files_that_show

SUBJECT = "Witness list ORCHID-7719"
BODY = "The protected witness lives at 4 Larch Row, reference XQJ-80815-ORCHID.\n"
SECRET = "4 Larch Row, reference XQJ-80815-ORCHID"
SENSITIVE = "OFFICIAL-SENSITIVE"


class Smime(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)
        self.cli.trust_root()

    def account(self, sender: str, port: int = 465) -> str:
        person = world.person(sender)
        imported = self.cli.import_key(person)
        self.assertEqual(imported.code, Exit.DONE, imported)
        return self.cli.add_account(person, world.submission_server("submit"), port)

    def knows(self, *recipients: str) -> None:
        for name in recipients:
            imported = self.cli.import_certificate(world.person(name))
            self.assertEqual(imported.code, Exit.DONE, imported)

    def send_sealed(self, account: str, *recipients: str) -> dict:
        """Sends the sensitive message; returns its receipt."""
        to = [world.person(name).address for name in recipients]
        sent = self.cli.send(account, to, SUBJECT, BODY, SENSITIVE)
        self.assertEqual(sent.code, Exit.DONE, sent)
        self.assertEqual(routes(sent.json()), [("smime", to)])
        return receipt(sent.json())

    def assert_opens(self, sender: str, recipient: str, proof: dict) -> str:
        """The recipient gets the receipt's message, it is the sensitive one, signed by the sender."""
        to = world.person(recipient)
        arrived = self.post.wait_for_message(to, proof["message_id"].strip("<>"))
        inner = self.opener.decrypt(arrived, to)
        content = self.opener.verify(inner, world.person(sender), self.folder)
        self.assertIn(SECRET, content)
        self.assertIn(SUBJECT, content)
        outer = arrived.read_text(encoding="utf-8")
        self.assertIn("application/pkcs7-mime", outer)
        self.assertNotIn(SUBJECT, outer)
        return outer

    def assert_no_trace(self) -> None:
        homes = [self.cli.profile, Path(os.environ["HOME"])]
        for text in (SECRET, SUBJECT):
            self.assertEqual(files_that_show(text, *homes), [])
            self.assertFalse(self.wire.shows(text))

    def test_message_is_opened_by_its_recipient_alone(self):
        account = self.account("sam")
        self.knows("jo")
        proof = self.send_sealed(account, "jo")
        self.assert_opens("sam", "jo", proof)
        self.assertEqual(proof["tls_version"], "TLSv1.3")
        self.assertIn(proof["queue_id"], self.post.log("submission"))
        self.assertTrue(proof["reply"].startswith("250"), proof["reply"])
        self.assertEqual(proof["smime"]["cipher"], "AES-256-CBC")
        self.assertEqual(len(proof["smime"]["encrypted_to"]), 2)  # the sender can read it too
        self.assert_no_trace()
        self.assertEqual(self.cli.verify_journal().code, Exit.DONE)

    def test_last_hop_in_plain_text_shows_only_the_sealed_message(self):
        account = self.account("sam")
        self.knows("nat")
        self.assert_opens("sam", "nat", self.send_sealed(account, "nat"))
        said = b"".join(self.wire.sent_to(("10.53.0.13", 25)))
        self.assertIn(b"MAIL FROM", said)
        self.assertIn(b"application/pkcs7-mime", said)
        self.assert_no_trace()

    def test_submission_by_starttls(self):
        account = self.account("sam", 587)
        self.knows("jo")
        proof = self.send_sealed(account, "jo")
        self.assertEqual(proof["server"], "submit.sender.example:587")
        self.assert_opens("sam", "jo", proof)
        session = self.post.settled_sessions("submission", "submit-sender-example-587")[-1]
        self.assertEqual((session.done("starttls"), session.done("auth")), (1, 1))

    def test_elliptic_key_and_recipient(self):
        account = self.account("eve")
        self.knows("kim")
        self.assert_opens("eve", "kim", self.send_sealed(account, "kim"))

    def test_two_recipients_share_one_transmission(self):
        account = self.account("sam")
        self.knows("jo", "kim")
        proof = self.send_sealed(account, "jo", "kim")
        self.assertEqual(len(proof["smime"]["encrypted_to"]), 3)
        for name in ("jo", "kim"):
            self.assert_opens("sam", name, proof)

    def test_legacy_pkcs12(self):
        account = self.account("lee")
        self.knows("jo")
        self.assert_opens("lee", "jo", self.send_sealed(account, "jo"))

    def test_certificates_that_are_refused(self):
        account = self.account("sam")
        for name, reason in [("rae", "smime.certificate-revoked"),
                             ("max", "smime.certificate-expired")]:
            with self.subTest(name):
                person = world.person(name)
                self.knows(name)
                sent = self.cli.send(account, [person.address], SUBJECT, BODY, SENSITIVE)
                self.assertEqual(sent.code, Exit.BLOCKED, sent)
                self.assertIn(reason, blocked_reasons(sent.json(), person.address))
                self.assertEqual(self.post.delivered(person), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
