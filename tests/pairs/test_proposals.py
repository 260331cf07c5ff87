"""Rounds of proposals: kept, decided on, accepted; what ended is not made again, and everybody hears of it in their way."""

import pytest

from peerline.jobs.services import drain
from peerline.matching.scoring import WEIGHTS
from peerline.messaging.models import Message
from peerline.pairs import cohorts, proposals, services
from peerline.pairs.models import KeptApart, MatchRound, Pair, ProposedPair
from peerline.pairs.rules import PairError
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.programs import services as programs
from tests import cast
from tests.pairs.matching import PEOPLE, Waiting


@pytest.fixture
def place(db):
    return Waiting()


@pytest.fixture
def coordinator(place):
    return viewer_of(place.staff["coordinator"].pk)


def proposed(place, *states):
    """The open round's pairs, as their nicknames in order: "Elm+Maple"."""
    rows = list(ProposedPair.objects.filter(round__closed_at=None, state__in=states or ("proposed", "locked")))
    names = {person.pk: nickname for nickname, person in place.who.items()}
    return {
        "+".join(sorted(names[one] for one in group)): row
        for row in rows
        if (group := proposals.groups_of([row])[row.pk])
    }


def two(place, *names):
    return [place.who[name].pk for name in names]


@pytest.mark.req("S24", "S25", "S26")
def test_those_who_wait_are_proposed_to_whoever_suits_them_within_the_rules(place, coordinator):
    proposals.propose(coordinator, program_id=place.program.pk)
    found = proposed(place)
    assert "Elm+Maple" in found and "Ceiba+Roble" in found and "Birch+Linden" in found
    assert len(found) == 4 and MatchRound.objects.get().left_out == []
    best = found["Elm+Maple"]
    assert best.points == sum(best.features.values()) and best.common_hours == 28
    assert sorted(row[2] for row in best.ranks) == [1, 1]


def test_a_second_match_replaces_what_was_proposed_and_there_is_one_open_round(place, coordinator):
    for _time in range(2):
        proposals.propose(coordinator, program_id=place.program.pk)
    assert MatchRound.objects.count() == 1 and ProposedPair.objects.count() == 4


def test_a_locked_pair_stays_and_a_vetoed_one_is_not_proposed_again(place, coordinator):
    proposals.put_together(coordinator, program_id=place.program.pk, one=place.pk("Maple"), other=place.pk("Oak"))
    assert "Maple+Oak" in proposed(place, "locked")
    proposals.propose(coordinator, program_id=place.program.pk)
    assert "Maple+Oak" in proposed(place, "locked")
    row = proposed(place)["Ceiba+Roble"]
    proposals.decide(coordinator, proposed_id=row.pk, act="veto")
    proposals.propose(coordinator, program_id=place.program.pk)
    assert "Ceiba+Roble" not in proposed(place) and "Ceiba+Roble" in proposed(place, "vetoed")
    assert {one["why"] for one in MatchRound.objects.get().left_out} == {"apart"}
    vetoed = proposed(place, "vetoed")["Ceiba+Roble"]
    proposals.decide(coordinator, proposed_id=vetoed.pk, act="allow")
    proposals.propose(coordinator, program_id=place.program.pk)
    assert "Ceiba+Roble" in proposed(place)


def test_two_who_are_kept_apart_are_so_in_every_later_round_until_it_is_taken_back(place, coordinator):
    proposals.propose(coordinator, program_id=place.program.pk)
    row = proposed(place)["Elm+Maple"]
    proposals.decide(coordinator, proposed_id=row.pk, act="forbid")
    proposals.close(coordinator, program_id=place.program.pk)
    proposals.propose(coordinator, program_id=place.program.pk)
    assert "Elm+Maple" not in proposed(place)
    with pytest.raises(PairError, match="rule_broken"):
        proposals.put_together(coordinator, program_id=place.program.pk, one=place.pk("Maple"), other=place.pk("Elm"))
    proposals.no_longer_apart(coordinator, program_id=place.program.pk, apart_id=KeptApart.objects.get().pk)
    proposals.propose(coordinator, program_id=place.program.pk)
    assert "Elm+Maple" in proposed(place)


def test_people_of_one_household_are_not_proposed_to_each_other(place, coordinator):
    shared = "+17345559999"
    for name in ("Maple", "Elm"):
        people.set_contact(PLATFORM, person_id=place.who[name].pk, kind="phone", value=shared)
    proposals.propose(coordinator, program_id=place.program.pk)
    assert "Elm+Maple" not in proposed(place)


def test_a_household_that_went_unseen_would_be_proposed(place, coordinator, monkeypatch):
    """The planted fault: without the query the very couple comes back."""
    for name in ("Maple", "Elm"):
        people.set_contact(PLATFORM, person_id=place.who[name].pk, kind="phone", value="+17345559999")
    monkeypatch.setattr(cohorts.people, "households", lambda ids: [])
    proposals.propose(coordinator, program_id=place.program.pk)
    assert "Elm+Maple" in proposed(place)


@pytest.mark.parametrize("role", ["nurse", "coordinator", "researcher", "administrator"])
def test_staff_who_take_part_are_proposed_to_nobody_whom_they_work_for(place, coordinator, role, monkeypatch):
    scope = people.Place(place.organization.pk, program_id=place.program.pk)
    people.give_role(PLATFORM, person_id=place.who["Maple"].pk, role=role, place=scope)
    proposals.propose(coordinator, program_id=place.program.pk)
    assert not any("Maple" in names for names in proposed(place))
    assert {"person": place.who["Maple"].pk, "why": "apart"}.items() <= MatchRound.objects.get().left_out[0].items()
    monkeypatch.setattr(cohorts.people, "staff_among", lambda ids, **where: [])  # the planted fault
    proposals.propose(coordinator, program_id=place.program.pk)
    assert "Elm+Maple" in proposed(place)


def test_staff_of_another_program_or_another_site_are_proposed_like_anybody(place, coordinator):
    other = programs.make_program(
        PLATFORM, organization_id=place.organization.pk, name="Another", begins_on=place.program.begins_on
    )
    site = people.make_site(PLATFORM, organization_id=place.organization.pk, name="Elsewhere")
    for where in ({"program_id": other.pk}, {"site_id": site.pk}):
        people.give_role(
            PLATFORM, person_id=place.who["Maple"].pk, role="nurse", place=people.Place(place.organization.pk, **where)
        )
    proposals.propose(coordinator, program_id=place.program.pk)
    assert "Elm+Maple" in proposed(place)


def test_a_pair_that_ended_is_not_proposed_again(place, coordinator):
    made = services.pair_up(PLATFORM, program_id=place.program.pk, people=two(place, "Maple", "Elm"))
    assert len(cohorts.waiting(place.program.pk).people) == 6
    services.end_pair(PLATFORM, pair_id=made.pk, reason="asked")
    proposals.propose(coordinator, program_id=place.program.pk)
    assert "Elm+Maple" not in proposed(place)
    assert cohorts.were_a_pair(place.program.pk, two(place, "Elm", "Maple"))
    assert not cohorts.were_a_pair(place.program.pk, two(place, "Elm", "Oak"))


def test_whoever_has_not_agreed_to_the_text_in_force_is_not_matched(place, coordinator):
    texts = {"en": "You will talk with a partner.", "es": "Usted hablará con un compañero."}
    programs.write_consent(PLATFORM, program_id=place.program.pk, texts=texts)
    for name in ("Maple", "Oak"):
        enrollment = place.who[name].enrollments.get()
        programs.give_consent(PLATFORM, enrollment_id=enrollment.pk, version=1, how="paper")
    found = cohorts.waiting(place.program.pk)
    assert {int(one.key) for one in found.people} == set(two(place, "Maple", "Oak"))
    assert set(found.unready) == {place.who[row[0]].pk for row in PEOPLE} - set(two(place, "Maple", "Oak"))
    proposals.propose(coordinator, program_id=place.program.pk)
    assert set(proposed(place)) == {"Maple+Oak"}


def test_people_of_two_arms_are_never_proposed_to_each_other(place, coordinator):
    for number, person in enumerate(place.who.values()):
        enrollment = person.enrollments.get()
        programs.change_enrollment(PLATFORM, enrollment_id=enrollment.pk, arm="AB"[number % 2])
    proposals.propose(coordinator, program_id=place.program.pk)
    arm = {nickname: "AB"[number % 2] for number, nickname in enumerate(place.who)}
    assert proposed(place) and all(len({arm[one] for one in group.split("+")}) == 1 for group in proposed(place))


@pytest.mark.req("S66")
def test_of_an_odd_number_three_talk_and_nobody_is_left_alone(place, coordinator):
    programs.pause(PLATFORM, enrollment_id=place.who["Pine"].enrollments.get().pk)
    proposals.propose(coordinator, program_id=place.program.pk)
    assert sorted(len(group.split("+")) for group in proposed(place)) == [2, 2, 3]
    made, refused = proposals.accept(coordinator, program_id=place.program.pk)
    assert (made, refused) == (3, []) and Pair.objects.count() == 3


def test_accepting_some_makes_just_those_and_accepting_all_closes_the_round(place, coordinator):
    proposals.propose(coordinator, program_id=place.program.pk)
    row = proposed(place)["Elm+Maple"]
    assert proposals.accept(coordinator, program_id=place.program.pk, chosen=[row.pk]) == (1, [])
    assert Pair.objects.count() == 1 and proposals.open_round(place.program.pk)
    assert proposals.accept(coordinator, program_id=place.program.pk) == (3, [])
    assert Pair.objects.count() == 4 and proposals.open_round(place.program.pk) is None


def test_a_proposal_of_somebody_who_left_since_is_refused_and_holds_up_no_other(place, coordinator):
    proposals.propose(coordinator, program_id=place.program.pk)
    services.stop_taking_part(place.who["Elm"].pk)
    made, refused = proposals.accept(coordinator, program_id=place.program.pk)
    assert made == 3 and [word for _, word in refused] == ["not_active"]
    assert proposals.open_round(place.program.pk)


def test_both_hear_of_it_in_their_own_channel_and_language_once_and_without_a_name_or_an_illness(place, coordinator):
    point = people.set_contact(PLATFORM, person_id=place.who["Ceiba"].pk, kind="email", value="ceiba@example.org")
    people.verify(PLATFORM, contact_id=point.pk, how="code")
    mobile = people.set_contact(
        PLATFORM, person_id=place.who["Elm"].pk, kind="phone", value="+17345559876", label="mobile", preferred=True
    )
    people.verify(PLATFORM, contact_id=mobile.pk, how="code")
    proposals.propose(coordinator, program_id=place.program.pk)
    proposals.accept(coordinator, program_id=place.program.pk)
    drain()
    told = {message.to_person.nickname: message for message in Message.objects.filter(kind="pairs.began")}
    assert len(told) == Message.objects.count() == 8
    assert (told["Ceiba"].channel, told["Elm"].channel, told["Maple"].channel) == ("email", "sms", "letter")
    assert "Roble" in told["Ceiba"].body and "Usted" in told["Ceiba"].body
    assert "You have a partner now: Maple." in told["Elm"].body
    assert not any("Rosalind" in message.body or "Quimby" in message.body for message in told.values())


def test_a_forced_couple_costs_what_all_others_lose_by_it(place, coordinator):
    best = proposals.matcher(place.program.pk).result()
    found = proposals.what_if(coordinator, program_id=place.program.pk, one=place.pk("Maple"), other=place.pk("Oak"))
    proposals.put_together(coordinator, program_id=place.program.pk, one=place.pk("Maple"), other=place.pk("Oak"))
    assert found.loss == best.points - MatchRound.objects.get().points > 0
    with pytest.raises(PairError, match="not_waiting"):
        proposals.what_if(coordinator, program_id=place.program.pk, one=place.pk("Maple"), other=999_999)


def test_other_weights_give_other_pairs_and_are_kept_only_when_saved(place, coordinator):
    for name, year in (("Elm", 1950), ("Oak", 1961)):
        people.change_facts(PLATFORM, person_id=place.pk(name), born_year=year)
    by_age, by_challenge = ({name: 1} for name in ("age", "challenges"))
    tried = [proposals.matcher(place.program.pk, weights=weights).result() for weights in (by_age, by_challenge)]
    assert {pair.keys for pair in tried[0].pairs} != {pair.keys for pair in tried[1].pairs}
    assert proposals.propose(coordinator, program_id=place.program.pk).weights == WEIGHTS
    proposals.change_settings(coordinator, program_id=place.program.pk, weights=by_age, style="fair")
    again = proposals.propose(coordinator, program_id=place.program.pk)
    assert (again.style, again.weights["age"]) == ("fair", 1)


@pytest.mark.req("T1")
def test_nobody_outside_the_program_and_no_participant_or_researcher_can_match_or_decide(place, coordinator):
    proposals.propose(coordinator, program_id=place.program.pk)
    row = ProposedPair.objects.first()
    strangers = [
        cast.viewer(cast.clinic("Other"), "coordinator"),
        cast.viewer(place.organization, "coordinator", program_id=place.program.pk + 1),
        viewer_of(place.staff["researcher"].pk),
        viewer_of(place.who["Maple"].pk),
    ]
    acts = [
        lambda who: proposals.propose(who, program_id=place.program.pk),
        lambda who: proposals.decide(who, proposed_id=row.pk, act="lock"),
        lambda who: proposals.accept(who, program_id=place.program.pk),
        lambda who: proposals.what_if(who, program_id=place.program.pk, one=1, other=2),
        lambda who: proposals.keep_apart(who, program_id=place.program.pk, people=[1, 2]),
        lambda who: proposals.close(who, program_id=place.program.pk),
        lambda who: proposals.change_settings(who, program_id=place.program.pk, style="fair"),
    ]
    for stranger in strangers:
        for act in acts:
            with pytest.raises(NotThere):
                act(stranger)
