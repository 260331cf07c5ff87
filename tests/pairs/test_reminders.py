"""A pair that has not talked is reminded by one call, within both people's hours, and can be joined with one key (S7)."""

from datetime import UTC, datetime, timedelta

import pytest

from peerline.exchange.models import Call
from peerline.jobs.services import drain
from peerline.kernel import week
from peerline.messaging import reminders
from peerline.messaging import services as messaging
from peerline.pairs import services as pairs
from peerline.pairs.models import Pair
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.programs import services as programs
from peerline.programs import timeline
from peerline.programs.models import DueThing
from tests.exchange.conftest import ELM, ROSA, town  # noqa: F401

TUESDAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)  # 11 in the morning in Detroit
DAY = timedelta(days=1)


@pytest.fixture
def silent(town, time_machine, settings):  # noqa: F811
    """The pair began nine days ago and has not talked."""
    settings.ENGINE = "simulated"
    time_machine.move_to(TUESDAY, tick=False)
    town.pair.began_at = town.pair.silent_since = TUESDAY - 9 * DAY
    town.pair.save()
    return town


def tick(town):  # noqa: F811
    timeline.tick()
    town.line.settle()
    return [number for _, number in town.line.ring_log]


@pytest.mark.req("S7")
def test_nine_days_without_a_talk_bring_one_reminder_and_one_key_joins_the_two(silent):
    assert tick(silent) == [ELM]
    assert tick(silent) == [ELM], "once"
    elm = silent.line.ringing_at(ELM)
    silent.line.answer(elm)
    assert elm.heard[0] == "remind.silent" and dict(elm.now.said[0].values)["days"] == 9
    silent.line.press(elm, "1")
    rosa = silent.line.ringing_at(ROSA)
    silent.line.answer(rosa)
    silent.line.press(rosa, "1")
    assert silent.line.rooms[elm.now.step.room] == {elm.leg_id, rosa.leg_id}
    assert Call.objects.get().way == "reminder"
    assert "9 days" in timeline.why(DueThing.objects.get(duty="pairs.reminder"))


@pytest.mark.req("S7")
@pytest.mark.parametrize(("days", "rung"), [(8, 0), (9, 1)])
def test_the_period_is_the_programs_own(silent, days, rung):
    silent.pair.silent_since = TUESDAY - days * DAY
    silent.pair.save()
    assert len(tick(silent)) == rung


def test_a_program_that_reminds_nobody_rings_nobody(silent):
    programs.change_settings(PLATFORM, program_id=silent.program.pk, remind_after_days=0)
    assert tick(silent) == []


@pytest.mark.req("S7")
def test_a_talk_makes_a_waiting_reminder_unnecessary(silent, time_machine):
    people.set_blocked_hours(PLATFORM, silent.rosa.pk, week.ALL)
    assert tick(silent) == []
    people.set_blocked_hours(PLATFORM, silent.rosa.pk, week.NONE)
    rosa, elm = silent.talking()
    time_machine.shift(timedelta(minutes=10))
    silent.line.hang_up(rosa)
    drain()
    time_machine.shift(timedelta(hours=1))
    assert tick(silent) == [ELM], "which Rosa's own call rang"
    assert elm.over and DueThing.objects.get(duty="pairs.reminder").state == "over"


@pytest.mark.req("S6", "S7")
@pytest.mark.parametrize("who", ["rosa", "elm"])
def test_nobody_is_reminded_while_one_of_the_two_takes_no_calls(silent, time_machine, who):
    people.set_blocked_hours(PLATFORM, getattr(silent, who).pk, week.of_days(range(7), 0, 14))
    assert tick(silent) == []
    time_machine.move_to(TUESDAY + timedelta(hours=3, minutes=1), tick=False)
    assert len(tick(silent)) == 1


@pytest.mark.req("S7")
def test_nobody_is_reminded_at_night_on_their_own_clock(silent, time_machine):
    people.set_time_zone(PLATFORM, person_id=silent.rosa.pk, time_zone="Pacific/Honolulu")  # six in the morning there
    assert tick(silent) == []


@pytest.mark.req("S7", "S121")
def test_one_key_ends_reminders_for_good_and_the_next_goes_to_the_other(silent, time_machine):
    tick(silent)
    elm = silent.line.ringing_at(ELM)
    silent.line.answer(elm)
    silent.line.press(elm, "3")
    assert "remind.stopped" in elm.transcript and elm.over
    time_machine.shift(9 * DAY)
    assert tick(silent) == [ELM, ROSA]
    silent.line.refuse(silent.line.ringing_at(ROSA), "no_answer")
    programs.set_reminders(PLATFORM, enrollment_id=silent.rosa.enrollments.get().pk, wanted=False)
    time_machine.shift(9 * DAY)
    assert tick(silent) == [ELM, ROSA]


@pytest.mark.req("S7")
def test_after_three_reminders_in_vain_people_take_over(silent, time_machine):
    for _ in range(6):
        for number in tick(silent)[-1:]:
            for telephone in list(silent.line.telephones.values()):
                if telephone.ringing and telephone.number == number:
                    silent.line.refuse(telephone, "no_answer")
        time_machine.shift(9 * DAY)
    assert tick(silent) == [ELM, ROSA, ELM]


@pytest.mark.req("S7", "S54", "S98")
def test_graduates_are_reminded_as_well_a_year_and_more_after_the_calendar_ended(silent, time_machine):
    assert silent.program.weeks == 26
    time_machine.move_to(TUESDAY + timedelta(weeks=60), tick=False)
    silent.pair.silent_since = TUESDAY + timedelta(weeks=60) - 9 * DAY
    silent.pair.save()
    assert tick(silent) == [ELM]


@pytest.mark.req("S7", "S15")
def test_whoever_stopped_is_reminded_of_nothing(silent):
    people.set_blocked_hours(PLATFORM, silent.rosa.pk, week.ALL)
    tick(silent)
    people.set_blocked_hours(PLATFORM, silent.rosa.pk, week.NONE)
    pairs.stop_taking_part(silent.elm.pk)
    assert tick(silent) == []


def test_reminders_cost_the_same_few_queries_for_one_pair_and_for_thirty(silent, django_assert_max_num_queries):
    for number in range(58):
        silent.somebody(f"Person {number}", f"Name {number}", f"+1734555{2000 + number}")
    ids = [row.person_id for row in silent.program.enrollments.order_by("pk")][3:]
    for one, other in zip(ids[::2], ids[1::2], strict=False):
        made = pairs.pair_up(PLATFORM, program_id=silent.program.pk, people=[one, other])
        made.silent_since = TUESDAY - 9 * DAY
        made.save()
    from peerline.pairs.duties import silent_pairs

    with django_assert_max_num_queries(7):
        assert len(list(silent_pairs(TUESDAY))) == 30


@pytest.mark.req("S7")
def test_reminders_of_every_kind_ring_nobody_more_than_three_times_in_any_week(silent, time_machine):
    """47 CFR 64.1200(a)(3): of a silent pair, of a message, each with nobody who picks up."""
    programs.change_settings(PLATFORM, program_id=silent.program.pk, remind_after_days=1)
    words = messaging.Text("A note", "Your two weeks are over.")
    for day in range(5):
        for one in (silent.rosa, silent.elm):
            messaging.remind(
                one.pk, kind="test", key=f"k:{day}:{one.pk}", words=lambda language: words,
                at=TUESDAY + day * DAY, not_after=TUESDAY + 14 * DAY, program_id=silent.program.pk,
            )  # fmt: skip
    Pair.objects.update(silent_since=TUESDAY - DAY)
    for _turn in range(8 * 8):
        timeline.tick()
        reminders.tick()
        drain()
        silent.line.settle()
        for telephone in list(silent.line.telephones.values()):
            if telephone.ringing:
                silent.line.refuse(telephone, "no_answer", 480)
        drain()
        time_machine.shift(timedelta(hours=3))
    for one in (silent.rosa, silent.elm):
        began = sorted(Call.objects.filter(placed_by=one.pk, way="reminder").values_list("began_at", flat=True))
        assert len(began) == 3, "no more, and these"
        assert began[-1] - began[0] < 7 * DAY
    assert {label.partition(":")[0] for label in Call.objects.values_list("label", flat=True)} == {"pair", "message"}
