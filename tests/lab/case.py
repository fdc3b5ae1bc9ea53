# SPDX-License-Identifier: GPL-3.0-or-later
"""What every lab test stands on: the lab it runs in, and a folder that vanishes with the test."""

import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from sealpostlab.mailbox import Opener, Post  # noqa: E402
from sealpostlab.wire import Wire  # noqa: E402


class LabCase(unittest.TestCase):
    def setUp(self) -> None:
        if "LAB_DIR" not in os.environ:
            self.fail("run it inside a lab: tests/lab/lab run python3 …")
        self.lab = Path(os.environ["LAB_DIR"])
        self.post = Post(self.lab)
        self.wire = Wire(self.lab / "wire.pcap")
        self.opener = Opener(self.lab)
        # Short: GnuPG's sockets may lie below it.
        self.folder = Path(tempfile.mkdtemp(prefix="splt.", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
