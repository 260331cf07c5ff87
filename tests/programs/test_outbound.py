"""Calls the line places by itself: never faster than the carrier takes them, inside everybody's hours, none lost."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from peerline.exchange.models import Call
from peerline.jobs import services as jobs
from peerline.jobs.models import Job
from peerline.kernel import week
from peerline.kernel.duties import DONE, Acted, Due, Duty
from peerline.messaging import reminders
from peerline.messaging import services as messaging
from peerline.messaging.models import Reminder
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.programs import due_words, outbound, services, timeline
from peerline.programs.models import DueThing, OutboundDay
from tests import cast

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # ten in the morning in Detroit
SECOND = timedelta(seconds=1)
DAYTIME = week.of_days(range(7), 8, 21)


class Line:
    """A duty that rings, and when it rang whom."""

    def __init__(self, program):
        self.program, self.due, self.rung = program, [], []

    def wants(self, *people, at=MONDAY, until=MONDAY + timedelta(days=3), times=1):
        for number in range(times):
            occurrence = f"{len(self.due)}-{number}"
            self.due.append(Due(f"call:{len(self.due)}", occurrence, self.program.pk, at, until, {}, people))

    def act(self, subject, facts, now):
        self.rung.append((subject, now))
        return Acted(DONE)


@pytest.fixture
def line(db, monkeypatch, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    organization = people.make_organization(PLATFORM, name="Eastside")
    program = services.make_program(
        PLATFORM, organization_id=organization.pk, name="Pairs", begins_on=date(2026, 11, 1)
    )
    line = Line(program)
    line.somebody = lambda zone="America/Detroit", blocked=week.NONE: somebody(organization, zone, blocked)
    monkeypatch.setattr(timeline, "_duties", {})
    due = lambda now: [one for one in line.due if one.at <= now]  # noqa: E731
    timeline.duty(Duty("test.call", due, line.act, lambda subject, facts: subject, rings=True, hours=DAYTIME))
    return line


def somebody(organization, zone, blocked):
    person = people.add_person(PLATFORM, place=people.Place(organization.pk), first_name="Some", nickname="Body")
    people.set_time_zone(PLATFORM, person_id=person.pk, time_zone=zone)
    people.set_blocked_hours(PLATFORM, person.pk, blocked)
    return person.pk


def live(time_machine, seconds, stall=lambda: 1):
    """The worker's life: its jobs every second or later, the timeline each minute."""
    for _ in range(seconds):
        if datetime.now(UTC).second == 0:
            timeline.minute()
        jobs.drain()
        time_machine.shift(stall() * SECOND)


@pytest.mark.req("R9")
def test_calls_that_are_due_together_ring_one_after_another_and_leave_every_fourth_second_free(line, time_machine):
    person = line.somebody()
    line.wants(person, times=15)
    live(time_machine, 25)
    seconds = [round((at - MONDAY).total_seconds()) for _, at in line.rung]
    assert seconds == [second for second in range(20) if second % 4 != 3]


@pytest.mark.req("R9")
@pytest.mark.parametrize("seed", range(5))
def test_a_worker_that_stalls_does_not_make_up_for_it_faster_than_the_carrier_takes(line, time_machine, settings, seed):
    settings.CALLS_A_SECOND = 2
    chance = random.Random(seed)
    person = line.somebody()
    line.wants(person, times=15)
    live(time_machine, 60, stall=lambda: chance.choice([1, 1, 1, 1, 1, 7]))
    time_machine.shift(timedelta(minutes=1) - datetime.now(UTC).second * SECOND)
    live(time_machine, 60)
    assert Counter(at for _, at in line.rung).most_common(1)[0][1] <= 2
    assert len(line.rung) == len({subject for subject, _ in line.rung}) == 15


@pytest.mark.req("S6", "R7")
def test_nobody_is_planned_outside_the_hours_of_everybody_the_call_is_for(line):
    early = line.somebody(blocked=week.of_days(range(7), 12, 24))  # takes calls until noon in Detroit
    west = line.somebody(zone="America/Los_Angeles", blocked=week.of_days(range(7), 0, 8))
    never = line.somebody(blocked=week.ALL)
    line.wants(early, west)
    line.wants(never)
    timeline.minute()
    both, nobody = DueThing.objects.order_by("pk")
    assert both.slot_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "eight in Los Angeles, eleven in Detroit"
    assert nobody.slot_at is None and nobody.put_off == 0


def test_a_night_of_calls_waits_for_the_morning_and_is_spread(line, time_machine):
    time_machine.move_to(datetime(2026, 11, 24, 3, 0, tzinfo=UTC), tick=False)
    person = line.somebody()
    line.wants(person, times=60)
    timeline.minute()
    slots = sorted(DueThing.objects.values_list("slot_at", flat=True))
    assert slots[0] == datetime(2026, 11, 24, 13, 0, tzinfo=UTC), "eight in the morning"
    per_quarter = Counter((at - slots[0]) // timedelta(minutes=15) for at in slots)
    assert max(per_quarter.values()) <= 15


@pytest.mark.req("R9")
def test_a_day_that_is_too_full_puts_calls_off_and_loses_none(line, time_machine, settings):
    settings.LINES = 1
    only_noon = line.somebody(blocked=week.ALL & ~week.of_days(range(7), 12, 13))
    line.wants(only_noon, times=12)
    timeline.minute()
    rows = DueThing.objects.all()
    fit = 4 * outbound.room_in(MONDAY)[0]
    assert rows.exclude(slot_at=None).count() == fit == 8
    assert rows.filter(put_off=1, state="waiting").count() == 4
    for noon in (MONDAY + timedelta(days=day, hours=2) for day in range(2)):
        for minutes in range(0, 60, 2):
            time_machine.move_to(noon + timedelta(minutes=minutes), tick=False)
            timeline.tick()
    assert Counter(rows.values_list("state", flat=True)) == {"done": 12}


@pytest.mark.req("R9")
def test_lines_are_kept_for_peoples_own_calls(line, time_machine, monkeypatch):
    line.wants(line.somebody())
    monkeypatch.setattr("peerline.exchange.queries.lines_in_use", lambda: 23)
    timeline.tick()
    assert line.rung == []
    monkeypatch.setattr("peerline.exchange.queries.lines_in_use", lambda: 22)
    time_machine.shift(outbound.ALL_LINES_BUSY)
    timeline.tick()
    assert len(line.rung) == 1


def test_the_database_itself_refuses_two_calls_in_one_place(line):
    """The guard is seen to catch its fault."""
    from django.db import IntegrityError

    line.wants(line.somebody(), times=2)
    timeline.minute()
    first, second = DueThing.objects.order_by("pk")
    with pytest.raises(IntegrityError):
        DueThing.objects.filter(pk=second.pk).update(slot_at=first.slot_at, slot_place=first.slot_place)


@pytest.mark.req("R7")
@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_is_set_forward_or_back_by_an_hour_rings_nobody_twice_or_at_night(line, time_machine, step):
    person = line.somebody(blocked=week.of_days(range(7), 0, 10))
    line.wants(person, times=10)
    for minutes in range(0, 40, 5):
        time_machine.move_to(MONDAY + timedelta(minutes=minutes) + (step if minutes > 15 else timedelta()), tick=False)
        timeline.tick()
    time_machine.move_to(MONDAY + timedelta(hours=2), tick=False)
    timeline.tick()
    assert len(line.rung) == len({subject for subject, _ in line.rung}) == 10
    assert all(at.hour >= 15 for _, at in line.rung)


@pytest.mark.req("R7", "S6")
def test_whoever_moves_to_another_zone_in_mid_plan_is_rung_in_the_hours_there(line, time_machine):
    person = line.somebody()
    time_machine.move_to(datetime(2026, 11, 24, 3, 0, tzinfo=UTC), tick=False)
    line.wants(person)
    timeline.minute()
    assert DueThing.objects.get().slot_at == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    people.set_time_zone(PLATFORM, person_id=person, time_zone="Pacific/Honolulu")
    for _ in range(24 * 4):
        timeline.tick()
        time_machine.shift(timedelta(minutes=15))
    [(_, at)] = line.rung
    assert at >= datetime(2026, 11, 24, 18, 0, tzinfo=UTC), "eight in Honolulu"


@pytest.mark.req("R9")
def test_planning_costs_the_same_queries_for_one_call_and_for_fifty_people(line, django_assert_max_num_queries):
    for _ in range(50):
        line.wants(line.somebody(), until=MONDAY + timedelta(minutes=1))
    DueThing.objects.bulk_create(
        DueThing(
            duty="test.call", subject=due.subject, occurrence=due.occurrence, program_id=due.program_id, due_at=due.at,
            until=due.until, people=[*due.people], made_at=MONDAY,
        )
        for due in line.due
    )  # fmt: skip
    duty = timeline._duties["test.call"]
    with django_assert_max_num_queries(1):
        found = outbound.free_quarters([(duty, due.people, MONDAY, due.until) for due in line.due], MONDAY)
    assert found == [1] * 50


# --- The evening before ----------------------------------------------------------------------------------------------

SIX = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # six in the evening in Detroit


def needs():
    return [job.args for job in Job.objects.filter(args__kind="timeline.day_too_full")]


@pytest.mark.req("R9")
def test_a_day_that_is_too_full_is_told_the_evening_before_and_once(line, time_machine, settings):
    settings.LINES = 1
    only_noon = line.somebody(blocked=week.ALL & ~week.of_days(range(7), 12, 13))
    line.wants(only_noon, at=SIX + timedelta(hours=12), times=12)
    time_machine.move_to(SIX - SECOND, tick=False)
    timeline.look_at_tomorrow()
    assert needs() == [], "not before six"
    for _ in range(3):
        time_machine.shift(SECOND)
        timeline.look_at_tomorrow()
    [told] = needs()
    assert told["facts"] == {"day": "2026-11-24", "calls": 12, "fit": 8} and told["program_id"] == line.program.pk
    assert "12" in due_words.why_too_full(told["facts"])


@pytest.mark.req("R9")
def test_a_day_that_fits_is_kept_and_nobody_is_told(line, time_machine):
    line.wants(line.somebody(), at=SIX + timedelta(hours=12), times=12)
    time_machine.move_to(SIX, tick=False)
    timeline.look_at_tomorrow()
    seen = OutboundDay.objects.get()
    assert (seen.calls, seen.fit, needs()) == (12, 12, [])


def test_what_was_foreseen_is_what_is_then_planned(line, time_machine, settings):
    """The same calls, the evening before and on the day."""
    settings.LINES = 1
    for hour in range(8, 14):
        line.wants(line.somebody(blocked=week.ALL & ~week.of_days(range(7), hour, hour + 1)), at=SIX, times=hour)
    time_machine.move_to(SIX, tick=False)
    timeline.look_at_tomorrow()
    timeline.minute()
    assert OutboundDay.objects.get().fit == DueThing.objects.exclude(slot_at=None).count() == 8 * 6


def test_what_was_missed_is_put_before_a_person(line, time_machine):
    never = line.somebody(blocked=week.ALL)
    line.wants(never, until=MONDAY + timedelta(hours=1))
    timeline.tick()
    time_machine.shift(timedelta(hours=2))
    timeline.tick()
    timeline.tick()
    [told] = [job.args for job in Job.objects.filter(args__kind="timeline.missed")]
    assert told["person_id"] == never and DueThing.objects.get().state == "missed"
    assert "call:0" in due_words.why_missed(told["facts"])


# --- One line for the timeline's calls and for reminders that are called -------------------------------------------------


def called(line, how_many, at=MONDAY):
    """Reminders of so many people who are called."""
    words = messaging.Text("A note", "Your two weeks are over.")
    for number in range(how_many):
        person = cast.somebody(line.program.organization, phone=cast.fresh_number(), nickname=f"N{number}")
        messaging.remind(
            person.pk, kind="test", key=f"k:{person.pk}", words=lambda language: words, at=at,
            not_after=at + timedelta(days=1),
        )  # fmt: skip


@pytest.mark.req("R9")
@pytest.mark.parametrize(("each", "most"), [(1, 1), (4, 3)])
def test_calls_of_the_timeline_and_called_reminders_share_what_the_carrier_takes(
    line, time_machine, settings, each, most
):
    settings.ENGINE, settings.CALLS_A_SECOND, settings.LINES = "simulated", each, 1000
    line.wants(line.somebody(), times=12)
    called(line, 12)
    for second in range(40):
        if second == 0:
            timeline.minute()
        if second % 10 == 0:
            reminders.tick()
        jobs.drain()
        time_machine.shift(SECOND)
    rung = Counter(at for _, at in line.rung) + Counter(Call.objects.values_list("began_at", flat=True))
    assert (len(line.rung), Call.objects.count()) == (12, 12)
    assert max(rung.values()) <= most
    assert all(not rung[MONDAY + second * SECOND] for second in range(40) if each == 1 and second % 4 == 3)


def test_a_called_reminder_waits_for_a_line_that_is_not_kept_for_peoples_own_calls(line, time_machine, settings):
    settings.ENGINE, settings.LINES = "simulated", 1
    called(line, 2)
    for _minute in range(3):
        reminders.tick()
        jobs.drain()
        time_machine.shift(timedelta(minutes=1))
    assert Call.objects.count() == 1


@pytest.mark.req("R9")
def test_called_reminders_of_tomorrow_are_foreseen(line, time_machine, settings):
    settings.LINES = 1
    only_noon = line.somebody(blocked=week.ALL & ~week.of_days(range(7), 12, 13))
    line.wants(only_noon, at=SIX + timedelta(hours=12), times=6)
    called(line, 3, at=SIX + timedelta(hours=18))  # noon
    Reminder.objects.update(not_after=SIX + timedelta(hours=19), program_id=line.program.pk)
    called(line, 3)  # today
    time_machine.move_to(SIX, tick=False)
    timeline.look_at_tomorrow()
    seen = OutboundDay.objects.get()
    assert (seen.calls, seen.fit) == (9, 8)
