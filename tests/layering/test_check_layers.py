# SPDX-License-Identifier: GPL-3.0-or-later
"""The checker itself: each rule lets through what is allowed and names what is not."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import check_layers  # noqa: E402

SPDX = "// SPDX-License-Identifier: GPL-3.0-or-later\n"
QT = {"QString": "QtCore", "QWidget": "QtWidgets", "QSqlQuery": "QtSql", "QTcpSocket": "QtNetwork",
      "QImage": "QtGui"}


class Tree(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path: str, *lines: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(SPDX + "".join(line + "\n" for line in lines), encoding="utf-8")

    def faults(self) -> list[str]:
        return [str(f) for f in check_layers.check_includes(self.root, QT)]

    def assert_allowed(self, path: str, include: str) -> None:
        self.write(path, f"#include {include}")
        self.assertEqual(self.faults(), [], f"{path} includes {include}")
        (self.root / path).unlink()

    def assert_forbidden(self, path: str, include: str) -> None:
        self.write(path, "", f"#include {include}")
        (fault,) = self.faults()
        self.assertTrue(fault.startswith(f"{path}:3: "), fault)
        self.assertIn(include.strip('<>"'), fault)
        (self.root / path).unlink()


class Layers(Tree):
    def test_downward_is_allowed(self):
        for path, include in [
            ("app/mail/A.cpp", '"base/Result.h"'), ("app/mail/A.cpp", '"mail/Address.h"'),
            ("crypto/A.cpp", '"crypto/Keychain.h"'), ("app/net/A.cpp", '"crypto/TlsEngine.h"'),
            ("app/scan/A.cpp", '"mail/MimeReader.h"'), ("app/store/A.cpp", '"crypto/SealedBox.h"'),
            ("app/assurance/A.h", '"net/DnsResolver.h"'), ("app/send/A.h", '"routing/Route.h"'),
            ("app/runtime/A.cpp", '"send/SendPlanner.h"'), ("app/cli/A.cpp", '"runtime/Runtime.h"'),
            ("ui/A.cpp", '"wording/Wording.h"'), ("ui/A.cpp", '"ui/OnFinished.h"'),
            ("app/scan/validators/A.cpp", '"scan/Finding.h"'),
        ]:
            self.assert_allowed(path, include)

    def test_upward_and_sideways_are_forbidden(self):
        for path, include in [
            ("app/base/A.h", '"mail/Address.h"'), ("app/mail/A.cpp", '"net/TlsStream.h"'),
            ("app/mail/A.cpp", '"scan/Finding.h"'), ("crypto/A.cpp", '"net/TcpStream.h"'),
            ("app/net/A.h", '"assurance/DomainReport.h"'), ("app/policy/A.h", '"mail/Address.h"'),
            ("app/store/A.cpp", '"assurance/DomainReport.h"'),
            ("app/submit/A.cpp", '"store/Outbox.h"'), ("app/send/A.h", '"wording/Wording.h"'),
            ("app/wording/A.h", '"runtime/Runtime.h"'), ("app/cli/A.cpp", '"ui/Window.h"'),
            ("ui/A.cpp", '"cli/Command.h"'), ("app/mail/A.cpp", '"nowhere/Thing.h"'),
        ]:
            self.assert_forbidden(path, include)

    def test_routing_sees_values_alone(self):
        for header in ("base/Evidence.h", "policy/Policy.h", "scan/Finding.h", "mail/Address.h",
                       "assurance/DomainReport.h", "crypto/CertificateInfo.h", "routing/Route.h"):
            self.assert_allowed("app/routing/A.cpp", f'"{header}"')
        for header in ("policy/PolicyParser.h", "scan/Scanner.h", "mail/Draft.h",
                       "crypto/Keychain.h", "net/DnsResolver.h", "store/Database.h"):
            self.assert_forbidden("app/routing/A.cpp", f'"{header}"')

    def test_file_beside_and_generated_file_are_allowed(self):
        self.write("app/scan/Patterns.h")
        self.assert_allowed("app/scan/A.cpp", '"Patterns.h"')
        self.assert_allowed("ui/A.cpp", '"A.moc"')

    def test_file_in_no_room(self):
        self.write("app/elsewhere/A.cpp")
        self.assertEqual(self.faults(), ["app/elsewhere/A.cpp:1: belongs to no room of the house"])


class ThirdParty(Tree):
    def test_own_room_is_allowed(self):
        for path, include in [
            ("crypto/A.cpp", "<openssl/cms.h>"), ("crypto/A.cpp", "<gpgme++/context.h>"),
            ("crypto/A.cpp", "<qt6keychain/keychain.h>"), ("app/mail/A.cpp", "<gmime/gmime.h>"),
            ("app/mail/A.cpp", "<idn2.h>"), ("app/net/A.cpp", "<unbound.h>"),
            ("app/net/A.cpp", "<curl/curl.h>"), ("app/scan/A.cpp", "<hs/hs.h>"),
            ("app/scan/A.cpp", "<archive.h>"), ("app/scan/A.cpp", "<toml++/toml.h>"),
            ("app/policy/A.cpp", "<toml++/toml.h>"), ("app/store/A.cpp", "<QSqlQuery>"),
            ("ui/A.h", "<QWidget>"), ("app/cli/A.cpp", "<CLI/CLI.hpp>"),
            ("app/base/A.h", "<tl/expected.hpp>"), ("app/base/A.h", "<vector>"),
            ("app/routing/A.h", "<QString>"), ("app/net/TcpStreamPosix.cpp", "<sys/socket.h>"),
            ("app/mail/A.cpp", "<QtCore/QString>"),
        ]:
            self.assert_allowed(path, include)

    def test_other_rooms_are_forbidden(self):
        for path, include in [
            ("app/net/A.cpp", "<openssl/ssl.h>"), ("app/mail/A.cpp", "<openssl/cms.h>"),
            ("app/send/A.cpp", "<gpgme++/context.h>"), ("crypto/A.cpp", "<gmime/gmime.h>"),
            ("app/assurance/A.cpp", "<unbound.h>"), ("app/runtime/A.cpp", "<curl/curl.h>"),
            ("app/mail/A.cpp", "<archive.h>"), ("app/runtime/A.cpp", "<toml++/toml.h>"),
            ("app/runtime/A.cpp", "<QSqlQuery>"), ("app/wording/A.cpp", "<QWidget>"),
            ("app/wording/A.cpp", "<QtWidgets/QLabel>"), ("app/net/A.cpp", "<QTcpSocket>"),
            ("ui/A.cpp", "<CLI/CLI.hpp>"), ("app/mail/A.cpp", "<QImage>"),
            ("app/base/A.cpp", "<boost/asio.hpp>"),
        ]:
            self.assert_forbidden(path, include)

    def test_header_for_other_rooms_hides_the_library(self):
        self.write("crypto/Keys.h", "#include <openssl/evp.h>")
        self.write("crypto/Keys.cpp", '#include "crypto/Keys.h"')
        self.assertEqual(self.faults(), [], "a header inside the room may have it")
        self.write("app/send/A.cpp", '#include "crypto/Keys.h"')
        (fault,) = self.faults()
        self.assertIn('"crypto/Keys.h" drags in <openssl/evp.h>', fault)

    def test_leak_through_a_second_header(self):
        self.write("crypto/Keys.h", "#include <openssl/evp.h>")
        self.write("crypto/Engine.h", '#include "crypto/Keys.h"')
        self.write("app/send/A.cpp", '#include "crypto/Engine.h"')
        (fault,) = self.faults()
        self.assertIn("app/send/A.cpp:2", fault)


class Files(Tree):
    def test_spdx_line(self):
        self.write("app/base/Good.h")
        (self.root / "tests").mkdir()
        (self.root / "tests/good.py").write_text(
            "#!/usr/bin/python3\n# SPDX-License-Identifier: GPL-3.0-or-later\n", encoding="utf-8")
        (self.root / "app/base/Bad.h").write_text("#pragma once\n", encoding="utf-8")
        faults = [str(f) for f in check_layers.check_files(self.root)]
        self.assertEqual(faults, ["app/base/Bad.h:1: no SPDX line at the top"])

    def test_length(self):
        self.write("ui/Good.cpp", *[""] * (check_layers.LONGEST - 1))
        self.write("ui/Long.cpp", *[""] * check_layers.LONGEST)
        (fault,) = check_layers.check_files(self.root)
        self.assertEqual(str(fault.path), "ui/Long.cpp")


class Program(Tree):
    def run_checker(self) -> subprocess.CompletedProcess:
        qt = self.root / "qt"
        (qt / "QtCore").mkdir(parents=True, exist_ok=True)
        (qt / "QtCore" / "QString").touch()
        program = Path(check_layers.__file__)
        return subprocess.run([sys.executable, program, self.root, "--qt-headers", qt], text=True,
                              capture_output=True, check=False)

    def test_exit_code(self):
        self.write("app/base/A.h", "#include <QString>")
        self.assertEqual(self.run_checker().returncode, 0)
        self.write("app/base/B.h", '#include "ui/Window.h"')
        ran = self.run_checker()
        self.assertEqual(ran.returncode, 1)
        self.assertIn('app/base/B.h:2: base must not include "ui/Window.h"', ran.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
