"""The whole story over a carrier: two people talk, one steps aside and leaves the nurse a message, comes back, hangs up."""

import random

import pytest

from peerline.exchange import voices
from peerline.exchange.models import Call, Leg, VoiceMessage
from tests.exchange.conftest import ELM
from tests.exchange.test_talk import nobody_is_left_over


def step_of(call) -> str:
    from peerline.exchange.switchboard import turn_of

    return turn_of(Leg.objects.get(ref=call.sid)).step.name


def talking(exchange):
    rosa = exchange.dial()
    exchange.press(rosa, "1111111")
    elm = exchange.ringing()
    exchange.answer(elm)
    exchange.press(elm, "1")
    return rosa, elm


@pytest.mark.req("S1", "S2", "S3", "S8", "S9")
def test_the_whole_story_is_heard_over_a_carrier(exchange):
    rosa = exchange.dial()
    exchange.press(rosa, "111111")
    assert step_of(rosa) == "menu.main"
    exchange.press(rosa, "1")
    assert exchange.carrier.tones[rosa.sid].endswith("/ringing.wav")
    elm = exchange.ringing()
    assert (elm.number, elm.fields["From"]) == (ELM, "+18005550142")
    exchange.answer(elm)
    exchange.press(elm, "1")
    assert exchange.carrier.hears(rosa) == [elm] and exchange.carrier.hears(elm) == [rosa]

    exchange.press(rosa, "*")
    assert step_of(rosa) == "talk.aside"
    assert exchange.carrier.tones[elm.sid].endswith("/hold.wav")
    exchange.press(rosa, "1")
    spoken = random.Random(5).randbytes(16_000 * 3)
    exchange.press(rosa, "5")  # into the words before the beep: skips them
    exchange.speak(rosa, pcm=spoken)
    exchange.press(rosa, "1")
    assert step_of(rosa) == "pair.back"
    assert exchange.carrier.hears(rosa) == [elm] and exchange.carrier.hears(elm) == [rosa]

    message = VoiceMessage.objects.get()
    assert (message.for_staff, message.state, message.seconds) == (True, "kept", 3.0)
    assert b"".join(voices.sound(message.file)) == spoken
    assert set(exchange.carrier.recordings) == exchange.carrier.dropped, "the carrier keeps a copy"
    exchange.hang_up(rosa)
    exchange.carrier.silence(elm)
    exchange.settle()
    assert elm.over
    nobody_is_left_over()
    assert set(Leg.objects.values_list("cause", "ended_by")) == {("hangup", "them"), ("hangup", "us")}
    assert Call.objects.get().label == f"pair:{exchange.town.pair.pk}"
