"""Notes about a person, each read by a second pair of eyes."""

from datetime import date

import pytest
from django.db import connection

from peerline.audit import queries as audit
from peerline.care import notes
from peerline.care.models import PersonNote
from peerline.people.access import PLATFORM, NotThere
from peerline.programs import services as programs
from tests import cast

pytestmark = pytest.mark.django_db
WORDS = "She moved in with her sister, and sounds well."


@pytest.fixture
def clinic():
    return cast.clinic()


@pytest.fixture
def program(clinic):
    return programs.make_program(PLATFORM, organization_id=clinic.pk, name="Pairs", begins_on=date(2026, 11, 2))


@pytest.fixture
def rosa(clinic, program):
    person = cast.somebody(clinic, None)
    programs.enroll(PLATFORM, program_id=program.pk, person_id=person.pk)
    return person


@pytest.fixture
def nurse(clinic):
    return cast.viewer(clinic, "nurse")


@pytest.fixture
def cora(clinic):
    return cast.viewer(clinic, "coordinator")


def write(actor, program, rosa):
    return notes.write(actor, program_id=program.pk, person_id=rosa.pk, words=WORDS)


def test_a_note_is_read_by_somebody_else_than_whoever_wrote_it(program, rosa, nurse, cora):
    note = write(nurse, program, rosa)
    assert list(notes.to_review(nurse)) == [] and list(notes.to_review(cora)) == [note]
    with pytest.raises(NotThere):
        notes.review(nurse, note_id=note.pk)
    for answer in ("Thank you. Ask about her sister.", "too late"):
        notes.review(cora, note_id=note.pk, answer=answer)
    note.refresh_from_db()
    assert (note.answer, note.reviewed_by_id) == ("Thank you. Ask about her sister.", cora.person_id)
    assert list(notes.to_review(cora)) == [] and notes.counts(nurse, rosa.pk) == (1, 0)
    assert [line.verb for line in audit.about(rosa.pk)[:2]] == ["care.reviewed_note", "care.wrote_note"]


def test_where_somebody_leads_the_program_it_is_they_who_read(clinic, program, rosa, nurse, cora):
    leader = cast.viewer(clinic, "nurse")
    programs.change_settings(PLATFORM, program_id=program.pk, led_by_id=leader.person_id)
    note = write(nurse, program, rosa)
    assert list(notes.to_review(cora)) == [] and list(notes.to_review(leader)) == [note]
    with pytest.raises(NotThere):
        notes.review(cora, note_id=note.pk)


def test_nobody_else_reads_or_writes_them_and_they_are_sealed(clinic, program, rosa, nurse):
    note = write(nurse, program, rosa)
    strangers = [cast.viewer(cast.clinic("Oak"), "nurse"), cast.viewer(clinic, "administrator")]
    for stranger in (*strangers, cast.viewer(clinic, "researcher")):
        assert list(notes.notes(stranger)) == []
        for act in (lambda who: write(who, program, rosa), lambda who: notes.review(who, note_id=note.pk)):
            with pytest.raises(NotThere):
                act(stranger)
    with pytest.raises(NotThere):
        notes.write(nurse, program_id=program.pk, person_id=cast.somebody(clinic).pk, words=WORDS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM care_personnote")
        assert "sister" not in str(cursor.fetchall())


def test_by_the_pages(clinic, program, rosa, nurse, client):
    cast.sign_in(client, cast.somebody(clinic, "coordinator", email="cora@example.org"))
    page = client.post(f"/people/{rosa.pk}/notes/", {"words": "Call after six.", "program": program.pk}, follow=True)
    assert "Call after six." in page.content.decode() and "not read by a colleague yet" in page.content.decode()
    note = write(nurse, program, rosa)
    assert WORDS in client.get("/notes/").content.decode()
    assert "1 note" not in client.get(f"/people/{rosa.pk}/").content.decode()
    assert WORDS not in client.post(f"/notes/{note.pk}/review/", {"answer": "Good."}, follow=True).content.decode()
    assert PersonNote.objects.get(pk=note.pk).answer == "Good."
