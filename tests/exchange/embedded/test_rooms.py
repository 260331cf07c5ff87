"""Two and three people in a room: who hears whom, and who does not."""

import time

import numpy as np
import pytest

from peerline.exchange.engines.embedded.room import mix_minus
from peerline.exchange.port import Entered, Incoming, Perform
from peerline.exchange.telephone.handset import Telephone
from peerline.exchange.telephone.hearing import both, loudness, sounds
from peerline.kernel.dialogue import Enter, Press
from tests.exchange.embedded.conftest import Stage, words

ALICE_HZ, BOB_HZ, CAROL_HZ = 400, 880, 1175


def together(stage: Stage, room: int, *names: str) -> list[int]:
    """These people in this room: the first one dials in, the others are rung. Each hums their own tone."""
    legs = [stage.call_in(stage.phone(names[0]), (), Enter("talk", room))]
    stage.switchboard.wait(Entered, leg_id=legs[0])
    legs += [stage.pick_up(name, room) for name in names[1:]]
    for name, hz in zip(names, (ALICE_HZ, BOB_HZ, CAROL_HZ), strict=False):
        stage.phone(name).hum(hz, 0.2)
    return legs


def last(phone: Telephone, seconds: float) -> np.ndarray:
    """What the phone heard in the latest seconds."""
    time.sleep(seconds + 0.5)
    return phone.heard()[-int(seconds * 8000) :]


def test_each_leg_gets_the_sum_of_the_others():
    frames = np.array([[1, 10], [2, 20], [30000, -30000]], np.int16)
    assert mix_minus(frames).tolist() == [[30002, -29980], [30001, -29990], [3, 30]]


def test_a_sum_that_is_too_loud_is_clipped_and_does_not_wrap():
    frames = np.full((3, 1), 30000, np.int16)
    assert mix_minus(frames).tolist() == [[32767]] * 3


@pytest.mark.sip
@pytest.mark.req("S1", "S3", "S8")
def test_two_hear_each_other_and_the_one_who_stays_hears_only_the_hold_tone(stage: Stage):
    alice, bob = stage.phone("alice"), stage.phone("bob")
    legs = together(stage, 11, "alice", "bob")
    alice.hear(BOB_HZ)
    bob.hear(ALICE_HZ)
    alice.press("*")
    assert stage.answer(legs[0]) == "key"
    stage.engine.tone(11, "hold")
    stage.engine.perform(Perform(legs[0], 2, words(587), Press("aside")))
    alice.hear(587)
    bob.hear(523)
    waited = last(bob, 2)
    assert loudness(waited, ALICE_HZ) < 30  # nothing of the one who stepped aside
    assert {sound.hz for sound in sounds(waited, (523, 659, ALICE_HZ, 587)) if sound.hz > 0} <= {523, 659}
    assert loudness(last(alice, 1), BOB_HZ) < 30  # and the other way round
    alice.press("2")
    stage.answer(legs[0], 2)
    stage.engine.perform(Perform(legs[0], 3, (), Enter("talk", 11)))
    stage.engine.tone(11, "")
    alice.hear(BOB_HZ)
    bob.hear(ALICE_HZ)


@pytest.mark.sip
def test_whoever_waits_in_a_room_hears_it_ring(stage: Stage):
    alice = stage.phone("alice")
    stage.engine.tone(12, "ringing")
    stage.call_in(alice, (), Enter("talk", 12))
    stage.switchboard.wait(Entered)
    assert both(last(alice, 1.5), 440, 480) > 0.9
    stage.engine.tone(12, "")
    alice.hear(-1)


@pytest.mark.sip
@pytest.mark.req("S21")
def test_of_three_each_hears_the_other_two_and_not_themselves(stage: Stage):
    names, tones = ("alice", "bob", "carol"), (ALICE_HZ, BOB_HZ, CAROL_HZ)
    legs = together(stage, 13, *names)
    time.sleep(2)
    for name, own in zip(names, tones, strict=True):
        heard = stage.phone(name).heard()[-12000:]
        others = [hz for hz in tones if hz != own]
        assert both(heard, *others) > 1.1, name
        assert loudness(heard, own) < 150 < 1500 < min(loudness(heard, hz) for hz in others), name
    stage.phone("alice").press("*")
    assert stage.answer(legs[0]) == "key"
    stage.engine.perform(Perform(legs[0], 2, (), Press("aside")))
    heard = last(stage.phone("bob"), 1)
    assert loudness(heard, CAROL_HZ) > 300 > 30 > loudness(heard, ALICE_HZ)


@pytest.mark.sip
@pytest.mark.req("S21")
def test_whoever_comes_late_hears_the_two_who_talk_and_is_heard(stage: Stage):
    legs = together(stage, 18, "alice", "bob")
    stage.phone("alice").hear(BOB_HZ)
    legs.append(stage.call_in(stage.phone("carol"), (), Enter("talk", 18)))
    stage.switchboard.wait(Entered, leg_id=legs[2])
    stage.phone("carol").hum(CAROL_HZ, 0.2)
    time.sleep(2)
    for name, own in (("alice", ALICE_HZ), ("bob", BOB_HZ), ("carol", CAROL_HZ)):
        heard = stage.phone(name).heard()[-12000:]
        others = [hz for hz in (ALICE_HZ, BOB_HZ, CAROL_HZ) if hz != own]
        assert loudness(heard, own) < 150 < 1500 < min(loudness(heard, hz) for hz in others), name


@pytest.mark.sip
@pytest.mark.req("T7")
def test_other_keys_neither_leave_the_room_nor_reach_the_partner(stage: Stage):
    alice, bob = stage.phone("alice"), stage.phone("bob")
    legs = together(stage, 14, "alice", "bob")
    bob.hear(ALICE_HZ)
    alice.press("12#")
    time.sleep(1.5)
    bob.settle()
    assert not [event for event in bob.past if event["event"] == "key"]
    alice.press("*")
    assert stage.answer(legs[0]) == "key"


@pytest.mark.sip
def test_a_partner_who_hangs_up_leaves_the_other_in_the_room(stage: Stage):
    alice, bob = stage.phone("alice"), stage.phone("bob")
    legs = together(stage, 15, "alice", "bob")
    alice.hear(BOB_HZ)
    bob.tell("hang")
    assert stage.hung(legs[1]).by == "them"
    assert stage.engine.alive() == {legs[0]}
    stage.engine.perform(Perform(legs[0], 2, words(587), Press("alone")))
    alice.hear(587)


@pytest.mark.sip
def test_what_was_said_to_the_machine_before_is_not_heard_in_the_room(stage: Stage):
    alice, bob = stage.phone("alice"), stage.phone("bob")
    first = stage.call_in(alice, (), Enter("talk", 16))
    stage.switchboard.wait(Entered, leg_id=first)
    second = stage._next_leg()
    wait = Perform(second, 1, (), Press("wait"))
    stage.switchboard.asked = lambda report: wait if isinstance(report, Incoming) else None
    bob.hum(BOB_HZ)
    bob.dial(stage.address)
    bob.wait("answered")
    time.sleep(1.5)
    bob.tell("silence")
    time.sleep(0.5)
    stage.engine.perform(Perform(second, 2, (), Enter("talk", 16)))
    assert loudness(last(alice, 1), BOB_HZ) < 30
