# SPDX-License-Identifier: GPL-3.0-or-later
"""Submission and the Sent folder through real proxies, microsocks (SOCKS5) and tinyproxy (HTTP
CONNECT), where policy says so; TLS inside is enforced as ever, and a proxy that does not let mail
through is named."""

import os
import unittest
from pathlib import Path

from case import LabCase
from sealpost_cli import Cli, Exit, Ran, receipt
from sealpostlab import world
from sealpostlab.processes import listens, start, wait_until, write

SUBJECT = "Parking"
BODY = "The car park on Mill Lane opens at nine.\n"
SAM = world.person("sam")
BOB = world.person("bob")
SERVER = world.submission_server("submit")
HERE = "127.0.0.1"
# The lab has a network of its own: nothing else listens there.
SOCKS, SOCKS_WITH_NAME, HTTP = 1080, 1081, 8888
USER, PASSWORD = "desk-7", "toll-PELICAN"
UNUSED = 2465
ALLOWED = (465, 587, 993, UNUSED)

TINYPROXY = """
Port {port}
Listen {here}
Timeout 60
MaxClients 20
BasicAuth {user} {password}
"""


def setUpModule() -> None:
    lab = Path(os.environ["LAB_DIR"])
    configuration = write(lab / "tinyproxy.conf", TINYPROXY.format(
        port=HTTP, here=HERE, user=USER, password=PASSWORD) + "".join(
            f"ConnectPort {port}\n" for port in ALLOWED))
    servers = [
        start("socks", lab / "log", "microsocks", "-i", HERE, "-p", str(SOCKS)),
        start("socks-with-name", lab / "log", "microsocks", "-i", HERE, "-p", str(SOCKS_WITH_NAME),
              "-u", USER, "-P", PASSWORD),
        start("tinyproxy", lab / "log", "tinyproxy", "-d", "-c", configuration)]
    for server in servers:
        unittest.addModuleCleanup(server.wait)
        unittest.addModuleCleanup(server.terminate)
    for port in (SOCKS, SOCKS_WITH_NAME, HTTP):
        wait_until(f"the proxy at {port}", lambda port=port: listens(HERE, port), servers)


class Proxies(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)
        self.cli.trust_root()
        self.assertEqual(self.cli.import_key(SAM).code, Exit.DONE)
        self.use_proxies(True)

    def use_proxies(self, allowed: bool) -> None:
        write(self.cli.profile / "policy.toml",
              f"[submission]\nsystem-proxy = {'true' if allowed else 'false'}\n")

    def through(self, proxy: str, **others: str) -> None:
        self.cli.environment = {"all_proxy": proxy, **others}

    def send(self, server: world.Server = SERVER, port: int = 465) -> Ran:
        account = self.cli.add_account(SAM, server, port)
        return self.cli.send(account, [BOB.address], SUBJECT, BODY)

    def asked(self, port: int) -> list[bytes]:
        return self.wire.sent_to((HERE, port))

    def assert_goes_through(self, port: int, submission_port: int = 465) -> None:
        before = len(self.asked(port))
        delivered = len(self.post.delivered(BOB))
        sent = self.send(port=submission_port)
        self.assertEqual(sent.code, Exit.DONE, sent)
        self.assertIn(receipt(sent.json())["tls_version"], ("TLSv1.3", "TLSv1.2"))
        self.post.wait_for(BOB, delivered + 1)
        asked = self.asked(port)[before:]
        self.assertTrue(any(SERVER.host.encode() in words for words in asked), asked)
        for words in asked:
            self.assertNotIn(b"AUTH SCRAM", words)
            self.assertNotIn(b"MAIL FROM", words)
        self.assertFalse(self.wire.shows(world.smtp_password(SAM)))

    def assert_goes_nowhere(self, sent: Ran, exit_code: Exit, code: str) -> None:
        self.assertEqual(sent.code, exit_code, sent)
        self.assertIn(code, sent.out + sent.err)

    def test_socks(self):
        self.through(f"socks5://{HERE}:{SOCKS}")
        self.assert_goes_through(SOCKS)

    def test_socks_with_starttls(self):
        self.through(f"socks5h://{HERE}:{SOCKS}")
        self.assert_goes_through(SOCKS, 587)

    def test_socks_with_name_and_password(self):
        self.through(f"socks5://{USER}:{PASSWORD}@{HERE}:{SOCKS_WITH_NAME}")
        self.assert_goes_through(SOCKS_WITH_NAME)

    def test_http(self):
        self.through(f"http://{USER}:{PASSWORD}@{HERE}:{HTTP}")
        self.assert_goes_through(HTTP)

    def test_http_with_starttls(self):
        self.through(f"http://{USER}:{PASSWORD}@{HERE}:{HTTP}")
        self.assert_goes_through(HTTP, 587)

    def test_proxy_that_wants_another_password(self):
        for proxy in (f"http://{HERE}:{HTTP}", f"http://{USER}:wrong@{HERE}:{HTTP}",
                      f"socks5://{HERE}:{SOCKS_WITH_NAME}",
                      f"socks5://{USER}:wrong@{HERE}:{SOCKS_WITH_NAME}"):
            with self.subTest(proxy):
                self.through(proxy)
                before = len(self.wire.sent_to((SERVER.address, 465)))
                sent = self.send()
                self.assert_goes_nowhere(sent, Exit.PERMANENT, "proxy.sign-in")
                self.assertNotIn("wrong", sent.out + sent.err)
                self.assertEqual(len(self.wire.sent_to((SERVER.address, 465))), before)
                self.cli.must("account", "remove", f"{SAM.name}-{SERVER.host}-465")

    def test_proxy_that_lets_no_mail_through(self):
        write(self.folder / "tinyproxy.conf", TINYPROXY.format(
            port=8889, here=HERE, user=USER, password=PASSWORD) + "ConnectPort 443\n")
        strict = start("tinyproxy-strict", self.lab / "log", "tinyproxy", "-d", "-c",
                       self.folder / "tinyproxy.conf")
        self.addCleanup(strict.wait)
        self.addCleanup(strict.terminate)
        wait_until("the strict proxy", lambda: listens(HERE, 8889), [strict])
        self.through(f"http://{USER}:{PASSWORD}@{HERE}:8889")
        sent = self.send()
        self.assert_goes_nowhere(sent, Exit.PERMANENT, "proxy.refused")
        self.assertIn(f"{HERE}:8889", sent.out + sent.err)

    def test_server_that_the_proxy_does_not_reach(self):
        """Nobody listens at that port of the server: the proxy says so, and it is tried again."""
        for proxy in (f"socks5://{HERE}:{SOCKS}", f"http://{USER}:{PASSWORD}@{HERE}:{HTTP}"):
            with self.subTest(proxy):
                self.through(proxy)
                account = self.cli.add_account(SAM, SERVER, UNUSED)
                sent = self.cli.send(account, [BOB.address], SUBJECT, BODY)
                self.assert_goes_nowhere(sent, Exit.TEMPORARY, "proxy.no-way")
                self.cli.must("account", "remove", account)

    def test_nobody_listens(self):
        self.through(f"http://{HERE}:1")
        self.assert_goes_nowhere(self.send(), Exit.TEMPORARY, "proxy.unreachable")

    def test_tls_inside_is_enforced_as_ever(self):
        self.through(f"socks5://{HERE}:{SOCKS}")
        for server, port, code in [("submit-notls", 587, "submit.starttls-missing"),
                                   ("submit-expired", 465, "tls.certificate"),
                                   ("submit-wrongname", 587, "tls.certificate"),
                                   ("submit-selfsigned", 465, "tls.certificate")]:
            with self.subTest(server, port=port):
                sent = self.send(world.submission_server(server), port)
                self.assert_goes_nowhere(sent, Exit.PERMANENT, code)
        self.assertFalse(self.wire.shows(world.smtp_password(SAM)))

    def test_not_where_policy_or_the_settings_leave_it_out(self):
        self.use_proxies(False)
        self.through(f"http://{HERE}:1")
        self.assertEqual(self.send().code, Exit.DONE)
        self.use_proxies(True)
        self.through(f"http://{HERE}:1", no_proxy=SERVER.host.split(".", 1)[1])
        sent = self.cli.send(f"{SAM.name}-{SERVER.host}-465", [BOB.address], SUBJECT, BODY)
        self.assertEqual(sent.code, Exit.DONE, sent)

    def test_account_test_says_how_far_it_came(self):
        self.through(f"http://{HERE}:{HTTP}")
        account = self.cli.add_account(SAM, SERVER, 465)
        tested = self.cli.test_account(account)
        self.assertEqual(tested.code, Exit.PERMANENT, tested)
        self.assertIn("proxy.sign-in", tested.out + tested.err)
        self.through(f"http://{USER}:{PASSWORD}@{HERE}:{HTTP}")
        self.assertEqual(self.cli.test_account(account).code, Exit.DONE)

    def test_the_sent_folder_too(self):
        self.through(f"http://{USER}:{PASSWORD}@{HERE}:{HTTP}")
        account = self.cli.add_account(SAM, SERVER, 465)
        self.cli.set_imap_server(account, SERVER, 993)
        before = len(self.post.sent_copies(SAM))
        sent = self.cli.send(account, [BOB.address], SUBJECT, BODY)
        self.assertEqual(sent.code, Exit.DONE, sent)
        self.assertEqual(len(self.post.sent_copies(SAM)), before + 1)
        self.assertTrue(any(f"{SERVER.host}:993".encode() in words for words in self.asked(HTTP)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
