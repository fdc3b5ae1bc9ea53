# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that send mail on are read from a real Dovecot with Pigeonhole, over TLS alone, and judged."""

import os
import pwd
import unittest

from case import LabCase
from sealpost_cli import Cli, Exit
from sealpostlab import world

SAM = world.person("sam")
SERVER = world.submission_server("submit")
POLICY = 'domains.internal = ["sender.example", "notls.example"]\n'


class Forwarding(LabCase):
    def setUp(self) -> None:
        super().setUp()
        profile = self.folder / "p"
        profile.mkdir(mode=0o700)
        (profile / "policy.toml").write_text(POLICY, encoding="utf-8")
        self.cli = Cli(profile, self.lab)
        self.account = self.cli.add_account(SAM, SERVER, 587)
        self.cli.set_sieve_server(self.account, SERVER)

    def put_scripts(self, active: str | None, **scripts: str) -> None:
        """What the mailbox's owner would upload, as files of the user that Dovecot runs as."""
        nobody = pwd.getpwnam("nobody")
        home = self.lab / "post" / "dovecot" / "homes" / SAM.address
        folder = home / "sieve"
        folder.mkdir(parents=True, exist_ok=True)
        link = home / ".dovecot.sieve"
        for old in [*folder.glob("*.sieve"), link]:  # Dovecot has folders of its own there
            old.unlink(missing_ok=True)
        for name, text in scripts.items():
            (folder / f"{name}.sieve").write_text(text, encoding="utf-8")
        if active:
            link.symlink_to(f"sieve/{active}.sieve")
        for path in [home, folder, *folder.iterdir(), *([link] if active else [])]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)

    def problems(self) -> dict[str, str]:
        checked = self.cli.check_forwarding(self.account)
        rules = checked.json()["rules"]
        bad = any(rule["problem"] != "none" for rule in rules)
        self.assertEqual(checked.code, Exit.BLOCKED if bad else Exit.DONE, checked)
        return {rule["address"]: rule["problem"] for rule in rules}

    def test_no_rules(self):
        self.put_scripts(None)
        self.assertEqual(self.problems(), {})
        self.put_scripts("main", main="keep;\n", old='redirect "sam@private.example";\n')
        self.assertEqual(self.problems(), {})  # an inactive script does nothing
        self.assertEqual(self.cli.doctor_lines()["forwarding"], "ok")

    def test_where_rules_send_mail(self):
        self.put_scripts("main", away='redirect :copy "away@private.example";\n', main=(
            'require ["copy", "include", "variables"];\n'
            'redirect :copy "bob@sender.example";\n'
            'redirect :copy "carol@notls.example";\n'
            'if header :contains "subject" "x" { redirect "sam@private.example"; }\n'
            'set "to" "a@b.example";\nredirect "${to}";\n'
            '# redirect "not@this.example";\n'
            'include :personal "away";\n'))
        self.assertEqual(self.problems(), {
            "bob@sender.example": "none", "carol@notls.example": "weaker",
            "sam@private.example": "outside", "${to}": "unknown", "away@private.example": "outside"})
        self.assertEqual(self.cli.doctor_lines()["forwarding"], "fault")

    def test_only_over_tls_and_only_from_the_right_server(self):
        self.put_scripts(None)
        self.assertEqual(self.problems(), {})
        self.assertFalse(self.wire.shows(world.smtp_password(SAM)))
        for server in ("submit-wrongname", "submit-selfsigned", "submit-expired"):
            with self.subTest(server):
                host = world.submission_server(server).host
                checked = self.cli.check_forwarding(self.account, "--server", host)
                self.assertEqual(checked.code, Exit.PERMANENT, checked)
                self.assertIn("tls.certificate", checked.out + checked.err)

    def test_wrong_password(self):
        account = self.cli.add_account(SAM, SERVER, 465, password="not-the-one")
        self.cli.set_sieve_server(account, SERVER)
        checked = self.cli.check_forwarding(account)
        self.assertEqual(checked.code, Exit.PERMANENT, checked)
        self.assertIn("sieve.auth", checked.out + checked.err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
