"""People: who may change what, and what a number means."""

from datetime import UTC, datetime

import pytest

from peerline.audit import queries as audit
from peerline.kernel import week
from peerline.people import queries, services
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.people.models import ContactPoint, Role
from peerline.people.rules import PeopleError
from peerline.people.services import Place
from tests import cast

pytestmark = pytest.mark.django_db
HOME = "+17345550123"


def verbs(person_id):
    return [line.verb for line in audit.about(person_id)]


def test_a_number_is_kept_as_e164_sealed_and_found_by_its_hash():
    person = cast.somebody(cast.clinic(), phone="(734) 555-0123")
    assert queries.number_to_dial(person.pk) == HOME
    assert [one.person_id for one in queries.people_at_number(queries.number_hash(HOME))] == [person.pk]
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT value, value_hash FROM people_contactpoint")
        assert not any("5550123" in str(cell) for row in cursor.fetchall() for cell in row)


def test_an_unverified_number_is_never_dialled():
    person = cast.somebody(cast.clinic())
    point = services.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=HOME)
    assert queries.number_to_dial(person.pk) is None
    services.verify(PLATFORM, contact_id=point.pk, how="call")
    assert queries.number_to_dial(person.pk) == HOME


def test_several_people_may_share_a_home_number():
    clinic = cast.clinic()
    people = [cast.somebody(clinic, phone=HOME) for _ in range(2)]
    assert [one.person_id for one in queries.people_at_number(queries.number_hash(HOME))] == [p.pk for p in people]


@pytest.mark.req("S15")
def test_a_removed_number_reaches_nobody_and_cannot_be_set_again():
    clinic = cast.clinic()
    person = cast.somebody(clinic, phone=HOME)
    assert services.remove_number(PLATFORM, person.pk) == 1
    assert queries.number_to_dial(person.pk) is None
    assert queries.people_at_number(queries.number_hash(HOME)) == []
    assert queries.is_removed(queries.number_hash(HOME))
    other = cast.somebody(clinic)
    with pytest.raises(PeopleError, match="number_removed"):
        services.set_contact(PLATFORM, person_id=other.pk, kind="phone", value=HOME)
    services.readmit_number(PLATFORM, organization_id=clinic.pk, number=HOME)
    services.set_contact(PLATFORM, person_id=other.pk, kind="phone", value=HOME)


@pytest.mark.req("S15")
def test_a_number_somebody_else_at_home_still_uses_stays_theirs():
    clinic = cast.clinic()
    leaving, staying = (cast.somebody(clinic, phone=HOME) for _ in range(2))
    services.remove_number(PLATFORM, leaving.pk)
    assert not queries.is_removed(queries.number_hash(HOME))
    assert [one.person_id for one in queries.people_at_number(queries.number_hash(HOME))] == [staying.pk]


@pytest.mark.req("S6")
def test_a_person_is_not_reachable_inside_their_blocked_hours_on_their_own_clock():
    person = cast.somebody(cast.clinic(), phone=HOME, time_zone="America/Los_Angeles")
    services.set_blocked_hours(viewer_of(person.pk), person.pk, week.of_days(range(7), 0, 9))
    assert not queries.reachable_now(person.pk, datetime(2026, 3, 2, 16, 30, tzinfo=UTC))  # 8:30 at home
    assert queries.reachable_now(person.pk, datetime(2026, 3, 2, 17, 30, tzinfo=UTC))  # 9:30


def test_a_nickname_is_one_of_a_kind_in_its_program():
    clinic = cast.clinic()
    cast.somebody(clinic, program_id=7, nickname="Maple")
    other = cast.somebody(clinic, program_id=7)
    assert other.nickname != "Maple"
    with pytest.raises(PeopleError, match="nickname_taken"):
        services.set_nickname(viewer_of(other.pk), person_id=other.pk, nickname="maple ")
    elsewhere = cast.somebody(clinic, program_id=8)
    assert services.set_nickname(viewer_of(elsewhere.pk), person_id=elsewhere.pk, nickname="Maple").nickname == "Maple"


def test_suggested_nicknames_never_run_out_and_never_repeat():
    from peerline.people import nicknames

    taken = set()
    for _ in range(1500):
        [name] = nicknames.suggest("es", taken, 1, turn=len(taken))
        assert name not in taken
        taken.add(name)


@pytest.mark.req("T1")
def test_a_coordinator_of_another_program_site_or_clinic_finds_nobody():
    clinic, other = cast.clinic(), cast.clinic("Other")
    here = services.make_site(PLATFORM, organization_id=clinic.pk, name="Here")
    person = cast.somebody(clinic, site_id=here.pk, program_id=7)
    strangers = [
        cast.viewer(other, "coordinator"),
        cast.viewer(clinic, "coordinator", program_id=8),
        cast.viewer(
            clinic, "coordinator", site_id=services.make_site(PLATFORM, organization_id=clinic.pk, name="There").pk
        ),
        viewer_of(cast.somebody(clinic).pk),
    ]
    for stranger in strangers:
        with pytest.raises(NotThere):
            queries.person_for(stranger, person.pk)
        with pytest.raises(NotThere):
            services.set_nickname(stranger, person_id=person.pk, nickname="Mine now")
        with pytest.raises(NotThere):
            services.remove_number(stranger, person.pk)
    for keeper in (cast.viewer(clinic, "coordinator", program_id=7), cast.viewer(clinic, "nurse", site_id=here.pk)):
        assert queries.person_for(keeper, person.pk) == person


@pytest.mark.req("T1")
def test_only_an_administrator_opens_the_record_of_staff_to_change_it():
    clinic = cast.clinic()
    nurse = cast.somebody(clinic, "nurse")
    with pytest.raises(NotThere):
        services.change_facts(cast.viewer(clinic, "coordinator"), person_id=nurse.pk, title="Chief")
    services.change_facts(cast.viewer(clinic, "administrator"), person_id=nurse.pk, title="Chief")


@pytest.mark.req("T2")
def test_a_role_taken_away_is_gone_at_the_next_look():
    clinic = cast.clinic()
    nurse = cast.somebody(clinic, "nurse")
    assert viewer_of(nurse.pk).has("nurse")
    services.end_role(cast.viewer(clinic, "administrator"), role_id=Role.objects.get(person=nurse).pk)
    assert not viewer_of(nurse.pk).has("nurse")


def test_the_last_administrator_cannot_be_taken_away():
    clinic = cast.clinic()
    admin = cast.somebody(clinic, "administrator")
    with pytest.raises(PeopleError, match="last_administrator"):
        services.end_role(viewer_of(admin.pk), role_id=Role.objects.get(person=admin).pk)


@pytest.mark.req("T1")
def test_a_coordinator_cannot_make_anyone_staff():
    clinic = cast.clinic()
    person = cast.somebody(clinic)
    with pytest.raises(NotThere):
        services.give_role(
            cast.viewer(clinic, "coordinator"), person_id=person.pk, role="nurse", place=Place(clinic.pk)
        )


def test_people_are_found_by_the_beginning_of_any_name_without_accents_or_case():
    clinic = cast.clinic()
    person = cast.somebody(clinic, first_name="José", last_name="Núñez Ortega", phone=HOME, nickname="Roble")
    cast.somebody(clinic, first_name="Walter", nickname="Lark")
    everyone = queries.reach(PLATFORM)
    for typed in ("jos", "NUN", "ortega jose", "roble", "0123"):
        assert list(queries.matching_words(everyone, typed)) == [person]
    assert not queries.matching_words(everyone, "josefa").exists()


def test_each_change_and_each_look_leaves_one_line_in_the_audit_log():
    clinic = cast.clinic()
    person = cast.somebody(clinic)
    before = len(verbs(person.pk))
    nurse = cast.viewer(clinic, "nurse")
    services.set_language(nurse, person_id=person.pk, language="es")
    services.saw(nurse, person.pk)
    assert verbs(person.pk)[: len(verbs(person.pk)) - before] == ["people.saw", "people.language_set"]


@pytest.mark.parametrize(("kind", "value", "word"), [("phone", "12", "bad_number"), ("email", "rosa@", "bad_email")])
def test_a_contact_that_cannot_be_one_is_refused(kind, value, word):
    person = cast.somebody(cast.clinic())
    with pytest.raises(PeopleError, match=word):
        services.set_contact(PLATFORM, person_id=person.pk, kind=kind, value=value)
    assert not ContactPoint.objects.exists()
