"""The carrier of texts fails in every way carriers do: the others are used within a minute, and nothing comes twice (R9)."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail

from peerline.carrier import rest
from peerline.kernel import clock
from peerline.messaging import outbox, rules, services
from peerline.messaging.models import Reminder
from peerline.people.access import viewer_of
from tests import cast
from tests.messaging.conftest import with_mobile

pytestmark = pytest.mark.django_db
HOW_MANY = 24


@pytest.fixture
def people(rosa, monkeypatch, settings):
    monkeypatch.setattr(rest, "SECONDS", 0.2)
    settings.TEXTS_A_SECOND = 2
    everybody = [rosa]
    for number in range(HOW_MANY - 1):
        person = cast.somebody(rosa.organization, email=f"p{number}@example.org", nickname=f"Wren {number}")
        with_mobile(person, f"+1734555{2000 + number}")
        everybody.append(person)
    return everybody


def remind(people, also=("email",), urgency=5):
    for person in people:
        services.choose(viewer_of(person.pk), person_id=person.pk, first="sms", also=also)
        words = services.Text("A note", f"Note for {person.pk}.")
        until = clock.now() + timedelta(hours=6)
        services.remind(
            person.pk,
            kind="test",
            key=f"k:{person.pk}",
            urgency=urgency,
            words=lambda _, words=words: words,
            not_after=until,
        )


def came(texts) -> Counter:
    """How often each reminder came to somebody, over all ways; a text that the carrier has, came."""
    return Counter([text.body for text in texts.sent.values()] + [one.body for one in mail.outbox])


@pytest.mark.req("R9")
@pytest.mark.parametrize("mode", ["503", "429", "500", "closed"])
def test_within_a_minute_another_way_is_used_where_it_surely_was_not_taken(people, texts, time, mode, settings):
    if mode == "closed":
        settings.CARRIER = settings.CARRIER | {"url": "http://127.0.0.1:9"}
    texts.mode = mode
    remind(people)
    time.go(seconds=59, each=5)
    # After a plain 500 nobody knows whether it was taken: those few wait until the carrier can be asked.
    unsure = rules.REFUSALS_UNTIL_AWAY + 3 if mode == "500" else 0
    assert len(came(texts)) >= HOW_MANY - unsure and max(came(texts).values()) == 1
    texts.mode = ""
    time.go(minutes=20, each=30)
    assert came(texts) == Counter(f"Note for {person.pk}." for person in people)


@pytest.mark.req("R9")
@pytest.mark.parametrize("mode", ["500 after", "hangs"])
def test_what_the_carrier_took_without_saying_so_comes_once(people, texts, time, mode):
    texts.mode = mode
    remind(people[:12])
    time.go(seconds=60, each=5)
    texts.mode = ""
    time.go(minutes=20, each=30)
    assert came(texts) == Counter(f"Note for {person.pk}." for person in people[:12])


@pytest.mark.req("R9")
def test_where_no_other_way_is_allowed_the_backlog_leaves_by_urgency_and_as_fast_as_the_carrier_takes(
    people, texts, time
):
    texts.mode = "503"
    remind(people[: HOW_MANY // 2], also=(), urgency=9)
    remind(people[HOW_MANY // 2 :], also=(), urgency=0)
    time.go(minutes=3, each=10)
    assert not texts.sent
    texts.mode = ""
    while not texts.sent:
        time.go(seconds=1, each=1)
    time.go(seconds=20, each=1)
    assert len(texts.sent) == HOW_MANY and max(came(texts).values()) == 1
    order = [text.body for text in texts.sent.values()]
    urgent = {f"Note for {person.pk}." for person in people[HOW_MANY // 2 :]}
    assert sum(body in urgent for body in order[: HOW_MANY // 2]) >= HOW_MANY // 2 - 2  # one probe went first
    each_second = Counter(text.at.replace(microsecond=0) for text in texts.sent.values())
    assert max(each_second.values()) <= 2


@pytest.mark.req("R9")
def test_a_worker_that_takes_every_silence_for_a_no_is_found(people, texts, time, monkeypatch):
    from peerline.messaging import channels
    from peerline.messaging.channels import sms

    monkeypatch.setattr(sms, "Unsure", channels.NotNow)
    with pytest.raises(AssertionError):
        test_what_the_carrier_took_without_saying_so_comes_once(people, texts, time, "500 after")


def test_the_reminders_are_all_accounted_for(people, texts, time):
    texts.mode = "503"
    remind(people[:3], also=())
    time.go(hours=7, each=900)
    assert set(Reminder.objects.values_list("state", flat=True)) == {"missed"}
    assert outbox.Message.objects.count() == 0
