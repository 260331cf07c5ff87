"""Contacts are counted by the six elements, whichever room they are of (S100)."""

import pytest

from peerline.kernel import elements
from peerline.kernel.elements import Element


@pytest.fixture
def told(monkeypatch):
    monkeypatch.setattr(elements, "_told", {})


def test_there_are_six():
    assert [*Element] == ["access", "assessment", "goals", "education", "followup", "community"]


@pytest.mark.req("S100")
def test_what_several_rooms_know_of_a_person_is_added_up(told):
    elements.tell("plans", Element.GOALS, lambda program_id, people: {7: 2})
    elements.tell("groups", Element.GOALS, lambda program_id, people: {7: 1, 8: 1})
    found = elements.counts(12)
    assert found[Element.GOALS] == {7: 3, 8: 1}
    assert found[Element.ACCESS] == {}


def test_a_room_that_tells_again_is_not_counted_twice(told):
    for _ in range(2):
        elements.tell("plans", Element.GOALS, lambda program_id, people: {7: 2})
    assert elements.counts(12)[Element.GOALS] == {7: 2}
