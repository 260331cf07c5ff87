"""Intake: barriers, challenges, confidence, hours; the verdict with its reasons; and moving on (S34, S95, S112–S114)."""

import re
from datetime import date, timedelta

import pytest

from peerline.kernel import elements
from peerline.kernel.events import NeedMet
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.people.services import Place
from peerline.programs import intake, moving_on, queries, services, words
from peerline.programs.models import Enrollment, Intake
from peerline.programs.rules import ProgramError
from tests import cast


@pytest.fixture
def clinic(db):
    return cast.clinic()


def program(clinic, key="reciprocal-pairs", name="Pairs"):
    made = services.make_program(
        PLATFORM, organization_id=clinic.pk, name=name, begins_on=date(2026, 11, 2), protocol_key=key
    )
    services.write_consent(PLATFORM, program_id=made.pk, texts={"en": "We talk.", "es": "Hablamos."})
    return made


def joined(clinic, made, **facts):
    person = people.add_person(PLATFORM, place=Place(clinic.pk), first_name="Rosa", born_year=1950)
    people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=cast.fresh_number())
    row = services.enroll(PLATFORM, program_id=made.pk, person_id=person.pk, **facts)
    services.give_consent(PLATFORM, enrollment_id=row.pk, version=1, how="paper")
    return Enrollment.objects.get(pk=row.pk)


@pytest.fixture
def nurse(client, clinic):
    person = cast.somebody(clinic, "nurse")
    cast.sign_in(client, person)
    return person


def text(response):
    assert response.status_code == 200, response
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.req("S34", "S35", "S95", "S114")
def test_a_nurse_records_all_of_it_and_reads_what_it_means(client, clinic, nurse):
    row = joined(clinic, program(clinic, "insulin-start"))
    said = {
        "a1c_percent": "9.1", "medication": "maximum_oral", "insulin_change": "", "barriers": ["money", "little_support"],
        "challenges": ["fear_of_injection", "insulin_feels_like_failure"], "confidence": "4", "needs_interpreter": "on",
        "blocked": ["0", "1"], "diabetes_type": "type 2",
    }  # fmt: skip
    page = text(client.post(f"/enrollments/{row.pk}/intake/", said, follow=True))
    assert "They can take part: the rules of the protocol are met." in page
    assert "Nobody should stretch insulin." in page
    taken = Intake.objects.get()
    assert (taken.barriers, taken.confidence, taken.needs_interpreter) == (["money", "little_support"], 4, True)
    assert (taken.by, taken.how, taken.verdict) == (nurse, "staff", "eligible")
    row.refresh_from_db()
    row.person.refresh_from_db()
    assert row.challenges == ["fear_of_injection", "insulin_feels_like_failure"]
    assert row.person.blocked == 0b11
    record = text(client.get(f"/people/{row.person_id}/"))
    assert "money for medicine and supplies" in record and "can take part" in record


@pytest.mark.req("S34", "S55")
def test_who_does_not_fit_is_kept_with_the_reasons_and_offered_another_model(client, clinic, nurse):
    pairs, calls = program(clinic), program(clinic, "peer-calls", "Calls")
    row = joined(clinic, pairs)
    page = text(client.post(f"/enrollments/{row.pk}/intake/", {"a1c_percent": "6.8"}, follow=True))
    assert "They do not fit this program." in page and "not met" in page
    assert f"/enrollments/{row.pk}/move-on/?program={calls.pk}" in page
    assert ["a1c", False] in Intake.objects.get().judged
    client.post(f"/enrollments/{row.pk}/move-on/", {"program": calls.pk, "stays": "no"})
    row.refresh_from_db()
    there = Enrollment.objects.get(program=calls)
    assert (row.state, there.state, there.person) == ("stopped", "invited", row.person)
    assert Intake.objects.get(enrollment=there).verdict == "eligible"


def test_what_is_missing_is_said(client, clinic, nurse):
    row = joined(clinic, program(clinic))
    page = text(client.post(f"/enrollments/{row.pk}/intake/", {"confidence": ""}, follow=True))
    assert "What is missing: A1C." in page


@pytest.mark.req("S35", "S114")
def test_a_person_says_the_short_part_about_themself(client, clinic):
    row = joined(clinic, program(clinic))
    intake.record(PLATFORM, enrollment_id=row.pk, how="staff", medication="oral", a1c_percent=8, confidence=3)
    cast.sign_in(client, row.person)
    page = text(client.get(f"/enrollments/{row.pk}/about-me/"))
    assert "A1C" not in page and "What is hard for you?" in page
    client.post(f"/enrollments/{row.pk}/about-me/", {"barriers": ["knowledge"], "confidence": "6"})
    now = intake.newest(row.pk)
    assert (now.how, now.barriers, now.confidence, now.medication) == ("web", ["knowledge"], 6, "oral")
    assert Intake.objects.count() == 2, "each time is a row"


def test_the_card_asks_until_it_was_answered(client, clinic):
    row = joined(clinic, program(clinic))
    cast.sign_in(client, row.person)
    assert "Tell us about you" in text(client.get("/", follow=True))
    intake.record(viewer_of(row.person_id), enrollment_id=row.pk, how="web", confidence=7)
    assert "Tell us about you" not in text(client.get("/", follow=True))


@pytest.mark.req("T1")
def test_nobody_says_what_is_not_theirs_to_say(clinic):
    made = program(clinic)
    row, other = joined(clinic, made), joined(clinic, made)
    own = viewer_of(row.person_id)
    for facts in ({"a1c_percent": 6}, {"medication": "none"}):
        with pytest.raises(NotThere):
            intake.record(own, enrollment_id=row.pk, how="web", **facts)
    with pytest.raises(NotThere):
        intake.record(own, enrollment_id=other.pk, how="web", confidence=1)
    with pytest.raises(NotThere):
        intake.record(cast.viewer(cast.clinic("Other"), "nurse"), enrollment_id=row.pk, how="staff", confidence=1)
    assert not Intake.objects.exists()


@pytest.mark.parametrize("facts", [{"barriers": ["weather"]}, {"confidence": 11}, {"medication": "tea"}])
def test_what_is_no_choice_is_refused(clinic, facts):
    row = joined(clinic, program(clinic))
    with pytest.raises(ProgramError, match="out_of_range"):
        intake.record(PLATFORM, enrollment_id=row.pk, how="staff", **facts)


@pytest.mark.req("S112", "S113")
def test_one_person_is_in_two_programs_on_one_record(client, clinic, nurse):
    pairs, start = program(clinic), program(clinic, "insulin-start", "Insulin")
    row = joined(clinic, pairs, a1c_percent=9, challenges=["food"])
    fresh = moving_on.move_on(PLATFORM, enrollment_id=row.pk, program_id=start.pk)
    assert (float(fresh.a1c_percent), fresh.challenges, fresh.state) == (9, ["food"], "invited")
    services.give_consent(PLATFORM, enrollment_id=fresh.pk, version=1, how="paper")
    page = text(client.get(f"/people/{row.person_id}/"))
    assert "Pairs who talk weekly: week 1 of 26, learning" in page
    assert "Starting insulin together: week 1 of 26, learning to use insulin" in page
    assert [one.state for one in queries.enrolled(row.person_id)] == ["active", "active"]
    with pytest.raises(ProgramError, match="already_enrolled"):
        moving_on.move_on(PLATFORM, enrollment_id=row.pk, program_id=start.pk)


@pytest.mark.req("S107", "S98")
def test_the_phase_follows_the_persons_own_weeks(client, clinic, nurse):
    row = joined(clinic, program(clinic))
    for weeks, said in (
        (5, "week 6 of 26, learning"),
        (6, "week 7 of 26, ongoing support"),
        (60, "week 61, and it goes on, ongoing support"),
    ):
        Enrollment.objects.filter(pk=row.pk).update(began_at=row.began_at - timedelta(weeks=weeks))
        assert said in text(client.get(f"/people/{row.person_id}/"))


@pytest.mark.req("S95", "S100")
def test_an_intake_counts_as_assessment(clinic):
    made = program(clinic)
    row = joined(clinic, made)
    intake.record(PLATFORM, enrollment_id=row.pk, how="staff", confidence=5)
    counted = elements.counts(made.pk)[elements.Element.ASSESSMENT]
    assert counted[row.person_id] >= 1
    assert elements.counts(made.pk, [])[elements.Element.ASSESSMENT] == {}


@pytest.mark.req("S114", "S14")
@pytest.mark.parametrize(("insulin", "level"), [(True, "E2"), (False, "E3")])
def test_who_says_alone_that_medicine_costs_too_much_is_heard_once(clinic, monkeypatch, insulin, level):
    told = []
    monkeypatch.setattr(intake, "announce", told.append)
    row = joined(clinic, program(clinic), insulin=insulin)
    own = viewer_of(row.person_id)
    for barriers in (["money"], ["money", "knowledge"]):
        intake.record(own, enrollment_id=row.pk, how="web", barriers=barriers)
    assert [(one.kind, one.level, one.person_id) for one in told] == [("programs.money", level, row.person_id)]
    assert ("stretch" in words.why_money(told[0].facts)) is insulin
    intake.record(PLATFORM, enrollment_id=row.pk, how="staff", barriers=[])
    assert told[1] == NeedMet(told[0].key)
