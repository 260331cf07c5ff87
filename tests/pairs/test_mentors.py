"""Mentors who take several people each: who they are, and whom each would best take; nothing is kept of a proposal."""

import pytest

from peerline.pairs import cohorts, mentors, proposals, services
from peerline.pairs.models import Mentor, Pair, ProposedPair
from peerline.pairs.rules import MOST_TAKEN, PairError
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.programs import services as programs
from tests import cast
from tests.pairs.matching import Waiting


@pytest.fixture
def place(db):
    return Waiting()


@pytest.fixture
def coordinator(place):
    return viewer_of(place.staff["coordinator"].pk)


def mark(place, nickname, takes, actor=PLATFORM):
    return mentors.mark(actor, program_id=place.program.pk, person_id=place.pk(nickname), takes=takes)


def taken(place, actor=PLATFORM):
    """nickname → the mentor's, "" for none."""
    names = {person.pk: nickname for nickname, person in place.who.items()}
    found = mentors.proposal(actor, program_id=place.program.pk).found
    pairs = {names[int(pair.person)]: names[int(pair.mentor)] for pair in found.pairs}
    return pairs | {names[int(one.key)]: "" for one in found.left_out}


@pytest.mark.req("S66")
def test_each_mentor_takes_those_who_suit_best_up_to_their_number_and_mentors_are_not_mentored(place, coordinator):
    mark(place, "Maple", 2, coordinator)
    mark(place, "Ceiba", 5, coordinator)
    found = taken(place, coordinator)
    assert set(found) == {"Elm", "Oak", "Linden", "Birch", "Roble", "Pine"}
    assert found["Roble"] == "Ceiba" and list(found.values()).count("Maple") == 2 and found["Elm"] == "Maple"
    mark(place, "Maple", 5, coordinator)
    assert list(taken(place).values()).count("Maple") == 5
    assert Mentor.objects.count() == 2 and not Pair.objects.exists() and not ProposedPair.objects.exists()


def test_hard_rules_hold_for_mentors_too(place):
    mark(place, "Maple", 5)
    proposals.keep_apart(PLATFORM, program_id=place.program.pk, people=[place.pk("Maple"), place.pk("Elm")])
    for nickname in ("Maple", "Oak"):
        people.set_contact(PLATFORM, person_id=place.pk(nickname), kind="phone", value="+17345559999")
    assert taken(place) == {
        "Elm": "", "Oak": "", "Roble": "", "Ceiba": "", "Linden": "Maple", "Birch": "Maple", "Pine": "Maple",
    }  # fmt: skip
    why = {one.key: one.why for one in mentors.proposal(PLATFORM, program_id=place.program.pk).found.left_out}
    assert [why[str(place.pk(one))] for one in ("Elm", "Oak", "Roble")] == ["apart", "apart", "language"]


def test_a_mentor_who_is_in_a_pair_and_lives_with_somebody_who_waits_does_not_mentor_them(place, monkeypatch):
    services.pair_up(PLATFORM, program_id=place.program.pk, people=[place.pk("Maple"), place.pk("Oak")])
    for nickname in ("Maple", "Elm"):
        people.set_contact(PLATFORM, person_id=place.pk(nickname), kind="phone", value="+17345559999")
    mark(place, "Maple", 5)
    assert taken(place)["Elm"] == ""
    plain = cohorts.kept_apart
    monkeypatch.setattr(cohorts, "kept_apart", lambda program_id, besides: plain(program_id))  # the planted fault
    assert taken(place)["Elm"] == "Maple"


def test_whoever_left_or_has_not_agreed_neither_mentors_nor_is_mentored(place):
    mark(place, "Maple", 5)
    programs.write_consent(PLATFORM, program_id=place.program.pk, texts={"en": "Agreed?", "es": "¿De acuerdo?"})
    assert taken(place) == {}
    for nickname in ("Maple", "Elm"):
        enrollment = place.who[nickname].enrollments.get()
        programs.give_consent(PLATFORM, enrollment_id=enrollment.pk, version=1, how="paper")
    assert taken(place) == {"Elm": "Maple"}
    programs.stop(PLATFORM, enrollment_id=place.who["Maple"].enrollments.get().pk, reason="moved")
    assert taken(place) == {"Elm": ""}


def test_only_those_of_the_program_mentor_and_only_staff_of_it_say_so(place, coordinator):
    stranger = cast.somebody(place.organization, "coordinator", first_name="Ada", email="ada@example.org")
    with pytest.raises(PairError, match="not_active"):
        mentors.mark(coordinator, program_id=place.program.pk, person_id=stranger.pk, takes=3)
    for takes in (0, MOST_TAKEN + 1):
        with pytest.raises(PairError, match="how_many_taken"):
            mark(place, "Maple", takes, coordinator)
    row = mark(place, "Maple", 3, coordinator)
    for actor in (viewer_of(place.pk("Elm")), viewer_of(place.staff["researcher"].pk)):
        with pytest.raises(NotThere):
            mark(place, "Elm", 3, actor)
        with pytest.raises(NotThere):
            mentors.unmark(actor, program_id=place.program.pk, mentor_id=row.pk)
        with pytest.raises(NotThere):
            mentors.proposal(actor, program_id=place.program.pk)
    mentors.unmark(coordinator, program_id=place.program.pk, mentor_id=row.pk)
    assert not Mentor.objects.exists()
