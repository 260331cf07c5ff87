"""Doubles are found, looked at side by side, made one with nothing lost, and made two again."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from peerline.audit import queries as audit
from peerline.groups import services as groups
from peerline.groups.models import Seat
from peerline.kernel import clock
from peerline.messaging.models import Ways
from peerline.pairs import proposals
from peerline.pairs import services as pairs
from peerline.pairs.models import KeptApart, Partner
from peerline.people import doubles, merging, queries, services
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.people.models import ContactPoint, NoDouble, Person
from peerline.people.rules import PeopleError
from peerline.plans import services as plans
from peerline.plans.models import Plan
from peerline.programs import services as programs
from peerline.programs.models import DueThing, Enrollment
from tests import cast

pytestmark = pytest.mark.django_db
HOME = "+17345550188"


@pytest.fixture
def clinic():
    return cast.clinic()


@pytest.fixture
def keeper(clinic):
    return cast.viewer(clinic, "coordinator")


@pytest.fixture
def program(clinic):
    return programs.make_program(PLATFORM, organization_id=clinic.pk, name="Pairs", begins_on=date(2026, 11, 2))


@pytest.fixture
def other_program(clinic):
    return programs.make_program(PLATFORM, organization_id=clinic.pk, name="Insulin", begins_on=date(2026, 11, 2))


def joined(clinic, *made, **facts):
    facts.setdefault("first_name", "José")
    facts.setdefault("last_name", "Gonzáles")
    born = facts.pop("born_year", 1950)
    person = cast.somebody(clinic, None if made else "participant", born_year=born, **facts)
    for program in made:
        programs.enroll(PLATFORM, program_id=program.pk, person_id=person.pk)
    return person


def found(keeper):
    return {(one.first, one.second): one.why for one in doubles.found(keeper)}


# --- Finding -----------------------------------------------------------------------------------------------------------


def test_the_same_name_written_another_way_is_found_and_why_is_said(clinic, keeper):
    one = joined(clinic, phone=HOME)
    other = joined(clinic, first_name="Jose", last_name="González", phone=HOME)
    turned = joined(clinic, first_name="Gonzalez", last_name="José")
    assert found(keeper) == {(one.pk, other.pk): {"phone", "year"}, (one.pk, turned.pk): {"year"},
                             (other.pk, turned.pk): {"year"}}  # fmt: skip
    assert doubles.found(keeper)[0].second == other.pk, "the likeliest first"


@pytest.mark.parametrize(
    "facts",
    [
        {"born_year": 1981},  # a son of the same name
        {"first_name": "Carmen", "phone": HOME},  # the wife at the same telephone
        {"last_name": "Ramírez", "born_year": 1950},
    ],
)
def test_a_couple_a_son_and_another_name_are_not_doubles(clinic, keeper, facts):
    joined(clinic, phone=HOME)
    joined(clinic, **facts)
    assert found(keeper) == {}


def test_without_a_year_of_birth_the_same_telephone_tells(clinic, keeper):
    one, other = joined(clinic, phone=HOME), joined(clinic, last_name="", phone=HOME, born_year=None)
    assert found(keeper) == {(one.pk, other.pk): {"phone"}}


def test_only_those_within_reach_are_found_and_nobody_is_asked_twice(clinic, keeper):
    one, other = joined(clinic), joined(clinic)
    stranger = cast.viewer(cast.clinic("Oak"), "coordinator")
    assert found(stranger) == {} and len(found(keeper)) == 1
    with pytest.raises(NotThere):
        merging.are_two(stranger, first=one.pk, second=other.pk)
    for _ in range(2):
        merging.are_two(keeper, first=other.pk, second=one.pk)
    assert found(keeper) == {} and NoDouble.objects.count() == 1


def test_a_search_of_sixty_asks_as_often_as_one_of_four(clinic, keeper):
    counts = []
    for number in (4, 60):
        for _ in range(number):
            joined(clinic, first_name=f"{chr(97 + number % 7)}nna", phone=cast.fresh_number())
        with CaptureQueriesContext(connection) as asked:
            doubles.found(keeper)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5


# --- Making one --------------------------------------------------------------------------------------------------------


def rows_of(person_id):
    """table.column → its rows of this person, the log and what stays on purpose aside."""
    return {
        f"{table._meta.label}.{column}": set(
            table._default_manager.filter(**{column: person_id}).values_list("pk", flat=True)
        )
        for table, column in merging._columns()
    }


@pytest.fixture
def two(clinic, program, other_program):
    """The survivor in one program; the other in another, with a partner, a plan, a seat, a way, and something due."""
    keep = joined(clinic, program, last_name="", phone=HOME)
    gone = joined(clinic, other_program, phone=cast.fresh_number(), registry_id="R-7")
    partner = joined(clinic, other_program, first_name="Elm", nickname="Elm", phone=cast.fresh_number())
    pair = pairs.pair_up(PLATFORM, program_id=other_program.pk, people=[gone.pk, partner.pk])
    mine = Enrollment.objects.get(person=gone)
    plan = plans.start(PLATFORM, enrollment_id=mine.pk)
    at = clock.now() + timedelta(days=3)
    session = groups.plan(PLATFORM, program_id=other_program.pk, begins_at=at, way="telephone", time_zone="UTC")
    groups.sign_up(PLATFORM, session_id=session.pk, person_id=gone.pk)
    Ways.objects.create(person=gone, first="sms", chosen_at=clock.now())
    third = joined(clinic, other_program, first_name="Oak", nickname="Oak")
    proposals.keep_apart(PLATFORM, program_id=other_program.pk, people=[gone.pk, third.pk])
    DueThing.objects.create(
        duty="pairs.reminder", subject=f"pair:{pair.pk}", occurrence="x", program=other_program, due_at=clock.now(),
        until=at, people=[gone.pk, partner.pk], made_at=clock.now(), facts={"person": gone.pk, "days": 9, "turn": 1},
    )  # fmt: skip
    return keep, gone, plan


def test_all_that_hung_on_the_one_hangs_on_the_other_and_goes_back_when_undone(keeper, two):
    keep, gone, plan = two
    before = rows_of(keep.pk), rows_of(gone.pk)
    apart = list(KeptApart.objects.values_list("first", "second"))
    row = merging.merge(keeper, keep=keep.pk, gone=gone.pk)
    left = {table for table, numbers in rows_of(gone.pk).items() if numbers}
    assert not left, f"what stayed behind: {left}"
    after = rows_of(keep.pk)
    keys = {"messaging.Ways.person", "pairs.KeptApart.first", "pairs.KeptApart.second"}
    assert all(before[1][name] <= after[name] for name in after if name not in keys)
    assert Ways.objects.get().person_id == keep.pk and Plan.objects.get(pk=plan.pk).person_id == keep.pk
    assert keep.pk in KeptApart.objects.values_list("first", "second").get()
    due = DueThing.objects.get()
    assert due.people[0] == keep.pk == due.facts["person"]
    known = Person.objects.get(pk=keep.pk)
    assert known.last_name == "Gonzáles" and known.registry_id == "R-7"
    assert queries.known([gone.pk])[gone.pk].removed and doubles.survivor_of(gone.pk) == keep.pk
    assert list(queries.matching_words(queries.everybody(), "R-7").values_list("pk", flat=True)) == [keep.pk]
    assert {line.subject_id for line in audit.lines().filter(verb="people.merged")} == {keep.pk, gone.pk}

    merging.undo(keeper, merge_id=row.pk)
    assert (rows_of(keep.pk), rows_of(gone.pk)) == before
    assert list(KeptApart.objects.values_list("first", "second")) == apart
    assert DueThing.objects.get().people[0] == gone.pk == DueThing.objects.get().facts["person"]
    known = Person.objects.get(pk=keep.pk)
    assert not known.last_name and Person.objects.get(pk=gone.pk).registry_id == "R-7"
    assert doubles.survivor_of(gone.pk) is None and not queries.known([gone.pk])[gone.pk].removed


def test_what_the_survivor_has_its_like_of_stays_with_the_old_record_and_is_not_lost(clinic, keeper, program):
    keep, gone = joined(clinic, phone=HOME), joined(clinic, program, phone=HOME)
    session = groups.plan(
        PLATFORM, program_id=program.pk, begins_at=clock.now() + timedelta(days=3), way="telephone", time_zone="UTC"
    )
    for one in (keep, gone):
        Seat.objects.create(session=session, person=one, since=clock.now(), door="staff")
    row = merging.merge(keeper, keep=keep.pk, gone=gone.pk)
    assert ContactPoint.objects.filter(person=gone).count() == 1 == ContactPoint.objects.filter(person=keep).count()
    assert Seat.objects.filter(person=gone).count() == 1 and Seat.objects.count() == 2
    assert [one.person_id for one in queries.people_at_number(queries.number_hash(HOME))] == [keep.pk]
    merging.undo(keeper, merge_id=row.pk)
    assert len(queries.people_at_number(queries.number_hash(HOME))) == 2


def test_of_two_places_in_one_program_the_more_alive_one_counts(clinic, keeper, program):
    keep, gone = joined(clinic, program), joined(clinic, program)
    with pytest.raises(PeopleError, match="both_active"):
        merging.merge(keeper, keep=keep.pk, gone=gone.pk)
    programs.stop(PLATFORM, Enrollment.objects.get(person=keep).pk)
    row = merging.merge(keeper, keep=keep.pk, gone=gone.pk)
    states = list(Enrollment.objects.filter(person=keep).order_by("pk").values_list("state", flat=True))
    assert states == ["removed", "active"]
    services.give_role(
        PLATFORM, person_id=keep.pk, role="participant", place=services.Place(clinic.pk, None, program.pk)
    )
    merging.undo(keeper, merge_id=row.pk)
    assert (
        Enrollment.objects.get(person=keep).state == "stopped" and Enrollment.objects.get(person=gone).state == "active"
    )


def test_partners_colleagues_and_people_of_another_clinic_are_never_made_one(clinic, keeper, program, other_program):
    one, other = joined(clinic, program), joined(clinic, program)
    pair = pairs.pair_up(PLATFORM, program_id=program.pk, people=[one.pk, other.pk])
    pairs.end_pair(PLATFORM, pair_id=pair.pk, reason="moved")
    programs.stop(PLATFORM, Enrollment.objects.get(person=other).pk)
    with pytest.raises(PeopleError, match="were_partners"):
        merging.merge(keeper, keep=one.pk, gone=other.pk)
    assert Partner.objects.filter(person=other).exists()
    with pytest.raises(PeopleError, match="merges_staff"):
        merging.merge(keeper, keep=one.pk, gone=keeper.person_id)
    for actor, second in ((keeper, joined(cast.clinic("Oak"))), (viewer_of(one.pk), other)):
        with pytest.raises(NotThere):
            merging.merge(actor, keep=one.pk, gone=second.pk)


def test_a_nickname_that_somebody_has_in_the_other_s_program_is_changed_first(clinic, keeper, program):
    keep, gone = joined(clinic, nickname="Maple"), joined(clinic, program, nickname="Oak")
    programs.enroll(PLATFORM, program_id=program.pk, person_id=cast.somebody(clinic, None, nickname="Maple").pk)
    with pytest.raises(PeopleError, match="nickname_taken"):
        merging.merge(keeper, keep=keep.pk, gone=gone.pk)
    assert not queries.known([gone.pk])[gone.pk].removed


def test_the_later_of_two_is_undone_first(clinic, keeper):
    first, second, third = joined(clinic), joined(clinic), joined(clinic)
    early = merging.merge(keeper, keep=second.pk, gone=first.pk)
    late = merging.merge(keeper, keep=third.pk, gone=second.pk)
    with pytest.raises(PeopleError, match="merged_since"):
        merging.undo(keeper, merge_id=early.pk)
    merging.undo(keeper, merge_id=late.pk)
    merging.undo(keeper, merge_id=early.pk)
    assert Person.objects.filter(removed_at=None, pk__in=[first.pk, second.pk, third.pk]).count() == 3


def test_by_the_pages_both_are_shown_one_is_chosen_and_the_old_address_leads_on(clinic, program, client):
    one, other = joined(clinic, program), joined(clinic)
    cast.sign_in(client, cast.somebody(clinic, "coordinator", email="cora@example.org"))
    assert f"/people/alike/{one.pk}/{other.pk}/" in client.get("/people/alike/").content.decode()
    page = client.get(f"/people/alike/{one.pk}/{other.pk}/").content.decode()
    assert "Pairs: takes part" in page and "This one stays" in page
    for unsaid in ({}, {"keep": "12"}):
        client.post(f"/people/alike/{one.pk}/{other.pk}/", unsaid)
    assert doubles.merges(PLATFORM) == [], "nothing is made one that nobody chose"
    client.post(f"/people/alike/{one.pk}/{other.pk}/", {"keep": other.pk})
    assert Enrollment.objects.get().person_id == other.pk
    assert client.get(f"/people/{one.pk}/").headers["Location"] == f"/people/{other.pk}/"
    stranger = cast.sign_in(Client(), cast.somebody(cast.clinic("Oak"), "coordinator", email="s@example.org"))
    assert stranger.get(f"/people/{one.pk}/").status_code == 404, "where it leads is told to nobody else"
    assert "Entered: Pairs" in client.get(f"/people/{other.pk}/timeline/").content.decode()
    merge = doubles.merges(PLATFORM)[0]
    client.post(f"/people/merges/{merge.pk}/undo/")
    assert Enrollment.objects.get().person_id == one.pk
