"""Staff are told what cannot wait: somebody guesses PINs on the line; a voicemail waits for whoever stands in."""

from datetime import timedelta

import pytest

from peerline.care.models import Voicemail
from peerline.entry.models import Alarm
from peerline.jobs.models import Job
from peerline.jobs.services import announce, drain
from peerline.kernel import clock, week
from peerline.kernel.events import LineUnderAttack
from peerline.messaging.models import Message
from peerline.people.access import PLATFORM
from peerline.programs import queries as programs
from peerline.programs import services as program_services
from tests import cast
from tests.exchange.conftest import ROSA, town  # noqa: F401

MAIL = "alarm@example.org"


@pytest.fixture(autouse=True)
def nothing_leaves(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"


@pytest.fixture
def staff(town):  # noqa: F811
    return {
        role: cast.somebody(
            town.organization, role, email=f"{role}@example.org", nickname=role.title(), language=language
        )
        for role, language in (("administrator", "en"), ("coordinator", "es"), ("nurse", "en"), ("researcher", "en"))
    }


def attacked() -> Alarm:
    now = clock.now()
    alarm = Alarm.objects.create(at=now, until=now + timedelta(hours=1), failures=50)
    announce(LineUnderAttack(failures=50, alarm_id=alarm.pk))
    drain()
    return alarm


@pytest.mark.req("T3")
def test_administrators_and_coordinators_learn_of_an_attack_once_in_their_language_and_what_to_do(town, staff):  # noqa: F811
    attacked()
    Job.objects.filter(kind="care.line_under_attack").update(state="waiting", leased_until=None)
    drain()
    told = {message.to_person_id: message for message in Message.objects.filter(kind="care.line_attack")}
    assert set(told) == {staff["administrator"].pk, staff["coordinator"].pk}
    assert Message.objects.filter(kind="care.line_attack").count() == 2
    assert "carrier" in told[staff["administrator"].pk].body and "/calls/" in told[staff["administrator"].pk].body
    assert "PIN en la línea" in told[staff["coordinator"].pk].subject


@pytest.mark.req("T3")
def test_the_desk_shows_an_attack_while_it_lasts(town, staff, client, time_machine):  # noqa: F811
    words = "Somebody is guessing PINs"
    cast.sign_in(client, staff["administrator"])
    assert words not in client.get("/desk/").content.decode()
    attacked()
    assert words in client.get("/desk/").content.decode()
    time_machine.move_to(clock.now() + timedelta(minutes=61))
    assert words not in client.get("/desk/").content.decode()


@pytest.mark.req("T3")
def test_fifty_wrong_pins_from_strange_telephones_reach_the_staff_by_themselves(town, staff):  # noqa: F811
    from peerline.entry import services as entry
    from peerline.people.queries import number_hash

    class Strange:
        pk, telephone_hash, person_id = 1, "", None

    for number in range(50):
        entry.try_pin(Strange(), "222333", number_hash(f"+1734555{number:04d}"))
    drain()
    assert Message.objects.filter(kind="care.line_attack").count() == 2


def away(town, staff, cover):  # noqa: F811
    return program_services.set_staff_hours(
        PLATFORM, program_id=town.program.pk, hours=week.ALL, time_zone="America/Detroit",
        away_until=clock.now() + timedelta(days=7), cover_id=staff[cover].pk if cover else None,
    )  # fmt: skip


def message_left(town):  # noqa: F811
    telephone = town.identified(ROSA)
    town.line.press(telephone, "0")
    heard = telephone.heard
    town.line.speak(telephone, 2)
    town.line.press(telephone, "1")
    drain()
    return heard


@pytest.mark.req("S8")
def test_while_others_are_away_voicemail_is_the_cover_s_who_is_told_and_callers_hear_the_usual_hours(town, staff):  # noqa: F811
    away(town, staff, "nurse")
    assert "staff.heard_now" in message_left(town)
    assert Voicemail.objects.get().owner == staff["nurse"]
    message = Message.objects.get(kind="care.voicemail_waits")
    assert message.to_person == staff["nurse"] and f"/voicemail/{Voicemail.objects.get().pk}/" in message.body


@pytest.mark.req("S8")
def test_without_a_cover_callers_hear_when_somebody_is_back_and_nobody_owns_the_message(town, staff):  # noqa: F811
    away(town, staff, None)
    assert "staff.heard_by" in message_left(town)
    assert Voicemail.objects.get().owner is None and not Message.objects.filter(kind="care.voicemail_waits").exists()


def test_the_cover_is_chosen_on_the_page_among_those_who_may_hear_the_messages(town, staff, client):  # noqa: F811
    cast.sign_in(client, staff["coordinator"])
    there = f"/programs/{town.program.pk}/listening/"
    page = client.get(there).content.decode()
    assert "Nurse" in page and "Coordinator" in page and "Researcher" not in page and "Maple" not in page
    hours = [str(hour) for hour in range(9, 17)]
    assert client.post(there, {"hours": hours, "cover": str(staff["nurse"].pk)}).status_code == 302
    assert programs.staff_hours(town.program.pk).cover == staff["nurse"]
    assert client.post(there, {"hours": hours, "cover": str(staff["researcher"].pk)}).status_code == 200
    assert client.post(there, {"hours": hours, "cover": ""}).status_code == 302
    assert programs.staff_hours(town.program.pk).cover is None
