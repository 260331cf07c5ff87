"""Many telephones in one process, for measuring: just enough SIP and RTP for a private loopback, and nothing else.

Each speaks one loud byte of PCMU and counts how much of it comes back out of the partner's packets, so that silence the
line fills in is not taken for sound. No retransmission and no registration: nothing gets lost on a loopback.
"""

import re
import secrets
import selectors
import socket
import struct
import time
from collections.abc import Callable

LOUD, FRAME_SECONDS, SAMPLES = 0x20, 0.02, 160
SOUND = bytes([LOUD]) * SAMPLES
RTP_HEAD, EVENT_TYPE = "!BBHII", 101
SDP = (
    "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 101\r\n"
    "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n"
)


class Phone:
    """One telephone in one call. loud_in, loud_out: bytes of sound; first_loud_at: when sound came after `listen`."""

    def __init__(self, crowd: "Crowd", call_id: str, headers: dict[str, str] | None = None) -> None:
        self.crowd, self.call_id, self.tag = crowd, call_id, secrets.token_hex(6)
        self.invite = headers or {}
        self.remote, self.target, self.up = "", "", False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((crowd.host, 0))
        self.socket.setblocking(False)
        self.peer: tuple[str, int] | None = None
        self.sequence, self.stamp, self.source = 0, 0, secrets.randbits(32)
        self.loud_in = self.loud_out = 0
        self.speaks, self.first_loud_at = True, 0.0

    @property
    def sdp(self) -> str:
        return SDP.format(host=self.crowd.host, port=self.socket.getsockname()[1])

    def speak(self) -> None:
        """Send one frame."""
        if self.peer is None:
            return
        self._send(0, SOUND if self.speaks else b"\xff" * SAMPLES)
        self.loud_out += SAMPLES * self.speaks

    def key(self, digit: int) -> None:
        """A whole RFC 4733 key press: one start, three ends."""
        for end in (0, 0x80, 0x80, 0x80):
            self._send(EVENT_TYPE, struct.pack("!BBH", digit, end | 10, 800), still=True)
        self.stamp += SAMPLES

    def _send(self, kind: int, payload: bytes, still: bool = False) -> None:
        self.sequence = (self.sequence + 1) & 0xFFFF
        head = struct.pack(RTP_HEAD, 0x80, kind, self.sequence, self.stamp & 0xFFFFFFFF, self.source)
        self.stamp += 0 if still else SAMPLES
        if self.peer is not None:
            self.socket.sendto(head + payload, self.peer)

    def hear(self) -> None:
        """Take in what came."""
        while True:
            try:
                packet = self.socket.recv(400)
            except BlockingIOError:
                return
            if len(packet) == 172 and packet[1] & 0x7F == 0:
                loud = packet.count(LOUD, 12)
                self.loud_in += loud
                if loud > SAMPLES // 2 and not self.first_loud_at:
                    self.first_loud_at = time.monotonic()

    def learn(self, text: str) -> None:
        """The other side's audio address, from its SDP."""
        host, port = re.search(r"c=IN IP4 (\S+)", text), re.search(r"m=audio (\d+)", text)
        if host and port:
            self.peer = (host[1], int(port[1]))

    def bye(self) -> None:
        self.crowd.send(self.request("BYE", 2))

    def request(self, method: str, number: int, body: str = "") -> str:
        inbound = bool(self.invite)
        mine = (
            self.invite.get("to", f"<sip:{self.call_id}@{self.crowd.place}>")
            if inbound
            else f"<sip:{self.call_id}@{self.crowd.place}>"
        )
        other = self.invite.get("from", "") if inbound else self.remote or f"<sip:line@{self.crowd.line}>"
        target = self.target or f"sip:line@{self.crowd.line}"
        return (
            f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {self.crowd.place};branch=z9hG4bK{secrets.token_hex(8)}\r\n"
            f"From: {mine};tag={self.tag}\r\nTo: {other}\r\nCall-ID: {self.call_id}\r\nCSeq: {number} {method}\r\n"
            f"Contact: <sip:{self.call_id}@{self.crowd.place}>\r\nMax-Forwards: 70\r\n"
            + ("Content-Type: application/sdp\r\n" if body else "")
            + f"Content-Length: {len(body)}\r\n\r\n{body}"
        )


class Crowd:
    """All the telephones, one SIP socket, one loop: `run(seconds)` lets time pass."""

    def __init__(self, line: str, host: str = "127.0.0.1") -> None:
        self.line, self.host = line, host
        self.phones: dict[str, Phone] = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        self.socket.bind((host, 0))
        self.socket.setblocking(False)
        self.place = f"{host}:{self.socket.getsockname()[1]}"
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.socket, selectors.EVENT_READ, None)
        self.due = time.monotonic()
        self.ended = self.refused = 0

    def dial(self, name: str) -> Phone:
        phone = self._add(Phone(self, name))
        self.send(phone.request("INVITE", 1, phone.sdp))
        return phone

    def drop(self, phone: Phone) -> None:
        """Hang up and forget."""
        phone.bye()
        self._remove(phone)

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let this much time pass, or less if `until` is already so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            for key, _ in self.selector.select(max(0.0, min(self.due, end) - time.monotonic())):
                if key.data is None:
                    self._sip()
                elif key.data.call_id in self.phones:  # it may have hung up a moment ago
                    key.data.hear()
            if time.monotonic() >= self.due:
                self.due += FRAME_SECONDS
                for phone in list(self.phones.values()):
                    if phone.up:
                        phone.speak()

    def send(self, text: str) -> None:
        host, port = self.line.rsplit(":", 1)
        self.socket.sendto(text.encode(), (host, int(port)))

    def _add(self, phone: Phone) -> Phone:
        self.phones[phone.call_id] = phone
        self.selector.register(phone.socket, selectors.EVENT_READ, phone)
        return phone

    def _remove(self, phone: Phone) -> None:
        if self.phones.pop(phone.call_id, None):
            self.selector.unregister(phone.socket)
            phone.socket.close()

    def _sip(self) -> None:
        while True:
            try:
                text = self.socket.recv(4000).decode("utf-8", "replace")
            except BlockingIOError:
                return
            headers = {name.lower(): value for name, value in re.findall(r"^([\w-]+): *(.*?)\r$", text, re.M)}
            if text.startswith("SIP/2.0"):
                self._answered(int(text.split()[1]), headers, text)
            else:
                self._asked(text.split(" ", 1)[0], headers, text)

    def _answered(self, code: int, headers: dict[str, str], text: str) -> None:
        phone = self.phones.get(headers.get("call-id", ""))
        if phone is None or code < 200 or "INVITE" not in headers["cseq"]:
            return
        if code == 200:
            phone.remote, phone.target = headers["to"], re.sub(r".*<(.*)>.*", r"\1", headers["contact"])
            phone.learn(text)
            phone.up = True
        else:
            self.refused += 1
        self.send(phone.request("ACK", 1))

    def _asked(self, method: str, headers: dict[str, str], text: str) -> None:
        phone = self.phones.get(headers.get("call-id", ""))
        if method == "ACK" or (phone is None and method == "INVITE" and "tag=" in headers["to"]):
            return  # the line has more to say about a call that was hung up a moment ago
        if method == "INVITE":
            phone = phone or self._add(Phone(self, headers["call-id"], headers))
            phone.target = re.sub(r".*<(.*)>.*", r"\1", headers["contact"])
            phone.learn(text)
        self._reply(headers, phone, phone.sdp if phone and method == "INVITE" else "")
        if phone and method == "INVITE":
            phone.up = True
        elif phone and method == "BYE":
            self.ended += 1
            self._remove(phone)

    def _reply(self, headers: dict[str, str], phone: Phone | None, body: str, status: str = "200 OK") -> None:
        to = headers["to"] if "tag=" in headers["to"] or phone is None else f"{headers['to']};tag={phone.tag}"
        self.send(
            f"SIP/2.0 {status}\r\nVia: {headers['via']}\r\nFrom: {headers['from']}\r\nTo: {to}\r\n"
            f"Call-ID: {headers['call-id']}\r\nCSeq: {headers['cseq']}\r\nContact: <sip:crowd@{self.place}>\r\n"
            + ("Content-Type: application/sdp\r\n" if body else "")
            + f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
