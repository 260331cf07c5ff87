"""A program is made from a protocol; whoever began with a version stays with it."""

from datetime import date

import pytest

from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, Viewer
from peerline.people.services import Place
from peerline.programs import offers, queries, services
from peerline.programs.models import KeptProtocol
from peerline.programs.rules import ProgramError
from tests.programs.test_protocols import GOOD


@pytest.fixture
def clinic(db):
    return people.make_organization(PLATFORM, name="Eastside")


@pytest.fixture
def own(settings, tmp_path, monkeypatch):
    """own(text): the one file of this site's own."""
    monkeypatch.setattr(offers, "_remembered", {})  # other tests keep other texts under the same version
    settings.PROTOCOLS = tmp_path

    def put(text):
        (tmp_path / "walks.toml").write_text(text)

    return put


def made(clinic, key, name="Program", **more):
    return services.make_program(
        PLATFORM, organization_id=clinic.pk, name=name, begins_on=date(2026, 11, 2), protocol_key=key, **more
    )


def joined(clinic, program):
    person = people.add_person(PLATFORM, place=Place(clinic.pk), first_name="Rosa")
    return services.enroll(PLATFORM, program_id=program.pk, person_id=person.pk)


def test_a_program_takes_its_settings_from_the_protocol_unless_somebody_chooses(clinic):
    taken = made(clinic, "insulin-start", "One")
    chosen = made(clinic, "insulin-start", "Two", talks_a_week=1)
    assert (taken.talks_a_week, taken.remind_after_days, taken.weeks) == (2, 5, 26)
    assert (chosen.talks_a_week, chosen.remind_after_days) == (1, 5)


def test_without_a_protocol_named_it_is_the_pairs_of_the_trial(clinic):
    program = services.make_program(PLATFORM, organization_id=clinic.pk, name="Talk", begins_on=date(2026, 11, 2))
    assert queries.protocol_of(program.pk).key == "reciprocal-pairs"


def test_an_enrollment_keeps_the_version_it_began_with(clinic, own):
    own(GOOD)
    program = made(clinic, "walks")
    old = joined(clinic, program)
    own(GOOD.replace("version = 1", "version = 2").replace("week = 4", "week = 8"))
    assert queries.protocol_of(program.pk).version == 1, "a file alone changes no program"
    services.adopt_newest(PLATFORM, program_id=program.pk)
    new = joined(clinic, program)
    weeks = [queries.protocol_of_enrollment(row.pk).sessions[1].week for row in (old, new)]
    assert weeks == [4, 8]


def test_a_changed_file_with_the_same_version_is_refused_and_changes_nothing(clinic, own):
    own(GOOD)
    program = made(clinic, "walks")
    own(GOOD.replace("week = 4", "week = 9"))
    with pytest.raises(ProgramError, match="protocol_changed"):
        made(clinic, "walks", "Another")
    usable, refused = offers.offered()
    assert "walks" not in {one.key for one in usable}
    assert "walks.toml, line 1, version: This version is in use" in refused[0].sentences[0]
    assert queries.protocol_of(program.pk).sessions[1].week == 4


def test_a_comment_may_change(clinic, own):
    own(GOOD)
    made(clinic, "walks")
    own("# for the river path\n" + GOOD)
    made(clinic, "walks", "Another")
    assert KeptProtocol.objects.filter(key="walks").count() == 1


def test_a_file_that_is_gone_takes_no_program_with_it(clinic, own, tmp_path):
    own(GOOD)
    program = made(clinic, "walks")
    (tmp_path / "walks.toml").unlink()
    offers._remembered.clear()
    assert queries.protocol_of(program.pk).title["en"] == "Walks"


def test_a_broken_file_is_told_in_sentences_and_the_others_stay(own, db):
    own(GOOD.replace('kind = "group"', 'kind = "video"').replace("version = 1", "version = 0"))
    usable, refused = offers.offered()
    assert len(usable) == 4
    assert refused[0].sentences == [
        "walks.toml, line 2, version: This must be a whole number from 1 to 10000.",
        "walks.toml, line 12, sessions[1].kind: “video” is none of these: group, telephone.",
    ]


def test_there_is_no_program_of_a_protocol_nobody_knows(clinic):
    with pytest.raises(ProgramError, match="no_such_protocol"):
        made(clinic, "nothing")
    with pytest.raises(NotThere):
        queries.protocol_of(10**9)


def test_a_protocol_costs_one_query_once_it_was_read(clinic, django_assert_num_queries):
    program = made(clinic, "peer-calls")
    queries.protocol_of(program.pk)
    with django_assert_num_queries(1):
        queries.protocol_of(program.pk)


def test_an_outsider_adopts_nothing(clinic):
    program = made(clinic, "peer-calls")
    with pytest.raises(NotThere):
        services.adopt_newest(Viewer(), program_id=program.pk)
