# SPDX-License-Identifier: GPL-3.0-or-later
"""What went over the lab's wire: tcpdump's file, put together into one byte string for each TCP
connection and direction. The loopback interface neither loses nor reorders."""

import base64
import struct
import time
from dataclasses import dataclass
from pathlib import Path

ETHERNET, IPV4, TCP = 14, 0x0800, 6
PCAP_MAGIC_LITTLE = 0xA1B2C3D4


@dataclass(frozen=True)
class Way:
    """One direction of one connection."""

    source: str
    source_port: int
    target: str
    target_port: int


def _segments(raw: bytes):
    """(way, payload) of each TCP segment; a record that is still being written ends the file."""
    if len(raw) < 24 or struct.unpack("<I", raw[:4])[0] != PCAP_MAGIC_LITTLE:
        raise ValueError("not a capture in little-endian pcap form")
    at = 24
    while at + 16 <= len(raw):
        size = struct.unpack("<I", raw[at + 8:at + 12])[0]
        frame = raw[at + 16:at + 16 + size]
        at += 16 + size
        if len(frame) < size:
            return
        if struct.unpack("!H", frame[12:14])[0] != IPV4 or frame[ETHERNET + 9] != TCP:
            continue
        packet = frame[ETHERNET:]
        header = (packet[0] & 0xF) * 4
        length = struct.unpack("!H", packet[2:4])[0]
        segment = packet[header:length]
        source_port, target_port = struct.unpack("!HH", segment[:4])
        source, target = (".".join(map(str, packet[i:i + 4])) for i in (12, 16))
        yield Way(source, source_port, target, target_port), segment[(segment[12] >> 4) * 4:]


class Wire:
    def __init__(self, capture: Path):
        self.capture = capture

    def raw(self) -> bytes:
        """The whole file, once it has stopped growing: tcpdump writes a moment later."""
        last = -1
        while (size := self.capture.stat().st_size) != last:
            last = size
            time.sleep(0.3)
        return self.capture.read_bytes()

    def streams(self) -> dict[Way, bytes]:
        streams: dict[Way, bytearray] = {}
        for way, payload in _segments(self.raw()):
            streams.setdefault(way, bytearray()).extend(payload)
        return {way: bytes(data) for way, data in streams.items()}

    def sent_to(self, *targets: tuple[str, int]) -> list[bytes]:
        """What each connection to one of these servers said; empty where nobody connected."""
        return [data for way, data in self.streams().items()
                if (way.target, way.target_port) in targets]

    def shows(self, text: str) -> bool:
        """Whether the text is to be seen anywhere, as it stands or in a usual encoding."""
        return is_shown(text, self.raw()) or any(
            is_shown(text, data) for data in self.streams().values())


def disguises(text: str) -> list[bytes]:
    """The text's bytes in the forms that mail and databases give to text."""
    plain = text.encode("utf-8")
    forms = [plain, text.encode("utf-16-le"), text.encode("utf-16-be")]
    for shift in range(3):
        # The part of base64 that doesn't depend on the neighbours, at each of three positions.
        coded = base64.b64encode(b"\0" * shift + plain)
        whole = coded[(0, 2, 3)[shift]:]
        forms.append(whole[:len(whole) - 4].rstrip(b"="))
    return forms


def is_shown(text: str, data: bytes) -> bool:
    """Looks in the bytes as they stand, and with the line ends of base64 and of quoted-printable
    taken out."""
    unfolded = [data, data.replace(b"\r\n", b""), data.replace(b"\n", b""),
                data.replace(b"=\r\n", b""), data.replace(b"=\n", b"")]
    return any(form in view for form in disguises(text) for view in unfolded)


def files_that_show(text: str, *folders: Path) -> list[Path]:
    """The files below the folders in which the text, or a disguise of it, is to be seen."""
    return [path for folder in folders for path in sorted(folder.rglob("*"))
            if is_shown(text, _content(path))]


def _content(path: Path) -> bytes:
    """Nothing of what is no file, or is one no longer: the keyring and GnuPG replace theirs."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except FileNotFoundError:
        return b""
