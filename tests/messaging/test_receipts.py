"""Carriers tell how a text does twice, out of order, late, or not at all: the end is as if each had come once (R8)."""

import random
from datetime import timedelta

import pytest
from django.core import mail

from peerline.messaging import outbox, queries, reminders, services
from peerline.messaging.models import Message, Reminder
from peerline.people.access import viewer_of
from tests.lengths import length
from tests.messaging.conftest import work

pytestmark = pytest.mark.django_db
HISTORIES = length(10_000, 200)
AT_ONCE = 50
ENDS = ("delivered", "delivered", "undelivered", "failed", "sent", "")


def remind(person, key: str, hours: int = 24) -> None:
    words = services.Text("A note", f"Note {key}.")
    until = reminders.clock.now() + timedelta(hours=hours)
    assert services.remind(person.pk, kind="test", key=key, words=lambda _language: words, not_after=until)


def history(chance: random.Random) -> list[str]:
    """What a carrier says of one text, once and in order."""
    end = chance.choice(ENDS)
    return [
        word for word in ("queued", "sending", "sent", end) if (word and chance.random() < 0.9) or word == end != ""
    ]


def unruly(chance: random.Random, told: list[str]) -> list[str]:
    """The same, each up to five times, in any order."""
    found = [word for word in told for _ in range(chance.choice((1, 1, 2, 5)))]
    chance.shuffle(found)
    return found


def end_of(key: str) -> tuple:
    reminder = Reminder.objects.get(key=key)
    tries = [(one.channel, one.outcome) for one in queries.tries_of(reminder.pk)]
    words = list(reminder.messages.order_by("pk").values_list("word", flat=True))
    return reminder.state, tries, words


@pytest.fixture
def told_to(rosa, texts, client, settings):
    settings.TEXTS_A_SECOND = 1e9
    services.choose(viewer_of(rosa.pk), person_id=rosa.pk, first="sms", also=["email"])

    def tell(key: str, words: list[str], *, by_door: bool) -> None:
        message = Message.objects.get(key=f"{key}#1")
        for word in words:
            if by_door:
                url, fields = texts.news_of(texts.sent[message.receipt], word)
                assert texts.knock(client, url, fields).status_code == 204
            else:
                outbox.noted(message.pk, word, receipt=message.receipt)

    return tell


def differing(told_to, rosa) -> int:
    """How many histories end otherwise than the same told once and in order; each different one is told once in order."""
    chance, found, once = random.Random(17), 0, {}
    for begin in range(0, HISTORIES, AT_ONCE):
        histories = {f"unruly:{number}": tuple(history(chance)) for number in range(begin, begin + AT_ONCE)}
        orderly = {f"once:{told}": told for told in set(histories.values()) if told not in once}
        for key in [*orderly, *histories]:
            remind(rosa, key)
        work()
        for key, told in orderly.items():
            told_to(key, list(told), by_door=False)
        for number, (key, told) in enumerate(histories.items()):
            told_to(key, unruly(chance, list(told)), by_door=number % 10 == 0)
        work()
        once |= {told: end_of(key) for key, told in orderly.items()}
        found += sum(end_of(key) != once[told] for key, told in histories.items())
        mail.outbox.clear()
    return found


@pytest.mark.req("R8")
def test_however_news_comes_the_end_is_as_if_it_had_come_once(told_to, rosa):
    assert differing(told_to, rosa) == 0


@pytest.mark.req("R8")
def test_a_state_that_the_last_news_overwrites_is_found(told_to, rosa, monkeypatch):
    monkeypatch.setattr(f"{__name__}.HISTORIES", AT_ONCE)
    monkeypatch.setattr(outbox, "joined", lambda known, news: news)
    assert differing(told_to, rosa) > 0


@pytest.mark.req("R8", "R9")
def test_a_carrier_that_tells_nothing_is_asked_before_another_way_is_taken(rosa, texts, time, settings):
    services.choose(viewer_of(rosa.pk), person_id=rosa.pk, first="sms", also=["email"])
    remind(rosa, "k")
    work()
    [text] = texts.sent.values()
    text.status = "delivered"
    time.go(minutes=20)
    assert texts.asked == 1 and not mail.outbox and Reminder.objects.get().state == "delivered"


@pytest.mark.req("R8")
def test_news_that_comes_a_day_late_finds_what_asking_found(rosa, texts, time, client):
    services.choose(viewer_of(rosa.pk), person_id=rosa.pk, first="sms", also=["email"])
    remind(rosa, "k", hours=6)
    work()
    [text] = texts.sent.values()
    text.status = "undelivered"
    time.go(minutes=20)
    before = end_of("k")
    assert [one.channel for one in queries.tries_of(Reminder.objects.get().pk)] == ["sms", "email"]
    time.at += timedelta(days=1)
    for word in ("queued", "sent", "undelivered"):
        texts.knock(client, *texts.news_of(text, word))
    work()
    assert end_of("k") == before and len(mail.outbox) == 1
