"""Rooms put cards on each other's pages without knowing each other."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template

from peerline.ui import shelves

PAGE = Template('{% load peerline %}{% shelf "my" 7 %}')


@pytest.fixture
def an_empty_shelf(monkeypatch):
    monkeypatch.setitem(shelves._shelves, "my", {})


def shown():
    return PAGE.render(Context({"request": SimpleNamespace(viewer=None)}))


@pytest.mark.usefixtures("an_empty_shelf")
def test_cards_stand_in_their_order_and_tell_of_the_person_asked_for():
    shelves.put("my", lambda viewer, person_id: shelves.Piece("Second", f"for {person_id}"), order=20)
    shelves.put("my", lambda viewer, person_id: shelves.Piece("First", "", url="/there/", action="Go"), order=10)
    page = shown()
    assert page.index("First") < page.index("Second")
    assert "for 7" in page
    assert 'href="/there/"' in page


@pytest.mark.usefixtures("an_empty_shelf")
def test_a_room_with_nothing_to_say_takes_no_place():
    shelves.put("my", lambda viewer, person_id: None)
    assert "pl-card" not in shown()


@pytest.mark.usefixtures("an_empty_shelf")
def test_what_a_card_says_is_escaped():
    shelves.put("my", lambda viewer, person_id: shelves.Piece("<b>Plan</b>", "<script>"))
    assert "<script>" not in shown()
    assert "<b>" not in shown()
