# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates are found where policy says: in a real directory, in folders, by HTTPS."""

import http.server
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
import unittest

from case import LabCase
from sealpost_cli import Cli, Exit
from sealpostlab import world
from sealpostlab.directory import Directory

CERTIFICATES = """[certificates]
directories = [{directories}]
bundles = [{bundles}]
"""


def quoted(places: list[str]) -> str:
    return ", ".join(f'"{place}"' for place in places)


class Silent:
    """Accepts, and never says a word."""

    def __init__(self, address: str):
        self.listener = socket.create_server((address, 0))
        self.port = self.listener.getsockname()[1]

    def close(self) -> None:
        self.listener.close()


class Certificates(LabCase):
    def setUp(self) -> None:
        super().setUp()
        self.cli = Cli(self.folder / "p", self.lab)
        self.cli.trust_root()
        self.host = world.submission_server("submit")

    def directory(self, *names: str) -> Directory:
        made = Directory(self.folder / "ldap", self.lab / "pki",
                         [world.person(name) for name in names])
        made.start()
        self.addCleanup(made.stop)
        return made

    def policy(self, directories: list[str] = (), bundles: list[str] = ()) -> None:
        (self.cli.profile / "policy.toml").write_text(CERTIFICATES.format(
            directories=quoted(list(directories)), bundles=quoted(list(bundles))),
            encoding="utf-8")

    def find(self, address: str, *options: str):
        return self.cli.run("--json", "certs", "find", address, *options)

    def found(self, ran) -> list[dict]:
        return [line for line in ran.lines() if "source" in line]

    def troubles(self, ran) -> list[str]:
        return [line["trouble"]["code"] for line in ran.lines() if "trouble" in line]

    def test_a_directory_has_it(self):
        self.policy([self.directory("jo", "kim").url])
        jo = world.person("jo").address
        ran = self.find(jo, "--import")
        self.assertEqual(ran.code, Exit.DONE, ran)
        [one] = self.found(ran)
        self.assertEqual((one["source"], one["faults"], one["imported"]), ("directory", [], True))
        self.assertEqual(self.found(self.find(jo))[0]["source"], "key-ring")

    def test_a_directory_does_not_have_it(self):
        self.policy([self.directory("jo").url])
        for address in (world.person("kim").address, "j*@tls13-good.example"):
            with self.subTest(address):
                ran = self.find(address)
                self.assertEqual(ran.code, Exit.PERMANENT, ran)
                self.assertEqual(self.found(ran), [])

    def test_what_a_directory_says_is_not_believed(self):
        self.policy([self.directory("rae", "max").url])
        for name, fault in (("rae", "chain.revoked"), ("max", "chain.expired")):
            ran = self.find(world.person(name).address, "--import")
            self.assertEqual(ran.code, Exit.PERMANENT, ran)
            [one] = self.found(ran)
            self.assertIn(fault, one["faults"])
            self.assertFalse(one["imported"])

    def test_a_silent_directory_costs_its_deadline(self):
        silent = Silent(self.host.address)
        self.addCleanup(silent.close)
        folder = self.folder / "bundle"
        folder.mkdir()
        shutil.copy(self.lab / "pki/people/jo/cert.pem", folder / "jo.pem")
        self.policy([f"ldaps://{self.host.host}:{silent.port}/dc=lab"], [str(folder)])
        start = time.monotonic()
        ran = self.find(world.person("jo").address)
        self.assertLess(time.monotonic() - start, 30)
        self.assertEqual(ran.code, Exit.DONE, ran)
        self.assertEqual(self.troubles(ran), ["ldap.deadline"])

    def test_a_directory_with_another_authority_is_refused(self):
        directory = self.directory("jo")
        self.policy([directory.url])
        other = self.folder / "other.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.folder / "k", "-out",
                        other, "-subj", "/CN=Other", "-days", "2"], check=True,
                       capture_output=True)
        before = os.environ["SEALPOST_CA_FILE"]
        os.environ["SEALPOST_CA_FILE"] = str(other)
        self.addCleanup(os.environ.__setitem__, "SEALPOST_CA_FILE", before)
        ran = self.find(world.person("jo").address)
        self.assertEqual(self.troubles(ran), ["ldap.certificate"], ran)
        self.assertEqual(self.found(ran), [])

    def test_a_folder_and_an_address(self):
        folder = self.folder / "bundle"
        folder.mkdir()
        for name in ("jo", "kim"):
            shutil.copy(self.lab / f"pki/people/{name}/cert.pem", folder / f"{name}.pem")
        (folder / "garbage.p7b").write_bytes(b"\x30\x82garbage")
        served = self.folder / "served"
        served.mkdir()
        shutil.copy(self.lab / "pki/people/nat/cert.pem", served / "all.pem")
        url = self.serve(served) + "/all.pem"
        self.policy(bundles=[str(folder), url])
        for name in ("jo", "kim", "nat"):
            with self.subTest(name):
                ran = self.find(world.person(name).address)
                self.assertEqual(ran.code, Exit.DONE, ran)
                [one] = self.found(ran)
                self.assertEqual(one["source"], "bundle")
                self.assertEqual(one["place"], url if name == "nat" else str(folder))
                self.assertEqual(self.troubles(ran), [])

    def dns(self, ran) -> dict:
        [line] = [line["smimea"] for line in ran.lines() if "smimea" in line]
        return line

    def test_dns_has_it(self):
        sam = world.person("sam").address
        self.cli.run("certs", "import", str(self.lab / "pki/issuing.pem"))
        ran = self.find(sam, "--import")
        self.assertEqual(ran.code, Exit.DONE, ran)
        [one] = self.found(ran)
        self.assertEqual((one["source"], one["faults"], one["confirmed_by_dns"], one["imported"]),
                         ("smimea", [], True, True))
        self.assertEqual(self.dns(ran)["outcome"], "proven")
        [again] = self.found(self.find(sam))
        self.assertEqual((again["source"], again["counts"]), ("key-ring", True))

    def test_dns_names_what_is_found_elsewhere(self):
        folder = self.folder / "bundle"
        folder.mkdir()
        for name in ("eve", "lee", "kim"):
            shutil.copy(self.lab / f"pki/people/{name}/cert.pem", folder / f"{name}.pem")
        shutil.copy(self.lab / "pki/issuing.pem", folder)
        self.policy(bundles=[str(folder)])
        self.cli.run("certs", "import", str(self.lab / "pki/issuing.pem"))
        # Usage 1 with the key's SHA-512; usage 2 with the authority's key; a key of nobody's.
        for name, confirmed in (("eve", True), ("lee", True), ("kim", False)):
            with self.subTest(name):
                ran = self.find(world.person(name).address)
                [one] = self.found(ran)
                self.assertEqual(one["source"], "bundle")
                self.assertEqual(one["confirmed_by_dns"], confirmed)
                self.assertEqual((self.dns(ran)["outcome"], self.dns(ran)["records"]),
                                 ("proven", 1))

    def test_dns_has_none(self):
        ran = self.find(world.person("jo").address)
        self.assertEqual(self.dns(ran)["outcome"], "proven-absent")

    def test_a_folder_that_is_not_there(self):
        self.policy(bundles=[str(self.folder / "gone")])
        ran = self.find(world.person("jo").address)
        self.assertEqual(self.troubles(ran), ["bundle.folder"])

    def serve(self, folder) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.lab / f"pki/servers/{self.host.host}.pem")

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments):
                super().__init__(*arguments, directory=str(folder))

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer((self.host.address, 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"https://{self.host.host}:{server.server_address[1]}"


if __name__ == "__main__":
    unittest.main(verbosity=2)
