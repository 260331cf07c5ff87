"""Whoever calls through a text relay is given time, and a line with nobody there still ends."""

import pytest

from peerline.exchange import patience
from peerline.exchange.models import Leg
from peerline.people import services as people
from peerline.people.access import PLATFORM
from tests.exchange.conftest import ELM, ROSA

pytestmark = pytest.mark.req("S17")


@pytest.fixture
def relay(town):
    people.change_facts(PLATFORM, person_id=town.rosa.pk, needs_relay=True)
    return town


def silences_until_over(town, telephone, most=200):
    for count in range(most):
        if telephone.over:
            return count
        town.line.silence(telephone)
    return most


def test_every_key_is_waited_for_four_times_as_long_from_the_first_question_on(relay):
    slow, quick = relay.line.dial(ROSA), relay.line.dial(ELM)
    assert (slow.asked, quick.asked) == ("arrive.pin", "arrive.pin")
    assert slow.now.step.seconds == quick.now.step.seconds * patience.TIMES
    relay.line.press(slow, "111111")
    relay.line.press(quick, "111111")
    assert slow.asked == "menu.main" and slow.now.step.seconds == quick.now.step.seconds * patience.TIMES


def test_a_silence_is_met_with_the_same_question_and_is_no_mistake(relay):
    telephone = relay.identified()
    said, journal = telephone.heard, Leg.objects.get(pk=telephone.leg_id).journal
    for _ in range(patience.MOST):
        relay.line.silence(telephone)
        assert telephone.asked == "menu.main" and telephone.heard == said
    assert Leg.objects.get(pk=telephone.leg_id).journal == journal
    relay.line.press(telephone, "3")
    assert telephone.asked == "menu.settings" and Leg.objects.get(pk=telephone.leg_id).silences == 0


def test_somebody_slow_with_the_pin_has_more_than_three_tries_of_silence(relay):
    telephone = relay.line.dial(ROSA)
    for _ in range(2 * patience.MOST):
        relay.line.silence(telephone)
        assert telephone.asked == "arrive.pin"
    relay.line.press(telephone, "111111")
    assert telephone.asked == "menu.main"


def test_others_keep_their_three_tries(relay):
    telephone = relay.identified(ELM)
    assert silences_until_over(relay, telephone) == 3


def test_a_line_with_nobody_there_ends(relay):
    telephone = relay.identified()
    assert silences_until_over(relay, telephone) == 3 * (patience.MOST + 1)


def test_a_message_may_have_long_pauses(relay):
    telephone = relay.identified()
    relay.line.press(telephone, "0")
    step = telephone.now.step
    assert step.name == "messages.recording" and (step.silence_seconds, step.seconds) == (24, 720)


def test_who_is_rung_is_given_time_too(relay):
    elm = relay.identified(ELM)
    relay.line.press(elm, "1")
    rosa = relay.line.ringing_at(ROSA)
    relay.line.answer(rosa)
    assert Leg.objects.get(pk=rosa.leg_id).slow and not Leg.objects.get(pk=elm.leg_id).slow
    for _ in range(patience.MOST):
        relay.line.silence(rosa)
    relay.line.press(rosa, "1")
    assert relay.line.rooms[rosa.now.step.room] == {elm.leg_id, rosa.leg_id}
