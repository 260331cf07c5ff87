"""Everything that goes over the loopback, as the wire has it. Needs the right to open a raw socket (root, as in CI)."""

import socket
import struct
import threading
from typing import NamedTuple


class Packet(NamedTuple):
    """One UDP datagram."""

    source: tuple[str, int]
    target: tuple[str, int]
    payload: bytes


class Capture:
    """Collects UDP datagrams on `lo` while the with-block runs. Raises PermissionError where that is not allowed."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_000_000)
        self._socket.bind(("lo", 0))
        self._socket.settimeout(0.2)

    def __enter__(self) -> "Capture":
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()

    def _collect(self) -> None:
        while not self._over.is_set():
            try:
                frame, sender = self._socket.recvfrom(65_535)
            except TimeoutError:
                continue
            if sender[2] != socket.PACKET_OUTGOING and (packet := udp(frame)):  # each one passes `lo` twice
                self.packets.append(packet)

    def to(self, host: str) -> list[Packet]:
        """What reached this address."""
        return [packet for packet in self.packets if packet.target[0] == host]


def udp(frame: bytes) -> Packet | None:
    """The UDP datagram in an IPv4 packet, if there is one."""
    head = (frame[0] & 15) * 4
    if len(frame) < head + 8 or frame[9] != socket.IPPROTO_UDP:
        return None
    source, target = socket.inet_ntoa(frame[12:16]), socket.inet_ntoa(frame[16:20])
    source_port, target_port, length, _ = struct.unpack_from("!HHHH", frame, head)
    return Packet((source, source_port), (target, target_port), frame[head + 8 : head + length])
