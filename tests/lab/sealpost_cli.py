# SPDX-License-Identifier: GPL-3.0-or-later
"""sealpost-cli as the lab's tests call it. Every command line and every field name is in here."""

import json
import os
import subprocess
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from sealpostlab import world

TIME_LIMIT = 180


class Exit(IntEnum):
    DONE = 0
    BLOCKED = 3
    OWED = 4
    TEMPORARY = 5
    PERMANENT = 6


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    def json(self) -> dict:
        """The one object of `plan --json` and `send --json`."""
        return json.loads(self.out)

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines() if line.strip()]

    def __str__(self) -> str:
        return f"exit code {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


class Cli:
    """One profile, in a folder of its own."""

    def __init__(self, profile: Path, lab: Path):
        self.program = os.environ["SEALPOST_CLI"]
        self.profile = profile
        self.people = lab / "pki" / "people"
        self.root = lab / "pki" / "ca.pem"
        self.issuing = lab / "pki" / "issuing.pem"
        self.environment: dict[str, str] = {}  # beside the test's own

    def run(self, *arguments: str | Path, stdin: str = "", before: list[str] | None = None) -> Ran:
        command = [*(before or []), self.program, "--profile", str(self.profile), *map(str, arguments)]
        done = subprocess.run(command, input=stdin, text=True, capture_output=True,
                              timeout=TIME_LIMIT, check=False,
                              env={**os.environ, **self.environment})
        return Ran(done.returncode, done.stdout, done.stderr)

    def must(self, *arguments: str | Path) -> Ran:
        ran = self.run(*arguments)
        if ran.code != Exit.DONE:
            raise AssertionError(f"{' '.join(map(str, arguments))}: {ran}")
        return ran

    # --- certificates and accounts ---

    def trust_root(self) -> None:
        self.must("certs", "import", self.root, "--trust")
        self.must("certs", "import", self.issuing)

    def import_key(self, person: world.Person) -> Ran:
        folder = self.people / person.name
        return self.run("certs", "import", folder / f"{person.name}.p12",
                        "--passphrase-file", folder / "passphrase")

    def import_certificate(self, person: world.Person) -> Ran:
        return self.run("certs", "import", self.people / person.name / "cert.pem")

    def show_certificate(self, person: world.Person) -> Ran:
        return self.run("--json", "certs", "show", person.address)

    def add_account(self, person: world.Person, server: world.Server, port: int,
                    password: str | None = None) -> str:
        name = f"{person.name}-{server.host}-{port}"
        secret = self.profile.parent / f"{name}.password"
        secret.write_text(password or world.smtp_password(person), encoding="utf-8")
        self.must("account", "add", name, "--address", person.address, "--host", server.host,
                  "--port", str(port), "--tls", "implicit" if port == 465 else "starttls",
                  "--user", person.address, "--password-file", secret)
        secret.unlink()
        return name

    def test_account(self, name: str) -> Ran:
        return self.run("--json", "account", "test", name)

    def set_sieve_server(self, account: str, server: world.Server) -> None:
        self.must("account", "edit", account, "--sieve-server", server.host)

    def set_imap_server(self, account: str, server: world.Server, port: int) -> None:
        self.must("account", "edit", account, "--imap-server", f"{server.host}:{port}")

    def retry_due(self, later: str = "") -> Ran:
        """What is due, now or as of LATER, as the faketime command says it: "+10 minutes"."""
        return self.run("--json", "outbox", "retry", "--due",
                        before=["faketime", "-f", later] if later else [])

    def journal_events(self) -> list[str]:
        return [line["event"] for line in self.must("--json", "journal", "list").lines()]

    def check_forwarding(self, account: str, *options: str) -> Ran:
        return self.run("--json", "account", "forwarding-check", account, *options)

    def doctor_lines(self) -> dict[str, str]:
        """Each state by what was looked at."""
        return {line["what"]: line["state"]
                for line in self.run("--json", "doctor").json()["lines"]}

    # --- messages ---

    def _message(self, account: str, to: list[str], subject: str, classification: str) -> list[str]:
        recipients = [word for address in to for word in ("--to", address)]
        return ["--account", account, *recipients, "--subject", subject,
                "--classification", classification]

    def plan(self, account: str, to: list[str], subject: str, body: str,
             classification: str = "OFFICIAL") -> Ran:
        message = self._message(account, to, subject, classification)
        return self.run("--json", "plan", *message, "-", stdin=body)

    def send(self, account: str, to: list[str], subject: str, body: str,
             classification: str = "OFFICIAL", *options: str) -> Ran:
        message = self._message(account, to, subject, classification)
        # What is sensitive and goes to a stranger is asked about by address.
        checked = [word for address in to
                   for word in ("--confirm", f"recipient.first-time:{address}")]
        return self.run("--json", "send", *message, *checked, *options, "-", stdin=body)

    # --- the rest ---

    def check(self, *domains: str) -> Ran:
        return self.run("--json", "check", *domains)

    def outbox(self) -> list[dict]:
        return self.must("--json", "outbox", "list").lines()

    def verify_journal(self) -> Ran:
        return self.run("journal", "verify")


# --- what stands where in the JSON ---

def routes(answer: dict) -> list[tuple[str, list[str]]]:
    return [(t["route"], t["recipients"]) for t in answer["transmissions"]]


def receipt(answer: dict) -> dict:
    receipts = answer["receipts"]
    if len(receipts) != 1:
        raise AssertionError(f"{len(receipts)} receipts")
    return receipts[0]


def recipient_results(one: dict) -> dict[str, str]:
    """Address to "accepted", "refused", …, as the server answered."""
    return {r["address"]: r["delivery"] for r in one["recipients"]}


def blocked_reasons(answer: dict, address: str) -> set[str]:
    return {reason["id"] for blocked in answer["blocked"] if blocked["recipient"] == address
            for reason in blocked["reasons"]}


def next_steps(answer: dict, address: str) -> list:
    return [step for blocked in answer["blocked"] if blocked["recipient"] == address
            for step in blocked["next_steps"]]


def evidence(report: dict, what: str) -> set[str]:
    """The outcomes of every piece of evidence whose name begins so."""
    return {e["outcome"] for e in report["evidence"] if e["what"].startswith(what)}
