# SPDX-License-Identifier: GPL-3.0-or-later
"""The web server that hands out the revocation lists."""

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
}}
"""


class WebServer:
    def __init__(self, folder: Path, log_folder: Path, root: Path):
        self.folder = folder
        self.log_folder = log_folder
        self.root = root

    def start(self) -> list:
        self.folder.mkdir(parents=True)
        configuration = write(self.folder / "nginx.conf", CONFIGURATION.format(
            folder=self.folder, log=self.log_folder, address=world.WEB, host=world.CRL_HOST,
            root=self.root))
        return [start("nginx", self.log_folder, "nginx", "-e", self.log_folder / "nginx.log",
                      "-p", self.folder, "-c", configuration)]

    def wait_ready(self, servers: list) -> None:
        wait_until("nginx", lambda: listens(world.WEB, 80), servers)
