"""A dialogue that was changed under a live call: the caller is told, the call ends kindly, nothing hangs for ever."""

import pytest

from peerline.exchange.dialogues import FRONT_DOOR, dialogues
from peerline.exchange.models import Leg
from peerline.kernel.dialogue import Press
from tests.exchange.test_talk import nobody_is_left_over


@pytest.fixture
def changed(monkeypatch):
    """From now on the front door asks one thing more, before all others."""

    def change():
        before = dialogues[FRONT_DOOR]

        def after(*args):
            yield Press("a.new.question")
            yield from before(*args)

        monkeypatch.setitem(dialogues, FRONT_DOOR, after)

    return change


def test_a_key_pressed_after_the_change_leads_to_kind_words_and_an_end(town, changed):
    rosa = town.identified()
    changed()
    town.line.press(rosa, "1")
    assert rosa.asked == "rescue.wait" and "rescue.sorry" in rosa.transcript
    assert Leg.objects.get().old_journal is not None
    town.line.silence(rosa)
    assert rosa.over and "goodbye" in rosa.transcript
    nobody_is_left_over()


def test_whoever_talks_with_somebody_whose_dialogue_was_changed_is_not_left_alone(town, changed):
    rosa, elm = town.talking()
    changed()
    town.line.hang_up(elm)
    assert rosa.asked == "rescue.wait"
    town.line.silence(rosa)
    nobody_is_left_over()


def test_hanging_up_after_the_change_ends_the_call(town, changed):
    rosa = town.identified()
    changed()
    town.line.hang_up(rosa)
    nobody_is_left_over()
