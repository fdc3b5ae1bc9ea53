# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail: one Postfix takes the mail of every domain, another takes submissions and relays by MX.

Each MX and each submission server has an address and a name in the log of its own. Dovecot is there
for SASL and, on the submission servers' addresses, for the rules of mailboxes (ManageSieve). The submitting Postfix relays as most do: with TLS where it is offered.
"""

import os
import pwd
from pathlib import Path

from . import world
from .processes import greets, listens, start, wait_until, write

COMMON = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {log}
maillog_file_prefixes = {log_folder}
inet_protocols = ipv4
inet_interfaces = {addresses}
myhostname = {host}
mydestination =
mynetworks =
local_transport = error:no local mailboxes
alias_maps =
alias_database =
smtpd_banner = $myhostname ESMTP
smtpd_peername_lookup = no
smtpd_tls_loglevel = 1
smtpd_tls_received_header = yes
smtpd_tls_ask_ccert = no
notify_classes =
biff = no
message_size_limit = 104857600
mailbox_size_limit = 0
"""

MX_ONLY = """
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = texthash:{folder}/mailboxes
virtual_mailbox_base = {mail}
virtual_mailbox_limit = 0
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_relay_restrictions = reject_unauth_destination
smtpd_sasl_auth_enable = no
"""

SUBMISSION_ONLY = """
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {socket}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access texthash:{folder}/recipients, permit
smtp_tls_security_level = may
smtp_tls_loglevel = 1
smtp_host_lookup = dns
"""

MASTER = """
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

DOVECOT = """
protocols = imap sieve
base_dir = {folder}/base
state_dir = {folder}/state
instance_name = sealpost-lab
log_path = {log}
auth_verbose = yes
auth_mechanisms = plain login scram-sha-1 scram-sha-256
disable_plaintext_auth = no
ssl = required
ssl_cert = <{certificate}
ssl_key = <{certificate}
default_internal_user = dovecot
default_login_user = dovenull
passdb {{
    driver = passwd-file
    args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
    driver = static
    args = uid=nobody gid=nogroup home={folder}/homes/%u
}}
mail_location = maildir:~/Maildir
plugin {{
    sieve = file:~/sieve;active=~/.dovecot.sieve
}}
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
        address = {imap_addresses}
        port = 143
    }}
    inet_listener imaps {{
        address = {addresses}
        port = 993
        ssl = yes
    }}
}}
service managesieve-login {{
    inet_listener sieve {{
        address = {addresses}
        port = {sieve_port}
    }}
}}
service auth {{
    unix_listener {socket} {{
        mode = 0600
        user = postfix
    }}
}}
"""


def _services(server: world.Server, port: int, folder: Path, *options: str) -> str:
    """The lines of master.cf for one port of one server."""
    label = server.label if port == 25 else f"{server.label}-{port}"
    lines = [f"{server.address}:{port} inet n - n - - smtpd",
             f"-o syslog_name={label}", f"-o myhostname={server.host}"]
    if server.tls is world.Tls.NOT_OFFERED:
        lines.append("-o smtpd_tls_security_level=none")
    else:
        versions = "TLSv1.2" if server.tls is world.Tls.ONLY_12 else "TLSv1.3"
        lines += [f"-o smtpd_tls_chain_files={folder}/{server.host}.pem",
                  f"-o {{ smtpd_tls_protocols = >=TLSv1.2, <={versions} }}",
                  f"-o {{ smtpd_tls_mandatory_protocols = >=TLSv1.2, <={versions} }}"]
    return "\n    ".join([*lines, *(f"-o {option}" for option in options)]) + "\n"


class PostOffice:
    def __init__(self, folder: Path, log_folder: Path, certificates: Path):
        self.folder = folder
        self.log_folder = log_folder
        self.certificates = certificates
        self.mail = folder / "mail"
        self.socket = folder / "dovecot" / "sasl"
        self.homes = folder / "dovecot" / "homes"

    def start(self) -> list:
        """What needs no certificate to begin with."""
        return [self._start_mx(), self._start_submission()]

    def start_mailboxes(self) -> list:
        return [self._start_dovecot()]

    def wait_ready(self, servers: list) -> None:
        wait_until("Dovecot", self.socket.exists, servers)
        wait_until("IMAP", lambda: listens(world.SUBMISSION_SERVERS[0].address, 993), servers)
        wait_until("ManageSieve",
                   lambda: listens(world.SUBMISSION_SERVERS[0].address, world.SIEVE_PORT), servers)
        for server in world.MX_SERVERS:
            wait_until(server.host, lambda s=server: greets(s.address, 25), servers)
        for server in world.SUBMISSION_SERVERS:
            wait_until(server.host, lambda s=server: greets(s.address, 587), servers)
            if server.tls is not world.Tls.NOT_OFFERED:
                wait_until(server.host, lambda s=server: listens(s.address, 465), servers)

    def _start_dovecot(self):
        folder = self.folder / "dovecot"
        users = "".join(f"{p.address}:{world.smtp_password(p)}::::::\n" for p in world.PEOPLE
                        if p.domain == "sender.example")
        write(folder / "users", users)
        self.homes.mkdir(parents=True)
        os.chown(self.homes, pwd.getpwnam("nobody").pw_uid, -1)
        servers = [s for s in world.SUBMISSION_SERVERS if s.tls is not world.Tls.NOT_OFFERED]
        certificates = "".join(
            f"local {s.address} {{\n    ssl_cert = <{self.certificates}/{s.host}.pem\n"
            f"    ssl_key = <{self.certificates}/{s.host}.pem\n}}\n" for s in servers)
        # Takes passwords in plain text on purpose: a client must not give any.
        without_tls = "".join(f"local {s.address} {{\n    ssl = no\n}}\n"
                              for s in world.SUBMISSION_SERVERS if s not in servers)
        configuration = write(folder / "dovecot.conf", DOVECOT.format(
            folder=folder, log=self.log_folder / "dovecot.log", socket=self.socket,
            certificate=self.certificates / f"{servers[0].host}.pem", sieve_port=world.SIEVE_PORT,
            sent=world.SENT_FOLDER, addresses=", ".join(s.address for s in servers),
            imap_addresses=", ".join(s.address for s in world.SUBMISSION_SERVERS))
            + certificates + without_tls)
        return start("dovecot", self.log_folder, "dovecot", "-F", "-c", configuration)

    def _start_mx(self):
        folder = self.folder / "mx"
        nobody = pwd.getpwnam("nobody")
        self.mail.mkdir(parents=True)
        os.chown(self.mail, nobody.pw_uid, nobody.pw_gid)
        domains = [d for d, mx in world.MAIL_DOMAINS.items() if mx[0][1] != "."]
        mailboxes = "".join(f"{p.address} {p.domain}/{p.name}/\n" for p in world.PEOPLE)
        write(folder / "mailboxes", mailboxes)
        main = MX_ONLY.format(domains=", ".join(domains), folder=folder, mail=self.mail,
                              uid=nobody.pw_uid, gid=nobody.pw_gid)
        services = "".join(
            _services(server, 25, self.certificates, "smtpd_tls_security_level=may")
            if server.tls is not world.Tls.NOT_OFFERED else _services(server, 25, self.certificates)
            for server in world.MX_SERVERS)
        return self._start_postfix("mx", world.MX_SERVERS, main, services)

    def _start_submission(self):
        write(self.folder / "submission" / "recipients",
              f"{world.REFUSED_RECIPIENT} 550 5.1.1 No such person here\n")
        main = SUBMISSION_ONLY.format(folder=self.folder / "submission", socket=self.socket)
        services = ""
        for server in world.SUBMISSION_SERVERS:
            if server.tls is world.Tls.NOT_OFFERED:
                # Offers AUTH in plain text on purpose: a client must not take it.
                services += _services(server, 587, self.certificates, "smtpd_tls_auth_only=no")
                continue
            services += _services(server, 587, self.certificates,
                                  "smtpd_tls_security_level=encrypt", "smtpd_tls_auth_only=yes")
            services += _services(server, 465, self.certificates, "smtpd_tls_wrappermode=yes",
                                  "smtpd_tls_security_level=encrypt")
        return self._start_postfix("submission", world.SUBMISSION_SERVERS, main, services)

    def start_oauth(self, socket: Path, servers: list):
        """A submission server that takes access tokens: OAUTHBEARER on 465, XOAUTH2 alone on 587."""
        server = world.OAUTH_SUBMISSION
        (self.folder / "oauth").mkdir()
        write(self.folder / "oauth" / "recipients", "")
        main = SUBMISSION_ONLY.format(folder=self.folder / "oauth", socket=socket)
        services = _services(server, 465, self.certificates, "smtpd_tls_wrappermode=yes",
                             "smtpd_tls_security_level=encrypt")
        services += _services(server, 587, self.certificates, "smtpd_tls_security_level=encrypt",
                              "smtpd_tls_auth_only=yes", "smtpd_sasl_mechanism_filter=xoauth2")
        postfix = self._start_postfix("oauth", [server], main, services)
        wait_until(server.host, lambda: greets(server.address, 587), [*servers, postfix])
        wait_until(server.host, lambda: listens(server.address, 465), [*servers, postfix])
        return postfix

    def _start_postfix(self, name: str, servers: list[world.Server], main: str, services: str):
        folder = self.folder / name
        (folder / "queue").mkdir(parents=True)
        data = folder / "data"
        data.mkdir()
        os.chown(data, pwd.getpwnam("postfix").pw_uid, -1)
        addresses = ", ".join(server.address for server in servers)
        write(folder / "main.cf", COMMON.format(
            folder=folder, log=self.log_folder / f"{name}.log", log_folder=self.log_folder,
            addresses=addresses, host=servers[0].host) + main)
        write(folder / "master.cf", MASTER + services)
        return start(f"postfix-{name}", self.log_folder, "postfix", "-c", folder, "start-fg")
