"""Pairs are made of equals, end without blame, and are rung only when each of them takes calls."""

from datetime import UTC, datetime

import pytest

from peerline.jobs.services import drain
from peerline.kernel import week
from peerline.pairs import queries, services
from peerline.pairs.models import Pair
from peerline.pairs.rules import PairError
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, Viewer, viewer_of
from peerline.programs import services as programs
from tests.cast import clinic, viewer
from tests.exchange.conftest import ELM, ROSA, town  # noqa: F401


def paired(town, *everybody):  # noqa: F811
    return services.pair_up(PLATFORM, program_id=town.program.pk, people=[one.pk for one in everybody])


@pytest.mark.req("S27")
def test_a_pair_keeps_no_order_and_no_role_between_its_people(town):  # noqa: F811
    columns = {field.name for field in Pair.partners.rel.related_model._meta.get_fields()}
    assert columns == {"id", "pair", "program", "person", "active"}
    services.end_pair(PLATFORM, pair_id=town.pair.pk, reason="asked")
    one, other = paired(town, town.elm, town.rosa), [town.rosa.pk, town.elm.pk]
    assert sorted(queries.members_of([one.pk])[one.pk]) == sorted(other)


@pytest.mark.parametrize(
    ("who", "word"), [((), "how_many"), (("rosa",), "how_many"), (("rosa", "third"), "already_paired")]
)
def test_what_cannot_be_a_pair_changes_nothing(town, who, word):  # noqa: F811
    with pytest.raises(PairError, match=word):
        paired(town, *(getattr(town, name) for name in who))
    assert Pair.objects.count() == 1


def test_somebody_who_rests_is_not_paired(town):  # noqa: F811
    services.end_pair(PLATFORM, pair_id=town.pair.pk, reason="asked")
    programs.pause(PLATFORM, enrollment_id=town.rosa.enrollments.get().pk)
    with pytest.raises(PairError, match="not_active"):
        paired(town, town.rosa, town.elm)


def test_ending_twice_is_ending_once_and_both_may_be_paired_again(town):  # noqa: F811
    first = services.end_pair(PLATFORM, pair_id=town.pair.pk, reason="moved")
    again = services.end_pair(PLATFORM, pair_id=town.pair.pk, reason="asked")
    assert (again.end_reason, again.ended_at) == ("moved", first.ended_at)
    assert paired(town, town.rosa, town.third).ended_at is None


def test_staff_of_another_clinic_find_no_pair_to_end_or_ring(town):  # noqa: F811
    stranger = viewer(clinic("Another clinic"), "coordinator")
    for act in (
        lambda: services.end_pair(stranger, pair_id=town.pair.pk, reason="asked"),
        lambda: services.ring_both(stranger, pair_id=town.pair.pk, first_person_id=town.rosa.pk),
        lambda: services.ring_both(Viewer(), pair_id=town.pair.pk, first_person_id=town.rosa.pk),
    ):
        with pytest.raises(NotThere):
            act()


@pytest.mark.req("S15")
def test_whoever_leaves_the_program_is_in_no_pair_once_the_news_has_arrived(town):  # noqa: F811
    programs.stop(PLATFORM, town.elm.enrollments.get().pk)
    drain()
    town.pair.refresh_from_db()
    assert town.pair.end_reason == "stopped"


@pytest.mark.req("S6")
def test_staff_ring_nobody_inside_their_blocked_hours_but_one_may_ask_for_oneself(town):  # noqa: F811
    people.set_blocked_hours(PLATFORM, town.rosa.pk, week.ALL)
    nurse = viewer(town.organization, "nurse")
    with pytest.raises(PairError, match="resting"):
        services.ring_both(nurse, pair_id=town.pair.pk, first_person_id=town.rosa.pk)
    services.ring_both(viewer_of(town.rosa.pk), pair_id=town.pair.pk, first_person_id=town.rosa.pk)
    town.line.settle()
    assert [number for _, number in town.line.ring_log] == [ROSA]


@pytest.mark.req("S6")
def test_in_a_group_of_three_the_page_names_the_hours_of_whoever_takes_calls(town, time_machine):  # noqa: F811
    time_machine.move_to(datetime(2026, 11, 24, 13, 0, tzinfo=UTC))  # a Tuesday, 8 in the morning in Detroit
    trio = town.trio()
    for person, first, end in ((town.elm, 9, 12), (town.third, 11, 14)):
        people.set_blocked_hours(PLATFORM, person.pk, week.ALL & ~week.of_days([1], first, end))
    [shown] = queries.shown([trio])
    assert queries.mine_shown(shown, town.rosa.pk).welcome == [(9, 14)]
    assert queries.mine_shown(shown, town.elm.pk).welcome[-1] == (8, 24), "Maple takes calls at any hour"


@pytest.mark.req("S3", "S6")
def test_ring_both_tells_the_first_that_the_other_takes_no_calls_now(town):  # noqa: F811
    people.set_blocked_hours(PLATFORM, town.elm.pk, week.ALL)
    services.ring_both(viewer_of(town.rosa.pk), pair_id=town.pair.pk, first_person_id=town.rosa.pk)
    town.line.settle()
    rosa = town.line.ringing_at(ROSA)
    town.line.answer(rosa)
    town.line.press(rosa, "1")
    assert "pair.resting" in rosa.transcript
    assert ELM not in [number for _, number in town.line.ring_log]
