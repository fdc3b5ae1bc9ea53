# SPDX-License-Identifier: GPL-3.0-or-later
"""The web server that hands out the revocation lists, and MTA-STS policies by HTTPS."""

from pathlib import Path

from . import world
from .processes import listens, start, wait_until, write

CONFIGURATION = """
daemon off;
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {log}/nginx.log;
events {{ worker_connections 64; }}
http {{
    access_log {log}/nginx-access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ application/pkix-crl crl; }}
    server {{
        listen {address}:80;
        server_name {host};
        root {root};
    }}
{policies}}}
"""

# Those of one certificate share a listener; what each is asked for tells them apart.
POLICY_SERVER = """    server {{
        listen {address}:443 ssl;
        server_name {host};
        ssl_certificate {certificates}/{certificate}.pem;
        ssl_certificate_key {certificates}/{certificate}.pem;
        location = /.well-known/mta-sts.txt {{ {answer} }}
    }}
"""


def _answer(policy: world.StsPolicy, folder: Path) -> str:
    if policy.status == 301:
        return f"return 301 https://{world.STS_SERVERS[0].host}/.well-known/mta-sts.txt;"
    if policy.status != 200:
        return f"return {policy.status};"
    return f"types {{ }} default_type {policy.media_type}; alias {folder}/{policy.domain}.txt;"


class WebServer:
    def __init__(self, folder: Path, log_folder: Path, root: Path, certificates: Path):
        self.folder = folder
        self.log_folder = log_folder
        self.root = root
        self.certificates = certificates

    def start(self) -> list:
        self.folder.mkdir(parents=True)
        configuration = write(self.folder / "nginx.conf", CONFIGURATION.format(
            folder=self.folder, log=self.log_folder, address=world.WEB, host=world.CRL_HOST,
            root=self.root, policies="".join(map(self._policy_server, world.STS_POLICIES))))
        return [start("nginx", self.log_folder, "nginx", "-e", self.log_folder / "nginx.log",
                      "-p", self.folder, "-c", configuration)]

    def _policy_server(self, policy: world.StsPolicy) -> str:
        write(self.folder / f"{policy.domain}.txt", policy.file)
        certificate = next(server.host for server in world.STS_SERVERS
                           if policy.host in (server.host, *server.also))
        return POLICY_SERVER.format(
            address=world.WEB, host=policy.host, certificates=self.certificates,
            certificate=certificate, answer=_answer(policy, self.folder))

    def wait_ready(self, servers: list) -> None:
        wait_until("nginx", lambda: listens(world.WEB, 80), servers)
