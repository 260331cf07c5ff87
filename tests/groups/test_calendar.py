"""A person's calendar: well formed, secret, revocable, and silent about any illness."""

import re
from datetime import timedelta

import pytest

from peerline.groups import feeds, services
from peerline.messaging.rules import TELLING
from tests.cast import sign_in


def lines_of(text):
    """Unfolded (RFC 5545, 3.1)."""
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")) and text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")


@pytest.fixture
def feed(circle):
    session = circle.plan(place="Diabetes center, José's room; second floor, " + "far behind " * 6)
    circle.comes(session, circle.people[0])
    circle.session = session
    return circle


def test_it_says_when_and_that_it_moved_or_was_canceled(feed):
    me = feed.people[0]
    lines = lines_of(feeds.calendar_of(me.pk))
    assert "DTSTART:20261207T160000Z" in lines and "DTEND:20261207T173000Z" in lines
    assert "SEQUENCE:0" in lines and "STATUS:CONFIRMED" in lines
    services.change(feed.staff, session_id=feed.session.pk, begins_at=feed.session.begins_at + timedelta(days=1))
    assert {"DTSTART:20261208T160000Z", "SEQUENCE:1"} <= set(lines_of(feeds.calendar_of(me.pk)))
    services.cancel(feed.staff, session_id=feed.session.pk)
    assert {"STATUS:CANCELLED", "SEQUENCE:2"} <= set(lines_of(feeds.calendar_of(me.pk)))


@pytest.mark.req("T5")
def test_no_word_of_it_names_an_illness(feed):
    text = feeds.calendar_of(feed.people[0].pk)
    assert TELLING.search(text) is None and "LOCATION" not in text
    assert TELLING.search(feed.session.place), "the place itself would have told"
    services.change(feed.staff, session_id=feed.session.pk, place="Room 2; José, left")
    assert "LOCATION:Room 2\\; José\\, left" in lines_of(feeds.calendar_of(feed.people[0].pk))


def test_its_address_is_secret_its_own_and_can_be_taken_back(feed, client):
    me, other = (feed.as_(one) for one in feed.people[:2])
    first = feeds.make_address(me)
    assert client.get(f"/calendar/{first.token}/").status_code == 200
    assert "BEGIN:VEVENT" not in feeds.feed(feeds.make_address(other).token), "everybody sees their own"
    second = feeds.make_address(me)
    assert feeds.feed(first.token) is None, "a new one makes the old one worthless"
    feeds.take_back(me)
    assert client.get(f"/calendar/{second.token}/").status_code == client.get("/calendar/x/").status_code == 404
    assert len(re.sub(r"[\w-]", "", first.token)) == 0 and len(first.token) >= 32


def test_one_session_can_be_saved_as_a_file(feed, client):
    sign_in(client, feed.people[0])
    answer = client.get(f"/my/sessions/{feed.session.pk}/calendar/")
    assert answer["Content-Type"].startswith("text/calendar") and b"BEGIN:VEVENT" in answer.content
    sign_in(client, feed.people[1])
    assert client.get(f"/my/sessions/{feed.session.pk}/calendar/").status_code == 404
