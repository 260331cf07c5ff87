"""No pair begins before both have had the training in talking with a partner, whichever door they had it by (S28)."""

import pytest

from peerline.groups import training
from peerline.groups.rules import SCREENS, GroupError
from peerline.pairs import conditions, match_pages, services
from peerline.pairs.rules import PairError
from peerline.people.access import NotThere
from peerline.programs import queries as programs
from tests.cast import clinic, viewer

pytestmark = pytest.mark.req("S28")


def pair_up(circle):
    return services.pair_up(circle.staff, program_id=circle.program.pk, people=[one.pk for one in circle.people[:2]])


def test_a_pair_waits_until_both_have_had_it(circle, training_counts):
    one, two = circle.people[:2]
    training.record(circle.staff, person_id=one.pk, how="paper")
    with pytest.raises(PairError) as reason:
        pair_up(circle)
    assert reason.value.word == "lacks_training"
    training.record(circle.staff, person_id=two.pk, how="session")
    assert pair_up(circle).ended_at is None


def test_without_the_rule_the_same_pair_would_begin(circle, training_counts, monkeypatch):
    """Positive control: it is this condition, and nothing else, that holds the pair back."""
    monkeypatch.setattr(conditions, "_conditions", {})
    assert pair_up(circle).ended_at is None


def test_a_protocol_that_does_not_ask_for_it_waits_for_nobody(circle, training_counts, monkeypatch):
    from dataclasses import replace

    protocol = programs.protocol_of(circle.program.pk)
    lax = replace(protocol, pairs=replace(protocol.pairs, training_first=False))
    monkeypatch.setattr(training.programs, "protocol_of", lambda program_id: lax)
    assert pair_up(circle).ended_at is None


def test_the_match_page_says_who_lacks_it(circle, training_counts, monkeypatch):
    training.record(circle.staff, person_id=circle.people[0].pk, how="session")
    shown = match_pages._unmet(circle.program.pk, [one.pk for one in circle.people[:3]])
    assert [one.nickname for one in shown[0][1]] == ["Tree 01", "Tree 02"]
    assert shown[0][2] == f"/programs/{circle.program.pk}/training/"


def test_it_goes_on_where_it_was_left_off_and_is_finished_once(circle):
    me = circle.people[0].pk
    with pytest.raises(GroupError, match="not_yet"):
        training.finish(me, how="web")
    for screen in (1, 2, 3, 2):
        training.seen(me, screen=screen, how="web")
    assert training.reached(me).screen == 3, "going back loses nothing"
    for screen in range(4, SCREENS + 1):
        training.seen(me, screen=screen, how="phone")
    done = training.finish(me, how="phone")
    training.record(circle.staff, person_id=me, how="paper")
    assert (training.reached(me).how, training.reached(me).done_at) == ("phone", done.done_at)


def test_staff_record_it_for_their_own_people_only(circle):
    stranger = viewer(clinic("Elsewhere"), "coordinator")
    with pytest.raises(NotThere):
        training.record(stranger, person_id=circle.people[0].pk, how="paper")
    with pytest.raises(GroupError, match="not_a_choice"):
        training.record(circle.staff, person_id=circle.people[0].pk, how="hearsay")
    assert len(training.without(circle.program.pk)) == 12
