"""One caller and the line: words, keys, and what becomes of them."""

import time

import pytest

from peerline.exchange.engines.embedded.steps import Steps
from peerline.exchange.port import Answer, Incoming, Perform
from peerline.exchange.telephone.handset import Telephone
from peerline.exchange.telephone.hearing import sounds
from peerline.kernel.dialogue import Hang, Keys, Press, Secret
from tests.exchange.embedded.conftest import NUMBERS, Stage, words

pytestmark = pytest.mark.sip


def seconds_of(phone: Telephone, hz: int) -> float:
    return sum(sound.ended - sound.began for sound in sounds(phone.heard(), (hz,)) if sound.hz == hz)


@pytest.mark.req("S1", "S17")
def test_a_caller_hears_the_words_and_the_key_comes_back(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, words(587, 784), Press("choose"))
    alice.hear(587)
    alice.hear(784)
    alice.press("7")
    assert stage.answer(leg) == "7"


def test_the_caller_is_known_by_the_table_of_numbers(stage: Stage):
    alice = stage.phone("alice")
    stage.call_in(alice, (), Press("choose"))
    call = stage.switchboard.wait(Incoming)
    assert (call.from_number, call.to_number) == (NUMBERS["alice"], "+18005550142")


def test_a_key_falls_into_the_words_and_is_kept(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, words(587, 587, 587, 587), Press("choose"))
    alice.hear(587)
    alice.press("4")
    assert stage.answer(leg) == "4"
    time.sleep(0.6)
    assert seconds_of(alice, 587) < 2  # of four


def test_keys_that_come_too_early_are_kept_for_the_next_steps(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, words(587), Press("first"))
    alice.press("123")
    assert stage.answer(leg) == "1"
    time.sleep(1.0)
    stage.engine.perform(Perform(leg, 2, words(784), Press("second")))
    assert stage.answer(leg, 2) == "2"
    stage.engine.perform(Perform(leg, 3, words(784), Press("third")))
    assert stage.answer(leg, 3) == "3"


@pytest.mark.req("S2")
def test_a_number_is_keyed_and_its_late_end_key_falls_nowhere(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, (), Keys("number", most=4))
    alice.press("7345#")
    assert stage.answer(leg) == "7345"
    stage.engine.perform(Perform(leg, 2, words(784, 784), Press("right", seconds=2)))
    assert stage.answer(leg, 2) == ""


def test_a_short_number_ends_with_the_end_key_and_a_slow_one_with_silence(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, (), Keys("count", most=9))
    alice.press("73#")
    assert stage.answer(leg) == "73"
    stage.engine.perform(Perform(leg, 2, (), Secret("pin", "entry.pin", seconds=1)))
    alice.press("12")
    assert stage.answer(leg, 2) == "12"
    stage.engine.perform(Perform(leg, 3, (), Keys("count", most=9)))
    alice.press("0")
    assert stage.answer(leg, 3, 2) == "0"  # one of the keys that are answered at once


def test_nothing_pressed_is_answered_with_nothing(stage: Stage):
    leg = stage.call_in(stage.phone("alice"), (), Press("choose", seconds=1))
    assert stage.answer(leg) == ""


def test_a_newer_step_replaces_the_one_under_way_and_an_older_or_repeated_one_does_not(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, words(587, 587, 587), Press("old"))
    alice.hear(587)
    stage.engine.perform(Perform(leg, 5, words(784, 784, 784), Press("new")))
    alice.hear(784, 1.5)
    stage.engine.perform(Perform(leg, 4, words(988), Press("late")))
    stage.engine.perform(Perform(leg, 5, words(988), Press("twice")))
    alice.press("9")
    assert stage.answer(leg, 5) == "9"
    assert 988 not in {sound.hz for sound in sounds(alice.heard(), (587, 784, 988))}


def test_the_line_says_goodbye_and_hangs_up(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, words(587), Hang())
    alice.press("1")
    alice.hear(587)
    assert alice.wait("ended")["code"] == 200
    ended = stage.hung(leg)
    assert (ended.cause, ended.by) == ("hangup", "us")
    assert seconds_of(alice, 587) > 0.6  # of one: the key did not cut it short


def test_the_caller_hangs_up(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, words(587), Press("choose"))
    alice.hear(587)
    alice.tell("hang")
    ended = stage.hung(leg)
    assert (ended.cause, ended.by) == ("hangup", "them")
    assert leg not in stage.engine.alive()


def test_a_caller_whom_the_switchboard_does_not_want_is_told_busy(stage: Stage):
    alice = stage.phone("alice")
    alice.dial(stage.address)
    assert alice.wait("ended")["code"] == 486


def test_words_that_cannot_be_played_are_silence_and_the_call_goes_on(stage: Stage):
    broken = {
        "lies": lambda: stage.tone_file(words(587)[0]).read_bytes()[:4] + b"\xff" * 4 + stage.tone_file(words(587)[0]).read_bytes()[8:40] + b"\xff\xff\xff\x7f" + stage.tone_file(words(587)[0]).read_bytes()[44:],
        "text": lambda: b"this is no sound",
        "empty": lambda: b"",
        "gone": lambda: stage.folder / "nowhere.wav",
        "raises": lambda: 1 / 0,
    }  # fmt: skip
    stage.sounds = lambda spoken: broken[spoken.prompt]() if spoken.prompt in broken else stage.tone_file(spoken)
    alice = stage.phone("alice")
    said = (
        *words(),
        *(words(784)[0]._replace(prompt=name) for name in ("text", "empty", "gone", "raises", "lies")),
        *words(784),
    )
    leg = stage.call_in(alice, said, Press("choose"))
    alice.hear(587)  # the file that lies about its length is played as far as it goes
    alice.hear(784)
    alice.press("1")
    assert stage.answer(leg) == "1"


def test_one_legs_fault_ends_that_leg_only(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    real = Steps.keys

    async def faulty(self: Steps, leg, step):
        if step.name == "faulty":
            raise RuntimeError("planted")
        return await real(self, leg, step)

    monkeypatch.setattr(Steps, "keys", faulty)
    alice, bob = stage.phone("alice"), stage.phone("bob")
    good = stage.call_in(alice, words(587), Press("choose"))
    bad = stage.call_in(bob, words(587), Press("faulty"))
    assert stage.hung(bad).cause == "failed"
    alice.press("1")
    assert stage.answer(good) == "1"


def test_a_switchboard_that_fails_once_is_asked_again(stage: Stage):
    alice = stage.phone("alice")
    leg = stage.call_in(alice, words(587), Press("choose"))
    failures = [RuntimeError("database is locked")]

    def asked(report):
        if failures:
            raise failures.pop()

    stage.switchboard.asked = asked
    alice.press("1")
    assert stage.answer(leg) == "1"
    assert stage.answer(leg) == "1"  # the same report, a second time


@pytest.mark.req("R4")
def test_when_the_switchboard_fails_the_caller_hears_so_and_the_call_ends(stage: Stage):
    alice, said = stage.phone("alice"), []
    leg = stage.call_in(alice, words(587), Press("first"))

    def no_disk(report):
        if isinstance(report, Answer):
            raise OSError(28, "No space left on device")

    def sorry(spoken):
        said.append(spoken.prompt)
        return stage.tone_file(spoken._replace(prompt="784"))

    alice.hear(587)
    stage.switchboard.asked, stage.sounds = no_disk, sorry
    alice.press("1")
    alice.hear(784)
    alice.wait("ended")
    assert said == ["rescue.sorry", "goodbye"]
    assert stage.hung(leg).cause == "failed"
