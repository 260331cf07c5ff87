"""Both choose when to talk, by web or telephone, and the line rings both then, once, on each one's own clock (S7, S18)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from peerline.exchange.models import Call
from peerline.jobs.services import drain
from peerline.kernel import week
from peerline.messaging.models import Reminder
from peerline.pairs import services as pairs
from peerline.pairs import talk_times
from peerline.pairs.models import TalkTime
from peerline.pairs.rules import PairError
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.programs import timeline
from peerline.programs.models import DueThing
from tests.exchange.conftest import ELM, ROSA, town  # noqa: F401

TUESDAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)  # 11 in the morning in Detroit
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIX = TUESDAY + 7 * HOUR


@pytest.fixture
def two(town, time_machine, settings):  # noqa: F811
    settings.ENGINE = "simulated"
    time_machine.move_to(TUESDAY, tick=False)
    return town


def ask(two, *times, weekly=False):
    return talk_times.propose(
        viewer_of(two.rosa.pk), pair_id=two.pair.pk, person_id=two.rosa.pk, times=times or [SIX], weekly=weekly
    )


def agree(two, row, at=SIX):
    return talk_times.agree(viewer_of(two.elm.pk), talk_time_id=row.pk, person_id=two.elm.pk, at=at)


def tick(two):
    drain()
    timeline.tick()
    two.line.settle()
    return [number for _, number in two.line.ring_log]


@pytest.mark.req("S18")
def test_at_the_time_both_chose_the_line_rings_both_once(two, time_machine):
    agree(two, ask(two, SIX, SIX + DAY))
    time_machine.move_to(SIX - timedelta(minutes=1), tick=False)
    assert ROSA not in tick(two)
    time_machine.move_to(SIX, tick=False)
    tick(two)
    assert tick(two).count(ROSA) == 1
    rosa = two.line.ringing_at(ROSA)
    two.line.answer(rosa)
    assert "time.now" in rosa.heard
    two.line.press(rosa, "1")
    elm = two.line.ringing_at(ELM)
    two.line.answer(elm)
    two.line.press(elm, "1")
    assert two.line.rooms[rosa.now.step.room] == {rosa.leg_id, elm.leg_id}
    assert TalkTime.objects.get().state == "past" and Call.objects.filter(way="both").count() == 1


@pytest.mark.req("S18", "S6")
def test_only_hours_free_for_both_can_be_asked_for(two):
    people.set_blocked_hours(PLATFORM, two.elm.pk, week.of_days(range(7), 17, 24))
    with pytest.raises(PairError, match="not_free"):
        ask(two, SIX)
    with pytest.raises(PairError, match="not_free"):
        ask(two, TUESDAY + 14 * HOUR)  # one at night: nobody is rung then, whatever they allow
    with pytest.raises(PairError, match="how_many_times"):
        ask(two, *(TUESDAY + hours * HOUR for hours in (2, 3, 4, 5)))


def test_whoever_is_not_in_the_pair_can_neither_ask_nor_agree_nor_cancel(two):
    row = ask(two)
    oak = viewer_of(two.third.pk)
    with pytest.raises(NotThere):
        talk_times.propose(oak, pair_id=two.pair.pk, person_id=two.third.pk, times=[SIX])
    with pytest.raises(NotThere):
        talk_times.agree(oak, talk_time_id=row.pk, person_id=two.elm.pk, at=SIX)
    with pytest.raises(NotThere):
        talk_times.drop(oak, talk_time_id=row.pk, person_id=two.rosa.pk)
    with pytest.raises(NotThere):
        talk_times.agree(viewer_of(two.rosa.pk), talk_time_id=row.pk, person_id=two.rosa.pk, at=SIX)  # her own question
    with pytest.raises(NotThere):
        talk_times.agree(viewer_of(two.rosa.pk), talk_time_id=row.pk, person_id=two.elm.pk, at=SIX)  # in his name


@pytest.mark.req("S18")
def test_a_weekly_time_stays_at_its_hour_when_clocks_change(two, time_machine):
    """Sundays at four in Detroit, over the night of March 14, 2027."""
    sunday = week.instant_of(date(2027, 3, 7), time(16), "America/Detroit")
    time_machine.move_to(sunday - 2 * DAY, tick=False)
    agree(two, ask(two, sunday, weekly=True), at=sunday)
    came = []
    for day in range(30):
        time_machine.move_to(
            week.instant_of(date(2027, 3, 6) + timedelta(days=day), time(16), "America/Detroit"), tick=False
        )
        before = Call.objects.filter(way="both").count()
        timeline.tick()
        if Call.objects.filter(way="both").count() > before:
            came.append(Call.objects.filter(way="both").latest("pk").began_at)
        two.line.settle()
        for telephone in two.line.telephones.values():
            if telephone.ringing:
                two.line.refuse(telephone, "no_answer")
    assert [at.hour for at in came] == [21, 20, 20, 20, 20], "UTC: the same four o'clock"
    assert {later - sooner for sooner, later in pairwise(came)} == {7 * DAY - HOUR, 7 * DAY}


def test_a_change_or_an_end_in_between_rings_nobody(two, time_machine):
    agree(two, ask(two))
    talk_times.drop(viewer_of(two.elm.pk), talk_time_id=TalkTime.objects.get().pk, person_id=two.elm.pk)
    agree(two, ask(two, SIX + HOUR), at=SIX + HOUR)
    time_machine.move_to(SIX, tick=False)
    assert ROSA not in tick(two)
    pairs.end_pair(PLATFORM, pair_id=two.pair.pk, reason="asked")
    time_machine.move_to(SIX + HOUR, tick=False)
    assert ROSA not in tick(two)


@pytest.mark.req("S6")
def test_hours_that_were_blocked_meanwhile_are_kept_and_staff_see_what_was_missed(two, time_machine):
    agree(two, ask(two))
    people.set_blocked_hours(PLATFORM, two.elm.pk, week.ALL)
    for minutes in (0, 10, 20, 31):
        time_machine.move_to(SIX + timedelta(minutes=minutes), tick=False)
        timeline.tick()
    assert Call.objects.filter(way="both").count() == 0
    assert DueThing.objects.get(duty="pairs.talk_time").state == "missed"
    talk_times.clear_away()
    assert TalkTime.objects.get().state == "past"


@pytest.mark.req("S18")
def test_each_step_is_told_to_the_other_and_what_is_over_is_not_told_any_more(two):
    row = ask(two)
    kinds = lambda: set(Reminder.objects.filter(state="waiting").values_list("key", flat=True))  # noqa: E731
    assert kinds() == {f"pairs.time_asked:{row.pk}:{two.elm.pk}"}
    agree(two, row)
    assert f"pairs.time_agreed:{row.pk}:{two.rosa.pk}" in kinds()
    talk_times.drop(viewer_of(two.rosa.pk), talk_time_id=row.pk, person_id=two.rosa.pk)
    assert kinds() == {f"pairs.time_dropped:{row.pk}:{two.elm.pk}"}


def test_when_the_two_do_not_come_together_both_hear_how_to_choose_another_time(two, time_machine):
    agree(two, ask(two))
    time_machine.move_to(SIX, tick=False)
    tick(two)
    two.line.refuse(two.line.ringing_at(ROSA), "no_answer")
    drain()
    told = Reminder.objects.filter(key__startswith="pairs.time_not_met:").values_list("person_id", flat=True)
    assert set(told) == {two.rosa.pk, two.elm.pk}


@pytest.mark.req("S17", "S18")
def test_a_time_is_asked_for_and_agreed_with_nothing_but_a_telephone(two):
    rosa = two.identified(ROSA)
    two.line.press(rosa, "4")
    two.line.press(rosa, "4")
    assert rosa.asked == "time.ask"
    two.line.press(rosa, "1")
    two.line.press(rosa, "1")
    assert "time.sent" in rosa.transcript
    two.line.hang_up(rosa)
    elm = two.identified(ELM)
    two.line.press(elm, "1")
    assert elm.asked == "time.asked_first"
    two.line.press(elm, "1")
    assert elm.asked == "time.answer"
    two.line.press(elm, "1")
    assert "time.agreed" in elm.transcript
    row = TalkTime.objects.get()
    assert row.state == "agreed" and row.at == SIX and not row.weekly


@pytest.mark.req("S18")
def test_everybody_hears_their_own_clocks_hour(two):
    from peerline.pairs import answers

    people.set_time_zone(PLATFORM, person_id=two.elm.pk, time_zone="America/Los_Angeles")
    ask(two)
    leg = object()
    assert answers.talk_time(leg, two.rosa.pk, two.pair.pk)["times"][0]["time"] == "18:00"
    assert answers.talk_time(leg, two.elm.pk, two.pair.pk)["times"][0]["time"] == "15:00"
    assert answers.talk_time(leg, two.elm.pk, two.pair.pk)["state"] == "to_answer"


def test_two_who_agree_at_once_agree_on_one_time(two):
    row = ask(two, SIX, SIX + HOUR)
    agree(two, row)
    agree(two, row)
    with pytest.raises(PairError, match="time_gone"):
        agree(two, row, at=SIX + HOUR)
