# SPDX-License-Identifier: GPL-3.0-or-later
"""A submission server that isn't what it should be gets nothing, not even AUTH; one that refuses is
quoted."""

import unittest

from case import LabCase
from sealpost_cli import Cli, Exit, receipt, recipient_results
from sealpostlab import world

SUBJECT = "Parking"
BODY = "The car park on Mill Lane opens at nine.\n"
SAM = world.person("sam")
BOB = world.person("bob")


class Submission(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)
        self.cli.trust_root()
        self.assertEqual(self.cli.import_key(SAM).code, Exit.DONE)

    def assert_sends_nothing(self, server: str, port: int, code: str) -> None:
        target = world.submission_server(server)
        account = self.cli.add_account(SAM, target, port)
        sent = self.cli.send(account, [BOB.address], SUBJECT, BODY)
        self.assertEqual(sent.code, Exit.PERMANENT, sent)
        self.assertIn(code, sent.out + sent.err)
        said = self.wire.sent_to((target.address, port))
        self.assertTrue(said, "it was never called, so nothing is proven")
        for words in said:
            for command in (b"AUTH", b"MAIL FROM"):
                self.assertNotIn(command, words)
        for session in self.post.settled_sessions("submission", f"{target.label}-{port}"):
            self.assertEqual((session.tried("auth"), session.tried("mail")), (0, 0))
        self.assertEqual(self.post.delivered(BOB), self.delivered_before)
        self.assertTrue(self.post.queue_is_empty())
        self.assertFalse(self.wire.shows(world.smtp_password(SAM)))

    def test_servers_that_get_nothing(self):
        for server, port, code in [
            ("submit-notls", 587, "submit.starttls-missing"),
            ("submit-expired", 465, "tls.certificate"),
            ("submit-expired", 587, "tls.certificate"),
            ("submit-wrongname", 465, "tls.certificate"),
            ("submit-wrongname", 587, "tls.certificate"),
            ("submit-selfsigned", 465, "tls.certificate"),
            ("submit-selfsigned", 587, "tls.certificate"),
        ]:
            with self.subTest(server, port=port):
                self.delivered_before = self.post.delivered(BOB)
                self.assert_sends_nothing(server, port, code)
        self.assertEqual(self.cli.verify_journal().code, Exit.DONE)

    def test_wrong_password(self):
        server = world.submission_server("submit")
        account = self.cli.add_account(SAM, server, 587, password="not-the-one")
        before = self.post.delivered(BOB)
        sent = self.cli.send(account, [BOB.address], SUBJECT, BODY)
        self.assertEqual(sent.code, Exit.PERMANENT, sent)
        self.assertIn("submit.auth-failed", sent.out + sent.err)
        self.assertNotIn("not-the-one", sent.out + sent.err)
        last = self.post.settled_sessions("submission", f"{server.label}-587")[-1]
        self.assertEqual((last.tried("auth"), last.done("auth"), last.tried("mail")), (1, 0, 0))
        self.assertEqual(self.post.delivered(BOB), before)

    def test_one_recipient_of_two_is_refused(self):
        account = self.cli.add_account(SAM, world.submission_server("submit"), 465)
        before = len(self.post.delivered(BOB))
        sent = self.cli.send(account, [BOB.address, world.REFUSED_RECIPIENT], SUBJECT, BODY)
        self.assertEqual(sent.code, Exit.PERMANENT, sent)
        self.assertEqual(recipient_results(receipt(sent.json())),
                         {BOB.address: "accepted", world.REFUSED_RECIPIENT: "refused"})
        self.post.wait_for(BOB, before + 1)

    def test_password_never_leaves(self):
        """SCRAM proves it: neither the server's log nor Dovecot sees more than that it is right."""
        account = self.cli.add_account(SAM, world.submission_server("submit"), 587)
        before = len(self.post.delivered(BOB))
        sent = self.cli.send(account, [BOB.address], SUBJECT, BODY)
        self.assertEqual(sent.code, Exit.DONE, sent)
        self.assertEqual(receipt(sent.json())["sign_in"], "SCRAM-SHA-256")
        self.post.wait_for(BOB, before + 1)

    def test_account_test(self):
        good = self.cli.add_account(SAM, world.submission_server("submit"), 465)
        tested = self.cli.test_account(good)
        self.assertEqual(tested.code, Exit.DONE, tested)
        # Dovecot offers PLAIN and LOGIN too.
        self.assertEqual(tested.json()["sign_in"], "SCRAM-SHA-256")
        bad = self.cli.add_account(SAM, world.submission_server("submit-wrongname"), 587)
        self.assertEqual(self.cli.test_account(bad).code, Exit.PERMANENT)


if __name__ == "__main__":
    unittest.main(verbosity=2)
