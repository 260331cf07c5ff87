"""What staff's work served, as they tick it: one of the six elements, or a kind of support; counted for each person."""

import pytest

from peerline.care import needs, served, services
from peerline.care.models import Served, Voicemail
from peerline.exchange.models import VoiceMessage
from peerline.kernel import clock, elements
from peerline.kernel.elements import Element
from peerline.monitoring import coverage
from peerline.people.access import NotThere, viewer_of
from tests import cast
from tests.exchange.conftest import town  # noqa: F401


@pytest.fixture
def nurse(town):  # noqa: F811
    return cast.somebody(town.organization, "nurse", email="dana@example.org", nickname="Dana")


@pytest.fixture
def dana(nurse):
    return viewer_of(nurse.pk)


def need_of(town, person, key, **more):  # noqa: F811
    return needs.arise(
        kind="plans.unsure", key=key, level="E3", program_id=town.program.pk, person_id=person.pk, **more
    )


def counts(town, element):  # noqa: F811
    return elements.counts(town.program.pk)[element]


def note(dana, town, what):  # noqa: F811
    services.note_pair(dana, pair_id=town.pair.pk, did="called", note="", look_again_on=None, served=what)


@pytest.mark.req("S94", "S97", "S99", "S100")
@pytest.mark.parametrize("element", Element)
def test_a_need_that_is_done_counts_for_each_element_it_served_until_it_is_open_again(town, dana, element):  # noqa: F811
    before = counts(town, element).get(town.rosa.pk, 0)
    need = need_of(town, town.rosa, "k")
    services.finish(dana, need_id=need.pk, note="Found her a ride.", served=[element])
    assert counts(town, element)[town.rosa.pk] == before + 1
    needs.undo(dana, need_id=need.pk)
    assert counts(town, element).get(town.rosa.pk, 0) == before
    services.finish(dana, need_id=need.pk, note="After all.")
    assert counts(town, element).get(town.rosa.pk, 0) == before, "nothing ticked is as good"


@pytest.mark.req("S99", "S100")
def test_help_nearby_is_no_gap_any_more_once_everybody_has_had_some(town, dana):  # noqa: F811
    def community():
        return next(one for one in coverage.of_program(town.program.pk) if one.element == Element.COMMUNITY)

    assert community().is_gap and community().people == 0
    note(dana, town, ["community"])
    services.finish(dana, need_id=need_of(town, town.third, "k").pk, note="A walking group.", served=["community"])
    assert (community().people, community().contacts) == (3, 3)
    assert community().is_gap == (community().of >= 6)
    rows, _end = coverage.of_people(town.program.pk)
    assert "Help nearby" not in next(row for row in rows if row.nickname == "Maple").missing


@pytest.mark.req("S100")
def test_a_note_about_a_pair_counts_for_both_and_a_drill_for_nobody(town, dana):  # noqa: F811
    note(dana, town, ["followup"])
    drill = need_of(town, town.rosa, "d", drill=True)
    services.finish(dana, need_id=drill.pk, note="", served=["followup"])
    rows = Served.objects.filter(what="followup").values_list("person", flat=True)
    assert sorted(rows) == sorted([town.rosa.pk, town.elm.pk])


@pytest.mark.req("S94")
def test_a_voicemail_ticked_as_regular_care_is_one_contact_and_not_two(town, dana):  # noqa: F811
    voice = VoiceMessage.objects.create(
        file="v", author=town.rosa, for_staff=True, seconds=3, left_at=clock.now(), state="kept"
    )
    row = Voicemail.objects.create(voice=voice, program=town.program, due_at=clock.now())
    services.handle(dana, voicemail_id=row.pk, note="Made an appointment.", served=["access", "education"])
    assert counts(town, Element.ACCESS) == counts(town, Element.EDUCATION) == {town.rosa.pk: 1}


def test_only_what_there_is_can_be_ticked(town, dana):  # noqa: F811
    with pytest.raises(NotThere):
        services.finish(dana, need_id=need_of(town, town.rosa, "k").pk, note="x", served=["wisdom"])


@pytest.mark.req("S101")
def test_staff_tick_the_kind_of_support_and_read_how_much_of_each_there_was(town, nurse, client):  # noqa: F811
    cast.sign_in(client, nurse)
    for number, kinds in enumerate((["emotional", "instrumental"], ["emotional"], ["outreach", "coordination"])):
        need = need_of(town, (town.rosa, town.elm, town.rosa)[number], f"k{number}")
        assert "Help with a practical thing" in client.get(f"/desk/{need.pk}/").content.decode()
        done = {"note": "Talked.", "minutes": "3", "elements": ["access"], "support": kinds}
        assert client.post(f"/desk/{need.pk}/", done).status_code == 302
        said = client.get(f"/desk/{need.pk}/").content.decode()
        assert "Regular care: a check-up, an appointment; " in said
    assert [row[1:] for row in served.kinds(viewer_of(nurse.pk))] == [
        ["Listening and caring", 2, 2],
        ["Help with a practical thing", 1, 1],
        ["Reaching out to somebody we had not heard from", 1, 1],
        ["Talking with their clinic", 1, 1],
    ]
    page = client.get("/desk/figures/").content.decode()
    assert "Listening and caring" in page and "Saying what goes well" not in page


def test_nobody_reads_the_kinds_of_another_clinic(town, dana):  # noqa: F811
    note(dana, town, ["emotional"])
    assert len(served.kinds(dana)) == 1
    assert served.kinds(cast.viewer(cast.clinic("Elsewhere"), "nurse")) == []
