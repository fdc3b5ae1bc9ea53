# SPDX-License-Identifier: GPL-3.0-or-later
"""What arrived, what the servers wrote down, and S/MIME opened by the openssl command."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

from . import world
from .processes import LabError, tool

DELIVERY_SECONDS = 60.0
LOG_SECONDS = 30.0
_DISCONNECT = re.compile(r" (\S+)/smtpd\[\d+\]: disconnect from \S+ (.*)$")


@dataclass(frozen=True)
class Session:
    """One SMTP dialogue as the server counted it: commands done and commands tried."""

    server: str
    counts: dict[str, tuple[int, int]]

    def tried(self, command: str) -> int:
        return self.counts.get(command, (0, 0))[1]

    def done(self, command: str) -> int:
        return self.counts.get(command, (0, 0))[0]


class Post:
    """The mail side of a lab, for tests."""

    def __init__(self, lab: Path):
        self.lab = lab

    def delivered(self, person: world.Person) -> list[Path]:
        folder = self.lab / "post" / "mail" / person.domain / person.name / "new"
        return sorted(folder.glob("*")) if folder.is_dir() else []

    def sent_copies(self, person: world.Person) -> list[Path]:
        """What stands in the Sent folder of the person's mailbox."""
        folder = (self.lab / "post" / "dovecot" / "homes" / person.address / "Maildir"
                  / f".{world.SENT_FOLDER}")
        return sorted(path for name in ("new", "cur") for path in (folder / name).glob("*"))

    def all_delivered(self) -> list[Path]:
        return [path for person in world.PEOPLE for path in self.delivered(person)]

    def wait_for(self, person: world.Person, count: int = 1) -> list[Path]:
        end = time.monotonic() + DELIVERY_SECONDS
        while len(mail := self.delivered(person)) < count:
            if time.monotonic() > end:
                raise LabError(f"{person.address}: {len(mail)} of {count} messages arrived")
            time.sleep(0.05)
        return mail

    def wait_for_message(self, person: world.Person, message_id: str) -> Path:
        """Names in a maildir don't tell the order of arrival: the message is known by its id."""
        end = time.monotonic() + DELIVERY_SECONDS
        while time.monotonic() < end:
            for path in self.delivered(person):
                if message_id in path.read_text(encoding="utf-8", errors="replace"):
                    return path
            time.sleep(0.05)
        raise LabError(f"{person.address}: {message_id} did not arrive")

    def queue_is_empty(self) -> bool:
        """Whether neither Postfix holds a message."""
        return not any(path.is_file() for name in ("mx", "submission")
                       for queue in ("incoming", "active", "deferred", "hold", "maildrop")
                       for path in (self.lab / "post" / name / "queue" / queue).rglob("*"))

    def log(self, name: str) -> str:
        return (self.lab / "log" / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def settled_sessions(self, name: str, label: str) -> list[Session]:
        """What the server counted, once it has written down the end of each dialogue."""
        end = time.monotonic() + LOG_SECONDS
        while time.monotonic() < end:
            begun = sum(f" {label}/smtpd[" in line and ": connect from" in line
                        for line in self.log(name).splitlines())
            sessions = self.sessions(name, label)
            if len(sessions) == begun:
                return sessions
            time.sleep(0.1)
        raise LabError(f"{label}: a dialogue is still open")

    def sessions(self, name: str, label: str) -> list[Session]:
        """Dialogues of one server in the log NAME, those that the lab opened at its start too."""
        found = []
        for line in self.log(name).splitlines():
            match = _DISCONNECT.search(line)
            if match and match.group(1) == label:
                found.append(Session(label, dict(map(_count, match.group(2).split()))))
        return found


def _count(word: str) -> tuple[str, tuple[int, int]]:
    """"auth=1" is done and tried once, "auth=0/1" tried only."""
    name, _, numbers = word.partition("=")
    done, _, tried = numbers.partition("/")
    return name, (int(done), int(tried or done))


class Opener:
    """Opens S/MIME mail with the key of a person of the lab, without any code of ours."""

    def __init__(self, lab: Path):
        self.pki = lab / "pki"

    def decrypt(self, message: Path, person: world.Person) -> str:
        folder = self.pki / "people" / person.name
        return tool("openssl", "cms", "-decrypt", "-in", message, "-recip", folder / "cert.pem",
                    "-inkey", folder / "key.pem")

    def verify(self, signed: str, sender: world.Person, folder: Path) -> str:
        """The content of multipart/signed, once its signature and its signer are right."""
        entity = folder / "signed.eml"
        entity.write_text(signed, encoding="utf-8", newline="")
        signer = folder / "signer.pem"
        content = tool("openssl", "cms", "-verify", "-in", entity, "-CAfile", self.pki / "ca.pem",
                       "-purpose", "smimesign", "-signer", signer)
        addresses = tool("openssl", "x509", "-in", signer, "-noout", "-email").split()
        if addresses != [sender.address]:
            raise LabError(f"signed by {addresses}, not by {sender.address}")
        return content
