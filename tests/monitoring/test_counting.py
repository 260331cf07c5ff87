"""A program's days are counted as calls end: once, whatever comes twice, and always as the calls say."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from peerline.exchange.models import Call
from peerline.jobs.services import Differs, announce, drain
from peerline.kernel import clock
from peerline.kernel.events import CallEnded
from peerline.monitoring import counting
from peerline.monitoring.models import ProgramDay
from peerline.people.access import PLATFORM
from peerline.programs import services as programs

pytestmark = pytest.mark.req("S12", "S18")


def test_a_call_that_ends_is_counted_on_its_day_and_twice_is_once(clinic):
    pair, at = clinic.pairs[0], clock.now()
    calls = [clinic.call(pair, at, seconds=840), clinic.call(pair, at, seconds=20, outcome="ended")]
    for call in calls + calls:
        announce(CallEnded(call.pk))
        drain()
        counting.call_ended(call.pk)
    row = ProgramDay.objects.get()
    assert (row.program_id, row.day) == (pair.program_id, counting.day_of(at))
    assert (row.calls, row.talks, row.seconds, row.staff_seconds) == (2, 1, 840, 0)
    assert (row.outcomes, row.lengths) == ({"talked": 1, "ended": 1}, {"14": 1})


def test_what_staff_talked_is_counted_too(clinic):
    call = clinic.call(clinic.pairs[0], seconds=120)
    Call.objects.filter(pk=call.pk).update(way="staff")
    counting.call_ended(call.pk)
    assert ProgramDay.objects.get().staff_seconds == 120


def test_a_day_is_the_clinics_day_also_when_the_clocks_change(clinic, settings):
    settings.TIME_ZONE = "America/Detroit"
    for hour in (4, 5):  # 23:30 and 0:30 in Detroit; the night after the one in which summer time ended
        counting.call_ended(clinic.call(clinic.pairs[0], datetime(2026, 11, 3, hour, 30, tzinfo=UTC)).pk)
    assert [str(row.day) for row in ProgramDay.objects.order_by("day")] == ["2026-11-02", "2026-11-03"]


def test_a_call_that_goes_on_or_belongs_to_nobody_is_not_counted(clinic):
    live = clinic.call(clinic.pairs[0])
    Call.objects.filter(pk=live.pk).update(ended_at=None)
    nobodys = Call.objects.create(began_at=clock.now(), ended_at=clock.now(), way="dialed")
    for call_id in (live.pk, nobodys.pk, nobodys.pk + 1):
        counting.call_ended(call_id)
    assert not ProgramDay.objects.exclude(calls=0).exists()


def test_counted_one_by_one_in_any_order_is_what_a_full_recount_finds(clinic):
    dice = random.Random(5)
    calls = [
        clinic.call(dice.choice(clinic.pairs), clock.now() - timedelta(hours=dice.randrange(900)), seconds=dice.choice((0, 59, 60, 900)))
        for _ in range(90)
    ]  # fmt: skip
    dice.shuffle(calls)
    for call in calls + calls[:30]:
        counting.call_ended(call.pk)
    counting.check_days()
    assert sum(row.calls for row in ProgramDay.objects.all()) == 90


def test_the_nightly_check_finds_what_was_counted_wrong_puts_it_right_and_says_so(clinic):
    for days in range(4):
        counting.call_ended(clinic.call(clinic.pairs[0], clock.now() - timedelta(days=days)).pk)
    right = list(ProgramDay.objects.order_by("day").values_list("day", *counting.FIGURES))
    first, second, *_ = ProgramDay.objects.order_by("day")
    ProgramDay.objects.filter(pk=first.pk).update(lengths={"99": 1})
    second.delete()
    ProgramDay.objects.create(program=clinic.programs[1], day=first.day, calls=3)
    with pytest.raises(Differs, match="3 days"):
        counting.check_days()
    assert list(ProgramDay.objects.exclude(calls=0).order_by("day").values_list("day", *counting.FIGURES)) == right
    counting.check_days()


def test_another_length_of_a_conversation_counts_all_days_anew(clinic):
    counting.call_ended(clinic.call(clinic.pairs[0], seconds=100).pk)
    for seconds, talks in ((120, 0), (60, 1), (120, 0)):
        programs.change_settings(PLATFORM, program_id=clinic.programs[0].pk, conversation_seconds=seconds)
        drain()
        assert ProgramDay.objects.get().talks == talks
