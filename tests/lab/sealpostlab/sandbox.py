# SPDX-License-Identifier: GPL-3.0-or-later
"""One lab: a folder, and network, mount and process namespaces that live and die together.

The keeper makes the namespaces, waits, and removes the folder whatever happened. The first process
inside (process 1 there) starts the servers; when it ends, the kernel ends everything in there. The
keeper holds a lock on the folder as long as it lives, so a number in a file is never taken for it.
"""

import ctypes
import fcntl
import os
import select
import shutil
import signal
import tempfile
import time
from pathlib import Path

from . import world
from .processes import Absent, LabError, start, tool, wait_until, write
from .names import NameServers
from .pki import Authority
from .post import PostOffice
from .web import WebServer

PREFIX = "splab."
HOME = Path("/tmp")  # short: sockets live below it
CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET = 0x00020000, 0x20000000, 0x40000000
PR_SET_PDEATHSIG = 1
NOT_ALLOWED = "not-allowed"
READY = "ready"
FAILED = "failed"


def create() -> tuple[Path, int]:
    """A new folder and a descriptor that holds its lock."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=HOME))
    os.chmod(folder, 0o755)  # Postfix's and nginx's own users pass through
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def _is_held(folder: Path) -> bool:
    try:
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(lock)


def running() -> list[Path]:
    return sorted(folder for folder in HOME.glob(PREFIX + "*") if _is_held(folder))


def remove_leftovers() -> None:
    """Folders whose keeper was killed; a young one may be just beginning."""
    for folder in HOME.glob(PREFIX + "*"):
        try:
            old = time.time() - folder.stat().st_mtime > 60 and folder.stat().st_uid == os.getuid()
        except OSError:
            continue
        if old and not _is_held(folder):
            remove_folder(folder)


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def state(folder: Path) -> tuple[str, str]:
    """The word and, where it isn't READY, the reason; empty while it starts."""
    try:
        word, _, reason = (folder / "state").read_text(encoding="utf-8").partition("\n")
    except OSError:
        return "", ""
    return word, reason


def _set_state(folder: Path, word: str, reason: str = "") -> None:
    partial = write(folder / "state.partial", f"{word}\n{reason}")
    partial.rename(folder / "state")


def inside_environment(folder: Path) -> dict[str, str]:
    """What a command inside sees; cli.md names the SEALPOST_ variables."""
    return {
        "LAB_DIR": str(folder),
        "SEALPOST_RESOLVER": world.RESOLVER,
        "SEALPOST_TRUST_ANCHOR": str(folder / "names" / "root.anchor"),
        "SEALPOST_CA_FILE": str(folder / "pki" / "ca.pem"),
        "SEALPOST_PRIVATE_NETWORKS": world.PRIVATE_NETWORKS,
    }


def enter_command(folder: Path, command: list[str]) -> list[str]:
    first = (folder / "first.pid").read_text(encoding="utf-8").strip()
    user = [] if os.geteuid() == 0 else ["--user"]
    variables = [f"{name}={value}" for name, value in inside_environment(folder).items()]
    return ["nsenter", "--target", first, *user, "--mount", "--root", "--net", "--pid", "--",
            "env", "-C", os.getcwd(), *variables, *command]


# --- the keeper -----------------------------------------------------------------------------------

def keep(folder: Path, lifeline: int | None) -> int:
    """Runs one lab until a signal, the end of process 1, or the end of the lifeline."""
    first = 0
    wake_read, wake_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    try:
        first = _fork_inside(folder)
        if not first:
            return 1
        _wait_for_end(first, wake_read, lifeline)
    finally:
        if first:
            _end(first)
        if state(folder)[0] in (FAILED, NOT_ALLOWED):
            _wait_until_read(folder)
        remove_folder(folder)
    return 0


def _fork_inside(folder: Path) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID) != 0:
        _set_state(folder, NOT_ALLOWED, os.strerror(ctypes.get_errno()))
        return 0
    keeper = os.getpid()
    first = os.fork()
    if first == 0:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os._exit(_run_inside(folder))
    write(folder / "keeper.pid", f"{keeper}\n")
    write(folder / "first.pid", f"{first}\n")
    return first


def _wait_for_end(first: int, wake: int, lifeline: int | None) -> None:
    watched = [wake] + ([lifeline] if lifeline is not None else [])
    while True:
        readable, _, _ = select.select(watched, [], [])
        if lifeline in readable:
            return
        signals = os.read(wake, 64)
        if any(number != signal.SIGCHLD for number in signals):
            return
        ended, _ = os.waitpid(first, os.WNOHANG)
        if ended:
            return


def _end(first: int) -> None:
    try:
        os.kill(first, signal.SIGKILL)  # still ours: it is not waited for yet, or it is gone
        os.waitpid(first, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


def _wait_until_read(folder: Path) -> None:
    """Leaves the reason of a failure to whoever started the lab, for a moment."""
    end = time.monotonic() + 5
    while time.monotonic() < end and not (folder / "seen").exists():
        time.sleep(0.02)


# --- process 1 inside -----------------------------------------------------------------------------

def _run_inside(folder: Path) -> int:
    try:
        try:
            _prepare_namespace(folder)
        except LabError as error:
            _set_state(folder, NOT_ALLOWED, str(error))
            return 1
        servers = _start_servers(folder)
        _set_state(folder, READY)
    except Absent as error:
        _set_state(folder, FAILED, str(error))
        return 1
    except Exception as error:  # whatever it is, the one who waits must hear of it
        _set_state(folder, FAILED, f"{error}\n{logs(folder)}")
        return 1
    _reap(folder, {server.pid: str(server.args[0]) for server in servers})
    return 1


def _prepare_namespace(folder: Path) -> None:
    tool("mount", "--make-rprivate", "/")
    tool("mount", "-t", "proc", "proc", "/proc")
    resolver = write(folder / "resolv.conf", f"nameserver {world.RESOLVER}\n")
    hosts = write(folder / "hosts", "127.0.0.1 localhost\n")
    tool("mount", "--bind", resolver, os.path.realpath("/etc/resolv.conf"))
    tool("mount", "--bind", hosts, "/etc/hosts")
    addresses = [world.KNOT, world.RESOLVER, world.WEB,
                 *(s.address for s in [*world.MX_SERVERS, *world.SUBMISSION_SERVERS,
                                       *world.OAUTH_SERVERS])]
    tool("ip", "-batch", "-", stdin="link set lo up\n" + "".join(
        f"address add {address}/32 dev lo\n" for address in addresses))
    _swallow(world.UNREACHABLE_HOSTS.values())


def _swallow(addresses) -> None:
    """Packets to these get lost without a word, in a cable whose other end nobody reads."""
    tool("ip", "-batch", "-", stdin="link add swallow type veth peer name abyss\n"
         "link set swallow up\nlink set abyss up\n" + "".join(
             f"route add {address} dev swallow src {world.RESOLVER}\n"
             f"neighbour add {address} lladdr 02:00:00:00:00:01 dev swallow nud permanent\n"
             for address in addresses))


def _start_servers(folder: Path) -> list:
    log = folder / "log"
    log.mkdir()
    os.chmod(log, 0o1777)
    pki = folder / "pki"
    names = NameServers(folder / "names", log, pki)
    web = WebServer(folder / "web", log, pki / "crl", pki / "servers")
    post = PostOffice(folder / "post", log, pki / "servers")
    # Postfix reads no certificate before the first connection, and takes its time.
    servers = post.start()
    Authority(pki).make()
    servers += post.start_mailboxes() + web.start() + names.start()
    names.wait_ready(servers)
    web.wait_ready(servers)
    post.wait_ready(servers)
    return servers + [_start_capture(folder, log)]


def _start_capture(folder: Path, log: Path):
    """Everything that goes over the lab's wire from now on."""
    capture = folder / "wire.pcap"
    tcpdump = start("tcpdump", log, "tcpdump", "-Z", "root", "-i", "lo", "-n", "-s", "0", "-U",
                    "-B", "16384", "--immediate-mode", "-w", capture)
    wait_until("the capture", lambda: capture.exists() and capture.stat().st_size >= 24, [tcpdump])
    return tcpdump


def _reap(folder: Path, servers: dict[int, str]) -> None:
    """Process 1 inherits every orphan in here; a server that ends is written down."""
    while True:
        ended, status = os.wait()
        if ended in servers:
            with open(folder / "log" / "lab.log", "a", encoding="utf-8") as log:
                log.write(f"{servers[ended]} ended with {os.waitstatus_to_exitcode(status)}\n")


def logs(folder: Path, lines: int = 25) -> str:
    """The end of every log, for a person who must find out what went wrong."""
    text = ""
    for path in sorted((folder / "log").glob("*")):
        last = path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        if last:
            text += f"--- {path.name}\n" + "\n".join(last) + "\n"
    return text
