# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in by OAuth 2.0 against a real OpenID provider, and sending through a Dovecot that asks the
provider about each token."""

import os
import re
import subprocess
import unittest
from pathlib import Path

from case import LabCase
from sealpost_cli import TIME_LIMIT, Cli, Exit, Ran, receipt
from sealpostlab import world
from sealpostlab.browser import Browser
from sealpostlab.openid import BRIEF_CLIENT, CLIENT, ISSUER, SCOPE, OpenId
from sealpostlab.wire import files_that_show

SUBJECT = "Parking"
BODY = "The car park on Mill Lane opens at nine.\n"
SAM = world.person("sam")
BOB = world.person("bob")
SERVER = world.OAUTH_SUBMISSION
ACCOUNT = "work"
provider: OpenId


def setUpModule() -> None:
    global provider
    if "LAB_DIR" in os.environ:
        provider = OpenId(Path(os.environ["LAB_DIR"]), Path(os.environ["LAB_OIDC"]))
        unittest.addModuleCleanup(provider.stop)
        provider.start()


class Login:
    """`account login` while it waits for the person."""

    def __init__(self, cli: Cli, *options: str):
        self.process = subprocess.Popen(
            [cli.program, "--profile", str(cli.profile), "account", "login", ACCOUNT, *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = ""

    def wait_for(self, pattern: str) -> re.Match:
        for line in self.process.stderr:
            self.said += line
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"it ended without {pattern}: {self.said}")

    def url(self) -> str:
        return self.wait_for(r"^https://\S+").group()

    def end(self) -> Ran:
        out, err = self.process.communicate(timeout=TIME_LIMIT)
        return Ran(self.process.returncode, out, self.said + err)


class OAuthCase(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)
        self.cli.trust_root()
        self.assertEqual(self.cli.import_key(SAM).code, Exit.DONE)
        self.browser = Browser(self.lab / "pki" / "ca.pem", SAM.address)
        self.before = len(provider.entries())
        self.delivered_before = len(self.post.delivered(BOB))

    def add_account(self, client: str = CLIENT, port: int = 465, scope: str = SCOPE) -> None:
        self.cli.must("account", "add", ACCOUNT, "--address", SAM.address, "--host", SERVER.host,
                      "--port", str(port), "--tls", "implicit" if port == 465 else "starttls",
                      "--sign-in", "oauth", "--oauth-issuer", ISSUER, "--oauth-client", client,
                      "--oauth-scope", scope)

    def sign_in(self) -> None:
        login = Login(self.cli)
        back = self.browser.sign_in(login.url())
        self.assertIn("Sealpost", self.browser.open(back))
        ended = login.end()
        self.assertEqual(ended.code, Exit.DONE, ended)

    def tokens(self, kind: str) -> list[str]:
        return provider.issued(kind, self.before)

    def send(self, *options: str) -> Ran:
        return self.cli.send(ACCOUNT, [BOB.address], SUBJECT, BODY, "OFFICIAL", *options)

    def assert_sent(self, sent: Ran, mechanism: str = "OAUTHBEARER") -> None:
        self.assertEqual(sent.code, Exit.DONE, sent)
        self.assertEqual(receipt(sent.json())["sign_in"], mechanism)
        self.post.wait_for(BOB, self.delivered_before + 1)
        self.delivered_before += 1

    def last_session(self, port: int = 465):
        return self.post.settled_sessions("oauth", f"{SERVER.label}-{port}")[-1]

    def assert_kept_in_the_keychain_alone(self) -> None:
        for kind in ("access_token", "refresh_token"):
            self.assertTrue(self.tokens(kind), kind)
            for token in self.tokens(kind):
                self.assertEqual(files_that_show(token, self.cli.profile), [], kind)
                self.assertFalse(self.wire.shows(token), kind)


class SignIn(OAuthCase):
    def test_by_browser(self):
        self.add_account()
        # Before: nobody has signed in.
        sent = self.send()
        self.assertEqual(sent.code, Exit.PERMANENT, sent)
        self.assertIn("oauth.no-tokens", sent.out + sent.err)
        self.sign_in()
        self.assert_sent(self.send())
        self.assertEqual((self.last_session().tried("auth"), self.last_session().done("auth")),
                         (1, 1))
        self.assertEqual(len(self.tokens("access_token")), 1)
        tested = self.cli.test_account(ACCOUNT)
        self.assertEqual(tested.code, Exit.DONE, tested)
        self.assertEqual(tested.json()["sign_in"], "OAUTHBEARER")
        self.assert_kept_in_the_keychain_alone()
        self.assertEqual(self.cli.verify_journal().code, Exit.DONE)

    def test_by_device(self):
        self.add_account()
        login = Login(self.cli, "--device")
        found = login.wait_for(r"open (https://\S+) and enter the code (\S+)\.")
        self.assertIn("Success", self.browser.sign_in(found[1], user_code=found[2]))
        ended = login.end()
        self.assertEqual(ended.code, Exit.DONE, ended)
        self.assert_sent(self.send())
        self.assert_kept_in_the_keychain_alone()

    def test_xoauth2_where_there_is_nothing_better(self):
        self.add_account(port=587)
        self.sign_in()
        self.assert_sent(self.send(), "XOAUTH2")

    def test_token_that_is_not_for_mail(self):
        self.add_account(scope="openid offline_access")
        self.sign_in()
        sent = self.send()
        self.assertEqual(sent.code, Exit.PERMANENT, sent)
        self.assertIn("submit.auth-failed", sent.out + sent.err)
        self.assertEqual((self.last_session().done("auth"), self.last_session().tried("mail")),
                         (0, 0))

    def test_somebody_elses_token(self):
        """What was signed in is not whose name the account has: Dovecot knows both."""
        self.add_account()
        self.browser.login = world.person("eve").address
        self.sign_in()
        sent = self.send()
        self.assertEqual(sent.code, Exit.PERMANENT, sent)
        self.assertIn("submit.auth-failed", sent.out + sent.err)


class SentFolder(OAuthCase):
    """Copies by IMAP, with the token that sending has."""

    def setUp(self) -> None:
        super().setUp()
        self.add_account()
        self.cli.set_imap_server(ACCOUNT, SERVER, 993)
        self.sign_in()
        self.copies_before = set(provider.sent_copies(SAM))

    def new_copies(self) -> list[Path]:
        return [path for path in provider.sent_copies(SAM) if path not in self.copies_before]

    def test_by_token(self):
        tested = self.cli.test_account(ACCOUNT)
        self.assertEqual(tested.code, Exit.DONE, tested)
        self.assertEqual(tested.json()["sent_folder"], world.SENT_FOLDER)
        sent = self.send()
        self.assert_sent(sent)
        (copy,) = self.new_copies()
        self.assertIn(BODY.strip(), self.opener.decrypt(copy, SAM))
        self.assertIn("method=OAUTHBEARER", self.post.log("dovecot-oauth"))
        self.assertIn("sent-copy.stored", self.cli.journal_events())
        self.assert_kept_in_the_keychain_alone()

    def test_token_that_the_mailbox_does_not_take_any_more(self):
        """Taken back between sending and the copy: it is renewed, as it is in the middle of sending."""
        self.cli.must("account", "edit", ACCOUNT, "--imap-server", f"{SERVER.host}:1993")
        self.assert_sent(self.send())
        self.assertEqual(self.new_copies(), [])
        self.cli.set_imap_server(ACCOUNT, SERVER, 993)
        provider.revoke(self.tokens("access_token")[0])
        self.cli.retry_due("+10 minutes")
        self.assertEqual(len(self.new_copies()), 1)
        self.assertEqual(len(self.tokens("refresh_token")), 2)


class Renewal(OAuthCase):
    def test_with_rotation(self):
        self.add_account(BRIEF_CLIENT)
        self.sign_in()
        self.assert_sent(self.send())
        self.assert_sent(self.send())
        first, second, third = self.tokens("refresh_token")
        self.assertEqual(len({first, second, third}), 3)
        self.assert_kept_in_the_keychain_alone()
        # Somebody has kept the old one: it is refused, and all that came of it ends with it.
        status, answer = provider.refresh(first, BRIEF_CLIENT)
        self.assertEqual((status, answer["error"]), (400, "invalid_grant"))
        sent = self.send()
        self.assertEqual(sent.code, Exit.PERMANENT, sent)
        self.assertIn("oauth.sign-in", sent.out + sent.err)

    def test_in_the_middle_of_a_dialogue(self):
        """The server does not take the token any more, which by its date is good."""
        self.add_account()
        self.sign_in()
        provider.revoke(self.tokens("access_token")[0])
        self.assert_sent(self.send())
        session = self.last_session()
        self.assertEqual((session.tried("auth"), session.done("auth")), (2, 1))
        self.assertEqual(len(self.tokens("refresh_token")), 2)

    def test_withdrawn(self):
        self.add_account()
        self.sign_in()
        provider.revoke(self.tokens("access_token")[0])
        provider.revoke(self.tokens("refresh_token")[0])
        sent = self.send("--queue")
        self.assertEqual(sent.code, Exit.PERMANENT, sent)
        self.assertIn("oauth.sign-in", sent.out)
        self.assertIn("Sign in again", sent.err)
        # Nothing is lost: it waits, and goes out under the same id once a person has signed in.
        (entry,) = self.cli.outbox()
        self.assertEqual((entry["state"], entry["last_error"]), ("deferred", "oauth.sign-in"))
        self.assertIsNone(entry["next_try"])  # nothing changes by itself
        self.assertEqual(self.last_session().tried("mail"), 0)
        self.assertEqual(self.cli.retry_due("+10 minutes").json()["receipts"], [])
        self.sign_in()
        again = self.cli.retry_due()
        self.assertEqual(again.code, Exit.DONE, again)
        self.assertEqual([e["state"] for e in self.cli.outbox()], ["accepted"])
        self.post.wait_for_message(BOB, entry["message_id"])
        self.assertEqual(len(self.post.wait_for(BOB, self.delivered_before + 1)),
                         self.delivered_before + 1)


class Refused(OAuthCase):
    def login_with(self, change) -> Ran:
        """The browser brings back something else than the provider said."""
        login = Login(self.cli)
        back = self.browser.sign_in(login.url())
        self.browser.open(change(back))
        return login.end()

    def assert_nothing_kept(self, ended: Ran, code: str) -> None:
        self.assertEqual(ended.code, Exit.PERMANENT, ended)
        self.assertIn(code, ended.out + ended.err)
        sent = self.send()
        self.assertIn("oauth.no-tokens", sent.out + sent.err)

    def test_wrong_state(self):
        self.add_account()
        ended = self.login_with(lambda back: re.sub(r"state=[^&]*", "state=another", back))
        self.assert_nothing_kept(ended, "oauth.state")

    def test_other_issuer(self):
        self.add_account()
        ended = self.login_with(
            lambda back: re.sub(r"iss=[^&]*", "iss=https%3A%2F%2Fevil.example", back))
        self.assert_nothing_kept(ended, "oauth.issuer")

    def test_code_that_is_played_again(self):
        """The code of a sign-in that is over, brought back to another one."""
        self.add_account()
        login = Login(self.cli)
        first = self.browser.sign_in(login.url())
        self.browser.open(first)
        self.assertEqual(login.end().code, Exit.DONE)
        code = re.search(r"code=[^&]*", first).group()
        ended = self.login_with(lambda back: re.sub(r"code=[^&]*", code, back))
        self.assertEqual(ended.code, Exit.PERMANENT, ended)
        self.assertIn("oauth.sign-in", ended.out + ended.err)

    def test_code_that_somebody_saw(self):
        """Without what the program alone knows (PKCE) it is worth nothing."""
        self.add_account()
        login = Login(self.cli)
        back = self.browser.sign_in(login.url())
        status, answer = provider.redeem(back, "x" * 43)
        self.assertEqual((status, answer["error"]), (400, "invalid_grant"))
        self.assertEqual(self.tokens("access_token"), [])
        self.browser.open(back)
        self.assertEqual(login.end().code, Exit.DONE)
        self.assertEqual(len(self.tokens("access_token")), 1)

    def test_device_code_that_has_run_out(self):
        self.add_account(BRIEF_CLIENT)
        ended = Login(self.cli, "--device").end()
        self.assert_nothing_kept(ended, "oauth.code-expired")


if __name__ == "__main__":
    unittest.main(verbosity=2)
