"""The carrier: calls, conferences, recordings. Nothing happens by itself; whoever drives it presses keys and lets time pass."""

import base64
import hashlib
import hmac
import io
import itertools
import threading
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.carrier.faults import News, Orderly
from tests.carrier.strict import Verb, read

ENDED = {"completed", "busy", "no-answer", "canceled", "failed"}
SPEECH = b"\x10\x20" * 16_000  # two seconds of something loud, 16 bit at 8 kHz


class Reply(NamedTuple):
    status: int
    content_type: str
    body: bytes


def signature(token: str, url: str, fields: dict[str, str]) -> str:
    """base64(HMAC-SHA1(token, address + sorted names and values))."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def wav_of(pcm: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(pcm)
    return out.getvalue()


@dataclass
class Recording:
    sid: str
    call: str
    wav: bytes
    fetched: int = 0


@dataclass
class Call:
    """One telephone at the carrier. queue: verbs still to come; waiting: the one that is under way."""

    sid: str
    number: str
    inbound: bool
    status: str = "ringing"
    fields: dict[str, Any] = field(default_factory=dict)
    queue: list[Verb] = field(default_factory=list)
    waiting: Verb | None = None
    digits: str = ""
    heard: list[str] = field(default_factory=list)  # what was played, by address
    conference: str = ""
    held: str = ""
    documents: int = 0

    @property
    def over(self) -> bool:
        return self.status in ENDED

    @property
    def doing(self) -> str:
        return self.waiting.name if self.waiting else ""


class Carrier:
    """door(url, fields, signature): asks Peerline, by a test client or over HTTP."""

    def __init__(
        self, account: str, token: str, public_url: str, door: Callable[[str, dict[str, str], str], Reply]
    ) -> None:
        self.account, self.token, self.public_url, self.door = account, token, public_url, door
        self.faults: Orderly = Orderly()
        self.calls: dict[str, Call] = {}
        self.recordings: dict[str, Recording] = {}
        self.dropped: set[str] = set()  # recordings that were deleted here
        self.news: list[News] = []
        self.todo: list[Callable[[], None]] = []  # what REST asked for; done by whoever drives
        self.lock = threading.RLock()
        self.begun: set[str] = set()  # conferences in which two have met; one alone waits
        self.tones: dict[str, str] = {}  # call → what it hears alone
        self.shown: Callable[[Call, list[Verb]], None] = lambda call, verbs: None  # every document, as it begins
        self._numbers = itertools.count(1)
        self.down = False  # REST answers 503

    def new_sid(self, kind: str) -> str:
        return f"{kind}{next(self._numbers):032x}"

    # --- people ---

    def dial(self, from_number: str, to_number: str) -> Call:
        call = Call(self.new_sid("CA"), from_number, inbound=True)
        call.fields = {"From": from_number, "To": to_number, "StatusCallback": f"{self.public_url}/carrier/status/"}
        self.calls[call.sid] = call
        self._go(call, f"{self.public_url}/carrier/call/", {})
        if not call.over:
            call.status = "in-progress"
        return call

    def answer(self, call: Call) -> None:
        call.status = "in-progress"
        self._go(call, call.fields["Url"], {})

    def refuse(self, call: Call, status: str = "busy", code: int = 486) -> None:
        self._end(call, status, code)

    def press(self, call: Call, keys: str) -> None:
        for key in keys:
            self._key(call, key)

    def silence(self, call: Call) -> None:
        """Nobody presses anything until the verb's time is over."""
        if call.doing == "Gather":
            self._gathered(call) if call.digits else self._next(call)
        elif call.doing == "Record":
            self.speak(call, ends="")

    def speak(self, call: Call, pcm: bytes = SPEECH, ends: str = "#", wav: bytes | None = None) -> None:
        """Speak into the recording and end it by a key, by silence ("") or by hanging up ("hangup")."""
        verb = call.waiting
        assert verb is not None and verb.name == "Record", call
        call.waiting = None
        recording = Recording(self.new_sid("RE"), call.sid, wav if wav is not None else wav_of(pcm))
        self.recordings[recording.sid] = recording
        facts = {"RecordingSid": recording.sid, "RecordingDuration": str(len(pcm) // 16_000)}
        callback = verb.attributes["recordingStatusCallback"]
        self.news.append((callback, self._fields(call) | facts | {"RecordingStatus": "completed"}))
        if ends == "hangup":
            call.status = "completed"
            if not self.faults.last_word_lost():
                self._ask(verb.attributes["action"], self._fields(call) | facts | {"Digits": ends})
            self._end(call, "completed", 0)
            return
        self._go(call, verb.attributes["action"], facts | ({"Digits": ends} if ends else {}))

    def say_nothing(self, call: Call) -> None:
        """The beep, and then not a sound: the carrier records nothing, calls no action and goes on."""
        assert call.doing == "Record"
        self._next(call)

    def hang_up(self, call: Call) -> None:
        if call.over:
            return
        verb, call.waiting = call.waiting, None
        call.status = "completed"
        if verb is not None and verb.name == "Dial":
            self._part(call)
            if not self.faults.last_word_lost():
                self._ask(verb.attributes["action"], self._fields(call) | {"DialCallStatus": "completed"})
        self._end(call, "completed", 0)

    def forget(self) -> None:
        """A new day: nobody is on the line, and nothing is still to be told."""
        for gone in (self.calls, self.recordings, self.dropped, self.begun, self.tones, self.news, self.todo):
            gone.clear()

    # --- time ---

    def settle(self) -> bool:
        """Do what REST asked for, let one second of pauses pass, and bring news. True if anything happened."""
        with self.lock:
            todo, self.todo = self.todo, []
        for work in todo:
            work()
        pausing = [call for call in self.calls.values() if call.doing == "Pause" and not call.over]
        for call in pausing:
            self._next(call)
        news, self.news = self.news, []
        for url, fields in self.faults.arranged(news):
            self._ask(url, fields)
        return bool(todo or pausing or news)

    # --- verbs ---

    def _go(self, call: Call, url: str, facts: dict[str, str]) -> None:
        """Ask for a document and perform it."""
        fields = self._fields(call) | facts
        for _ in range(self.faults.times() - 1):
            self._ask(url, fields)
        reply = self._ask(url, fields)
        if call.over or (call.doing and not call.inbound and call.status == "ringing"):
            return
        assert reply.status == 200, f"{reply.status} at {url}: the caller hears “application error”"
        call.queue, call.waiting = read(reply.body, reply.content_type), None
        call.documents += 1
        self.shown(call, call.queue)
        self._next(call)

    def _next(self, call: Call) -> None:
        call.waiting, call.digits = None, ""
        if not call.queue:
            self._end(call, "completed", 0)
            return
        verb = call.queue.pop(0)
        getattr(self, f"_do_{verb.name.lower()}")(call, verb)

    def _do_play(self, call: Call, verb: Verb) -> None:
        call.heard.append(verb.text)
        self._next(call)

    def _do_pause(self, call: Call, verb: Verb) -> None:
        call.waiting = verb

    def _do_gather(self, call: Call, verb: Verb) -> None:
        call.heard += [inner.text for inner in verb.inside]
        call.waiting = verb

    def _do_record(self, call: Call, verb: Verb) -> None:
        call.waiting = verb

    def _do_redirect(self, call: Call, verb: Verb) -> None:
        self._go(call, verb.text, {})

    def _do_hangup(self, call: Call, verb: Verb) -> None:
        self._end(call, "completed", 0)

    def _do_dial(self, call: Call, verb: Verb) -> None:
        call.waiting, room = verb, verb.inside[0]
        others = self.members(room.text)
        call.conference, call.held = room.text, ""
        facts = {"ConferenceSid": self.conference_sid(room.text), "FriendlyName": room.text}
        facts |= {"StatusCallbackEvent": "participant-join", "ParticipantLabel": room.attributes["participantLabel"]}
        facts |= {"SequenceNumber": str(next(self._numbers))}
        self.news.append((room.attributes["statusCallback"], self._fields(call) | facts))
        for other in others:
            if not other.held:
                self.tones.pop(other.sid, None)
        if not others:
            self.begun.discard(room.text)
            self._tone(call, room.attributes["waitUrl"])
        else:
            self.begun.add(room.text)

    def _tone(self, call: Call, url: str) -> None:
        reply = self._ask(url, self._fields(call))
        assert reply.status == 200
        verbs = read(reply.body, reply.content_type)
        self.tones[call.sid] = verbs[0].text if verbs[0].name == "Play" else ""

    def _key(self, call: Call, key: str) -> None:
        verb = call.waiting
        if verb is None or call.over:
            return
        if verb.name == "Gather":
            if key == verb.attributes["finishOnKey"]:
                self._gathered(call) if call.digits else self._next(call)
                return
            call.digits += key
            if len(call.digits) == int(verb.attributes.get("numDigits", "99")):
                self._gathered(call)
        elif verb.name == "Record" and key in verb.attributes["finishOnKey"]:
            self.speak(call, ends=key)
        elif verb.name == "Dial" and key == "*" and verb.attributes.get("hangupOnStar") == "true":
            self._part(call)
            call.waiting = None
            self._go(call, verb.attributes["action"], {"DialCallStatus": "completed"})

    def _gathered(self, call: Call) -> None:
        verb, digits = call.waiting, call.digits
        assert verb is not None
        call.waiting, call.digits = None, ""
        self._go(call, verb.attributes["action"], {"Digits": digits})

    # --- conferences ---

    def members(self, name: str) -> list[Call]:
        return [call for call in self.calls.values() if call.conference == name and not call.over]

    def conference_sid(self, name: str) -> str:
        return f"CF{name[:32]}"

    def _part(self, call: Call) -> None:
        call.conference, call.held = "", ""
        self.tones.pop(call.sid, None)

    def hold(self, call: Call, url: str) -> None:
        call.held = url
        if url:
            self._tone(call, url)
        else:
            self.tones.pop(call.sid, None)

    def hears(self, call: Call) -> list[Call]:
        """Who this one hears now."""
        if not call.conference or call.held:
            return []
        return [other for other in self.members(call.conference) if other is not call and not other.held]

    # --- REST asks for these ---

    def redirect(self, call: Call, url: str) -> None:
        if call.status == "in-progress":
            self._part(call)
            call.waiting = None
            self._go(call, url, {})

    def end(self, call: Call) -> None:
        if not call.over:
            self._end(call, "completed" if call.status == "in-progress" else "canceled", 0)

    # --- inside ---

    def _end(self, call: Call, status: str, code: int) -> None:
        call.status, call.queue, call.waiting = status, [], None
        self._part(call)
        if callback := call.fields.get("StatusCallback"):
            facts = {"SipResponseCode": str(code)} if code else {}
            self.news.append((callback, self._fields(call) | facts | {"SequenceNumber": str(next(self._numbers))}))

    def _fields(self, call: Call) -> dict[str, str]:
        ends = {"From": call.fields["From"], "To": call.fields["To"]}
        return {
            "AccountSid": self.account,
            "CallSid": call.sid,
            "CallStatus": call.status,
            "ApiVersion": "2010-04-01",
            **ends,
        }

    def _ask(self, url: str, fields: dict[str, str]) -> Reply:
        self.faults.requested(url, fields)
        return self.send(url, fields)

    def send(self, url: str, fields: dict[str, str]) -> Reply:
        """A signed request, as it stands."""
        return self.door(url, fields, signature(self.token, url, fields))
