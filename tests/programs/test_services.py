"""Programs: joining, agreeing, resting, stopping; who may do what to whom."""

from datetime import UTC, date, datetime

import pytest

from peerline.jobs import services as jobs
from peerline.jobs.models import Job
from peerline.kernel import week
from peerline.kernel.events import EnrollmentStopped
from peerline.people import queries as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.programs import queries, rules, services
from peerline.programs.models import Consent
from peerline.programs.rules import Listening, ProgramError
from tests import cast

pytestmark = pytest.mark.django_db
HOME = "+17345550123"
WORDS = {"en": "You will talk with a partner.", "es": "Usted hablará con un compañero."}


@pytest.fixture
def clinic():
    return cast.clinic()


@pytest.fixture
def program(clinic):
    return services.make_program(PLATFORM, organization_id=clinic.pk, name="Talk weekly", begins_on=date(2026, 1, 5))


@pytest.fixture
def enrollment(clinic, program):
    person = cast.somebody(clinic, None, phone=HOME)
    return services.enroll(PLATFORM, program_id=program.pk, person_id=person.pk)


def test_joining_a_program_gives_the_role_of_participant_there(program, enrollment):
    viewer = viewer_of(enrollment.person_id)
    assert viewer.is_participant and viewer.grants[0].program_id == program.pk
    with pytest.raises(ProgramError, match="already_enrolled"):
        services.enroll(PLATFORM, program_id=program.pk, person_id=enrollment.person_id)


@pytest.mark.req("S15", "S121")
def test_stopping_by_oneself_ends_contact_in_that_very_commit_and_tells_the_rooms_above(
    program, enrollment, monkeypatch
):
    monkeypatch.setattr(jobs, "_listeners", {})
    monkeypatch.setattr(jobs, "_work", {})
    jobs.listens(EnrollmentStopped, "somebody.hears", lambda **facts: None)
    me = viewer_of(enrollment.person_id)
    services.stop(me, enrollment.pk, "no time")
    services.stop(me, enrollment.pk, "again")
    assert not queries.is_in_contact(enrollment.person_id, program.pk)
    assert [job.args for job in Job.objects.all()] == [
        {"enrollment_id": enrollment.pk, "person_id": enrollment.person_id}
    ]


@pytest.mark.req("S15")
def test_staff_complete_the_removal_and_then_the_number_is_out(clinic, enrollment):
    services.stop(PLATFORM, enrollment.pk, "")
    nurse = cast.viewer(clinic, "nurse")
    assert list(queries.to_complete(nurse)) == [enrollment]
    with pytest.raises(NotThere):
        services.complete_removal(viewer_of(enrollment.person_id), enrollment_id=enrollment.pk)
    services.complete_removal(nurse, enrollment_id=enrollment.pk)
    assert people.is_removed(people.number_hash(HOME))
    assert people.number_to_dial(enrollment.person_id) is None
    assert not queries.to_complete(nurse).exists()


@pytest.mark.req("S15", "S112")
def test_a_number_another_program_still_needs_is_not_taken_out(clinic, enrollment):
    other = services.make_program(PLATFORM, organization_id=clinic.pk, name="Second", begins_on=date(2026, 1, 5))
    services.enroll(PLATFORM, program_id=other.pk, person_id=enrollment.person_id)
    services.stop(PLATFORM, enrollment.pk)
    services.complete_removal(PLATFORM, enrollment_id=enrollment.pk)
    assert people.number_to_dial(enrollment.person_id) == HOME


def test_nobody_is_removed_who_did_not_stop(enrollment):
    with pytest.raises(ProgramError, match="cannot_become"):
        services.complete_removal(PLATFORM, enrollment_id=enrollment.pk)


def test_a_paused_person_is_not_in_contact_until_resumed(program, enrollment):
    me = viewer_of(enrollment.person_id)
    services.pause(me, enrollment_id=enrollment.pk)
    assert not queries.is_in_contact(enrollment.person_id, program.pk)
    services.resume(me, enrollment_id=enrollment.pk)
    assert queries.is_in_contact(enrollment.person_id, program.pk)


def test_consent_is_to_a_version_and_a_new_version_asks_again(program, enrollment):
    assert services.write_consent(PLATFORM, program_id=program.pk, texts=WORDS) == 1
    me = viewer_of(enrollment.person_id)
    services.give_consent(me, enrollment_id=enrollment.pk, version=1, how="web")
    services.give_consent(me, enrollment_id=enrollment.pk, version=1, how="web")
    assert Consent.objects.count() == 1 and queries.has_consent(enrollment.pk)
    services.write_consent(PLATFORM, program_id=program.pk, texts=WORDS)
    assert not queries.has_consent(enrollment.pk)
    with pytest.raises(ProgramError, match="no_such_version"):
        services.give_consent(me, enrollment_id=enrollment.pk, version=9, how="web")


def test_a_consent_text_is_complete_in_every_language_or_not_written(program):
    with pytest.raises(ProgramError, match="language_missing"):
        services.write_consent(PLATFORM, program_id=program.pk, texts={"en": "Only English"})


def test_taking_consent_back_ends_contact_at_once(program, enrollment):
    services.write_consent(PLATFORM, program_id=program.pk, texts=WORDS)
    services.give_consent(PLATFORM, enrollment_id=enrollment.pk, version=1, how="paper")
    services.withdraw_consent(viewer_of(enrollment.person_id), enrollment_id=enrollment.pk)
    assert not queries.is_in_contact(enrollment.person_id, program.pk)
    assert not queries.has_consent(enrollment.pk)


@pytest.mark.req("T1")
def test_a_stranger_a_researcher_and_another_participant_can_change_no_enrollment(clinic, enrollment):
    strangers = [
        cast.viewer(cast.clinic("Other"), "administrator"),
        cast.viewer(clinic, "researcher"),
        cast.viewer(clinic, "coordinator", program_id=enrollment.program_id + 1),
        viewer_of(cast.somebody(clinic).pk),
    ]
    for stranger in strangers:
        for act in (services.stop, lambda who, pk: services.pause(who, enrollment_id=pk)):
            with pytest.raises(NotThere):
                act(stranger, enrollment.pk)


def test_a_setting_outside_its_limits_is_refused(program):
    with pytest.raises(ProgramError, match="out_of_range"):
        services.change_settings(PLATFORM, program_id=program.pk, ring_seconds=3)
    assert services.change_settings(PLATFORM, program_id=program.pk, ring_seconds=30).ring_seconds == 30


def test_a_caller_can_be_told_when_somebody_will_listen(program):
    office = week.of_days(range(5), 9, 17)
    services.set_staff_hours(PLATFORM, program_id=program.pk, hours=office, time_zone="America/Detroit")
    friday_evening = datetime(2026, 3, 7, 1, 0, tzinfo=UTC)
    monday_nine = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)  # the clocks went forward on Sunday
    assert queries.who_listens_when(program.pk, friday_evening) == Listening(False, monday_nine)
    assert queries.who_listens_when(program.pk, monday_nine).now


def test_nobody_listens_before_a_holiday_is_over():
    office = week.of_days(range(5), 9, 17)
    monday_noon = datetime(2026, 3, 2, 17, tzinfo=UTC)
    back = datetime(2026, 3, 4, 20, tzinfo=UTC)
    assert rules.listening(office, "America/Detroit", back, monday_noon) == Listening(False, back)
    assert rules.listening(week.NONE, "America/Detroit", None, monday_noon) == Listening(False, None)
