"""Each thing that falls due is written down once and done at most once, whatever happens to the worker (S7)."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from peerline.kernel.duties import DONE, OVER, Acted, Due, Duty
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.programs import services, timeline
from peerline.programs.models import DueThing

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture
def program(db):
    organization = people.make_organization(PLATFORM, name="Eastside")
    return services.make_program(PLATFORM, organization_id=organization.pk, name="Pairs", begins_on=date(2026, 11, 1))


@pytest.fixture
def put(monkeypatch, time_machine, program):
    """put(act, until=…): one duty about one pair, due on Monday; returns what was done, in order."""
    time_machine.move_to(MONDAY, tick=False)
    monkeypatch.setattr(timeline, "_duties", {})

    def put_on(act, until=timedelta(days=1), occurrence="first"):
        done = []

        def wrapped(subject, facts, now):
            done.append(subject)
            return act(now)

        due = Due("pair:1", occurrence, program.pk, MONDAY, MONDAY + until, {"days": 9})
        timeline.duty(
            Duty("test.duty", lambda now: [due], wrapped, lambda subject, facts: f"{subject}, {facts['days']}")
        )
        return done

    return put_on


def test_what_is_due_is_done_once_however_often_the_clock_ticks(put):
    done = put(lambda now: Acted(DONE))
    for _ in range(5):
        timeline.tick()
    assert done == ["pair:1"]
    assert DueThing.objects.get().state == "done"


def test_what_cannot_be_done_now_is_tried_again_at_its_time_and_then_missed(put, time_machine):
    done = put(lambda now: Acted("", now + timedelta(hours=1)), until=timedelta(hours=3))
    for _ in range(10):
        timeline.tick()
        time_machine.shift(timedelta(minutes=30))
    assert len(done) == 3, "at 0, 1 and 2 hours; at 3 its time was over"
    assert DueThing.objects.get().state == "missed"


def test_what_nobody_wants_any_more_is_over(put):
    put(lambda now: Acted(OVER))
    timeline.tick()
    assert DueThing.objects.get().state == "over"


def test_a_fault_puts_one_thing_off_and_leaves_nothing_half_done(put, program, time_machine):
    def fails(now):
        program.name = "half done"
        program.save()
        raise RuntimeError("planted")

    done = put(fails)
    timeline.tick()
    timeline.tick()
    program.refresh_from_db()
    assert (len(done), program.name, DueThing.objects.get().state) == (1, "Pairs", "waiting")
    time_machine.shift(timeline.AFTER_A_FAULT)
    timeline.tick()
    assert len(done) == 2


def test_a_late_tick_does_what_still_has_sense_and_nothing_twice(put, time_machine):
    done = put(lambda now: Acted(DONE), until=timedelta(hours=2))
    time_machine.shift(timedelta(hours=1))
    timeline.tick()
    time_machine.shift(timedelta(hours=5))
    timeline.tick()
    assert (len(done), DueThing.objects.get().state) == (1, "done")


def test_a_row_says_why_it_is_there(put):
    put(lambda now: Acted(DONE))
    timeline.tick()
    assert timeline.why(DueThing.objects.get()) == "pair:1, 9"


def test_without_its_occurrence_the_same_thing_would_be_done_again(put):
    """The guard is seen to catch its fault: named anew each time, it is done each time."""
    names = iter(("first", "second"))
    done = []
    for name in names:
        done.append(put(lambda now: Acted(DONE), occurrence=name))
        timeline.tick()
    assert [len(one) for one in done] == [1, 1] and DueThing.objects.count() == 2


def a_duty(name, asked, due):
    """One that can be asked for a stretch; `asked` hears for which."""

    def whole(now):
        asked.append("all")
        return [due]

    def stretch(since, until):
        asked.append((since, until))
        return []

    return Duty(name, whole, lambda *_: Acted(DONE), lambda *_: "", between=stretch)


def test_many_duties_of_which_nothing_is_new_cost_no_more_queries_than_one(
    program, monkeypatch, time_machine, django_assert_num_queries
):
    time_machine.move_to(MONDAY, tick=False)
    monkeypatch.setattr(timeline, "_duties", {})
    due = Due("pair:1", "first", program.pk, MONDAY, MONDAY + timedelta(days=1))
    asked = []
    for number in range(20):
        timeline.duty(a_duty(f"test.duty_{number}", asked, due))
    timeline.tick()
    time_machine.shift(timedelta(minutes=1))
    with django_assert_num_queries(7):
        timeline.tick()
    assert asked == 20 * ["all"] + 20 * [(MONDAY - timedelta(minutes=2), MONDAY + timedelta(minutes=1))]


def test_a_setting_that_changes_while_a_tick_goes_on_is_asked_for_at_the_next(program, monkeypatch, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    monkeypatch.setattr(timeline, "_duties", {})
    asked = []
    due = Due("pair:1", "first", program.pk, MONDAY, MONDAY + timedelta(days=1))
    timeline.duty(a_duty("test.first", asked, due))
    timeline.tick()
    changes = Duty("test.second", lambda now: timeline.ask_anew() or [], lambda *_: Acted(DONE), lambda *_: "")
    timeline.duty(changes)
    timeline.tick()
    monkeypatch.setitem(timeline._duties, "test.second", Duty("test.second", lambda now: [], *2 * [lambda *_: ""]))
    timeline.tick()
    assert [one if one == "all" else "stretch" for one in asked] == ["all", "stretch", "all"]


@pytest.mark.parametrize("seed", range(20))
def test_whenever_the_clock_ticks_it_is_done_at_most_once_and_only_within_its_time(put, time_machine, seed):
    chance = random.Random(seed)
    good_from, faults = MONDAY + timedelta(minutes=chance.randrange(300)), chance.random() < 0.5
    did = []

    def act(now):
        if now < good_from:
            return Acted("", now + timedelta(minutes=15))
        if faults and chance.random() < 0.5:
            raise RuntimeError("planted")
        did.append(now)
        return Acted(DONE)

    put(act, until=timedelta(minutes=240))
    for _ in range(12):
        time_machine.shift(timedelta(minutes=chance.randrange(60)))
        timeline.tick()
    state = DueThing.objects.get().state
    assert len(did) == (state == "done")
    assert all(good_from <= at < MONDAY + timedelta(minutes=240) for at in did)


def test_a_daily_look_that_came_late_does_not_put_off_tomorrows_nor_does_a_changed_setting(
    put, time_machine, monkeypatch
):
    asked = []
    one = Duty(
        "test.daily", lambda now: asked.append(now) or [], lambda *_: Acted(DONE), lambda *_: "", between=lambda *_: []
    )
    timeline.duty(one)
    for hours in (0, 24.1, 30, 48):
        time_machine.move_to(MONDAY + timedelta(hours=hours), tick=False)
        timeline.tick()
        if hours == 24.1:
            timeline.ask_anew()
    assert [(at - MONDAY).total_seconds() / 3600 for at in asked] == [0, 24.1, 30, 48]
