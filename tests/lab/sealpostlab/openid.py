# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in by OAuth 2.0: an OpenID provider (npm's oidc-provider), and a submission server whose
Dovecot asks it about every token (RFC 7662)."""

import json
import os
import pwd
import ssl
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from . import world
from .post import PostOffice
from .processes import listens, start, wait_until, write

ISSUER = f"https://{world.OPENID.host}"
CLIENT = "sealpost"
BRIEF_CLIENT = "sealpost-brief"  # its tokens and device codes run out at once
SCOPE = "openid offline_access smtp"
MAIL_SERVER = "mail-server"
MAIL_SERVER_SECRET = "Zm9yLXRoZS1sYWI"

DOVECOT = """
protocols = imap
base_dir = {folder}/base
state_dir = {folder}/state
instance_name = sealpost-lab-oauth
log_path = {log}
auth_verbose = yes
auth_mechanisms = oauthbearer xoauth2
ssl = required
ssl_cert = <{certificate}
ssl_key = <{certificate}
mail_location = maildir:~/Maildir
namespace inbox {{
    inbox = yes
    separator = /
    mailbox "{sent}" {{
        auto = create
        special_use = \\Sent
    }}
}}
service imap-login {{
    inet_listener imap {{
        port = 0
    }}
    inet_listener imaps {{
        address = {address}
        port = 993
        ssl = yes
    }}
}}
default_internal_user = dovecot
default_login_user = dovenull
passdb {{
    driver = oauth2
    mechanisms = oauthbearer xoauth2
    args = {folder}/oauth2.conf
}}
userdb {{
    driver = static
    args = uid=nobody gid=nogroup home={folder}/homes/%u
}}
# After refusals it would take its time, and Postfix would not wait for it.
auth_failure_delay = 0
service anvil {{
    unix_listener anvil-auth-penalty {{
        mode = 0
    }}
}}
service auth {{
    unix_listener {socket} {{
        mode = 0600
        user = postfix
    }}
}}
"""

# The introspection endpoint wants to know who asks; Dovecot says so by what is in the URL.
DOVECOT_OAUTH2 = """
introspection_mode = post
introspection_url = https://{user}:{secret}@{host}/token/introspection
username_attribute = sub
active_attribute = active
active_value = true
scope = smtp
tls_ca_cert_file = {ca}
"""


class OpenId:
    def __init__(self, lab: Path, packages: Path):
        self.folder = lab / "openid"
        self.lab = lab
        self.log_folder = lab / "log"
        self.packages = packages
        self.log = self.folder / "issued.jsonl"
        self.socket = self.folder / "dovecot" / "sasl"
        self._servers: list = []

    def start(self) -> None:
        self.folder.mkdir()
        post = PostOffice(self.lab / "post", self.log_folder, self.lab / "pki" / "servers")
        self._servers = [self._start_provider(), self._start_dovecot()]
        wait_until("the OpenID provider", lambda: listens(world.OPENID.address, 443), self._servers)
        wait_until("Dovecot", self.socket.exists, self._servers)
        wait_until("Dovecot's IMAP", lambda: listens(world.OAUTH_SUBMISSION.address, 993),
                   self._servers)
        self._servers.append(post.start_oauth(self.socket, self._servers))

    def stop(self) -> None:
        for server in self._servers:
            server.terminate()
        for server in self._servers:
            server.wait()

    def _start_provider(self):
        settings = {"issuer": ISSUER, "address": world.OPENID.address, "client": CLIENT,
                    "briefClient": BRIEF_CLIENT, "mailServer": MAIL_SERVER,
                    "mailServerSecret": MAIL_SERVER_SECRET, "log": str(self.log),
                    "certificate": str(self.lab / "pki" / "servers" / f"{world.OPENID.host}.pem")}
        self.log.touch()
        configuration = write(self.folder / "provider.json", json.dumps(settings), 0o600)
        return start("openid", self.log_folder, "node", self.packages / "provider.mjs",
                     configuration)

    def _start_dovecot(self):
        folder = self.folder / "dovecot"
        write(folder / "oauth2.conf", DOVECOT_OAUTH2.format(
            user=MAIL_SERVER, secret=MAIL_SERVER_SECRET, host=world.OPENID.host,
            ca=self.lab / "pki" / "ca.pem"))
        homes = folder / "homes"
        homes.mkdir()
        nobody = pwd.getpwnam("nobody")
        os.chown(homes, nobody.pw_uid, nobody.pw_gid)
        server = world.OAUTH_SUBMISSION
        configuration = write(folder / "dovecot.conf", DOVECOT.format(
            folder=folder, log=self.log_folder / "dovecot-oauth.log", socket=self.socket,
            address=server.address, sent=world.SENT_FOLDER,
            certificate=self.lab / "pki" / "servers" / f"{server.host}.pem"))
        return start("dovecot-oauth", self.log_folder, "dovecot", "-F", "-c", configuration)

    # --- what tests see and do of it ---

    def sent_copies(self, person: world.Person) -> list[Path]:
        folder = (self.folder / "dovecot" / "homes" / person.address / "Maildir"
                  / f".{world.SENT_FOLDER}")
        return sorted(path for name in ("new", "cur") for path in (folder / name).glob("*"))

    def entries(self) -> list[dict]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def issued(self, kind: str, since: int = 0) -> list[str]:
        """The tokens of a kind ("access_token", "refresh_token"), the first one first."""
        return [entry["token"] for entry in self.entries()[since:] if entry["kind"] == kind]

    def revoke(self, token: str) -> None:
        """RFC 7009; with a refresh token goes everything that came of the same sign-in."""
        status, _ = self._post("/token/revocation", {"token": token})
        if status != 200:
            raise AssertionError(f"revocation: {status}")

    def refresh(self, token: str, client: str) -> tuple[int, dict]:
        """What whoever has the token would get for it."""
        status, body = self._post("/token", {"grant_type": "refresh_token",
                                             "refresh_token": token}, client)
        return status, json.loads(body)

    def redeem(self, back: str, verifier: str) -> tuple[int, dict]:
        """What whoever has seen where the provider sent the browser back to would get for it."""
        to = urllib.parse.urlsplit(back)
        status, body = self._post("/token", {
            "grant_type": "authorization_code", "code_verifier": verifier,
            "redirect_uri": f"{to.scheme}://{to.netloc}{to.path}",
            "code": urllib.parse.parse_qs(to.query)["code"][0]})
        return status, json.loads(body)

    def _post(self, path: str, form: dict, client: str = CLIENT) -> tuple[int, str]:
        data = urllib.parse.urlencode({"client_id": client, **form}).encode()
        context = ssl.create_default_context(cafile=str(self.lab / "pki" / "ca.pem"))
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                             urllib.request.HTTPSHandler(context=context))
        try:
            with opener.open(ISSUER + path, data, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
