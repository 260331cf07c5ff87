"""A pair's weeks are counted as calls end: once, whatever comes twice, and always as the calls say."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from peerline.exchange.models import Call
from peerline.jobs.services import Differs, announce, drain
from peerline.kernel import clock
from peerline.kernel.events import CallEnded
from peerline.pairs import contacts, services
from peerline.pairs.models import Pair, PairWeek
from peerline.pairs.queries import shown
from peerline.people.access import PLATFORM
from peerline.programs import services as programs
from tests.monitoring.conftest import clinic  # noqa: F401

pytestmark = pytest.mark.req("S18")


@pytest.fixture
def pair(clinic):  # noqa: F811
    pair = clinic.pairs[0]
    Pair.objects.filter(pk=pair.pk).update(began_at=clock.now() - timedelta(weeks=8))
    pair.refresh_from_db()
    pair.clinic = clinic
    return pair


def figures(pair):
    return [(row.monday, row.talks, row.tries, row.seconds) for row in pair.weeks.order_by("monday")]


def ended(call):
    announce(CallEnded(call.pk))
    drain()


def test_a_call_that_ends_is_counted_in_its_week_and_twice_is_once(pair):
    call = pair.clinic.call(pair, seconds=600)
    ended(call)
    services.call_ended(call.pk)
    services.call_ended(call.pk)
    ended(pair.clinic.call(pair, seconds=20, outcome="ended"))
    assert figures(pair) == [(contacts.monday_of(call.began_at), 1, 1, 620)]
    pair.refresh_from_db()
    assert pair.last_talk_at == call.began_at


def test_a_call_of_nobody_or_of_no_pair_is_nobodys_week(pair):
    call = Call.objects.create(began_at=clock.now(), ended_at=clock.now(), way="dialed")
    services.call_ended(call.pk)
    services.call_ended(call.pk + 1)
    Call.objects.filter(pk=call.pk).update(label="pair:999999")
    services.call_ended(call.pk)
    assert not PairWeek.objects.exists()


def test_a_week_begins_on_monday_on_the_clinics_clock(pair, settings):
    settings.TIME_ZONE = "America/Detroit"
    sunday_evening = datetime(2026, 11, 2, 4, 30, tzinfo=UTC)  # Sunday 23:30 in Detroit, the day summer time ended
    call = pair.clinic.call(pair, sunday_evening)
    services.call_ended(call.pk)
    assert str(figures(pair)[0][0]) == "2026-10-26"


def test_the_weeks_shown_are_those_of_the_calls(pair):
    now = clock.now()
    for days, seconds in ((0, 600), (1, 10), (20, 61), (20, 59), (30, 2000)):
        services.call_ended(pair.clinic.call(pair, now - timedelta(days=days), seconds=seconds).pk)
    pair.refresh_from_db()
    (row,) = shown([pair])
    counted = contacts.from_calls([pair])
    assert {week.monday: (week.talks, week.tries, week.seconds) for week in row.contacts.weeks if week.seconds} == {
        monday: (week.talks, week.tries, week.seconds) for (_, monday), week in counted.items()
    }
    assert row.contacts.last_talk_at == now


def test_the_nightly_check_finds_what_was_counted_wrong_puts_it_right_and_says_so(pair):
    calls = [pair.clinic.call(pair, clock.now() - timedelta(days=days)) for days in (0, 8, 16)]
    for call in calls:
        services.call_ended(call.pk)
    services.check_weeks()
    right = figures(pair)
    pair.weeks.filter(monday=right[0][0]).update(talks=7)
    pair.weeks.filter(monday=right[1][0]).delete()
    PairWeek.objects.create(pair=pair, monday=right[0][0] - timedelta(weeks=9), tries=3)
    with pytest.raises(Differs, match="3 weeks"):
        services.check_weeks()
    assert figures(pair) == right
    Pair.objects.filter(pk=pair.pk).update(silent_since=clock.now() + timedelta(days=1))
    with pytest.raises(Differs):
        services.check_weeks()
    services.check_weeks()


def test_another_length_of_a_conversation_counts_all_weeks_anew(pair):
    services.call_ended(pair.clinic.call(pair, seconds=100).pk)
    assert figures(pair)[0][1:3] == (1, 0)
    for seconds, expected in ((120, (0, 1)), (60, (1, 0)), (120, (0, 1))):
        programs.change_settings(PLATFORM, program_id=pair.program_id, conversation_seconds=seconds)
        drain()
        assert figures(pair)[0][1:3] == expected


def test_counted_one_by_one_in_any_order_is_what_a_full_recount_finds(clinic):  # noqa: F811
    dice = random.Random(11)
    calls = [
        clinic.call(dice.choice(clinic.pairs), clock.now() - timedelta(hours=dice.randrange(4000)), seconds=dice.choice((0, 30, 60, 900)))
        for _ in range(120)
    ]  # fmt: skip
    dice.shuffle(calls)
    for call in calls + calls[:40]:
        services.call_ended(call.pk)
    assert services.recount_weeks(Pair.objects.all(), size=1) == 0
    assert sum(row.talks + row.tries for row in PairWeek.objects.all()) == 120
