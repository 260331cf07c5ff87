"""How calls end, in the port's words, whoever ends them."""

import time
from pathlib import Path

import pytest

from peerline.exchange.engines.embedded.causes import Ending, ending
from peerline.exchange.port import Answered, Perform
from peerline.exchange.telephone.handset import NotHeard, Telephone
from peerline.kernel.dialogue import Enter, Press, Record
from tests.exchange.embedded.conftest import LOST_SECONDS, NUMBERS, Stage, words
from tests.exchange.embedded.test_rooms import BOB_HZ, together


@pytest.mark.parametrize(
    ("text", "was_up", "ours", "meant"),
    [
        ("486 Busy Here", False, "", Ending("busy", 486, "them")),
        ("603 Decline", False, "", Ending("declined", 603, "them")),
        ("480 Temporarily Unavailable", False, "", Ending("no_answer", 480, "them")),
        ("404 Not Found", False, "", Ending("unreachable", 404, "them")),
        ("302 Moved Temporarily", False, "", Ending("failed", 302, "them")),
        ("Connection refused [111]", False, "", Ending("unreachable", 0, "")),
        ("Connection reset by peer [104]", True, "", Ending("hangup", 0, "them")),
        ("rtp stream error", True, "", Ending("lost", 0, "us")),
        ("Rejected by user", True, "hangup", Ending("hangup", 0, "us")),
        ("", False, "no_answer", Ending("no_answer", 0, "us")),
    ],
)
def test_a_close_reason_is_understood(text: str, was_up: bool, ours: str, meant: Ending):
    assert ending(text, was_up, ours) == meant


REFUSALS = [(486, "busy"), (603, "declined"), (404, "unreachable"), (480, "no_answer")]


@pytest.mark.sip
@pytest.mark.parametrize(("code", "cause"), REFUSALS)
def test_a_phone_that_refuses_says_why(stage: Stage, code: int, cause: str):
    bob = stage.phone("bob")
    leg = stage.ring("bob")
    bob.wait("incoming")
    bob.tell("reject", code=code)
    ended = stage.hung(leg)
    assert (ended.cause, ended.code, ended.by) == (cause, code, "them")


@pytest.mark.sip
def test_a_phone_in_another_call_is_busy(stage: Stage):
    stage.call_in(stage.phone("bob"), (), Press("wait"))
    ended = stage.hung(stage.ring("bob"))
    assert (ended.cause, ended.code) == ("busy", 486)


@pytest.mark.sip
def test_nothing_rings_for_ever(stage: Stage):
    bob = stage.phone("bob")
    leg = stage.ring("bob", seconds=1)
    bob.wait("incoming")
    ended = stage.hung(leg)
    assert (ended.cause, ended.by) == ("no_answer", "us")
    assert bob.wait("ended")["code"] == 487


@pytest.mark.sip
def test_an_address_where_nobody_listens_is_unreachable(stage: Stage):
    (stage.folder / "numbers.csv").write_text("number,address\n+17345550109,sip:nobody@127.0.0.1:9\n")
    leg = stage._next_leg()
    stage.engine.ring(leg, "+17345550109", 3, "nowhere")
    try:
        assert stage.hung(leg, 25).cause in ("unreachable", "no_answer")
    finally:
        stage.write_numbers()


@pytest.mark.sip
@pytest.mark.req("T7")
def test_a_number_that_the_table_does_not_cover_is_never_dialed(stage: Stage):
    leg = stage._next_leg()
    stage.engine.ring(leg, "+19005550100", 20, "premium")
    ended = stage.hung(leg)
    assert (ended.cause, ended.code, ended.by) == ("failed", 403, "us")


@pytest.mark.sip
@pytest.mark.req("T7")
def test_a_phone_that_sends_the_call_elsewhere_is_not_followed(stage: Stage):
    bob, carol = stage.phone("bob"), stage.phone("carol")
    leg = stage.ring("bob")
    bob.wait("incoming")
    bob.tell("reject", code=302, to=carol.address)
    ended = stage.hung(leg)
    assert (ended.cause, ended.code) == ("failed", 302)
    with pytest.raises(NotHeard):
        carol.wait("incoming", 1)


@pytest.mark.sip
@pytest.mark.req("T7")
def test_a_caller_who_asks_the_line_to_call_somebody_is_refused(stage: Stage):
    alice, carol = stage.phone("alice"), stage.phone("carol")
    leg = stage.call_in(alice, words(587), Press("choose"))
    alice.hear(587)
    alice.tell("refer", to=carol.address)
    with pytest.raises(NotHeard):
        carol.wait("incoming", 1.5)
    alice.press("1")
    assert stage.answer(leg) == "1"  # and the call goes on


@pytest.mark.sip
def test_a_ring_asked_for_twice_rings_once_and_can_be_called_off(stage: Stage):
    bob = stage.phone("bob")
    leg = stage.ring("bob")
    stage.engine.ring(leg, NUMBERS["bob"], 20, f"ring-{leg}")
    bob.wait("incoming")
    with pytest.raises(NotHeard):
        bob.wait("incoming", 0.5)
    stage.engine.hang(leg, "hangup")
    ended = stage.hung(leg)
    assert (ended.cause, ended.by) == ("hangup", "us")
    stage.engine.ring(leg, NUMBERS["bob"], 20, f"ring-{leg}")  # late: the process that asked had died
    with pytest.raises(NotHeard):
        bob.wait("incoming", 0.5)


@pytest.mark.sip
def test_the_line_hangs_up_on_a_leg_that_talks(stage: Stage):
    alice = stage.phone("alice")
    legs = together(stage, 31, "alice", "bob")
    alice.hear(BOB_HZ)
    stage.engine.hang(legs[0], "time")
    assert alice.wait("ended")["code"] == 200
    ended = stage.hung(legs[0])
    assert (ended.cause, ended.by) == ("time", "us")
    assert stage.engine.alive() == {legs[1]}


@pytest.mark.sip
@pytest.mark.req("R14")
def test_a_phone_that_falls_silent_for_good_is_lost_and_its_message_kept(stage: Stage):
    with Telephone("dora") as dora:
        dora.hum(440)
        leg = stage.call_in(dora, (), Record("message", 60, 30))
        time.sleep(2)
        dora.freeze()
        value = stage.answer(leg, seconds=LOST_SECONDS + 8)
        ended = stage.hung(leg)
        assert value["why"] == "hangup"
        assert value["seconds"] > 1
        assert (ended.cause, ended.by) == ("lost", "us")


@pytest.mark.sip
def test_a_partner_who_is_lost_does_not_take_the_other_along(stage: Stage):
    alice = stage.phone("alice")
    first = stage.call_in(alice, (), Enter("talk", 32))
    with Telephone("erin") as erin:
        second = stage.call_in(erin, (), Enter("talk", 32))
        erin.hum(BOB_HZ)
        alice.hear(BOB_HZ)
        erin.freeze()
        assert stage.hung(second, LOST_SECONDS + 8).cause == "lost"
        assert stage.engine.alive() == {first}
    stage.engine.perform(Perform(first, 2, words(587), Press("alone")))
    alice.hear(587)


def _one_call(stage: Stage, room: int) -> None:
    alice, bob = stage.phone("alice"), stage.phone("bob")
    leg = stage.call_in(alice, (), Enter("talk", room))
    partner = stage.ring("bob")
    bob.wait("incoming")
    bob.tell("answer")
    stage.switchboard.wait(Answered, leg_id=partner)
    alice.tell("hang")
    stage.hung(leg)
    stage.engine.hang(partner, "hangup")
    stage.hung(partner)
    alice.wait("ended")
    bob.wait("ended")


@pytest.mark.sip
@pytest.mark.req("R13")
def test_twenty_calls_in_a_row_leave_nothing_behind(stage: Stage):
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    _one_call(stage, 100)
    before, engine = open_files(), stage.engine
    for number in range(1, 21):
        _one_call(stage, 100 + number)
    time.sleep(0.5)
    assert open_files() <= before + 1
    assert not engine.alive() and not engine.lives.unnamed and not engine.line.legs and not engine.line._early
    assert not [room for room in engine.lives.rooms.values() if room.inboxes]
    assert len(engine._tasks) <= 3  # the pump, the poll, and one that is ending
