"""The five barriers that keep pairs from talking, met one after the other in the life of one pair (S19)."""

from datetime import UTC, datetime, timedelta

import pytest

from peerline.pairs.models import Pair
from peerline.programs import timeline
from tests.cast import sign_in
from tests.exchange.conftest import ELM, ROSA

LATER = timedelta(days=10)


@pytest.mark.req("S19")
def test_numbers_cost_initiative_monitoring_and_nursing_care(place, client, settings, time_machine):
    settings.ENGINE, line = "simulated", place.town.line

    def pages(role, *paths):
        sign_in(client, place.who(role))
        return " ".join(client.get(path).content.decode() for path in paths)

    # Reluctance to share numbers: nothing that Elm's telephone or page got holds Rosa's.
    mine = pages("participant", "/my/", "/my/messages/")
    heard = " ".join(words for one in line.telephones.values() if one.number == ELM for words in one.transcript)
    assert heard and not any(digits in mine + heard for digits in (ROSA[1:], ROSA[2:], ROSA[-7:]))

    # Cost: one toll-free number, and the line may ring both.
    assert "The call is free." in mine and "Call Maple now" in mine

    # Lack of initiative: after ten days of silence the line rings by itself, and one key joins the two.
    now = datetime(2026, 12, 8, 16, 0, tzinfo=UTC)
    time_machine.move_to(now, tick=False)
    Pair.objects.update(began_at=now - LATER, silent_since=now - LATER)
    timeline.tick()
    line.settle()
    called = next(one for one in line.telephones.values() if one.ringing and not one.over)
    line.answer(called)
    assert called.heard[0] == "remind.silent"
    line.press(called, "1")
    other = next(one for one in line.telephones.values() if one.ringing and not one.over)
    line.answer(other)
    line.press(other, "1")
    assert {called.number, other.number} == {ROSA, ELM} and len(line.rooms[other.now.step.room]) == 2

    # Hard to monitor: staff see that they talk just now, and what was before.
    live, log = pages("coordinator", "/calls/live/"), pages("administrator", "/calls/")
    assert "Maple" in live and "Elm" in live and "Left a message" in log

    # Not made for nursing care: what was said to the nurse in the middle of the talk is on the nurse's desk.
    desk = pages("nurse", "/desk/")
    assert "Maple" in desk and "Listen" in desk
