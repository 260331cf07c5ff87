"""Scripts of telephone lives: seeded acts of several people, played on any engine; what they hear must be the same (F3).

A script is made on the simulated engine, by people who do something sensible most of the time, and is then data: who does
what, in which order. A stage plays it; after each act it says what every telephone hears and is asked.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from django.db import transaction

from peerline.exchange.models import Call, Leg, Member, Room, VoiceMessage
from peerline.exchange.switchboard import turn_of
from peerline.kernel import clock
from peerline.kernel.dialogue import Enter, Keys, Meet, Press, Record, Secret, Step
from tests.exchange.conftest import ELM, ROSA, THIRD

NUMBERS = (ROSA, ROSA, ELM, THIRD, "+17345550199", "")
MOST_TELEPHONES, ACTS = 4, 24
SECONDS_AN_ACT = 10


class Act(NamedTuple):
    """who: the telephone's place in the order of the legs. verb: dial, answer, refuse, keys, silence, speak, hang_up."""

    who: int
    verb: str
    what: str = ""


class Stage(Protocol):
    """An engine with telephones at it. Every act is played to its end before the next."""

    def dial(self, number: str) -> None: ...
    def answer(self, leg: Leg) -> None: ...
    def refuse(self, leg: Leg, cause: str) -> None: ...
    def keys(self, leg: Leg, keys: str) -> None: ...
    def silence(self, leg: Leg) -> None: ...
    def speak(self, leg: Leg, why: str) -> None: ...
    def hang_up(self, leg: Leg) -> None: ...
    def transcript(self, leg: Leg) -> list[str]:
        """Prompts by key, voice messages as "voice N", steps as [name]."""

    def tone(self, leg: Leg) -> str:
        """What a leg alone in a room hears."""

    def hears(self, leg: Leg) -> set[int]:
        """The legs it hears now."""


def legs() -> list[Leg]:
    return list(Leg.objects.defer("telephone").order_by("pk"))


def step_of(leg: Leg) -> Step | None:
    return turn_of(leg).step if leg.state == "up" else None


TALK = [Act(0, "dial", ROSA), Act(0, "keys", "111111"), Act(0, "keys", "1"), Act(1, "answer"), Act(1, "keys", "1")]


class Writer:
    """Writes one script act by act, looking at how the life goes. Every other one begins with two people who talk."""

    def __init__(self, seed: int) -> None:
        self.chance, self.opening = random.Random(seed), list(TALK) if seed % 2 else []

    def next(self) -> Act:
        if self.opening:
            return self.opening.pop(0)
        everybody = legs()
        live = [place for place, leg in enumerate(everybody) if leg.state != "over"]
        if not live or (len(everybody) < MOST_TELEPHONES and self.chance.random() < 0.15):
            return Act(len(everybody), "dial", self.chance.choice(NUMBERS))
        who = self.chance.choice(live)
        return self._act_of(who, everybody[who])

    def _act_of(self, who: int, leg: Leg) -> Act:
        if leg.state == "ringing":
            verb = self.chance.choice(["answer"] * 4 + ["busy", "no_answer", "declined"])
            return Act(who, verb) if verb == "answer" else Act(who, "refuse", verb)
        step, luck = step_of(leg), self.chance.random()
        if luck < 0.07:
            return Act(who, "hang_up")
        if isinstance(step, Record):
            return Act(who, "speak", self.chance.choice(["key", "silence"]))
        if luck < 0.17 and not isinstance(step, Meet | Enter):
            return Act(who, "silence")
        return Act(who, "keys", self._keys(step))

    def _keys(self, step: Step | None) -> str:
        likely = {"arrive.pin": "111111", "arrive.own_pin": "111111", "arrive.number": ROSA[2:] + "#", "menu.main": "1"}
        if isinstance(step, Meet | Enter):
            return self.chance.choice("**57#")
        if step is not None and step.name in likely and self.chance.random() < 0.8:
            return likely[step.name]
        if isinstance(step, Press):
            return self.chance.choice("1111223390*#54")
        assert isinstance(step, Keys | Secret), step
        some = "".join(self.chance.choice("123456789") for _ in range(self.chance.randint(1, step.most)))
        return self.chance.choice(["*", "0", "#", some, some[: step.most - 1] + step.ends])


def play(stage: Stage, act: Act) -> None:
    if act.verb == "dial":
        stage.dial(act.what)
        return
    leg = legs()[act.who]
    getattr(stage, act.verb)(leg, *([act.what] if act.what else []))


def seen(stage: Stage) -> list[object]:
    """What every telephone hears and is asked now."""
    everybody = legs()
    places = {leg.pk: place for place, leg in enumerate(everybody)}
    found: list[object] = []
    for leg in everybody:
        step = step_of(leg)
        heard = sorted(places[pk] for pk in stage.hears(leg)) if isinstance(step, Meet | Enter) else []
        found.append((leg.state, leg.cause, step.name if step else "", heard, "" if heard else stage.tone(leg)))
    return found


Look = Callable[[Stage], list[object]]


def written() -> dict[str, object]:
    """What the life left in the tables, without numbers that only the database chose."""
    everybody = legs()
    places = {leg.pk: place for place, leg in enumerate(everybody)}
    return {
        "calls": list(Call.objects.order_by("pk").values_list("way", "outcome", "talk_seconds", "placed_by", "label")),
        "legs": [(leg.state, leg.cause, leg.person_id, leg.language, _plain(leg.journal)) for leg in everybody],
        "members": sorted(
            (places[member.leg_id], member.state, member.why, member.ever_in, member.hears)
            for member in Member.objects.all()
        ),
        "rooms": Room.objects.filter(closed_at=None).count(),
        "voices": [
            (voice.author_id, voice.to_person_id, voice.for_staff, voice.state, voice.seconds, voice.label)
            for voice in VoiceMessage.objects.order_by("pk")
        ],
    }  # fmt: skip


def _plain(journal: list[list[object]]) -> list[object]:
    """Answers by the name of their step; ids of rooms and messages left out."""
    return [
        (asked[:2], answer if not isinstance(answer, list | dict) else len(answer), hung)
        for asked, answer, hung in journal
    ]


def numbered(transcript: list[str]) -> list[str]:
    """Voice messages by their place among those of this life."""
    order = {
        f"voice {pk}": f"voice #{place}"
        for place, pk in enumerate(VoiceMessage.objects.order_by("pk").values_list("pk", flat=True))
    }
    return [order.get(line, line) for line in transcript]


class Life(NamedTuple):
    """What one script brought about."""

    acts: list[Act]
    states: list[list[object]]
    transcripts: list[list[str]]
    tables: dict[str, object]


class Clock:
    """Stands still but for its ticks."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def live(
    stage: Stage, *, seed: int = 0, length: int = ACTS, acts: list[Act] | None = None,
    between: Callable[[], None] = lambda: None, afterwards: Callable[[], None] = lambda: None, look: Look = seen,
) -> Life:  # fmt: skip
    """Play these acts, or write and play the script of this seed; everybody hangs up at the end. Leaves no row behind.

    between: what happens after each act; afterwards: a day later. look: what is noted of every telephone after each act.
    """
    timer, writer = Clock(), Writer(seed)
    with transaction.atomic(), clock.running_on(timer):
        done: list[Act] = []
        states = []
        while len(done) < (length if acts is None else len(acts)):
            act = writer.next() if acts is None else acts[len(done)]
            play(stage, act)
            between()
            done.append(act)
            states.append(look(stage))
            timer.tick(SECONDS_AN_ACT)
        states += _ended(stage, between, look)
        timer.tick(24 * 3600)
        afterwards()
        life = Life(done, states, [numbered(stage.transcript(leg)) for leg in legs()], written())
        transaction.set_rollback(True)
    return life


def _ended(stage: Stage, between: Callable[[], None], look: Look) -> list[list[object]]:
    """Everybody who is left hangs up, one after the other."""
    states = []
    for leg in legs():
        leg.refresh_from_db()
        if leg.state != "over":
            stage.refuse(leg, "no_answer") if leg.state == "ringing" else stage.hang_up(leg)
            between()
            states.append(look(stage))
    return states
