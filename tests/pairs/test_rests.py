"""One of a pair takes a rest: the other is told once, nobody is reminded, what is left waits, and then both go on."""

from datetime import UTC, datetime, timedelta

import pytest

from peerline.care.models import Need
from peerline.care.services import notice
from peerline.exchange.models import VoiceMessage
from peerline.jobs.services import drain
from peerline.messaging.models import Message, Reminder, Written
from peerline.pairs import mail, rest_news, services, talk_times
from peerline.pairs.rules import PairError
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from peerline.programs import services as programs
from peerline.programs import timeline
from tests import cast
from tests.exchange.conftest import ELM, town  # noqa: F401

TUESDAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)  # 11 in the morning in Detroit
DAY = timedelta(days=1)


@pytest.fixture
def two(town, time_machine, settings):  # noqa: F811
    """Nine days without a talk, and a reminder call is due."""
    settings.ENGINE = "simulated"
    time_machine.move_to(TUESDAY, tick=False)
    town.pair.began_at = town.pair.silent_since = TUESDAY - 9 * DAY
    town.pair.save()
    return town


def rests(two, person, until=None):
    programs.pause(viewer_of(person.pk), enrollment_id=person.enrollments.get().pk, until=until)
    drain()


def back(person):
    programs.resume(viewer_of(person.pk), enrollment_id=person.enrollments.get().pk)
    drain()


def said_to(person) -> list[str]:
    return list(
        Reminder.objects.filter(person=person, kind__startswith="pairs.")
        .exclude(state="dropped")
        .order_by("pk")
        .values_list("body", flat=True)
    )


@pytest.mark.req("S7", "S121")
def test_the_pair_of_somebody_who_rests_is_not_reminded_and_the_partner_is_told_once_without_a_reason(two):
    rests(two, two.elm, until=(TUESDAY + 14 * DAY).date())
    timeline.tick()
    two.line.settle()
    assert two.line.ring_log == []
    [words] = said_to(two.rosa)
    assert "Elm takes a rest until December 15." in words and said_to(two.elm) == []
    rest_news.began(two.elm.enrollments.get().pk, two.elm.enrollments.get().rest_began_at.isoformat())
    assert len(said_to(two.rosa)) == 1


@pytest.mark.req("S7")
def test_when_they_are_back_the_partner_hears_it_and_silence_counts_from_then_on(two, time_machine):
    rests(two, two.elm)
    assert "tell you when it is over" in said_to(two.rosa)[0]
    Reminder.objects.update(state="delivered")
    time_machine.shift(12 * DAY)
    back(two.elm)
    assert "Elm is back" in said_to(two.rosa)[1] and len(said_to(two.rosa)) == 2
    two.pair.refresh_from_db()
    assert two.pair.silent_since == TUESDAY + 12 * DAY and two.pair.last_talk_at is None
    time_machine.shift(8 * DAY)
    timeline.tick()
    two.line.settle()
    assert two.line.ring_log == []
    time_machine.shift(DAY)
    timeline.tick()
    two.line.settle()
    assert len(two.line.ring_log) == 1


def test_counting_the_weeks_anew_keeps_that_a_rest_was_no_silence(two, time_machine):
    time_machine.shift(DAY)
    rests(two, two.elm)
    back(two.elm)
    services.check_weeks()
    two.pair.refresh_from_db()
    assert two.pair.silent_since == TUESDAY + DAY


def test_whoever_had_not_heard_of_a_short_rest_hears_of_neither(two):
    rests(two, two.elm)
    back(two.elm)
    assert said_to(two.rosa) == []


def test_the_day_somebody_named_ends_their_rest_by_itself(two, time_machine):
    rests(two, two.elm, until=(TUESDAY + 7 * DAY).date())
    time_machine.move_to(TUESDAY + 7 * DAY - timedelta(hours=12), tick=False)  # eleven the evening before, in Detroit
    assert programs.end_rests() == 0
    time_machine.shift(timedelta(hours=2))
    assert programs.end_rests() == 1 and two.elm.enrollments.get().state == "active"
    with pytest.raises(programs.ProgramError, match="in_the_past"):
        rests(two, two.elm, until=TUESDAY.date())


@pytest.mark.req("S6", "S9")
def test_who_calls_somebody_who_rests_hears_so_and_may_leave_a_message_that_waits(two):
    rests(two, two.elm, until=(TUESDAY + 14 * DAY).date())
    rosa = two.identified()
    two.line.press(rosa, "1")
    assert rosa.asked == "pair.message" and two.line.ring_log == []
    heard = rosa.transcript
    assert "rest.until" in heard and "rest.message_waits" in heard and "pair.resting" not in heard
    assert "time.agree_on_one" not in heard
    two.line.press(rosa, "1")
    two.line.speak(rosa, 5)
    two.line.hang_up(rosa)
    assert VoiceMessage.objects.get().to_person_id == two.elm.pk
    back(two.elm)
    elm = two.identified(ELM)
    assert dict(elm.now.said[1].values) == {"count": 1}


def test_no_time_to_talk_can_be_asked_of_somebody_who_rests_and_one_each_week_stands(two):
    [at, *_more] = talk_times.offers(two.pair, "America/Detroit", TUESDAY)
    asked = talk_times.propose(viewer_of(two.rosa.pk), pair_id=two.pair.pk, person_id=two.rosa.pk, times=[at])
    rests(two, two.elm)
    asked.refresh_from_db()
    assert asked.state == "dropped"
    with pytest.raises(PairError, match="rests"):
        talk_times.propose(viewer_of(two.rosa.pk), pair_id=two.pair.pk, person_id=two.rosa.pk, times=[at])
    back(two.elm)
    weekly = talk_times.propose(
        viewer_of(two.rosa.pk), pair_id=two.pair.pk, person_id=two.rosa.pk, times=[at], weekly=True
    )
    talk_times.agree(viewer_of(two.elm.pk), talk_time_id=weekly.pk, person_id=two.elm.pk, at=at)
    rests(two, two.elm)
    weekly.refresh_from_db()
    assert weekly.state == "agreed"


@pytest.mark.req("S121")
def test_a_rest_begins_and_ends_by_keypad(two):
    elm = two.identified(ELM)
    two.line.press(elm, "3332")
    assert "rest.begun_until" in elm.transcript
    enrollment = two.elm.enrollments.get()
    assert (enrollment.state, enrollment.rests_until) == ("paused", (TUESDAY + 14 * DAY).date())
    two.line.hang_up(elm)
    elm = two.line.dial(ELM)
    two.line.press(elm, "111111")
    assert elm.asked == "rest.go_on" and "rest.you_until" in elm.transcript
    two.line.press(elm, "1")
    assert elm.asked == "menu.main" and two.elm.enrollments.get().state == "active"


@pytest.mark.req("S121")
def test_a_rest_begins_and_ends_on_the_website(two, client):
    cast.sign_in(client, two.elm)
    enrollment = two.elm.enrollments.get()
    assert f"/enrollments/{enrollment.pk}/rest/" in client.get("/my/stop/").content.decode()
    client.post(f"/enrollments/{enrollment.pk}/rest/", {"how_long": "1"})
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.rests_until) == ("paused", (TUESDAY + 7 * DAY).date())
    assert "You are taking a rest" in client.get("/my/").content.decode()
    cast.sign_in(client, two.rosa)
    page = client.get("/my/").content.decode()
    assert "Elm is taking a rest until December 8." in page and "Leave a message" in page
    cast.sign_in(client, two.elm)
    client.post(f"/enrollments/{enrollment.pk}/move/", {"to": "resume"})
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.rests_until) == ("active", None)


@pytest.mark.req("S4")
def test_words_for_somebody_who_rests_wait_and_are_brought_when_they_are_back(two, settings):
    settings.MAIL_ANSWERS_TO = "talk@line.example"
    point = people.set_contact(PLATFORM, person_id=two.elm.pk, kind="email", value="elm@example.com")
    people.verify(PLATFORM, contact_id=point.pk, how="staff")
    rests(two, two.elm)
    passed = mail.write(two.rosa.pk, two.pair, "I walked today.", by="web")
    assert passed.waits and "is taking a rest" in mail.sentence(passed, "Elm")
    assert Written.objects.get().kept and not Message.objects.filter(kind="messaging.written").exists()
    back(two.elm)
    assert not Written.objects.get().kept
    assert Message.objects.get(kind="messaging.written").to_person_id == two.elm.pk


@pytest.mark.req("S14")
def test_a_pair_of_whom_one_rests_is_not_told_as_hard_to_reach(two):
    two.pair.silent_since = TUESDAY - 40 * DAY
    two.pair.save()
    notice()
    assert Need.objects.filter(kind="care.hard_pair", closed_at=None).exists()
    rests(two, two.elm)
    notice()
    assert not Need.objects.filter(kind="care.hard_pair", closed_at=None).exists()


def test_staff_do_not_ring_somebody_who_rests_but_see_until_when(two, client):
    nurse = cast.somebody(two.organization, "nurse")
    rests(two, two.elm, until=(TUESDAY + 14 * DAY).date())
    with pytest.raises(PairError, match="rests"):
        services.ring_both(viewer_of(nurse.pk), pair_id=two.pair.pk, first_person_id=two.elm.pk)
    cast.sign_in(client, nurse)
    page = client.get(f"/pairs/{two.pair.pk}/").content.decode()
    assert "Elm is taking a rest" in page and "December 15" in page
