"""`./run call`: two SIP telephones in their own processes talk through the running line, and what they heard is checked.

Everything is real: the telephones share no code with the line where the platform has PJSIP, the words come over RTP,
the keys are RFC 4733 events. The transcript is told from both ends as it happens: what each telephone does, and what
the line asks of it, read from the line's own records.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import django

Say = Callable[[str], None]
CALLER_HZ, PARTNER_HZ, NURSE_HZ, BEEP_HZ = 440, 620, 880, 1000
TALK_SECONDS = 3.0


class NotAsItShould(AssertionError):
    """The call did not go as promised; says where."""


def place_call(say: Say) -> int:
    """Place the call, check it, say where it can be seen. 0 when all was heard, 1 otherwise, 2 where nothing runs."""
    django.setup()
    from config.demo import callers

    pair = callers()
    if not pair:
        say("Peerline has no demonstration people here. Open it first, in another window:  ./run start")
        return 2
    try:
        _Story(say, *pair).tell()
    except (AssertionError, OSError) as fault:
        say(f"NOT AS IT SHOULD BE: {fault}")
        return 1
    return 0


@dataclass(frozen=True)
class Caller:
    """A demonstration person with a telephone: nickname, PIN, and the port the numbers table sends their calls to."""

    person_id: int
    nickname: str
    pin: str
    port: int


class _Story:
    def __init__(self, say: Say, caller: Caller, partner: Caller) -> None:
        self._tell, self.caller, self.partner = say, caller, partner
        self._began, self._began_at = time.monotonic(), datetime.now(UTC)
        self._steps: dict[int, int] = {}

    def say(self, who: str, what: str) -> None:
        self._tell(f"{time.monotonic() - self._began:6.1f} s  {who:<10} {what}")

    def tell(self) -> None:
        from django.conf import settings

        with self._telephone(self.caller) as one, self._telephone(self.partner) as two:
            self.one, self.two = one, two
            self.say("", f"two telephones are ready ({one.stack}), the line is sip:line@{settings.SIP_BIND}")
            one.dial(f"sip:line@{settings.SIP_BIND}")
            self._identify()
            self._ring_partner()
            self._talk("they talk")
            self._aside()
            self._talk("they talk again")
            self._end()
        self._on_the_website()

    @staticmethod
    def _telephone(who: Caller) -> Any:
        from peerline.exchange.telephone.handset import Telephone

        return Telephone(who.nickname.lower(), port=who.port)

    def _identify(self) -> None:
        self.one.wait("answered", 10)
        self.say(self.caller.nickname, "dials the line, and it answers")
        self._asked(self.caller, "arrive.pin")
        self.one.press(self.caller.pin + "#")
        self.say(self.caller.nickname, "enters the PIN")
        self._asked(self.caller, "menu.main")

    def _ring_partner(self) -> None:
        self.one.press("1")
        self.say(self.caller.nickname, "presses 1, to talk to the partner")
        self.two.wait("incoming", 10)
        self.say(self.partner.nickname, "is rung, and picks up")
        self.two.tell("answer")
        self.two.wait("answered", 10)
        self._asked(self.partner, "pair.invited")
        self.two.press("1")
        self.say(self.partner.nickname, "presses 1, to talk")

    def _talk(self, words: str) -> None:
        self._asked(self.partner, "pair.talk")
        self.one.hum(CALLER_HZ)
        self.two.hum(PARTNER_HZ)
        for ear, hz, who in ((self.one, PARTNER_HZ, self.caller), (self.two, CALLER_HZ, self.partner)):
            ear.hear(hz, 15)
            self.say(who.nickname, f"hears the other ({hz} Hz)")
        self.say("", f"{words}, {TALK_SECONDS:.0f} seconds")
        time.sleep(TALK_SECONDS)
        self._check(
            self.one.hearing == PARTNER_HZ and self.two.hearing == CALLER_HZ, "both sides go on hearing each other"
        )

    def _aside(self) -> None:
        self.one.press("*")
        self.say(self.caller.nickname, "presses star, to step aside")
        self._asked(self.caller, "talk.aside")
        self.one.press("1")
        self._asked(self.caller, "messages.recording")
        self.one.tell("silence")
        self.one.hear(BEEP_HZ, 30)
        self.one.hear(-1, 5)
        self.one.hum(NURSE_HZ)
        self.say(self.caller.nickname, f"speaks to the nurse ({NURSE_HZ} Hz)")
        time.sleep(3.0)
        self.one.press("#")
        self._asked(self.caller, "messages.review")
        self.one.press("1")
        self.say(self.caller.nickname, "sends it, and goes back")
        self._asked(self.caller, "pair.back")

    def _end(self) -> None:
        self.one.tell("hang")
        self.say(self.caller.nickname, "hangs up")
        self.two.wait("ended", 25)
        self.say(self.partner.nickname, "hears the goodbye, and the line ends the call")
        from peerline.exchange.telephone.hearing import sounds

        heard = {sound.hz for sound in sounds(self.two.heard(), (CALLER_HZ, PARTNER_HZ, NURSE_HZ))}
        self._check(CALLER_HZ in heard, "the partner heard the caller")
        self._check(NURSE_HZ not in heard, "the partner heard nothing of the message to the nurse")

    def _on_the_website(self) -> None:
        from django.conf import settings

        from peerline.exchange.queries import calls, voice_messages

        mine = calls().filter(placed_by_id=self.caller.person_id, began_at__gte=self._began_at)
        call = self._eventually(lambda: mine.exclude(ended_at=None).first())
        self._check(call is not None and call.outcome == "talked", "the call stands in the log as talked")
        voice = voice_messages().filter(call=call, for_staff=True).first()
        self._check(voice is not None and voice.seconds >= 2, "the nurse has a new voicemail")
        self._check(_tones_in(voice.file) == {NURSE_HZ}, "the voicemail holds just what was spoken to the nurse")
        self._tell("")
        self._tell(
            f"  {self.caller.nickname} placed it, at {call.began_at:%H:%M} UTC; they talked {call.talk_seconds} seconds."
        )
        self._tell(f"  The call:       {settings.PUBLIC_URL}/calls/{call.pk}/")
        self._tell(f"  The voicemail:  {settings.PUBLIC_URL}/voicemail/")

    def _asked(self, who: Caller, name: str) -> None:
        """Wait until the line asks this person this, and tell what it said to them."""

        def there() -> bool:
            leg, turn = _turn_of(who.person_id)
            if leg is None or turn is None or turn.step is None:
                return False
            if self._steps.get(leg.pk) != leg.number:
                self._steps[leg.pk] = leg.number
                for sentence in _sentences(turn):
                    self.say("the line", f"to {who.nickname}: “{sentence}”")
            return bool(turn.step.name == name)

        if not self._eventually(there):
            raise NotAsItShould(f"{who.nickname} was never asked {name}")

    def _eventually(self, there: Callable[[], object], seconds: float = 30) -> object:
        until = time.monotonic() + seconds
        while not (found := there()) and time.monotonic() < until:
            time.sleep(0.1)
        return found

    def _check(self, held: object, what: str) -> None:
        if not held:
            raise NotAsItShould(what)
        self.say("checked", what)


def _turn_of(person_id: int) -> tuple[object, object]:
    """The person's living leg and where its dialogue stands. An unidentified caller's leg counts as the newest one."""
    from peerline.exchange.models import Leg
    from peerline.exchange.switchboard import turn_of

    legs = Leg.objects.filter(state="up").order_by("-pk")
    leg = legs.filter(person_id=person_id).first() or legs.filter(person=None).first()
    return (leg, turn_of(leg)) if leg else (None, None)


def _sentences(turn: object) -> list[str]:
    from peerline.exchange.prompts.catalogue import text_of

    return [text_of(spoken) for spoken in turn.said if spoken.prompt]


def _tones_in(file: str) -> set[int]:
    """Those of our tones that a sealed recording holds for more than half a second."""
    import numpy as np

    from peerline.exchange import voices
    from peerline.exchange.telephone.hearing import sounds

    samples = np.frombuffer(b"".join(voices.sound(file)), "<i2")
    heard = sounds(samples, (CALLER_HZ, PARTNER_HZ, NURSE_HZ))
    return {sound.hz for sound in heard if sound.hz > 0 and sound.ended - sound.began > 0.5}
