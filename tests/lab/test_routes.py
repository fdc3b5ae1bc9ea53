# SPDX-License-Identifier: GPL-3.0-or-later
"""Without S/MIME: what may go by TLS goes, and what may not reaches no server."""

import unittest

from case import LabCase
from sealpost_cli import Cli, Exit, blocked_reasons, next_steps, receipt, routes
from sealpostlab import world

SUBJECT = "Parking"
HARMLESS = "The car park on Mill Lane opens at nine.\n"
WITH_PASSWORD = "Log in as clerk, the password is Xk9!tw4Qz#81.\n"
BOB = world.person("bob").address
NED = world.person("ned").address


class Routes(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)
        self.cli.trust_root()
        sam = world.person("sam")
        self.assertEqual(self.cli.import_key(sam).code, Exit.DONE)
        self.account = self.cli.add_account(sam, world.submission_server("submit"), 465)

    def assert_nothing_left(self, ran, address: str, reason: str) -> None:
        """Blocked, with the reason and a next step; no server heard of it; nothing waits."""
        self.assertEqual(ran.code, Exit.BLOCKED, ran)
        self.assertIn(reason, blocked_reasons(ran.json(), address))
        self.assertTrue(next_steps(ran.json(), address))
        self.assertEqual(self.said_to_submission(), self.said_before)
        for said in self.wire.sent_to(*((server.address, 25) for server in world.MX_SERVERS)):
            self.assertNotIn(b"MAIL FROM", said)
        self.assertEqual(self.post.all_delivered(), self.delivered_before)
        self.assertTrue(self.post.queue_is_empty())
        self.assertEqual(self.cli.outbox(), [])

    def said_to_submission(self) -> int:
        """How many connections there have been to any submission server."""
        return len(self.wire.sent_to(*((server.address, port) for port in (465, 587)
                                       for server in world.SUBMISSION_SERVERS)))

    def remember(self) -> None:
        self.said_before = self.said_to_submission()
        self.delivered_before = self.post.all_delivered()

    def test_harmless_message_goes_by_tls(self):
        before = set(self.post.delivered(world.person("bob")))
        sent = self.cli.send(self.account, [BOB], SUBJECT, HARMLESS)
        self.assertEqual(sent.code, Exit.DONE, sent)
        self.assertEqual(routes(sent.json()), [("tls", [BOB])])
        self.assertTrue(receipt(sent.json())["queue_id"])
        mail = set(self.post.wait_for(world.person("bob"), len(before) + 1))
        (arrived,) = mail - before
        text = arrived.read_text(encoding="utf-8")
        self.assertIn("Mill Lane", text)
        self.assertNotIn("application/pkcs7-mime", text)
        self.assertFalse(self.wire.shows("The car park on Mill Lane"))

    def test_password_in_the_text_is_blocked(self):
        self.remember()
        sent = self.cli.send(self.account, [BOB], SUBJECT, WITH_PASSWORD)
        self.assert_nothing_left(sent, BOB, "smime.no-certificate")
        self.assertTrue(sent.json()["findings"])
        self.assertNotIn("Xk9!tw4Qz#81", sent.out + sent.err)

    def test_domain_without_tls_is_blocked(self):
        for classification in ("OFFICIAL", "OFFICIAL-SENSITIVE"):
            with self.subTest(classification):
                self.remember()
                sent = self.cli.send(self.account, [NED], SUBJECT, HARMLESS, classification)
                self.assert_nothing_left(sent, NED, "tls.none")

    def test_plan_sends_nothing(self):
        self.remember()
        planned = self.cli.plan(self.account, [BOB], SUBJECT, HARMLESS)
        self.assertEqual(planned.code, Exit.DONE, planned)
        self.assertEqual(routes(planned.json()), [("tls", [BOB])])
        self.assertEqual(self.said_to_submission(), self.said_before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
