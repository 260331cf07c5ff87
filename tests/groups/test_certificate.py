"""A certificate to print: that somebody took part, and nothing of their health."""

from datetime import date, timedelta

import pytest

from peerline.groups import services as groups
from peerline.groups import training
from peerline.groups.models import Seat
from peerline.kernel import clock
from peerline.people.access import PLATFORM
from peerline.programs import services as programs
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return cast.clinic()


@pytest.fixture
def both(clinic):
    return [
        programs.make_program(PLATFORM, organization_id=clinic.pk, name=name, begins_on=date(2026, 11, 2))
        for name in ("Oak pairs", "Elm pairs")
    ]


@pytest.fixture
def rosa(clinic, both):
    person = cast.somebody(clinic, None, last_name="Luz", language="es")
    for program in both:
        programs.enroll(PLATFORM, program_id=program.pk, person_id=person.pk)
    training.record(PLATFORM, person_id=person.pk, how="session")
    at = clock.now() + timedelta(days=1)
    session = groups.plan(PLATFORM, program_id=both[0].pk, begins_at=at, way="telephone", time_zone="UTC")
    Seat.objects.create(session=session, person=person, since=clock.now(), door="staff", came=True)
    return person


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.req("S47")
def test_staff_print_it_in_the_person_s_language_and_that_is_on_record(clinic, rosa, client):
    cast.sign_in(client, cast.somebody(clinic, "coordinator", email="cora@example.org"))
    page = read(client, f"/people/{rosa.pk}/certificate/")
    assert (
        "Certificado" in page and "Rosa Luz" in page and "Oak pairs" in page and "Reuniones de grupo</th><td>1<" in page
    )
    assert f"/people/{rosa.pk}/certificate/" in read(client, f"/people/{rosa.pk}/")


def test_whoever_keeps_one_program_prints_of_that_one_only(clinic, both, rosa, client):
    staff = cast.somebody(clinic, "coordinator", email="cora@example.org", program_id=both[1].pk)
    cast.sign_in(client, staff)
    page = read(client, f"/people/{rosa.pk}/certificate/")
    assert "Elm pairs" in page and "Oak pairs" not in page and "Reuniones de grupo" not in page


def test_the_person_prints_their_own_and_an_invitation_is_no_taking_part(clinic, both, rosa, client):
    programs.write_consent(PLATFORM, program_id=both[1].pk, texts={"en": "We talk.", "es": "Hablamos."})
    cast.sign_in(client, rosa)
    page = read(client, "/my/certificate/")
    assert "Oak pairs" in page and "Elm pairs" not in page
