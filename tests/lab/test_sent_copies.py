# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of what was sent stand in the Sent folder of a real Dovecot: by TLS alone, encrypted to the
sender, each once; and what keeps them from it is no failure of the sending."""

import unittest

from case import LabCase
from sealpost_cli import Cli, Exit, receipt, routes
from sealpostlab import world
from sealpostlab.wire import files_that_show

SUBJECT = "Witness list PELICAN-3302"
BODY = "The protected witness lives at 9 Larch Row, reference PELICAN.\n"
SAM = world.person("sam")
BOB = world.person("bob")  # has no certificate
JO = world.person("jo")
SERVER = world.submission_server("submit")


class SentCopies(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)
        self.cli.trust_root()
        self.assertEqual(self.cli.import_key(SAM).code, Exit.DONE)
        self.account = self.cli.add_account(SAM, SERVER, 465)
        self.before = set(self.post.sent_copies(SAM))

    def new_copies(self) -> list:
        return [path for path in self.post.sent_copies(SAM) if path not in self.before]

    def send(self, to: world.Person = BOB, classification: str = "OFFICIAL") -> dict:
        sent = self.cli.send(self.account, [to.address], SUBJECT, BODY, classification)
        self.assertEqual(sent.code, Exit.DONE, sent)
        self.said = sent.err
        return sent.json()

    def assert_sealed(self, message_id: str) -> str:
        """One new copy, of that message, that Sam alone can read; what is inside."""
        copies = self.new_copies()
        self.assertEqual(len(copies), 1)
        outer = copies[0].read_text(encoding="utf-8")
        self.assertIn(message_id.strip("<>"), outer)
        self.assertIn("application/pkcs7-mime", outer)
        self.assertIn(":2,S", copies[0].name)  # read, as far as Sam is concerned
        home = self.lab / "post" / "dovecot" / "homes"
        for secret in ("9 Larch Row", SUBJECT):
            self.assertEqual(files_that_show(secret, home), [])
        inside = self.opener.decrypt(copies[0], SAM)
        self.assertIn("9 Larch Row", inside)
        self.assertIn(SUBJECT, inside)
        return inside

    def test_by_tls_from_the_start_what_was_sealed(self):
        self.cli.set_imap_server(self.account, SERVER, 993)
        self.assertEqual(self.cli.import_certificate(JO).code, Exit.DONE)
        answer = self.send(JO, "OFFICIAL-SENSITIVE")
        self.assertEqual(routes(answer), [("smime", [JO.address])])
        inside = self.assert_sealed(receipt(answer)["message_id"])
        self.opener.verify(inside, SAM, self.folder)
        self.assertIn("sent-copy.stored", self.cli.journal_events())
        # Each once.
        self.assertEqual(self.cli.retry_due().code, Exit.DONE)
        self.assertEqual(len(self.new_copies()), 1)

    def test_servers_that_the_domain_names(self):
        """Nothing but address and password is typed: DNS names both servers."""
        secret = self.folder / "password"
        secret.write_text(world.smtp_password(SAM), encoding="utf-8")
        added = self.cli.must("--json", "account", "add", "found", "--address", SAM.address,
                              "--password-file", secret).json()
        self.assertEqual((added["host"], added["port"], added["imap_server"]),
                         (SERVER.host, 465, f"{SERVER.host}:993"))
        self.account = "found"
        self.assertEqual(self.cli.test_account("found").json()["sent_folder"], world.SENT_FOLDER)
        self.assert_sealed(receipt(self.send())["message_id"])

    def test_by_starttls_what_went_by_tls(self):
        self.cli.set_imap_server(self.account, SERVER, 143)
        answer = self.send()
        self.assertEqual(routes(answer), [("tls", [BOB.address])])
        self.assert_sealed(receipt(answer)["message_id"])
        opened = self.cli.must("--json", "open", self.new_copies()[0]).json()
        self.assertEqual(opened["headers"]["subject"], SUBJECT)
        self.assertIn("9 Larch Row", opened["text"])
        self.assertFalse(self.wire.shows(world.smtp_password(SAM)))

    def test_the_account_is_tested_up_to_its_folder(self):
        for port in (993, 143):
            self.cli.set_imap_server(self.account, SERVER, port)
            tested = self.cli.test_account(self.account)
            self.assertEqual(tested.code, Exit.DONE, tested)
            self.assertEqual(tested.json()["sent_folder"], world.SENT_FOLDER)

    def test_nothing_goes_where_tls_is_not_what_it_should_be(self):
        for server, port, code in [("submit-notls", 143, "imap.no-tls"),
                                   ("submit-expired", 993, "imap.certificate"),
                                   ("submit-selfsigned", 143, "imap.certificate"),
                                   ("submit-wrongname", 993, "imap.certificate")]:
            with self.subTest(server, port=port):
                target = world.submission_server(server)
                self.cli.set_imap_server(self.account, target, port)
                tested = self.cli.test_account(self.account)
                self.assertEqual(tested.code, Exit.PERMANENT, tested)
                self.assertIn(code, tested.out + tested.err)
                for words in self.wire.sent_to((target.address, port)):
                    for command in (b"AUTHENTICATE", b"LOGIN"):
                        self.assertNotIn(command, words.upper())
        self.assertFalse(self.wire.shows(world.smtp_password(SAM)))

    def test_a_failure_is_said_and_mended_later(self):
        """Nobody listens there; then somebody does. The message went out in any case."""
        self.cli.must("account", "edit", self.account, "--imap-server", f"{SERVER.host}:1993")
        answer = self.send()
        self.assertEqual(receipt(answer)["delivery"], "accepted")
        self.assertIn("Sent folder", self.said)
        self.assertIn("imap.failed", self.said)
        self.assertIn("sent-copy.failed", self.cli.journal_events())
        self.cli.set_imap_server(self.account, SERVER, 993)
        self.assertEqual(self.cli.retry_due().code, Exit.DONE)
        self.assertEqual(self.new_copies(), [])  # not at once: it would be asked all the time
        self.assertEqual(self.cli.retry_due("+10 minutes").code, Exit.DONE)
        self.assert_sealed(receipt(answer)["message_id"])
        self.assertEqual(self.cli.verify_journal().code, Exit.DONE)


if __name__ == "__main__":
    unittest.main()
