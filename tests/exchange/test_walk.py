"""Random lives of eight telephones on the real switchboard and database: nothing gets stuck, nobody meets a stranger (F1)."""

import os
import random
from dataclasses import replace

import pytest
from django.db import transaction

from peerline.exchange import services, switchboard
from peerline.exchange.models import Call, Effect, Leg, Member, Room, VoiceMessage
from peerline.exchange.port import Answer, Answered
from peerline.outcomes import services as asking
from peerline.people.access import PLATFORM
from tests.exchange.conftest import ELM, ROSA, THIRD

LIVES, CALLS = (1_920, 10_000) if os.environ.get("PEERLINE_LONG") else (192, 1_000)  # at least so many calls in all
PARTS = 4
ACTS_A_LIFE = 24
NUMBERS = (ROSA, ELM, THIRD, "+17345550199", "")


class Life:
    """One seeded life on a line; `step` does one thing and looks whether all is still as it must be."""

    def __init__(self, town, seed: int) -> None:
        self.town, self.line, self.chance, self.calls = town, town.line, random.Random(seed), 0
        self.line.telephones.clear()
        self.line.rooms.clear()

    def live(self) -> list:
        return [one for one in self.line.telephones.values() if not one.over]

    def step(self) -> None:
        live = self.live()
        if not live or (len(live) < 8 and self.chance.random() < 0.2):
            self.dial()
        else:
            self._do(self.chance.choice(live))
        if self.chance.random() < 0.5:
            self.look()

    def dial(self) -> None:
        self.calls += 1
        self.line.dial(self.chance.choice(NUMBERS))

    def _do(self, telephone) -> None:
        if telephone.ringing:
            act = self.chance.choice(["answer"] * 3 + ["busy", "no_answer", "declined"])
            self.line.answer(telephone) if act == "answer" else self.line.refuse(telephone, act)
            return
        act = self.chance.random()
        if act < 0.06:
            self.line.hang_up(telephone)
        elif act < 0.14:
            self.line.silence(telephone)
        elif act < 0.18:
            self._again(telephone)
        else:
            self.line.press(telephone, self._keys(telephone))

    def _keys(self, telephone) -> str:
        likely = {"arrive.pin": "111111", "arrive.own_pin": "111111", "arrive.number": ROSA[2:] + "#", "menu.main": "1"}
        if telephone.asked in likely and self.chance.random() < 0.8:
            return likely[telephone.asked]
        return "".join(self.chance.choice("1234567890*#") for _ in range(self.chance.choice((1, 1, 1, 3))))

    def _again(self, telephone) -> None:
        """The same report twice, as a carrier may send it: nothing may change."""
        number = Leg.objects.get(pk=telephone.leg_id).number
        switchboard.take("simulated", Answer(telephone.leg_id, telephone.now.number - 1, "1"))
        switchboard.take("simulated", Answered(telephone.leg_id))
        assert Leg.objects.get(pk=telephone.leg_id).number == number, "an answer that came twice counted twice"

    def look(self) -> None:
        for telephone in self.live():
            assert telephone.ringing or telephone.now is not None
            leg = Leg.objects.get(pk=telephone.leg_id)
            assert (leg.state == "ringing") == telephone.ringing
            assert telephone.ringing or leg.number == telephone.now.number, "the telephone performs an old step"
        for room_id, inside in self.line.rooms.items():
            members = set(Member.objects.filter(room_id=room_id, state="in").values_list("leg_id", flat=True))
            assert members == inside, "a leg hears a room it is not in, or the other way round"
            people = list(Leg.objects.filter(pk__in=inside).values_list("person_id", flat=True))
            assert len(people) == len(set(people)) and set(people) <= {self.town.rosa.pk, self.town.elm.pk}
            ringing = Member.objects.filter(room_id=room_id, state="ringing").values_list("person_id", flat=True)
            assert not set(ringing) & set(people), "somebody is rung who is already there"

    def end(self) -> None:
        for telephone in self.live():
            if not telephone.over:
                self.line.refuse(telephone, "no_answer") if telephone.ringing else self.line.hang_up(telephone)
        for rows in (
            Leg.objects.exclude(state="over"),
            Room.objects.filter(closed_at=None),
            Member.objects.exclude(state="gone"),
            Call.objects.filter(ended_at=None),
            Effect.objects.filter(done_at=None),
            VoiceMessage.objects.filter(state="kept", to_person=None, for_staff=False),
        ):
            assert not rows.exists(), f"left over: {rows.model.__name__}"


def live_one(town, seed: int) -> int:
    """Live it, and leave no row behind. How many calls came in."""
    with transaction.atomic():
        asking.open_sheet(
            PLATFORM,
            enrollment_id=town.rosa.enrollments.get().pk,
            occasion="baseline",
            instruments=["phq2", "confidence"],
        )
        life = Life(town, seed)
        for _ in range(ACTS_A_LIFE):
            life.step()
        life.end()
        transaction.set_rollback(True)
    return life.calls


@pytest.mark.req("F1")
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_eight_telephones_do_nothing_is_stuck_or_doubled(town, part):
    calls = 0
    for seed in range(part, LIVES, PARTS):
        try:
            calls += live_one(town, seed)
        except AssertionError as fault:
            raise AssertionError(f"life {seed}: {fault}") from fault
    assert calls >= CALLS / PARTS, "too few calls to prove anything"


FAULTS = {
    "a room forgets to close": ("peerline.exchange.rooms._close_if_empty", lambda desk, room: None),
    "a ring is lost": ("peerline.exchange.effects.Outbox.perform", lambda self, leg: None),
    "a hang is lost": ("peerline.exchange.effects.Outbox.hang", lambda self, leg, cause: None),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_walk_catches_a_planted_fault(town, monkeypatch, fault):
    place, instead = FAULTS[fault]
    monkeypatch.setattr(place, instead)
    with pytest.raises(AssertionError):
        for seed in range(60):
            live_one(town, seed)


def test_a_late_answer_that_counts_is_caught(town, monkeypatch):
    proper = switchboard._take

    def careless(engine, report):
        if isinstance(report, Answer):
            report = replace(report, step=Leg.objects.get(pk=report.leg_id).number)
        return proper(engine, report)

    monkeypatch.setattr(switchboard, "_take", careless)
    with pytest.raises(AssertionError):
        for seed in range(60):
            live_one(town, seed)


def test_legs_of_a_dead_engine_are_closed(town):
    rosa, elm = town.talking()
    town.line.press(rosa, "*")
    assert services.end_lost_legs("simulated", set()) == 2
    assert not Leg.objects.exclude(state="over").exists()
    assert not Room.objects.filter(closed_at=None).exists()
    assert Call.objects.get().ended_at is not None
    del elm


@pytest.mark.req("R4")
def test_a_leg_whose_end_could_not_be_written_is_closed_soon_after(town):
    rosa, elm = town.talking()
    alive = {rosa.leg_id}
    suspected = services.end_silent_legs("simulated", alive, set())
    assert suspected == {elm.leg_id} and Leg.objects.exclude(state="over").count() == 2, "once is no proof"
    assert services.end_silent_legs("simulated", alive, suspected) == set()
    assert Leg.objects.get(pk=elm.leg_id).cause == "lost"
    assert services.end_silent_legs("simulated", alive, set()) == set(), "Rosa's telephone is there"
