"""Nobody asked for the news of a partner in this moment: as a text it waits for the morning, and whoever left hears none."""

from datetime import UTC, datetime, timedelta

import pytest

from peerline.jobs.services import drain
from peerline.kernel import week
from peerline.messaging import services as messaging
from peerline.messaging.models import Message
from peerline.pairs import mail
from peerline.pairs import services as pairs
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from peerline.programs import services as programs
from tests import cast
from tests.messaging.conftest import time, with_mobile  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.req("S6", "S15")]
MIDNIGHT, MORNING = (datetime(2026, 3, 4, hour, tzinfo=UTC) for hour in (5, 13))  # twelve and eight in Detroit


@pytest.fixture
def two(time):  # noqa: F811
    time.at = MIDNIGHT
    return Couple()


class Couple:
    def __init__(self):
        clinic = cast.clinic()
        program = programs.make_program(
            PLATFORM, organization_id=clinic.pk, name="Pairs", begins_on=MIDNIGHT.date(), talks_a_week=1
        )
        self.people = [cast.somebody(clinic, nickname=name) for name in ("Fern", "Elm")]
        for number, one in enumerate(self.people):
            with_mobile(one, f"+1734555018{number}")
        self.rows = [programs.enroll(PLATFORM, program_id=program.pk, person_id=one.pk) for one in self.people]
        self.program_id = program.pk

    def meet(self):
        pair = pairs.pair_up(PLATFORM, program_id=self.program_id, people=[one.pk for one in self.people])
        drain()
        return pair


def states():
    return sorted(Message.objects.filter(channel="sms").values_list("state", flat=True))


def test_the_news_of_a_partner_waits_for_the_morning(two, time):  # noqa: F811
    two.meet()
    assert states() == ["waiting", "waiting"]
    time.go(3600, hours=7)
    assert states() == ["waiting", "waiting"]
    time.go(3600, hours=1)
    assert states() == ["sent", "sent"]
    assert set(Message.objects.values_list("taken_at", flat=True)) == {MORNING}


def test_whoever_left_in_the_night_is_not_written_to_in_the_morning(two, time):  # noqa: F811
    two.meet()
    pairs.stop_taking_part(two.people[0].pk)
    programs.pause(viewer_of(two.people[1].pk), enrollment_id=two.rows[1].pk)
    time.go(3600, hours=9)
    assert states() == ["failed", "failed"]
    assert set(Message.objects.values_list("problem", flat=True)) == {"they take no part now"}


def test_a_worker_that_slept_till_night_sends_no_text_before_the_next_morning(two, time):  # noqa: F811
    time.at = MORNING + timedelta(hours=12)
    pair = two.meet()
    Message.objects.all().delete()
    messaging.choose(PLATFORM, person_id=two.people[1].pk, first="sms")
    mail.write(two.people[0].pk, pair, "See you", by="web")
    assert states() == ["waiting"]
    time.at += timedelta(hours=2)
    drain()
    assert states() == ["waiting"]
    time.go(3600, hours=10)
    assert states() == ["sent"]


def test_whose_telephone_may_never_ring_gets_a_letter(two):
    for one in two.people:
        people.set_blocked_hours(PLATFORM, one.pk, week.ALL)
    two.meet()
    assert set(Message.objects.values_list("channel", flat=True)) == {"letter"}
