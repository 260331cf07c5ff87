"""One text to many: whom it reaches and how is seen before, it can be called back, and what came of it is on record."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.audit import queries as audit
from peerline.care import notices
from peerline.care.models import Notice, NoticeTo
from peerline.groups import services as groups
from peerline.jobs.services import drain
from peerline.kernel import clock
from peerline.messaging import reminders
from peerline.messaging import services as messaging
from peerline.messaging.models import Message, Reminder
from peerline.messaging.rules import Telling
from peerline.pairs import services as pairs
from peerline.pairs.models import Pair
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere
from peerline.programs import services as programs
from peerline.programs.models import Enrollment
from tests import cast

pytestmark = pytest.mark.django_db
TEXT = {
    "en": {"subject": "A walk", "body": "We walk on Friday at ten."},
    "es": {"subject": "Una caminata", "body": "Caminamos el viernes a las diez."},
}
FORM = {f"{part}_{one}": words for one, text in TEXT.items() for part, words in text.items()}


@pytest.fixture
def clinic():
    return cast.clinic()


@pytest.fixture
def program(clinic):
    return programs.make_program(PLATFORM, organization_id=clinic.pk, name="Pairs", begins_on=date(2026, 11, 2))


@pytest.fixture
def cora(clinic):
    return cast.viewer(clinic, "coordinator", email="cora@example.org")


def joined(clinic, program, way="voice", **facts):
    """Somebody who is reminded that way, and has the address for it."""
    person = cast.somebody(clinic, None, **facts)
    programs.enroll(PLATFORM, program_id=program.pk, person_id=person.pk)
    value = {"email": f"p{person.pk}@example.net", "letter": None}.get(way, cast.fresh_number())
    if value:
        kind, label = ("email", "") if way == "email" else ("phone", "mobile" if way == "sms" else "home")
        point = people.set_contact(PLATFORM, person_id=person.pk, kind=kind, value=value, label=label)
        people.verify(PLATFORM, contact_id=point.pk, how="call")
    messaging.choose(PLATFORM, person_id=person.pk, first=way, also=[])
    return person


def later(time_machine, minutes):
    time_machine.move_to(clock.now() + timedelta(minutes=minutes), tick=False)
    drain()
    reminders.tick()
    drain()


@pytest.fixture
def morning(time_machine):
    time_machine.move_to("2026-11-24T15:00:00+00:00", tick=False)
    return time_machine


def test_it_is_told_before_how_many_it_reaches_by_which_way(clinic, program, cora):
    everybody = {way: joined(clinic, program, way).pk for way in ("voice", "sms", "email", "letter")}
    closed = joined(clinic, program, "sms")
    messaging.close("sms", closed.contact_points.get().value_hash, "STOP")
    found = notices.reach(cora, program_id=program.pk, who="all")
    assert dict(found.by) == {"voice": 1, "sms": 1, "email": 1, "letter": 1, "": 1}
    assert set(found.people) == {*everybody.values(), closed.pk}


def test_the_four_choices_choose_whom_they_say(clinic, program, cora):
    one, two, alone, resting = (joined(clinic, program) for _ in range(4))
    programs.pause(PLATFORM, enrollment_id=Enrollment.objects.get(person=resting).pk)
    pair = pairs.pair_up(PLATFORM, program_id=program.pk, people=[one.pk, two.pk])
    at = clock.now() + timedelta(days=5)
    session = groups.plan(PLATFORM, program_id=program.pk, begins_at=at, way="telephone", time_zone="UTC")
    groups.sign_up(PLATFORM, session_id=session.pk, person_id=two.pk)

    def chosen(who, **more):
        return set(notices.reach(cora, program_id=program.pk, who=who, **more).people)

    assert chosen("all") == {one.pk, two.pk, alone.pk} and chosen("no_partner") == {alone.pk}
    assert chosen("session", session_id=session.pk) == {two.pk} and chosen("silent") == set()
    Pair.objects.filter(pk=pair.pk).update(silent_since=clock.now() - timedelta(days=15))
    assert chosen("silent") == {one.pk, two.pk}
    for wrong in ({"who": "session", "session_id": 0}, {"who": "everybody"}):
        with pytest.raises(NotThere):
            notices.reach(cora, program_id=program.pk, **wrong)


def test_whom_it_reaches_is_asked_as_often_for_sixty_as_for_three(clinic, program, cora):
    counts = []
    for number in (3, 57):
        for _ in range(number):
            joined(clinic, program, "email")
        with CaptureQueriesContext(connection) as asked:
            notices.reach(cora, program_id=program.pk, who="all")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


@pytest.mark.req("S47")
def test_it_leaves_after_ten_minutes_in_each_language_once_and_what_came_of_it_is_told(clinic, program, cora, morning):
    rosa, ana = joined(clinic, program, "email"), joined(clinic, program, "email", language="es")
    row = notices.write(cora, program_id=program.pk, who="all", texts=TEXT)
    later(morning, 9)
    assert not Reminder.objects.exists() and notices.got(row)[0][0].state == "has not left yet"
    later(morning, 2)
    for _ in range(2):
        notices.leave(row.pk)
    assert {one.to_person_id: one.body for one in Message.objects.all()} == {
        rosa.pk: TEXT["en"]["body"], ana.pk: TEXT["es"]["body"],
    }  # fmt: skip
    row.refresh_from_db()
    assert [str(one.state) for one in notices.got(row)[0]] == ["arrived", "arrived"]
    assert [(str(words), count) for words, count in notices.outcome(row)] == [("arrived", 2)]
    assert notices.cancel(cora, notice_id=row.pk) is False, "it has left"


def test_called_back_in_time_nobody_gets_it(clinic, program, cora, morning):
    joined(clinic, program, "email")
    row = notices.write(cora, program_id=program.pk, who="all", texts=TEXT)
    assert notices.cancel(cora, notice_id=row.pk) and notices.cancel(cora, notice_id=row.pk)
    later(morning, 11)
    assert not Reminder.objects.exists() and audit.lines().filter(verb="care.notice_canceled").count() == 1


def test_whoever_stops_or_rests_before_it_leaves_does_not_get_it(clinic, program, cora, morning):
    stops, rests, stays = (joined(clinic, program, "email") for _ in range(3))
    row = notices.write(cora, program_id=program.pk, who="all", texts=TEXT)
    programs.stop(PLATFORM, Enrollment.objects.get(person=stops).pk)
    programs.pause(PLATFORM, enrollment_id=Enrollment.objects.get(person=rests).pk)
    later(morning, 11)
    assert [one.to_person_id for one in Message.objects.filter(kind="care.notice")] == [stays.pk]
    row.refresh_from_db()
    assert {str(words): count for words, count in notices.outcome(row)} == {
        "arrived": 1, "not sent: they rest or stopped": 2,
    }  # fmt: skip


def test_no_word_of_an_illness_leaves_and_no_other_clinic_writes(clinic, program, cora):
    joined(clinic, program)
    telling = {**TEXT, "es": {"subject": "Hola", "body": "Hablemos de la insulina."}}
    with pytest.raises(Telling):
        notices.write(cora, program_id=program.pk, who="all", texts=telling)
    stranger = cast.viewer(cast.clinic("Oak"), "coordinator")
    row = notices.write(cora, program_id=program.pk, who="all", texts=TEXT)
    for act in (
        lambda: notices.write(stranger, program_id=program.pk, who="all", texts=TEXT),
        lambda: notices.cancel(stranger, notice_id=row.pk),
        lambda: notices.notice_for(cast.viewer(clinic, "nurse"), row.pk),
    ):
        with pytest.raises(NotThere):
            act()
    assert Notice.objects.count() == 1


def test_by_the_page_only_what_was_seen_is_sent(clinic, program, client):
    joined(clinic, program, "email")
    cast.sign_in(client, cast.somebody(clinic, "coordinator", email="cc@example.org"))
    there = f"/notices/{program.pk}/write/"
    assert (
        "Say it another way" in client.post(there, {**FORM, "who": "all", "body_en": "Your insulin."}).content.decode()
    )
    page = client.post(there, {**FORM, "who": "all", "act": "send"}).content.decode()
    assert not Notice.objects.exists() and "It goes to 1 person." in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1].replace("&#x27;", "'")
    joined(clinic, program, "sms")  # somebody came meanwhile: look again
    page = client.post(there, {**FORM, "who": "all", "act": "send", "seen": seen}).content.decode()
    assert not Notice.objects.exists() and "It goes to 2 people." in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1].replace("&#x27;", "'")
    page = client.post(there, {**FORM, "who": "all", "act": "send", "seen": seen}, follow=True).content.decode()
    assert "Call it back" in page and NoticeTo.objects.count() == 2
    assert "A walk" in client.get(f"/notices/{program.pk}/").content.decode()
