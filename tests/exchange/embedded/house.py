"""A crowd's telephones with people at them: each has its own voice, and rings until somebody decides."""

import itertools
import re
import struct

from peerline.exchange.engines.embedded.crowd import EVENT_TYPE, SAMPLES, Crowd, Phone

KEYS = "0123456789*#"
FIRST_VOICE = 0x20  # and those after it: loud bytes of PCMU, which a line that only passes them on leaves as they are
HUSH = 0xFF
NOBODY = "anonymous"
REFUSALS = {"busy": "486 Busy Here", "no_answer": "480 Temporarily Unavailable", "declined": "603 Decline"}


class Guest(Phone):
    """Notes the voices it hears. says: the byte it speaks, its own voice or HUSH; None: it sends no sound at all."""

    def __init__(self, house: "House", call_id: str, number: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(house, call_id, headers)
        self.number, self.voice = number, FIRST_VOICE + house.guests
        self.heard: set[int] = set()
        self.says: int | None = None

    def speak(self) -> None:
        if self.peer is not None and self.says is not None:
            self._send(0, bytes([self.says]) * SAMPLES)

    def hear(self) -> None:
        while True:
            try:
                packet = self.socket.recv(400)
            except BlockingIOError:
                return
            middle = packet[92:93]
            if len(packet) == 172 and packet[1] & 0x7F == 0 and packet.count(middle, 12) > SAMPLES // 2:
                self.heard.add(middle[0])

    def key(self, digit: int) -> None:
        """As a telephone does: what says that the key is held comes more than once (RFC 4733, 2.5.1.4)."""
        for end, length in ((0, 160), (0, 320), (0, 480), (0x80, 480), (0x80, 480), (0x80, 480)):
            self._send(EVENT_TYPE, struct.pack("!BBH", digit, end | 10, length), still=True)
        self.stamp += 4 * SAMPLES

    def press(self, keys: str) -> None:
        for key in keys:
            self.key(KEYS.index(key))

    def request(self, method: str, number: int, body: str = "") -> str:
        """As the crowd's, but From names the telephone and not the call."""
        return super().request(method, number, body).replace(f"<sip:{self.call_id}@", f"<sip:{self.number}@")


class House(Crowd):
    """All the telephones of one script. ringing: those that rang and were not yet seen by the stage."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.guests, self._calls = 0, itertools.count(1)
        self.ringing: list[Guest] = []

    def forget(self) -> None:
        for phone in list(self.phones.values()):
            self._remove(phone)
        self.guests, self.ringing = 0, []

    def _guest(self, call_id: str, number: str, headers: dict[str, str] | None = None) -> Guest:
        guest = Guest(self, call_id, number, headers)
        self.guests += 1
        self._add(guest)
        return guest

    def call(self, number: str) -> Guest:
        guest = self._guest(f"act-{next(self._calls)}-{self.place.rpartition(':')[2]}", number or NOBODY)
        self.send(guest.request("INVITE", 1, guest.sdp))
        return guest

    def answer(self, guest: Guest) -> None:
        self._reply(guest.invite, guest, guest.sdp)
        guest.up = True

    def refuse(self, guest: Guest, cause: str) -> None:
        self._reply(guest.invite, guest, "", REFUSALS[cause])
        self._remove(guest)

    def is_there(self, guest: Guest) -> bool:
        return guest.call_id in self.phones

    def _asked(self, method: str, headers: dict[str, str], text: str) -> None:
        guest = self.phones.get(headers.get("call-id", ""))
        if method == "INVITE" and guest is None and "tag=" not in headers["to"]:
            self._rings(headers, text)
        elif method == "CANCEL" and guest is not None:
            self._reply(headers, guest, "")
            self._reply(guest.invite, guest, "", "487 Request Terminated")
            self._remove(guest)
        elif headers.get("call-id") and not (method == "INVITE" and guest is not None and not guest.up):
            super()._asked(method, headers, text)

    def _rings(self, headers: dict[str, str], text: str) -> None:
        number = re.search(r"sip:(\+\d+)@", text.split("\r\n", 1)[0])
        guest = self._guest(headers["call-id"], number[1] if number else "", headers)
        guest.target = re.sub(r".*<(.*)>.*", r"\1", headers["contact"])
        guest.learn(text)
        self._reply(headers, guest, "", "180 Ringing")
        self.ringing.append(guest)
