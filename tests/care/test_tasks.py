"""A task made by hand about a person: unseen until its day, then on the list, and done like all others."""

from datetime import timedelta

import pytest

from peerline.care import desk, needs, services
from peerline.care.models import Need, Panel, RedFlag
from peerline.kernel import clock
from peerline.people.access import NotThere, viewer_of
from tests import cast
from tests.exchange.conftest import town  # noqa: F401

pytestmark = pytest.mark.req("S116")


@pytest.fixture
def nurse(town):  # noqa: F811
    return cast.somebody(town.organization, "nurse", email="dana@example.org", nickname="Dana")


@pytest.fixture
def cora(town):  # noqa: F811
    return cast.somebody(town.organization, "coordinator", email="cora@example.org", nickname="Cora")


def in_days(days):
    return (clock.now() + timedelta(days=days)).date()


def listed(person, **wanted):
    return [item.why for item in desk.page(viewer_of(person.pk), desk.Wanted(**wanted)).items]


def set_task(town, who, owner=None, said="Ask about the meter.", days=9):  # noqa: F811
    return services.set_task(
        viewer_of(who.pk), program_id=town.program.pk, person_id=town.rosa.pk, said=said, on=in_days(days),
        owner_id=(owner or who).pk,
    )  # fmt: skip


def test_it_comes_to_ones_own_list_on_its_day_and_is_done_like_any_other(town, nurse, cora, client, time_machine):  # noqa: F811
    cast.sign_in(client, nurse)
    assert "Remind me about this person" in client.get(f"/people/{town.rosa.pk}/").content.decode()
    page = f"/desk/people/{town.rosa.pk}/task/"
    said = {"words": "Ask about the meter.", "until": f"{in_days(9)}", "whose": str(nurse.pk)}
    for _twice in range(2):
        assert client.post(page, said).status_code == 302
    assert "1 task is set for a day." in client.get(f"/people/{town.rosa.pk}/").content.decode()
    assert listed(nurse) == []
    time_machine.move_to(clock.now() + timedelta(days=9, hours=12))
    assert listed(nurse, whose="mine") == ["Ask about the meter."] == listed(cora, whose="theirs")
    assert Need.objects.get(kind="care.task").due_at > clock.now(), "not late on its first day"
    services.finish(viewer_of(nurse.pk), need_id=Need.objects.get(kind="care.task").pk, note="It works.")
    assert listed(nurse) == []


def test_it_may_be_given_to_whoever_looks_after_the_person(town, nurse, cora, client, time_machine):  # noqa: F811
    Panel.objects.create(program=town.program, person=town.rosa, staff=nurse, since=clock.now())
    cast.sign_in(client, cora)
    page = f"/desk/people/{town.rosa.pk}/task/"
    assert "Dana" in client.get(page).content.decode()
    client.post(page, {"words": "Call her.", "until": f"{in_days(2)}", "whose": str(nurse.pk)})
    time_machine.move_to(clock.now() + timedelta(days=3))
    assert listed(nurse, whose="mine") == ["Call her."]


def test_a_day_that_is_over_is_refused(town, nurse, client):  # noqa: F811
    cast.sign_in(client, nurse)
    said = {"words": "x", "until": f"{in_days(0)}", "whose": str(nurse.pk)}
    assert "still to come" in client.post(f"/desk/people/{town.rosa.pk}/task/", said).content.decode()
    assert not Need.objects.filter(kind="care.task").exists()


def test_words_that_may_mean_danger_are_asked_about_here_too(town, nurse):  # noqa: F811
    set_task(town, nurse, said="She told of chest pain.")
    assert RedFlag.objects.get().source.startswith("care.task:")


def test_strangers_set_none_and_those_who_may_not_see_it_get_none(town, nurse, client):  # noqa: F811
    stranger = cast.somebody(cast.clinic("Elsewhere"), "nurse", email="x@example.org")
    with pytest.raises(NotThere):
        set_task(town, stranger)
    with pytest.raises(NotThere):
        set_task(town, nurse, owner=stranger)
    administrator = cast.somebody(town.organization, "administrator", email="a@example.org")
    set_task(town, nurse, days=1)
    assert not desk.needs(viewer_of(administrator.pk)).filter(kind="care.task").exists()
    cast.sign_in(client, stranger)
    assert client.get(f"/desk/people/{town.rosa.pk}/task/").status_code == 404


def test_one_that_was_done_and_is_asked_for_again_is_said_so(town, nurse):  # noqa: F811
    need = set_task(town, nurse)
    needs.done(viewer_of(nurse.pk), need_id=need.pk, note="Done.")
    with pytest.raises(needs.Late, match="closed"):
        set_task(town, nurse)
