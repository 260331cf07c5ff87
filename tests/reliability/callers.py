"""Many telephones that speak and listen by sound alone, and keep a ledger of what they were told.

What the line says is a tone in these tests (`TONES`, uploaded as recordings of its prompts), so a telephone knows that it
heard "your message is on its way" and not that a row says so. A message is its number, spoken in tones, and can be read
back from the recording that was kept. A script is a generator: it yields (what it waits for, for how long) and is sent
whether it came.
"""

import itertools
import json
import re
import time
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np

from peerline.exchange.engines.embedded.crowd import Crowd, Phone
from peerline.exchange.telephone.hearing import tone, tone_of

BEEP, SENT, NOT_KEPT, SORRY, OTHER, PARTNER = 1000, 700, 1150, 1350, 500, 880
TONES = {"messages.sent": SENT, "messages.not_kept": NOT_KEPT, "rescue.sorry": SORRY}
KNOWN = (BEEP, SENT, NOT_KEPT, SORRY, OTHER, PARTNER)
MARK, PAUSE, DIGITS = 1900, 400, (550, 650, 750, 850, 950, 1050, 1200, 1400)  # how a message says its number, base 8
SYMBOL_SECONDS = 0.1
GONE_SECONDS = 5.0  # without any packet the line is dead
LONG_WHILE = 40  # a telephone waits as long as the line lives; this only ends a wait that came to nothing
Script = Generator[tuple[Callable[[], bool], float], bool, None]


def _mu_law() -> np.ndarray:
    """What each byte of PCMU means (ITU-T G.711)."""
    inverted = ~np.arange(256, dtype=np.int32) & 0xFF
    size = (((inverted & 0x0F) << 3) + 0x84 << ((inverted & 0x70) >> 4)) - 0x84
    return np.where(inverted & 0x80, -size, size).astype(np.int16)


LINEAR = _mu_law()
ORDER = np.argsort(LINEAR, kind="stable")


def pcmu(samples: np.ndarray) -> bytes:
    """The nearest byte for each sample."""
    place = np.clip(np.searchsorted(LINEAR[ORDER], samples), 0, 255)
    return ORDER[place].astype(np.uint8).tobytes()


def spoken(number: int) -> np.ndarray:
    """A message that says its number, twice."""
    digits = [DIGITS[int(digit)] for digit in f"{number:05o}"]
    once = [MARK, *itertools.chain.from_iterable((PAUSE, digit) for digit in digits), PAUSE]
    return np.concatenate([tone(hz, SYMBOL_SECONDS) for hz in (*once, *once, MARK)])


def understood(samples: np.ndarray) -> int | None:
    """The number that this message says; None where it cannot be made out. Symbols are told by runs of 20 ms windows, every 10 ms."""
    known = (MARK, PAUSE, *DIGITS)
    heard = [tone_of(samples[start : start + 160], known) for start in range(0, len(samples) - 159, 80)]
    runs = [hz for hz, run in itertools.groupby(heard) if hz > 0 and len(list(run)) >= 2]
    runs = [hz for hz, _ in itertools.groupby(runs)]
    said = "".join("M" if hz == MARK else "-" if hz == PAUSE else str(DIGITS.index(hz)) for hz in runs)
    found = re.search(r"M-(\d)-(\d)-(\d)-(\d)-(\d)-", said)
    return int("".join(found.groups()), 8) if found else None


class Ledger:
    """What the telephones did and heard, in order; on disk as well, for whoever looks into a failure."""

    def __init__(self, path: Path) -> None:
        self.lines: list[tuple[str, int]] = []
        self._file = path.open("w")

    def note(self, what: str, about: int) -> None:
        self.lines.append((what, about))
        print(json.dumps([round(time.time(), 2), what, about]), file=self._file, flush=True)

    def all(self, what: str) -> list[int]:
        return [about for kind, about in self.lines if kind == what]

    def doubled(self) -> list[int]:
        """Couples whose second half was rung more than once for one wish of the first."""
        rung: dict[int, int] = {}
        found = []
        for what, about in self.lines:
            if what == "asked":
                rung[about] = 0
            elif what == "rung":
                rung[about] = rung.get(about, 1) + 1
                if rung[about] > 1:
                    found.append(about)
        return found


class Talker(Phone):
    """A telephone with a voice and an ear. tones: what it heard, one entry a run of at least 0.2 s."""

    def __init__(self, crowd: "Callers", call_id: str, number: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(crowd, call_id, headers)
        self.number, self.tones, self.alive_at = number, [-1], time.monotonic()
        self._voice, self._ear, self._run = b"", bytearray(), (-1, 0)

    def say(self, samples: np.ndarray) -> None:
        self._voice = pcmu(samples)

    def speak(self) -> None:
        if self.peer is not None:
            frame, self._voice = self._voice[:160], self._voice[160:]
            self._send(0, frame.ljust(160, b"\xff"))

    def hear(self) -> None:
        while True:
            try:
                packet = self.socket.recv(400)
            except BlockingIOError:
                return
            self.alive_at = time.monotonic()
            self._ear += packet[12:] if packet[1] & 0x7F == 0 else b""
            while len(self._ear) >= 800:
                self._listen(LINEAR[np.frombuffer(bytes(self._ear[:800]), np.uint8)])
                del self._ear[:800]

    def _listen(self, samples: np.ndarray) -> None:
        hz = tone_of(samples, KNOWN)
        self._run = (hz, self._run[1] + 1) if hz == self._run[0] else (hz, 1)
        if self._run[1] >= 2 and self.tones[-1] != hz:
            self.tones.append(hz)

    def _send(self, kind: int, payload: bytes, still: bool = False) -> None:
        if self.is_there():
            super()._send(kind, payload, still)

    def request(self, method: str, number: int, body: str = "") -> str:
        """As the crowd's, but From names the telephone and not the call."""
        return super().request(method, number, body).replace(f"<sip:{self.call_id}@", f"<sip:{self.number}@")

    # --- what a script waits for ---

    def is_up(self) -> bool:
        return self.up

    def hears(self, *tones: int) -> Callable[[], bool]:
        """One of these, from now on."""
        start = len(self.tones)
        return lambda: bool(set(self.tones[start:]) & set(tones))

    def hears_something(self) -> bool:
        return self.tones != [-1]

    def is_there(self) -> bool:
        return self.call_id in self.crowd.phones

    def is_dead(self) -> bool:
        return not self.is_there() or (self.up and time.monotonic() - self.alive_at > GONE_SECONDS)


class Callers(Crowd):
    """All of them, their scripts, and who is busy. rung(number, call_id): a telephone is rung, once for each INVITE."""

    def __init__(self, line: str, ledger: Ledger) -> None:
        super().__init__(line)
        self.ledger, self.busy, self._names = ledger, set[str](), itertools.count(1)
        self.scripts: dict[Script, tuple[Callable[[], bool], float]] = {}
        self.rung: Callable[[str], None] = lambda number: None
        self.picked_up: Callable[[Talker], Script | None] = lambda phone: None
        self._invites: set[str] = set()

    def call(self, number: str) -> Talker:
        phone = Talker(self, f"call-{next(self._names)}-{self.place.rpartition(':')[2]}", number)
        self._add(phone)
        self.send(phone.request("INVITE", 1, phone.sdp))
        return phone

    def begin(self, script: Script) -> None:
        self._wait(script, None)

    def _wait(self, script: Script, came: bool | None) -> None:
        try:
            condition, seconds = script.send(came)  # type: ignore[arg-type]
            self.scripts[script] = (condition, time.monotonic() + seconds)
        except StopIteration:
            self.scripts.pop(script, None)

    def live(self, seconds: float) -> None:
        """Let time pass, and take the scripts on."""
        self.run(seconds)
        for script, (condition, until) in list(self.scripts.items()):
            if condition():
                self._wait(script, True)
            elif time.monotonic() > until:
                self._wait(script, False)

    def leave(self, phone: Phone) -> None:
        if phone.call_id in self.phones:
            self.drop(phone)

    def _asked(self, method: str, headers: dict[str, str], text: str) -> None:
        call_id = headers.get("call-id", "")
        if not call_id:
            return  # a sign of life, not a request
        if method == "INVITE" and call_id not in self.phones:
            number = (re.search(r"sip:(\+\d+)@", text.split("\r\n", 1)[0]) or [""] * 2)[1]
            if call_id not in self._invites:
                self._invites.add(call_id)
                self.rung(number)
            if number in self.busy:
                return self._refuse(headers)
            phone = self._add(Talker(self, call_id, number, headers))
            if script := self.picked_up(phone):  # type: ignore[arg-type]
                self.begin(script)
        super()._asked(method, headers, text)

    def _refuse(self, headers: dict[str, str]) -> None:
        self.send(
            f"SIP/2.0 486 Busy Here\r\nVia: {headers['via']}\r\nFrom: {headers['from']}\r\nTo: {headers['to']};tag=busy\r\n"
            f"Call-ID: {headers['call-id']}\r\nCSeq: {headers['cseq']}\r\nContent-Length: 0\r\n\r\n"
        )


def never() -> bool:
    return False


def keys(phone: Talker, digits: str) -> Script:
    for digit in digits:
        phone.key("0123456789*#".index(digit))
        yield never, 0.12


def still_there(phone: Talker, came: Callable[[], bool]) -> Generator[tuple[Callable[[], bool], float], bool, bool]:
    """Wait for this while the line lives; whether it came."""
    yield (lambda: came() or phone.is_dead()), LONG_WHILE
    return came()


def arrive(phone: Talker, pin: str) -> Generator[tuple[Callable[[], bool], float], bool, bool]:
    """Wait until the line speaks, and say who is calling by keys."""
    if not ((yield phone.is_up, LONG_WHILE / 4) and (yield from still_there(phone, phone.hears_something))):
        return False
    yield from keys(phone, pin)
    yield never, 0.3
    return True


def leave_message(phone: Talker, ledger: Ledger, number: int, *, hang_up_early: bool = False) -> Script:
    """After the beep, say the number, send it, and note that it was said to be on its way, if it was."""
    beep = phone.hears(BEEP)
    if not (yield from still_there(phone, beep)):
        return
    yield never, 0.25
    phone.say(spoken(number))
    ledger.note("spoken", number)
    yield never, 1.3 if hang_up_early else len(spoken(number)) / 8000 + 0.2
    if hang_up_early:
        return
    yield from keys(phone, "#")
    yield never, 0.4
    answer = phone.hears(SENT, NOT_KEPT, SORRY)
    yield from keys(phone, "1")
    if (yield from still_there(phone, answer)):
        ledger.note({SENT: "confirmed", NOT_KEPT: "not kept", SORRY: "sorry"}[_last_word(phone)], number)


def _last_word(phone: Talker) -> int:
    return next(hz for hz in reversed(phone.tones) if hz in (SENT, NOT_KEPT, SORRY))
