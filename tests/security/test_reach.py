"""Who keeps only a part reaches no further: not those who left it, and not those who keep more."""

from datetime import date

import pytest

from peerline.entry import services as entry
from peerline.people import accounts, queries
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.people.services import Place
from peerline.programs import services as programs
from tests.cast import clinic, sign_in, somebody, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.req("T1", "T16")]


@pytest.fixture
def here():
    return clinic()


@pytest.fixture
def site(here):
    return people.make_site(PLATFORM, organization_id=here.pk, name="East")


def make_program(here, name):
    return programs.make_program(PLATFORM, organization_id=here.pk, name=name, begins_on=date(2026, 1, 5))


@pytest.mark.req("S15")
def test_who_left_one_program_and_stays_in_another_is_out_of_the_first_ones_sight(here, client):
    left, stays = make_program(here, "Left"), make_program(here, "Stays")
    person = people.add_person(PLATFORM, place=Place(here.pk), first_name="Rosa")
    rows = [programs.enroll(PLATFORM, program_id=one.pk, person_id=person.pk) for one in (left, stays)]
    keeper = somebody(here, "coordinator", program_id=left.pk, email="c@example.org")
    assert queries.reach(viewer_of(keeper.pk)).filter(pk=person.pk).exists()
    programs.stop(PLATFORM, rows[0].pk)
    assert queries.reach(viewer_of(keeper.pk)).filter(pk=person.pk).exists()  # until the removal is complete
    sign_in(client, keeper)
    response = client.post(f"/enrollments/{rows[0].pk}/remove/")
    assert response["Location"] == f"/programs/{left.pk}/"
    assert client.get(f"/people/{person.pk}/").status_code == 404
    assert queries.reach(viewer(here, "coordinator", program_id=stays.pk)).filter(pk=person.pk).exists()


def test_a_role_that_ended_brings_nobody_into_sight(here):
    program = make_program(here, "Pairs")
    person = somebody(here, "nurse", program_id=program.pk)
    keeper = viewer(here, "administrator", program_id=program.pk)
    assert queries.reach(keeper, "administrator").filter(pk=person.pk).exists()
    people.end_role(PLATFORM, role_id=queries.roles_now(person.pk).get().pk)
    assert not queries.reach(keeper, "administrator").filter(pk=person.pk).exists()


@pytest.mark.req("T21")
def test_an_administrator_of_one_site_has_no_say_over_one_of_all(here, site, client):
    chief = people.add_person(PLATFORM, place=Place(here.pk, site.pk), first_name="Ada")
    people.give_role(PLATFORM, person_id=chief.pk, role="administrator", place=Place(here.pk))
    accounts.give_account(PLATFORM, person_id=chief.pk, email="chief@example.org")
    keeper = somebody(here, "administrator", site_id=site.pk, email="site@example.org")
    actor = viewer_of(keeper.pk)
    assert queries.reach(actor, "administrator").filter(pk=chief.pk).exists()  # she works at the site, too
    for act in (
        lambda: entry.reset_second_factor(actor, person_id=chief.pk, how_confirmed="I saw her"),
        lambda: entry.invite(actor, person_id=chief.pk, email="mine@example.org"),
        lambda: people.change_facts(actor, person_id=chief.pk, first_name="Eve"),
        lambda: people.set_contact(actor, person_id=chief.pk, kind="email", value="mine@example.org"),
    ):
        with pytest.raises(NotThere):
            act()
    sign_in(client, keeper)
    assert client.get(f"/people/{chief.pk}/lost-second-factor/").status_code == 404
    whole = viewer(here, "administrator")
    entry.reset_second_factor(whole, person_id=chief.pk, how_confirmed="I saw her")


@pytest.mark.req("T21")
def test_a_participant_has_no_second_factor_to_lose(here):
    person = somebody(here, "participant")
    with pytest.raises(NotThere):
        entry.reset_second_factor(viewer(here, "administrator"), person_id=person.pk, how_confirmed="I saw her")
