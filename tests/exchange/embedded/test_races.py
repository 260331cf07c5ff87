"""Things that happen at the same moment, or in the wrong order, or while the switchboard is slow."""

import os
import random
import threading
import time
from collections import Counter

import pytest

from peerline.exchange.engines.embedded.crowd import Crowd
from peerline.exchange.port import Answer, Answered, Hung, Incoming, Perform, Report
from peerline.exchange.telephone.hearing import loudness, tone_of
from peerline.kernel.dialogue import Enter, Hang, Keys, Press, Record
from tests.exchange.embedded.conftest import NUMBERS, Stage, words
from tests.exchange.embedded.test_rooms import BOB_HZ, together

pytestmark = pytest.mark.sip


def test_a_slow_switchboard_does_not_hold_up_the_conversation(stage: Stage):
    alice = stage.phone("alice")
    legs = together(stage, 61, "alice", "bob")
    alice.hear(BOB_HZ)
    place, busy = len(alice.heard()), threading.Event()

    def slow(report: Report) -> None:
        busy.set()
        time.sleep(2)

    stage.switchboard.asked = slow
    stage.call_in_unanswered(stage.phone("carol"))
    assert busy.wait(5)
    time.sleep(2.2)
    heard = alice.heard()[place:]
    windows = [heard[start : start + 800] for start in range(0, len(heard) - 800, 800)]
    assert len(windows) >= 18
    assert sum(tone_of(window, (BOB_HZ,)) == -1 for window in windows) <= 1
    assert set(legs) <= stage.engine.alive()


def test_a_caller_who_gives_up_before_the_switchboard_has_answered_is_reported_gone(stage: Stage):
    alice, leg = stage.phone("alice"), stage._next_leg()

    def slow(report: Report) -> Perform | None:
        if isinstance(report, Incoming):
            time.sleep(1)
            return Perform(leg, 1, words(587), Press("choose"))
        return None

    stage.switchboard.asked = slow
    alice.dial(stage.address)
    alice.wait("ringing")
    alice.tell("hang")
    alice.wait("ended")
    assert stage.hung(leg).by == "them"
    assert leg not in stage.engine.alive()


def test_a_step_told_from_outside_during_a_report_is_not_lost(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, (), Press("choose"))

    def slow(report: Report) -> None:
        if isinstance(report, Answer) and report.step == 1:
            stage.engine.perform(Perform(leg, 3, words(784), Press("newer")))
            time.sleep(0.5)

    stage.switchboard.asked = slow
    alice.press("1")
    alice.hear(784)
    alice.press("2")
    assert stage.answer(leg, 3) == "2"


def test_the_newer_of_two_steps_wins_when_the_report_returns_one_too(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, (), Press("choose"))

    def both(report: Report) -> Perform | None:
        if isinstance(report, Answer) and report.step == 1:
            stage.engine.perform(Perform(leg, 2, words(988), Press("older")))
            return Perform(leg, 3, words(784), Press("newer"))
        return None

    stage.switchboard.asked = both
    alice.press("1")
    alice.hear(784)
    alice.press("2")
    assert stage.answer(leg, 3) == "2"


def test_a_ring_called_off_as_it_is_answered_ends_once(stage: Stage):
    bob = stage.phone("bob")
    for pause in (0.0, 0.002, 0.005, 0.01, 0.03):
        leg = stage.ring("bob")
        bob.wait("incoming")
        bob.tell("answer")
        time.sleep(pause)
        stage.engine.hang(leg, "hangup")
        bob.wait("ended")
        assert stage.hung(leg).by == "us"
        time.sleep(0.1)
    hangs = Counter(report.leg_id for report in stage.switchboard.past if isinstance(report, Hung))
    assert set(hangs.values()) == {1}


def test_both_hang_up_at_once_and_each_leg_ends_once(stage: Stage):
    alice = stage.phone("alice")
    legs = together(stage, 62, "alice", "bob")
    alice.hear(BOB_HZ)
    alice.tell("hang")
    for leg in legs:
        stage.engine.hang(leg, "hangup")
    ended = {stage.switchboard.wait(Hung).leg_id for _ in legs}
    assert ended == set(legs)
    time.sleep(0.5)
    assert stage.switchboard.reports.empty()


def test_a_leg_that_leaves_its_room_hears_nothing_more_of_it_at_once(stage: Stage):
    alice = stage.phone("alice")
    legs = together(stage, 63, "alice", "bob")
    alice.hear(BOB_HZ)
    stage.engine.perform(Perform(legs[0], 9, (), Press("silence", seconds=60)))
    time.sleep(1.5)
    assert loudness(alice.heard()[-4000:], BOB_HZ) < 10


class Chance:
    """A switchboard that answers each report with some step, by a seeded chance, and remembers who must still hang up."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage, self.random, self.legs = stage, random.Random(seed), 5000
        self.hung: Counter[int] = Counter()
        self.begun: set[int] = set()
        self.partners: list[int] = []
        self.closing = False  # from now on everybody is only said goodbye to

    def __call__(self, report: Report) -> Perform | None:
        match report:
            case Incoming():
                return self.step(self.new_leg(), 1)
            case Hung():
                self.hung[report.leg_id] += 1
                return None
            case Answered():
                return self.step(report.leg_id, 1)
            case Answer():
                return self.step(report.leg_id, report.step + 1)
        return None

    def new_leg(self) -> int:
        self.legs += 1
        self.begun.add(self.legs)
        return self.legs

    def step(self, leg: int, number: int) -> Perform | None:
        if self.closing:
            return Perform(leg, number, (), Hang())
        rooms = self.random.randint(900, 904)
        if self.random.random() < 0.2:
            partner = self.new_leg()
            self.partners.append(partner)
            self.stage.engine.ring(partner, self.random.choice(list(NUMBERS.values())), 2, f"ring-{partner}")
        if self.random.random() < 0.1:
            self.stage.engine.tone(rooms, self.random.choice(["", "hold", "ringing"]))
        kinds = [
            Press("p", seconds=1),
            Keys("k", 3, seconds=1),
            Record("r", 2, 1),
            Enter("e", rooms),
            Enter("e", rooms),
            Hang(),
        ]
        return Perform(leg, number, words(587)[: self.random.randint(0, 1)], self.random.choice(kinds))


@pytest.mark.req("F1", "R13")
@pytest.mark.long
@pytest.mark.skipif(
    not os.environ.get("PEERLINE_LONG"), reason="a soak that needs the whole machine: ./run test --long"
)
def test_of_a_crowd_that_does_as_it_likes_every_leg_ends_exactly_once(stage: Stage, request: pytest.FixtureRequest):
    """Dozens of telephones dial, press, hang up and are hung up on, all at once; seeded."""
    request.addfinalizer(stage.write_numbers)
    chance, crowd = Chance(stage, 20), Crowd(f"127.0.0.1:{stage.port}")
    (stage.folder / "numbers.csv").write_text(
        "".join(f"{number},sip:crowd@{crowd.place}\n" for number in NUMBERS.values())
    )
    stage.switchboard.asked = chance
    until, number = time.monotonic() + 12, 0
    while time.monotonic() < until:
        number += 1
        crowd.dial(f"chance-{number}")
        crowd.run(0.08)
        for phone in list(crowd.phones.values()):
            if phone.up and chance.random.random() < 0.3:
                phone.key(chance.random.randint(0, 11))
            elif phone.up and chance.random.random() < 0.08:
                crowd.drop(phone)
        if chance.random.random() < 0.2 and chance.begun:
            stage.engine.hang(chance.random.choice(sorted(chance.begun)), "time")
    chance.closing = True
    for leg in stage.engine.alive():
        stage.engine.hang(leg, "hangup")
    crowd.run(8, until=lambda: not stage.engine.alive() and set(chance.hung) == chance.begun)
    engine = stage.engine
    assert number > 50
    assert len(chance.partners) > 5
    assert not engine.alive()
    assert not engine.lives.unnamed
    assert {leg: times for leg, times in chance.hung.items() if times != 1} == {}
    assert set(chance.hung) == chance.begun
    assert not [room for room in engine.lives.rooms.values() if room.inboxes]
