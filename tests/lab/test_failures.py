# SPDX-License-Identifier: GPL-3.0-or-later
"""What breaks while a message is on its way, broken for real: nothing is lost, nothing goes twice."""

import concurrent.futures
import subprocess
import sys
import unittest
from pathlib import Path

from case import LabCase
from sealpost_cli import Cli, Exit, Ran, receipt
from sealpostlab import keyring, world

SUBJECT = "Parking"
BODY = "The car park on Mill Lane opens at nine.\n" * 400
UNCERTAIN = 7
SAM = world.person("sam")
JO = world.person("jo")
SERVER = world.submission_server("submit")
EXPIRED = world.submission_server("submit-expired")


class Failing:
    """One failing_server.py on the submission server's own address."""

    def __init__(self, lab: Path, how: str, port: int = 0, certificate: world.Server = SERVER):
        self.process = subprocess.Popen(
            [sys.executable, "-B", Path(__file__).with_name("failing_server.py"), SERVER.address,
             str(port), lab / "pki" / "servers" / f"{certificate.host}.pem", how],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[1])

    def wait_until_it_holds(self) -> None:
        if self.process.stdout.readline().strip() != "holding":
            raise AssertionError("nothing came to be held")

    def go_on(self) -> None:
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> list[str]:
        """The ids of the messages that it took."""
        self.process.kill()
        said, _ = self.process.communicate()
        return [line.split()[1].strip("<>") for line in said.splitlines()
                if line.startswith("took ")]


class Failures(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)

    def set_up(self, port: int) -> str:
        self.cli.trust_root()
        self.assertEqual(self.cli.import_key(SAM).code, Exit.DONE)
        self.assertEqual(self.cli.import_certificate(JO).code, Exit.DONE)
        secret = self.folder / "password"
        secret.write_text(world.smtp_password(SAM), encoding="utf-8")
        self.cli.must("account", "add", "work", "--address", SAM.address, "--host", SERVER.host,
                      "--port", str(port), "--tls", "implicit", "--password-file", secret)
        return "work"

    def send(self, account: str, *options: str) -> Ran:
        # Without a network nobody can say whether a certificate was revoked.
        return self.cli.send(account, [JO.address], SUBJECT, BODY, "OFFICIAL", "--queue",
                             "--protect", "smime", "--justify", "It can't wait for the network.",
                             *options)

    def large_file(self, size: int) -> str:
        path = self.folder / "large.bin"
        path.write_bytes(bytes(range(256)) * (size // 256))
        return str(path)

    def retry(self, entry: dict) -> Ran:
        return self.cli.run("--json", "outbox", "retry", str(entry["id"]))

    def waiting(self) -> dict:
        entries = self.cli.outbox()
        self.assertEqual([e["state"] for e in entries], ["deferred"], entries)
        return entries[0]

    def assert_arrives_once(self, port: int) -> None:
        """The message that waits goes out at the next try, under the id that it had."""
        entry = self.waiting()
        server = Failing(self.lab, "accept", port)
        again = self.retry(entry)
        self.assertEqual(again.code, Exit.DONE, again)
        self.assertEqual(server.end(), [entry["message_id"]])
        self.assertEqual([e["state"] for e in self.cli.outbox()], ["accepted"])
        self.assertEqual(self.cli.verify_journal().code, Exit.DONE)

    def test_server_killed_in_data(self):
        server = Failing(self.lab, "die-in-data")
        # More than the line holds: the last dot can't have gone out.
        sent = self.send(self.set_up(server.port), "--attach", self.large_file(24 << 20))
        self.assertEqual(sent.code, Exit.TEMPORARY, sent)
        self.assertEqual(server.end(), [])
        self.assertEqual(receipt(sent.json())["delivery"], "deferred")
        self.assert_arrives_once(server.port)

    def test_server_killed_after_the_dot(self):
        server = Failing(self.lab, "die-after-dot")
        sent = self.send(self.set_up(server.port))
        self.assertEqual(sent.code, UNCERTAIN, sent)
        self.assertEqual(server.end(), [])
        entry = self.cli.outbox()[0]
        self.assertEqual(entry["state"], "uncertain")
        # Never by itself, and not by a wish either: a person says first that it did not arrive.
        server = Failing(self.lab, "accept", server.port)
        self.assertEqual(self.retry(entry).code, Exit.PERMANENT)
        self.assertEqual(self.cli.run("outbox", "retry", "--due").code, Exit.DONE)
        self.cli.must("outbox", "resolve", str(entry["id"]), "--not-sent")
        self.assertEqual(self.retry(entry).code, Exit.DONE)
        self.assertEqual(server.end(), [entry["message_id"]])

    def test_keychain_locked_in_the_middle(self):
        """A send that has begun ends well, and its end is written down; a new one is told, and loses
        nothing; once the keychain is open again, all of it is there."""
        server = Failing(self.lab, "hold")
        account = self.set_up(server.port)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            sending = pool.submit(self.send, account)
            server.wait_until_it_holds()
            keyring.lock()
            server.go_on()
            sent = sending.result()
        self.assertEqual(sent.code, Exit.DONE, sent)
        self.assertEqual(receipt(sent.json())["delivery"], "accepted")
        refused = self.send(account)
        self.assertEqual(refused.code, Exit.PERMANENT, refused)
        self.assertIn("keychain.locked", refused.out + refused.err)
        daemon = keyring.unlock()
        unittest.addModuleCleanup(daemon.wait)  # the tests to come need it too
        unittest.addModuleCleanup(daemon.terminate)
        (entry,) = self.cli.outbox()
        self.assertEqual((entry["state"], entry["last_error"]), ("accepted", ""))
        self.assertEqual(self.cli.verify_journal().code, Exit.DONE)
        self.assertEqual(server.end(), [entry["message_id"]])

    def test_tls_alert(self):
        server = Failing(self.lab, "alert")
        sent = self.send(self.set_up(server.port))
        self.assertEqual(sent.code, Exit.TEMPORARY, sent)
        self.assertEqual(server.end(), [])
        self.assert_arrives_once(server.port)

    def test_certificate_replaced_between_tries(self):
        server = Failing(self.lab, "greylist")
        sent = self.send(self.set_up(server.port))
        self.assertEqual(sent.code, Exit.TEMPORARY, sent)
        server.end()
        entry = self.waiting()
        for certificate in (EXPIRED, world.submission_server("submit-selfsigned")):
            server = Failing(self.lab, "accept", server.port, certificate)
            again = self.retry(entry)
            self.assertEqual(again.code, Exit.PERMANENT, again)
            self.assertIn("tls.certificate", again.out + again.err)
            self.assertEqual(server.end(), [])
        self.assert_arrives_once(server.port)

    def test_link_taken_down(self):
        server = Failing(self.lab, "accept")
        account = self.set_up(server.port)
        subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
        try:
            sent = self.send(account)
        finally:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        self.assertEqual(sent.code, Exit.TEMPORARY, sent)
        self.assertEqual(server.end(), [])
        self.assert_arrives_once(server.port)

    def test_clock_set_back_and_forth(self):
        """What waits is tried neither too soon nor never; the journal's chain holds."""
        server = Failing(self.lab, "greylist")
        sent = self.send(self.set_up(server.port))
        self.assertEqual(sent.code, Exit.TEMPORARY, sent)
        server.end()
        entry = self.waiting()
        # A minute back: not due, by any of the two clocks.
        self.assertEqual(self.cli.retry_due("-1 minutes").code, Exit.DONE)
        self.assertEqual(self.waiting()["attempts"], entry["attempts"])
        # Two days back, as after a flat battery: nobody listens, but it is tried.
        self.cli.retry_due("-2 days")
        self.assertNotEqual(self.waiting()["changed"], entry["changed"])
        self.assertEqual(self.cli.verify_journal().code, Exit.DONE)
        # Put off two days ago, says the right clock: due, and after a fresh look it goes out once.
        server = Failing(self.lab, "accept", server.port)
        again = self.cli.retry_due()
        self.assertEqual(again.code, Exit.DONE, again)
        self.assertEqual(server.end(), [entry["message_id"]])
        self.assertEqual([e["state"] for e in self.cli.outbox()], ["accepted"])
        self.assertEqual(self.cli.verify_journal().code, Exit.DONE)

    def test_clock_set_far_forward(self):
        """Past what policy allows: it is given up and says so, and it is there still."""
        server = Failing(self.lab, "greylist")
        sent = self.send(self.set_up(server.port))
        self.assertEqual(sent.code, Exit.TEMPORARY, sent)
        server.end()
        server = Failing(self.lab, "accept", server.port)
        self.cli.retry_due("+3 days")
        self.assertEqual(server.end(), [])
        entries = self.cli.outbox()
        self.assertEqual([(e["state"], e["last_error"]) for e in entries],
                         [("failed", "outbox.gave-up")])
        self.assertEqual(self.cli.verify_journal().code, Exit.DONE)

    def test_disk_full(self):
        server = Failing(self.lab, "accept")
        account = self.set_up(server.port)
        self.assertEqual(self.send(account).code, Exit.DONE)
        # All of the profile onto a disk with little room on it.
        disk = self.folder / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", disk], check=False)
        subprocess.run(["cp", "-a", f"{self.cli.profile}/.", disk], check=True)
        subprocess.run(["mount", "--bind", disk, self.cli.profile], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.cli.profile], check=False)
        sent = self.send(account, "--attach", self.large_file(4 << 20))
        self.assertEqual(sent.code, Exit.PERMANENT, sent)
        self.assertIn("store.full", sent.out + sent.err)
        # An incomplete one may stay until there is room to take it away; it is never sent.
        states = [e["state"] for e in self.cli.outbox()]
        self.assertIn(states, (["accepted"], ["accepted", "writing"]))
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        self.assertEqual(self.cli.verify_journal().code, Exit.DONE)
        self.assertEqual(self.send(account).code, Exit.DONE)
        self.assertEqual([e["state"] for e in self.cli.outbox()], ["accepted", "accepted"])
        self.assertEqual(len(server.end()), 2)


if __name__ == "__main__":
    unittest.main()
