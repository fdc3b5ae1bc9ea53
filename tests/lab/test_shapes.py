# SPDX-License-Identifier: GPL-3.0-or-later
"""What `check` says of domains of odd shapes and of mail servers that misbehave."""

import os
import unittest
from pathlib import Path

from case import LabCase
from sealpost_cli import Cli, Exit
from sealpostlab import shapes
from sealpostlab.shapes import Shapes


def setUpModule() -> None:
    if "LAB_DIR" in os.environ:
        servers = Shapes(Path(os.environ["LAB_DIR"]))
        unittest.addModuleCleanup(servers.stop)
        servers.start()


class ShapesCase(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)

    def report(self, domain: str, assurance: str, code: Exit = Exit.DONE) -> dict:
        ran = self.cli.check(domain)
        self.assertEqual(ran.code, code, ran)
        (report,) = ran.lines()
        self.assertEqual(report["assurance"], assurance, ran)
        return report

    def outcome(self, domain: str, assurance: str, code: Exit) -> str:
        return self.report(domain, assurance, code)["mx"][0]["outcome"]

    def evidence(self, report: dict, what: str) -> tuple[str, str]:
        (item,) = [e for e in report["evidence"] if e["what"] == what]
        return item["outcome"], item["detail"]


class Dns(ShapesCase):
    def test_null_mx_beside_others_means_nothing(self):
        report = self.report("besidenull.example", "verified")
        self.assertIn("a null MX beside others", self.evidence(report, "mx")[1])

    def test_implicit_mx(self):
        # mx.tls13-good.example answers there, with a certificate for its own name.
        report = self.report("implicit.example", "weak", Exit.BLOCKED)
        self.assertEqual(report["mx"][0]["host"], "implicit.example")
        self.assertEqual(self.evidence(report, "mx")[0], "proven-absent")
        self.assertIn("name-mismatch", report["mx"][0]["certificate"]["problems"])

    def test_localhost_is_nobodys_server(self):
        self.report("localhostmx.example", "undeliverable", Exit.BLOCKED)
        report = self.report("localhostbeside.example", "verified")
        self.assertEqual([mx["host"] for mx in report["mx"]], [shapes.GOOD])

    def test_private_address_is_not_asked(self):
        report = self.report("private.example", "unknown", Exit.TEMPORARY)
        self.assertEqual(report["mx"][0]["outcome"], "private-address")
        self.assertEqual(self.evidence(report, "private:mx.private.example"),
                         ("proven", shapes.FORBIDDEN))
        self.assertEqual(self.wire.sent_to((shapes.FORBIDDEN, 25)), [])

    def test_alias_is_followed_and_said(self):
        report = self.report("aliased.example", "weak", Exit.BLOCKED)
        self.assertEqual(self.evidence(report, "alias:alias.aliased.example"),
                         ("proven", shapes.GOOD))
        self.assertEqual(report["mx"][0]["outcome"], "encrypted")

    def test_wildcard_is_detected(self):
        report = self.report("misspelt.wild.example", "verified")
        self.assertEqual(self.evidence(report, "mx-wildcard"), ("proven", "*.wild.example"))

    def test_dead_backup_is_named(self):
        report = self.report("deadbackup.example", "verified")
        self.assertEqual([mx["outcome"] for mx in report["mx"]], ["encrypted", "unreachable"])

    def test_host_without_address(self):
        self.assertEqual(self.outcome("noaddress.example", "unknown", Exit.TEMPORARY), "no-address")

    def test_host_named_twice_is_one(self):
        self.assertEqual(len(self.report("twice.example", "verified")["mx"]), 1)

    def test_ipv6_alone(self):
        report = self.report("onlyv6.example", "verified")
        self.assertEqual(report["mx"][0]["addresses"], [shapes.ONLY_V6])

    def test_broken_ipv6_costs_a_moment(self):
        report = self.report("brokenv6.example", "verified")
        self.assertEqual(report["mx"][0]["addresses"], [shapes.VOID_V6, shapes.BROKEN_V6])
        # The connection over IPv6 never stands; 250 ms later the other family has its turn.
        self.assertLess(report["duration_ms"], 5000)

    def test_names_by_case_and_last_dot_are_one(self):
        ran = self.cli.check("TLS13-Good.Example.", "tls13-good.example", "tls13-GOOD.example")
        self.assertEqual(ran.code, Exit.DONE, ran)
        self.assertEqual([r["domain"] for r in ran.lines()], ["tls13-good.example"])

    def test_idn(self):
        ran = self.cli.check("Bücher.example")
        (report,) = ran.lines()
        self.assertEqual((report["domain"], report["unicode"], report["mixed_scripts"]),
                         ("xn--bcher-kva.example", "bücher.example", []))
        self.assertEqual(report["assurance"], "verified", ran)

    def test_mixed_scripts_are_marked(self):
        report = self.report("c\u043eurt.example", "verified")
        self.assertEqual(report["mixed_scripts"], ["Cyrillic", "Latin"])
        ran = self.cli.run("check", "c\u043eurt.example")
        self.assertIn("mixes Cyrillic and Latin letters", ran.out)


class Sni(ShapesCase):
    """By which name a server is called, and which names its certificate may bear (RFC 7672 2.2.3,
    3.2.2 and 8.1; RFC 8461 4.1): it shows another certificate for each name."""

    def shown(self, domain: str, assurance: str, code: Exit = Exit.DONE) -> tuple[list, str]:
        (mx,) = self.report(domain, assurance, code)["mx"]
        return mx["certificate"]["names"], mx["dane"]["match"]

    def test_an_alias_without_dane_is_called_by_the_mx_name(self):
        self.assertEqual(self.shown("sni-plain.example", "verified"),
                         (["mx.sni-plain.example"], "not-compared"))

    def test_under_mta_sts_the_mx_name_counts(self):
        self.assertEqual(self.shown("sts-alias.example", "enforced"),
                         (["mx.sts-alias.example"], "not-compared"))

    def test_under_dane_it_is_called_by_the_name_of_the_records(self):
        self.assertEqual(self.shown("sni-target.example", "enforced"),
                         (["real.sni-target.example"], "dane-ta"))

    def test_records_below_the_alias_alone(self):
        self.assertEqual(self.shown("sni-own.example", "enforced"),
                         (["mx.sni-own.example"], "dane-ta"))

    def test_under_dane_the_name_of_the_alias_is_not_accepted(self):
        self.assertEqual(self.shown("sni-wrong.example", "violated", Exit.BLOCKED),
                         (["mx.sni-wrong.example"], "mismatch"))

    def test_under_dane_the_name_of_the_domain_is_accepted(self):
        self.assertEqual(self.shown("sni-domain.example", "enforced"),
                         (["sni-domain.example"], "dane-ta"))

    def test_and_the_one_that_the_domain_is_an_alias_of(self):
        self.assertEqual(self.shown("sni-alias.example", "enforced"),
                         (["sni-expanded.example"], "dane-ta"))


class Misbehaviour(ShapesCase):
    def test_greylisting(self):
        self.assertEqual(self.outcome("greylisted.example", "unknown", Exit.TEMPORARY),
                         "temp-rejected")

    def test_554(self):
        self.assertEqual(self.outcome("rejected.example", "unknown", Exit.TEMPORARY), "rejected")

    def test_rsa_1024(self):
        report = self.report("rsa1024.example", "weak", Exit.BLOCKED)
        certificate = report["mx"][0]["certificate"]
        self.assertEqual(certificate["key"], "RSA 1024")
        self.assertIn("weak-key", certificate["problems"])

    def test_sha1(self):
        report = self.report("sha1.example", "weak", Exit.BLOCKED)
        certificate = report["mx"][0]["certificate"]
        self.assertIn("sha1", certificate["signature"].lower())
        self.assertIn("weak-signature", certificate["problems"])

    def test_tls_11_is_below_the_minimum(self):
        report = self.report("tls11.example", "weak", Exit.BLOCKED)
        self.assertEqual((report["mx"][0]["tls_version"], report["latest_tls"]), ("TLSv1.1", False))

    def test_silence_is_not_no_tls(self):
        self.assertEqual(self.outcome("silent.example", "unknown", Exit.TEMPORARY), "silent")

    def test_tarpit(self):
        self.assertEqual(self.outcome("tarpit.example", "unknown", Exit.TEMPORARY), "tarpit")

    def test_endless_greeting(self):
        self.assertEqual(self.outcome("endless.example", "unknown", Exit.TEMPORARY), "endless")

    def test_masked_greeting(self):
        self.assertEqual(self.outcome("masked.example", "unknown", Exit.TEMPORARY), "mangled")

    def test_stripped_starttls_without_a_policy_is_no_tls(self):
        self.assertEqual(self.outcome("stripped.example", "none", Exit.BLOCKED), "no-starttls")

    def test_injected_plain_text(self):
        self.assertEqual(self.outcome("injected.example", "unknown", Exit.TEMPORARY), "injected")

    def test_alert(self):
        self.assertEqual(self.outcome("alert.example", "none", Exit.BLOCKED), "tls-alert")

    def test_hung_up(self):
        self.assertEqual(self.outcome("hungup.example", "unknown", Exit.TEMPORARY), "hung-up")

    def test_no_answer_at_all(self):
        self.assertEqual(self.outcome("void.example", "unknown", Exit.TEMPORARY), "unreachable")


class Facts(ShapesCase):
    def test_everything_that_a_probe_records(self):
        report = self.report("tls13-good.example", "verified")
        self.assertIs(report["latest_tls"], True)
        (mx,) = report["mx"]
        self.assertEqual(mx["tls_version"], "TLSv1.3")
        self.assertTrue(mx["cipher"].startswith("TLS_"))
        self.assertTrue(mx["group"])
        certificate = mx["certificate"]
        self.assertEqual(certificate["key"], "EC 256")
        self.assertEqual(certificate["names"], [shapes.GOOD])
        self.assertEqual(certificate["ocsp"]["status"], "absent")
        self.assertLess(certificate["not_before"], certificate["not_after"])
        self.assertEqual([link["subject"].split(",")[0] for link in certificate["chain"]],
                         [f"CN={shapes.GOOD}", "CN=Sealpost Lab Issuing"])
        self.assertTrue(all(link["signature"] and link["key"] and link["not_after"]
                            for link in certificate["chain"]))
        self.assertTrue(any(word.startswith("SIZE") for word in mx["capabilities"]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
