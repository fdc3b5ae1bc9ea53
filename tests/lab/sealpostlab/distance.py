# SPDX-License-Identifier: GPL-3.0-or-later
"""A place from which the lab is far away, for what must be measured with a realistic round trip.

Linux's own delaying queue (netem) is not in every kernel, so two tunnel devices do it: one in the
lab's network, one in a new one, and this program carries each packet from one to the other half a
round trip later. Nothing is lost, reordered or slowed down otherwise.
"""

import collections
import ctypes
import fcntl
import os
import select
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
LARGEST = 65536
HERE = "10.53.0.250"  # as the lab sees whoever is far away
NETWORK = "10.53.0.0/16"


class Distance:
    """`command` runs something there; `stop` takes the place away."""

    def __init__(self, milliseconds: float):
        self.relay = subprocess.Popen(
            [sys.executable, "-B", os.path.abspath(__file__), str(milliseconds)],
            stdout=subprocess.PIPE, text=True)
        if self.relay.stdout.readline() != "ready\n":
            raise RuntimeError(f"no distance: the relay ended with {self.relay.wait()}")

    def command(self, words: list[str]) -> list[str]:
        return ["nsenter", f"--net=/proc/{self.relay.pid}/ns/net", "--", *words]

    def stop(self) -> None:
        self.relay.terminate()
        self.relay.wait(timeout=20)


def _ip(*lines: str) -> None:
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True)


def _tunnel(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def _both_ends() -> tuple[int, int]:
    near = _tunnel("near")
    _ip("link set near up", f"route add {HERE}/32 dev near")
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network of its own")
    far = _tunnel("far")
    _ip("link set lo up", f"address add {HERE}/32 dev far", "link set far up",
        f"route add {NETWORK} dev far src {HERE}")
    return near, far


def _carry(near: int, far: int, delay: float) -> None:
    other = {near: far, far: near}
    on_the_way = collections.deque()  # (due, device, packet), the first that is due first
    wait = select.poll()
    for device in other:
        wait.register(device, select.POLLIN)
    while True:
        left = (on_the_way[0][0] - time.monotonic()) * 1000 if on_the_way else None
        for device, _ in wait.poll(None if left is None else max(left, 0)):
            try:
                while True:
                    packet = os.read(device, LARGEST)
                    on_the_way.append((time.monotonic() + delay, other[device], packet))
            except BlockingIOError:
                pass
        while on_the_way and on_the_way[0][0] <= time.monotonic():
            _, device, packet = on_the_way.popleft()
            os.write(device, packet)


if __name__ == "__main__":
    ends = _both_ends()
    print("ready", flush=True)
    _carry(*ends, float(sys.argv[1]) / 2000)
