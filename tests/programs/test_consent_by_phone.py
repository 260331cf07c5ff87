"""The text people agree to is read aloud by the line, and a key agrees; a letter's code says who calls (S121, S42)."""

import pytest
from django.apps import apps

from peerline.entry import letters
from peerline.entry import services as entry
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.programs import services as programs
from peerline.programs.answers import LONGEST_SENTENCE, sentences
from peerline.programs.models import Consent, Enrollment
from tests.exchange.conftest import ROSA, town

__all__ = ["town"]

TEXT = "You will talk with a partner. Neither of you learns the other's number. You can stop at any time."
LONG = " ".join(f"This is part {part} of it." for part in range(1, 7))


def invited(town, language="en", text=TEXT):
    """Somebody new with an invitation, and their letter."""
    programs.write_consent(
        PLATFORM, program_id=town.program.pk, texts={"en": text, "es": "Usted hablará. Puede parar."}
    )
    person = people.add_person(
        PLATFORM, place=people.Place(town.organization.pk), first_name="Ana", nickname="Fern", language=language
    )
    row = programs.enroll(PLATFORM, program_id=town.program.pk, person_id=person.pk, state="invited")
    return row, letters.invite(PLATFORM, person_id=person.pk)


def called(town, letter):
    """A strange telephone that keys the code of the letter."""
    telephone = town.line.dial("+17345550188")
    town.line.silence(telephone)  # the language
    town.line.press(telephone, letter.code + "#")
    return telephone


@pytest.mark.req("S121", "S42")
def test_by_letter_the_text_is_heard_agreed_to_and_a_pin_is_chosen(town):
    row, letter = invited(town)
    telephone = called(town, letter)
    assert telephone.asked == "consent.offer"
    town.line.press(telephone, "1")
    assert telephone.asked == "consent.ask"
    assert telephone.transcript.count("consent.text") == 3
    town.line.press(telephone, "1")
    row.refresh_from_db()
    assert (row.state, Consent.objects.get(enrollment=row).how, Consent.objects.get(enrollment=row).version) == (
        "active",
        "phone",
        1,
    )
    assert telephone.asked == "pin.choose"
    town.line.press(telephone, "739184")
    town.line.press(telephone, "739184")
    assert telephone.asked == "menu.main"
    assert letters.try_code(letter.code) is None, "the code has done its work"
    assert entry.queries.pin_issued_at(row.person_id) is not None


@pytest.mark.req("S121")
def test_a_plain_no_ends_the_call_and_all_contact(town):
    row, letter = invited(town)
    telephone = called(town, letter)
    town.line.press(telephone, "3")
    row.refresh_from_db()
    assert (row.state, row.stop_reason, telephone.over) == ("stopped", "declined", True)
    assert "consent.declined" in telephone.transcript
    assert not Consent.objects.filter(enrollment=row).exists()


@pytest.mark.req("S121", "S42")
def test_whoever_is_invited_hears_how_it_works_and_tries_a_call_before_they_agree(town):
    row, letter = invited(town)
    telephone = called(town, letter)
    before = everything()
    heard = []
    for key, asked in (("4", "tour.ready"), ("1", "tour.rung"), ("1", "tour.talking"), ("*", "consent.after_tour")):
        town.line.press(telephone, key)
        assert telephone.asked == asked
        heard += telephone.transcript
    assert {"tour.what", "tour.hidden", "tour.free", "tour.rings", "tour.away", "tour.over"} <= set(heard)
    assert everything() == before, "nothing is kept, and nobody was called"
    town.line.press(telephone, "3")
    row.refresh_from_db()
    assert (row.state, telephone.over) == ("stopped", True), "the plain way out"


@pytest.mark.req("S121")
def test_a_call_that_is_not_picked_up_and_a_tour_that_is_cut_short_lead_to_the_choice(town):
    _, letter = invited(town)
    telephone = called(town, letter)
    for key in ("4", "1", "2"):
        town.line.press(telephone, key)
    assert telephone.asked == "consent.after_tour" and "tour.declined" in telephone.transcript
    town.line.press(telephone, "1")
    assert telephone.asked == "consent.ask"
    again = called(town, letter)
    town.line.press(again, "4")
    town.line.press(again, "2")
    assert again.asked == "consent.after_tour"


def everything() -> dict[str, int]:
    """Rows of every table but those of the call itself."""
    mine = [one for one in apps.get_models() if one._meta.app_label not in ("exchange", "jobs")]
    return {one._meta.label: one._default_manager.count() for one in mine}


def test_another_day_keeps_the_code(town):
    row, letter = invited(town)
    telephone = called(town, letter)
    town.line.press(telephone, "2")
    town.line.hang_up(telephone)
    assert letters.try_code(letter.code) == row.person_id


def test_a_long_text_is_heard_in_parts(town):
    _, letter = invited(town, text=LONG)
    telephone = called(town, letter)
    town.line.press(telephone, "1")
    assert telephone.asked == "consent.more"
    town.line.press(telephone, "1")
    assert telephone.asked == "consent.ask"
    assert telephone.transcript.count("consent.text") == 6


def test_a_changed_text_is_offered_to_those_who_agreed_before(town):
    row = Enrollment.objects.get(person=town.rosa)
    programs.write_consent(PLATFORM, program_id=town.program.pk, texts={"en": "We talk.", "es": "Hablamos."})
    programs.give_consent(PLATFORM, enrollment_id=row.pk, version=1, how="paper")
    programs.write_consent(PLATFORM, program_id=town.program.pk, texts={"en": TEXT, "es": "Hablamos."})
    telephone = town.line.dial(ROSA)
    town.line.press(telephone, "111111")
    assert telephone.asked == "consent.offer" and "consent.changed" in telephone.transcript
    town.line.press(telephone, "1")
    town.line.press(telephone, "1")
    assert telephone.asked == "menu.main"
    assert programs.queries.has_consent(row.pk)


def test_a_wrong_code_is_a_number_nobody_knows(town):
    telephone = town.line.dial("+17345550188")
    town.line.silence(telephone)
    town.line.press(telephone, "1000000000#")
    assert telephone.asked == "arrive.number" and "arrive.number_not_heard" in telephone.transcript


def test_it_is_read_in_the_persons_language(town):
    _, letter = invited(town, language="es")
    telephone = called(town, letter)
    town.line.press(telephone, "1")
    assert telephone.now is not None
    assert {said.language for said in telephone.now.said if said.prompt == "consent.text"} == {"es"}


def test_a_text_is_cut_at_sentences_and_a_long_one_at_words():
    assert sentences("One. Two? Three!\n\nFour") == ["One.", "Two?", "Three!", "Four"]
    long = sentences("word " * 200)
    assert all(len(one) <= LONGEST_SENTENCE for one in long) and " ".join(long).split() == ["word"] * 200
    assert sentences("  ") == []
