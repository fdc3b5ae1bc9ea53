# SPDX-License-Identifier: GPL-3.0-or-later
"""What `check` says of each domain of the lab, and what it bases that on."""

import unittest

from case import LabCase
from sealpost_cli import Cli, Exit, evidence
from sealpostlab import world


class Check(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)

    def report(self, domain: str, code: Exit) -> dict:
        ran = self.cli.check(domain)
        self.assertEqual(ran.code, code, ran)
        reports = ran.lines()
        self.assertEqual([r["domain"] for r in reports], [domain])
        return reports[0]

    def assert_weak(self, domain: str, problem: str) -> None:
        report = self.report(domain, Exit.BLOCKED)
        self.assertEqual((report["assurance"], report["minimum_met"]), ("weak", False))
        certificate = report["mx"][0]["certificate"]
        self.assertIn(problem, certificate["problems"])

    def test_good(self):
        report = self.report("tls13-good.example", Exit.DONE)
        self.assertEqual((report["assurance"], report["minimum_met"]), ("verified", True))
        self.assertEqual(report["dnssec"], "proven")
        (mx,) = report["mx"]
        self.assertEqual((mx["host"], mx["preference"]), ("mx.tls13-good.example", 10))
        self.assertEqual(mx["addresses"], ["10.53.0.11"])
        self.assertTrue(mx["reachable"] and mx["starttls"])
        self.assertEqual(mx["tls_version"], "TLSv1.3")
        self.assertTrue(mx["certificate"]["valid"] and mx["certificate"]["name_matches"])
        self.assertEqual(mx["certificate"]["problems"], [])
        self.assertIn("Sealpost Lab Issuing", mx["certificate"]["issuer"])

    def test_tls12_alone_is_enough(self):
        report = self.report("tls12.example", Exit.DONE)
        self.assertEqual(report["assurance"], "verified")
        self.assertEqual(report["mx"][0]["tls_version"], "TLSv1.2")

    def test_no_starttls(self):
        report = self.report("notls.example", Exit.BLOCKED)
        self.assertEqual((report["assurance"], report["minimum_met"]), ("none", False))
        self.assertEqual((report["mx"][0]["reachable"], report["mx"][0]["starttls"]), (True, False))

    def test_self_signed(self):
        self.assert_weak("selfsigned.example", "self-signed")

    def test_expired(self):
        self.assert_weak("expired.example", "expired")

    def test_wrong_name(self):
        self.assert_weak("wrongname.example", "name-mismatch")

    def test_weakest_server_decides(self):
        report = self.report("mixed.example", Exit.BLOCKED)
        self.assertEqual(report["assurance"], "none")
        self.assertEqual([mx["starttls"] for mx in report["mx"]], [True, False])

    def test_bogus_dnssec_is_no_evidence(self):
        report = self.report("bogus.example", Exit.BLOCKED)
        self.assertEqual(report["assurance"], "unknown")
        self.assertIn("bogus", evidence(report, "mx"))

    def test_unsigned_zone_proves_nothing_by_dnssec(self):
        report = self.report("insecure.example", Exit.DONE)
        self.assertEqual(report["assurance"], "verified")
        self.assertNotIn(report["dnssec"], ("proven", "bogus"))

    def test_absent_domain(self):
        self.assertEqual(self.report(world.ABSENT_DOMAIN, Exit.BLOCKED)["assurance"],
                         "undeliverable")

    def test_null_mx(self):
        self.assertEqual(self.report("nullmx.example", Exit.BLOCKED)["assurance"], "undeliverable")

    def test_out_of_reach_is_not_insecure(self):
        report = self.report("unreachable.example", Exit.TEMPORARY)
        self.assertEqual(report["assurance"], "unknown")
        self.assertEqual(report["mx"][0]["reachable"], False)

    def test_many_at_once_one_object_a_line(self):
        ran = self.cli.check("tls13-good.example", "sam@notls.example", "tls12.example")
        self.assertEqual(ran.code, Exit.BLOCKED, ran)
        self.assertEqual({r["domain"]: r["assurance"] for r in ran.lines()},
                         {"tls13-good.example": "verified", "notls.example": "none",
                          "tls12.example": "verified"})

    def test_probing_sends_no_mail(self):
        self.cli.check("tls13-good.example", "notls.example")
        for said in self.wire.sent_to(("10.53.0.13", 25)):
            self.assertNotIn(b"MAIL FROM", said)
        sessions = self.post.sessions("mx", "mx-tls13-good-example")
        self.assertEqual([s.tried("mail") for s in sessions], [0] * len(sessions))


if __name__ == "__main__":
    unittest.main(verbosity=2)
