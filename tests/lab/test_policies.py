# SPDX-License-Identifier: GPL-3.0-or-later
"""What domains publish about their encryption (DANE, MTA-STS, TLS-RPT), and whether their servers
keep to it: `check` against real name, web and mail servers."""

import os
import unittest

from case import LabCase
from sealpost_cli import Cli, Exit, blocked_reasons, evidence, receipt, routes
from sealpostlab import world

HARMLESS = "The car park on Mill Lane opens at nine.\n"
REGISTER = """
[[tls.register]]
domain = "unreachable.example"
reference = "REG-7"
[[tls.register]]
domain = "dane-mismatch.example"
reference = "REG-8"
"""


class Policies(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)

    def report(self, domain: str, code: Exit, *options: str) -> dict:
        ran = self.cli.run(*options, "--json", "check", domain)
        self.assertEqual(ran.code, code, ran)
        (report,) = ran.lines()
        self.assertEqual(report["domain"], domain)
        return report

    def assert_verdict(self, domain: str, code: Exit, assurance: str, match: str) -> dict:
        report = self.report(domain, code)
        self.assertEqual((report["assurance"], report["mx"][0]["dane"]["match"]),
                         (assurance, match), report["evidence"])
        return report


class Dane(Policies):
    def test_end_entity_of_every_kind(self):
        for name, record in [("ee", "3 1 1 "), ("301", "3 0 1 "), ("312", "3 1 2 ")]:
            with self.subTest(name):
                report = self.assert_verdict(f"dane-{name}.example", Exit.DONE, "enforced",
                                             "dane-ee")
                self.assertTrue(report["minimum_met"])
                self.assertEqual(report["dane"], "proven")
                dane = report["mx"][0]["dane"]
                self.assertEqual((dane["status"], dane["usable"]), ("proven", 1))
                self.assertTrue(dane["records"][0].startswith(record))
                self.assertEqual(evidence(report, "tlsa:"), {"proven"})
                self.assertEqual(evidence(report, "dane:"), {"proven"})
                # No authority vouches for this certificate, and for DANE-EE none needs to.
                self.assertIn("self-signed", report["mx"][0]["certificate"]["problems"])

    def test_anchor(self):
        for domain in ("dane-ta.example", "dane-ta211.example"):
            with self.subTest(domain):
                self.assert_verdict(domain, Exit.DONE, "enforced", "dane-ta")

    def test_below_an_alias(self):
        report = self.assert_verdict("dane-alias.example", Exit.DONE, "enforced", "dane-ee")
        (tlsa,) = [e for e in report["evidence"] if e["what"] == "tlsa:mx.dane-alias.example"]
        self.assertIn("_25._tcp.mx.dane-ee.example", tlsa["detail"])

    def test_mismatch(self):
        report = self.assert_verdict("dane-mismatch.example", Exit.BLOCKED, "violated", "mismatch")
        self.assertEqual(evidence(report, "tlsa:"), {"proven"})
        self.assertEqual(evidence(report, "dane:"), {"proven-absent"})

    def test_unusable(self):
        report = self.assert_verdict("dane-unusable.example", Exit.BLOCKED, "weak", "unusable")
        dane = report["mx"][0]["dane"]
        self.assertEqual((dane["status"], dane["usable"]), ("proven", 0))
        self.assertIn("pkix-usage", next(e["detail"] for e in report["evidence"]
                                         if e["what"].startswith("tlsa:")))

    def test_forged_and_outdated_signatures(self):
        for domain in ("dane-forged.example", "dane-outdated.example"):
            with self.subTest(domain):
                report = self.assert_verdict(domain, Exit.BLOCKED, "unknown",
                                             "not-compared")
                self.assertEqual(report["dnssec"], "proven")
                self.assertEqual((report["dane"], evidence(report, "tlsa:")), ("bogus", {"bogus"}))

    def test_stripped_starttls_is_tampering(self):
        report = self.assert_verdict("dane-stripped.example", Exit.BLOCKED, "violated",
                                     "not-compared")
        self.assertEqual(evidence(report, "tampering:mx.dane-stripped.example"), {"bogus"})
        ran = self.cli.run("check", "dane-stripped.example", "--verbose")
        self.assertIn("tampering", ran.out)

    def test_unsigned_names_lead_nowhere(self):
        for domain, signed in [("insecure.example", False), ("dane-unsigned.example", True)]:
            with self.subTest(domain):
                report = self.assert_verdict(domain, Exit.DONE, "verified", "not-compared")
                self.assertEqual(report["dnssec"] == "proven", signed)
                self.assertEqual(report["dane"], "proven-absent")

    def test_one_of_two(self):
        report = self.assert_verdict("dane-half.example", Exit.DONE, "verified", "dane-ee")
        self.assertEqual(report["mx"][1]["dane"]["status"], "proven-absent")

    def test_without_any(self):
        report = self.assert_verdict("tls13-good.example", Exit.DONE, "verified", "not-compared")
        self.assertEqual((report["dane"], report["mta_sts"]["status"], report["tls_rpt"]),
                         ("proven-absent",) * 3)


class MtaSts(Policies):
    def policy(self, domain: str, code: Exit, assurance: str, mode: str | None) -> dict:
        report = self.report(domain, code)
        self.assertEqual((report["assurance"], report["mta_sts"]["mode"]), (assurance, mode),
                         report["evidence"])
        return report

    def test_enforce(self):
        report = self.policy("sts.example", Exit.DONE, "enforced", "enforce")
        policy = report["mta_sts"]
        self.assertEqual((policy["status"], policy["id"], policy["mx"], policy["max_age"]),
                         ("proven", "20261129", ["*.sts.example"], 604800))
        self.assertEqual(evidence(report, "mta-sts"), {"proven"})
        self.assertEqual(report["tls_rpt"], "proven")
        self.assertIn(world.REPORTING_ADDRESS, [e["detail"] for e in report["evidence"]])

    def test_testing_and_none_are_not_enforce(self):
        report = self.policy("sts-testing.example", Exit.DONE, "verified", "testing")
        self.assertEqual(evidence(report, "mta-sts:mx.sts.example"), {"proven-absent"})
        self.policy("sts-none.example", Exit.DONE, "verified", "none")

    def test_mx_that_is_not_allowed(self):
        self.policy("sts-mx.example", Exit.BLOCKED, "violated", "enforce")

    def test_certificate_must_match(self):
        self.policy("sts-selfsigned.example", Exit.BLOCKED, "violated", "enforce")

    def test_stripped_starttls_is_tampering(self):
        report = self.policy("sts-stripped.example", Exit.BLOCKED, "violated", "enforce")
        self.assertEqual(evidence(report, "tampering:"), {"bogus"})

    def test_what_is_no_policy(self):
        for name, outcome, detail in [
                ("redirect", "proven-absent", "301"), ("gone", "proven-absent", "404"),
                ("type", "proven-absent", "text/html"), ("large", "proven-absent", "too-large"),
                ("expired", "bogus", "http.certificate")]:
            with self.subTest(name):
                report = self.policy(f"sts-{name}.example", Exit.DONE, "verified", None)
                self.assertEqual(report["mta_sts"]["status"], outcome)
                self.assertEqual(evidence(report, "mta-sts-record"), {"proven"})
                (fetched,) = [e for e in report["evidence"] if e["what"] == "mta-sts-policy"]
                self.assertEqual(fetched["outcome"], outcome)
                self.assertIn(detail, fetched["detail"])

    def test_kept_where_https_is_cut_off(self):
        self.policy("sts.example", Exit.DONE, "enforced", "enforce")
        # A proxy that nobody runs: HTTPS reaches no one any more.
        os.environ["https_proxy"] = "http://127.0.0.1:9"
        self.addCleanup(os.environ.pop, "https_proxy")
        ran = self.cli.run("--json", "check", "--fresh", "sts.example")
        self.assertEqual(ran.code, Exit.DONE, ran)
        (report,) = ran.lines()
        self.assertEqual((report["assurance"], report["mta_sts"]["mode"]), ("enforced", "enforce"))
        self.assertEqual(evidence(report, "mta-sts-policy"), {"temp-failure"})
        stranger = Cli(self.folder / "q", self.lab)
        (unkept,) = stranger.run("--json", "check", "sts.example").lines()
        self.assertEqual((unkept["assurance"], unkept["mta_sts"]["status"]),
                         ("verified", "temp-failure"))


class OutOfReach(Policies):
    """Nobody answers; on a network that blocks port 25 it looks the same."""

    def setUp(self) -> None:
        super().setUp()
        self.register = self.folder / "register.toml"
        self.register.write_text(REGISTER, encoding="utf-8")

    def test_what_is_published_carries_the_verdict(self):
        ran = self.cli.run("--json", "--policy", self.register, "check", "unreachable-a.example",
                           "unreachable-b.example", "unreachable-dane.example",
                           "sts-unreachable.example", "unreachable.example")
        verdicts = {r["domain"]: r["assurance"] for r in ran.lines()}
        self.assertEqual(verdicts, {
            "unreachable-a.example": "unknown", "unreachable-b.example": "unknown",
            "unreachable-dane.example": "published", "sts-unreachable.example": "published",
            "unreachable.example": "registered"})
        # By now several unrelated servers were out of reach: the network is what they share.
        spared = self.report("tls13-good.example", Exit.TEMPORARY)
        self.assertEqual((spared["port_25"], spared["mx"][0]["outcome"]),
                         ("proven-absent", "port-blocked"))
        for domain in ("dane-ee.example", "sts.example"):
            report = self.report(domain, Exit.DONE)
            self.assertEqual((report["assurance"], report["port_25"], report["minimum_met"]),
                             ("published", "proven-absent", False))
        for options in ([], ["--verbose"]):
            words = self.cli.run(*options, "check", "sts.example").out
            self.assertEqual(words.count("Port 25 is blocked on this network, so we rely on the "
                                         "domain's published policy."), 1, words)

    def test_found_by_commands_of_one_domain_each(self):
        for name in ("unreachable-a", "unreachable-b", "unreachable"):
            self.assertEqual(self.report(f"{name}.example", Exit.TEMPORARY)["port_25"],
                             "temp-failure")
        self.assertEqual(self.report("tls13-good.example", Exit.TEMPORARY)["port_25"],
                         "proven-absent")

    def test_probing_switched_off(self):
        policy = self.folder / "quiet.toml"
        policy.write_text("[probe]\nport-25 = false\n" + REGISTER, encoding="utf-8")
        for domain, assurance in [("dane-mismatch.example", "published"),
                                  ("sts.example", "published"), ("sts-mx.example", "violated"),
                                  ("unreachable.example", "registered")]:
            with self.subTest(domain):
                ran = self.cli.run("--policy", policy, "--json", "check", domain)
                (report,) = ran.lines()
                self.assertEqual(report["assurance"], assurance)
                self.assertEqual(report["mx"][0]["outcome"], "not-probed")

    def test_register_does_not_override_what_is_violated(self):
        ran = self.cli.run("--policy", self.register, "--json", "check", "dane-mismatch.example")
        (report,) = ran.lines()
        self.assertEqual((ran.code, report["assurance"]), (Exit.BLOCKED, "violated"))


class Sending(Policies):
    def setUp(self) -> None:
        super().setUp()
        self.cli.trust_root()
        sam = world.person("sam")
        self.assertEqual(self.cli.import_key(sam).code, Exit.DONE)
        self.account = self.cli.add_account(sam, world.submission_server("submit"), 465)

    def test_sensitive_message_to_an_enforced_domain_goes_by_tls(self):
        dan = world.person("dan")
        sent = self.cli.send(self.account, [dan.address], "Parking", HARMLESS, "OFFICIAL-SENSITIVE")
        self.assertEqual(sent.code, Exit.DONE, sent)
        self.assertEqual(routes(sent.json()), [("tls", [dan.address])])
        self.assertIn("tls.enforced",
                      {r["id"] for t in sent.json()["transmissions"] for r in t["reasons"]})
        self.assertTrue(receipt(sent.json())["queue_id"])
        (arrived,) = self.post.wait_for(dan)
        self.assertIn("Mill Lane", arrived.read_text(encoding="utf-8"))

    def test_message_to_a_violated_domain_is_blocked(self):
        pat = world.person("pat").address
        sent = self.cli.send(self.account, [pat], "Parking", HARMLESS)
        self.assertEqual(sent.code, Exit.BLOCKED, sent)
        self.assertIn("tls.violated", blocked_reasons(sent.json(), pat))


if __name__ == "__main__":
    unittest.main(verbosity=2)
