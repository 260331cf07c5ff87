"""A stage for scripts.py: telephones that call the embedded engine by SIP, RTP and RFC 4733.

An act is over when every leg has been told what the switchboard decided and waits for its telephone again.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from peerline.exchange.models import Leg, Member
from peerline.kernel.dialogue import Enter, Keys, Meet, Record, Secret
from tests.exchange.embedded.house import HUSH, Guest
from tests.exchange.embedded.loopback import Loopback
from tests.exchange.scripts import step_of

A_SENTENCE, A_LISTEN, A_WHILE = 0.3, 0.06, 3
DEAF_SECONDS = 0.3  # so young, a call of this stack may take two equal keys for one; no finger is that fast
LONGEST_ACT = 15


class EmbeddedStage:
    """Fingers, ears and voices in, sound out."""

    def __init__(self, line: Loopback) -> None:
        self.line, self.house = line, line.house
        self.guests: dict[int, Guest] = {}
        self._pressed: Counter[int] = Counter()
        self._deaf_until: dict[int, float] = {}
        self._heard: dict[int, tuple[set[int], set[int]]] = {}  # who was in the room, who was heard
        line.begin_again()

    # --- waiting until an act is over -------------------------------------------------------------------------------

    def _until(self, came: Callable[[], bool], what: str) -> None:
        assert self._within(LONGEST_ACT, came), f"{what} never came\n" + self._report()

    def _within(self, seconds: float, came: Callable[[], bool]) -> bool:
        until = time.monotonic() + seconds
        while not (is_here := came()) and time.monotonic() < until:
            self.line.serve()
        return is_here

    def _report(self) -> str:
        """Both sides of a disagreement, and what went between them."""
        rows = Leg.objects.values_list("pk", "state", "number", "cause")
        keys = f"pressed {dict(self._pressed)}, came {dict(self.line.keys_in)}"
        return "\n".join([f"engine: {self.line.facts()}", f"table: {list(rows)}", keys, *self.line.past])

    def _settle(self) -> None:
        """Twice at rest: a deed that was just handed to the engine's loop shows in the second look."""
        self._until(lambda: self._rests() and self._rests(), "rest")

    def _rests(self) -> bool:
        facts = self.line.facts()
        if facts.unnamed or facts.ending or not self.line.asked.empty():
            return False
        known = {leg.pk: leg for leg in Leg.objects.defer("telephone", "journal").exclude(state="over")}
        up = {pk: leg.number for pk, leg in known.items() if leg.state == "up"}
        ringing = set(known) - set(up)
        return (
            facts.rests == up and facts.others == ringing and all(self._rings(leg_id) for leg_id in sorted(ringing))
            and not Member.objects.filter(state="in", hears=False).exists()
        )  # fmt: skip

    def _rings(self, leg_id: int) -> bool:
        """Whether its telephone rings; the first one of its number that nobody claimed is its own."""
        if leg_id not in self.guests:
            number = Leg.objects.get(pk=leg_id).telephone
            guest = next((one for one in self.house.ringing if one.number == number), None)
            if guest is None:
                return False
            self.house.ringing.remove(guest)
            self.guests[leg_id] = guest
        return True

    def _gone_on(self, leg: Leg) -> bool:
        """The leg's step was answered, or the leg is over."""
        now = Leg.objects.values_list("number", "state").get(pk=leg.pk)
        return now != (leg.number, leg.state)

    def _live(self, leg: Leg) -> Any:
        return self.line.engine.lives.legs.get(leg.pk)

    # --- acts -------------------------------------------------------------------------------------------------------

    def dial(self, number: str) -> None:
        self.line.arrived, guest = 0, self.house.call(number)
        self._until(lambda: bool(self.line.arrived) and guest.up, "an answer to a call")
        self.guests[self.line.arrived] = guest
        self._deaf_until[self.line.arrived] = time.monotonic() + DEAF_SECONDS
        self._settle()

    def answer(self, leg: Leg) -> None:
        self.house.answer(self.guests[leg.pk])
        self._deaf_until[leg.pk] = time.monotonic() + DEAF_SECONDS
        self._until(lambda: self._gone_on(leg), "the news that somebody picked up")
        self._settle()

    def refuse(self, leg: Leg, cause: str) -> None:
        self.house.refuse(self.guests[leg.pk], cause)
        self._until(lambda: self._gone_on(leg), "the news of a refusal")
        self._settle()

    def keys(self, leg: Leg, keys: str) -> None:
        """All the keys and then nothing, as long as it takes."""
        self._press(leg, keys)
        self._settle()
        if not self._gone_on(leg) and isinstance(step_of(leg), Keys | Secret):
            self.silence(leg)

    def _press(self, leg: Leg, keys: str) -> None:
        """Key by key; who sees that nothing happens presses it again."""
        self.house.run(self._deaf_until.pop(leg.pk, 0) - time.monotonic())
        for key in keys:
            self._pressed[leg.pk] += 1
            for _ in range(3):
                self.line.pressed += 1
                self.guests[leg.pk].press(key)
                if self._within(A_WHILE, lambda: self.line.keys_in[leg.pk] >= self._pressed[leg.pk]):
                    break
                self.line.lost += 1
                self.line.losses.append("\n".join([f"leg {leg.pk}, {keys}, {key}", *list(self.line.past)[-12:]]))

    def silence(self, leg: Leg) -> None:
        if isinstance(step_of(leg), Meet | Enter):
            return
        live = self._live(leg)
        self._until(lambda: live in self.line.told.listening, "the end of the words")
        self.line.on_loop(lambda: self.line.told.fall_silent(live))
        self._until(lambda: self._gone_on(leg), "the end of a silence")
        self._settle()

    def speak(self, leg: Leg, why: str) -> None:
        guest = self._says_something(leg)
        if why == "key":
            self._press(leg, "#")
        else:
            guest.says = HUSH
        self._until(lambda: self._gone_on(leg), "a recording")
        guest.says = None
        self._settle()

    def _says_something(self, leg: Leg) -> Guest:
        guest = self.guests[leg.pk]
        guest.says = guest.voice
        self.house.run(A_SENTENCE)
        return guest

    def hang_up(self, leg: Leg) -> None:
        if isinstance(step_of(leg), Record):
            self._says_something(leg)
        self.house.drop(self.guests[leg.pk])
        self._until(lambda: Leg.objects.filter(pk=leg.pk, state="over").exists(), "the end of a call")
        self._settle()

    # --- what they hear ---------------------------------------------------------------------------------------------

    def transcript(self, leg: Leg) -> list[str]:
        return list(self.line.told.told[leg.pk])

    def tone(self, leg: Leg) -> str:
        live = self._live(leg)
        return live.room.tone if live and live.room else ""

    def hears(self, leg: Leg) -> set[int]:
        """By ear: listened to whenever somebody came or went."""
        inside = {other.id for other in self._live(leg).room.inboxes} - {leg.pk}
        if self._heard.get(leg.pk, (None,))[0] != inside:
            self._heard[leg.pk] = (inside, self._listened(self.guests[leg.pk], inside))
        return self._heard[leg.pk][1]

    def _listened(self, guest: Guest, inside: set[int]) -> set[int]:
        """Whose voices come. Where more than two are mixed, each speaks alone, to be told from the others."""
        turns = [{leg_id} for leg_id in self.guests] if len(inside) > 1 else [set(self.guests)]
        return set().union(*(self._heard_while(speakers, guest, inside) for speakers in turns))

    def _heard_while(self, speakers: set[int], guest: Guest, inside: set[int]) -> set[int]:
        """Whose voices come while these speak, after two seconds at most in which they may become the room's."""
        until, voices = time.monotonic() + 2, {one.voice: leg_id for leg_id, one in self.guests.items()}
        self._say(speakers)
        while True:
            guest.heard.clear()
            self.house.run(A_LISTEN)
            heard = {voices[voice] for voice in guest.heard if voice in voices}
            if heard == inside & speakers or time.monotonic() > until:
                self._say(set())
                return heard

    def _say(self, speakers: set[int]) -> None:
        """These and nobody else, but for those who are being recorded."""
        for leg_id, guest in self.guests.items():
            live = self.line.engine.lives.legs.get(leg_id)
            guest.says = guest.voice if leg_id in speakers and live is not None and live.tape is None else None
