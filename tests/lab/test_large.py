# SPDX-License-Identifier: GPL-3.0-or-later
"""100 MiB through the whole program to a real Postfix: scanned, sealed, kept and sent without being
held in memory as a whole."""

import os
import unittest

from case import LabCase
from sealpost_cli import Cli, Exit, receipt, routes
from sealpostlab import world
from sealpostlab.processes import write

MIB = 1 << 20
MESSAGE = 100 * MIB  # Postfix's limit here
MOST_RESIDENT = MESSAGE + 24 * MIB
SAM = world.person("sam")
BOB = world.person("bob")  # has no certificate
JO = world.person("jo")
SERVER = world.submission_server("submit")


class Large(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)
        self.cli.trust_root()
        self.assertEqual(self.cli.import_key(SAM).code, Exit.DONE)
        self.assertEqual(self.cli.import_certificate(JO).code, Exit.DONE)
        write(self.cli.profile / "policy.toml", "[message]\nmax-size-mib = 100\n")
        self.account = self.cli.add_account(SAM, SERVER, 465)

    def send(self, to: world.Person, route: str, attached: int) -> None:
        """Sends a file of so many bytes; at least 95 MiB have to arrive, whole."""
        file = self.folder / "large.bin"
        # Bytes of no kind, and none of them a letter in which the scanner could find something.
        content = os.urandom(attached).translate(
            bytes(byte | (0x80 if 0x20 <= byte < 0x80 else 0) for byte in range(256)))
        file.write_bytes(content)
        peak = self.folder / "peak"
        before = len(self.post.delivered(to))
        sent = self.cli.run(
            "--json", "send", "--account", self.account, "--to", to.address, "--subject", "Plans",
            "--classification", "OFFICIAL", "--protect", route,
            "--confirm", f"recipient.first-time:{to.address}", "--attach", file, "-",
            stdin="Enclosed.\n", before=["python3", "-c", PEAK, str(peak)])
        self.assertEqual(sent.code, Exit.DONE, sent)
        self.assertEqual(routes(sent.json()), [(route, [to.address])])
        self.assertEqual(receipt(sent.json())["delivery"], "accepted")
        entry = self.cli.outbox()[-1]
        resident = int(peak.read_text(encoding="ascii")) * 1024
        print(f"{route}: message {entry['size'] / MIB:.1f} MiB, at most {resident / MIB:.1f} MiB held")
        self.assertGreater(entry["size"], 0.95 * MESSAGE)
        self.assertLess(resident, MOST_RESIDENT)
        self.post.wait_for(to, before + 1)
        arrived = self.post.wait_for_message(to, entry["message_id"])
        opened = self.folder / "opened"
        if route == "tls":
            self.assertGreater(arrived.stat().st_size, 0.95 * MESSAGE)
            self.cli.must("open", arrived, "--extract", opened)
            self.assertEqual((opened / "large.bin").read_bytes(), content)

    def test_by_tls(self):
        self.send(BOB, "tls", 72 * MIB)

    def test_sealed(self):
        self.send(JO, "smime", 53 * MIB)


# Runs the rest of its command line and writes down the most memory that it held, in KiB.
PEAK = """
import os, sys
child = os.spawnvp(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
open(sys.argv[1], "w").write(str(usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""


if __name__ == "__main__":
    unittest.main(verbosity=2)
