"""Invited by letter, link or staff; the answer is the person's own: yes, not now, or a plain no (S121)."""

import re
from datetime import UTC, date, datetime, timedelta

import phonenumbers
import pytest
from django.core import mail

from peerline.entry import letters
from peerline.entry.models import Failure, Invitation
from peerline.entry.rules import LETTERS_A_DAY, is_letter_code
from peerline.jobs.services import drain
from peerline.messaging.models import Message
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere
from peerline.people.services import Place
from peerline.programs import joining, services
from peerline.programs.models import Consent
from tests import cast

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@pytest.fixture
def clinic(db):
    return cast.clinic()


@pytest.fixture
def program(clinic):
    made = services.make_program(PLATFORM, organization_id=clinic.pk, name="Oak pairs", begins_on=date(2026, 11, 2))
    services.write_consent(PLATFORM, program_id=made.pk, texts={"en": "We talk weekly.", "es": "Hablamos cada semana."})
    return made


@pytest.fixture
def row(clinic, program):
    person = people.add_person(PLATFORM, place=Place(clinic.pk), first_name="Rosa", language="es")
    return services.enroll(PLATFORM, program_id=program.pk, person_id=person.pk, state="invited")


@pytest.fixture
def nurse(client, clinic):
    person = cast.somebody(clinic, "nurse")
    cast.sign_in(client, person)
    return person


def text(response, status=200):
    assert response.status_code == status, response
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.req("S121")
def test_by_the_link_one_sees_how_it_works_and_plays_a_call_before_the_answer(client, row):
    assert client.get("/join/try/").headers["Location"] == "/join/", "for whoever holds a letter"
    letter = letters.invite(PLATFORM, person_id=row.person_id)
    assert "/join/try/" in text(client.get(f"/join/{letter.token}/", follow=True))
    assert "Usted habla por teléfono con otra persona" in text(client.get("/join/try/"))
    assert "Su pareja de apoyo quiere hablar con usted" in text(client.get("/join/try/"))
    assert "Así se sale un momento" in text(client.get("/join/try/", {"at": "away"}))
    assert "quiere hablar con usted" in text(client.get("/join/try/", {"at": "nowhere"}))
    assert letters.is_open(row.person_id) and not Consent.objects.exists(), "nothing is kept"


@pytest.mark.req("S121", "S47")
def test_a_letter_is_printed_in_the_persons_language_with_code_and_picture(client, nurse, row):
    page = text(client.post(f"/people/{row.person_id}/invite/", {"how": "letter"}))
    code = re.search(r"\b(1\d\d \d{3} \d{4})\b", page)[1].replace(" ", "")
    assert "Una invitación" in page and "<svg" in page and "Oak pairs" in page
    assert letters.try_code(code) == row.person_id
    assert not {"diabetes", "A1C"} & set(re.sub("<[^>]*>", " ", page).split()), "a letter lies open on a table"
    assert Invitation.objects.get().code_hash not in ("", code), "only a hash is kept"


@pytest.mark.req("S121")
def test_the_link_leads_to_the_text_and_yes_lets_in_once(client, row):
    letter = letters.invite(PLATFORM, person_id=row.person_id)
    for _ in range(2):  # a mail program looks first
        assert client.get(f"/join/{letter.token}/").headers["Location"] == "/join/answer/"
    page = text(client.get("/join/answer/"))
    assert "Hablamos cada semana." in page and "Sí, acepto" in page
    response = client.post("/join/answer/", {"answer": "yes", "version": "1"})
    assert (response.headers["Location"], client.get("/", follow=True).status_code) == ("/", 200)
    row.refresh_from_db()
    assert (row.state, Consent.objects.get().how) == ("active", "web")
    assert client.get(f"/join/{letter.token}/").status_code == 410
    assert letters.try_code(letter.code) is None


def test_the_code_can_be_typed(client, row):
    letter = letters.invite(PLATFORM, person_id=row.person_id)
    assert "This code is not right" in text(client.post("/join/", {"code": "1000000000"}))
    spaced = f"{letter.code[:3]} {letter.code[3:6]} {letter.code[6:]}"
    assert client.post("/join/", {"code": spaced}).headers["Location"] == "/join/answer/"


@pytest.mark.req("S121")
def test_not_now_changes_nothing_and_no_ends_it(client, row):
    letter = letters.invite(PLATFORM, person_id=row.person_id)
    client.get(f"/join/{letter.token}/")
    assert "Tómese su tiempo" in text(client.post("/join/answer/", {"answer": "later"}))
    row.refresh_from_db()
    assert row.state == "invited"
    client.get(f"/join/{letter.token}/")
    assert "no le vamos a llamar" in text(client.post("/join/answer/", {"answer": "no"}))
    row.refresh_from_db()
    assert (row.state, row.stop_reason) == ("stopped", "declined")
    assert not Consent.objects.exists() and letters.whose_link(letter.token) is None


def test_a_new_text_while_it_was_read_is_not_agreed_to_unseen(client, program, row):
    letter = letters.invite(PLATFORM, person_id=row.person_id)
    client.get(f"/join/{letter.token}/")
    services.write_consent(PLATFORM, program_id=program.pk, texts={"en": "New.", "es": "Nuevo."})
    client.post("/join/answer/", {"answer": "yes", "version": "7"})
    assert not Consent.objects.exists()


@pytest.mark.req("T3")
def test_wrong_codes_of_a_day_have_one_budget_and_links_go_on(row, time_machine):
    time_machine.move_to(NOON, tick=False)
    letter = letters.invite(PLATFORM, person_id=row.person_id)
    for wrong in range(LETTERS_A_DAY):
        assert letters.try_code(f"1{wrong:09}") is None
    assert letters.try_code(letter.code) is None, "the budget is spent"
    assert letters.whose_link(letter.token) == row.person_id
    assert not Failure.objects.filter(from_registered=False).exists(), "the line's own budget is another"
    time_machine.shift(timedelta(days=1, minutes=1))
    assert letters.try_code(letter.code) == row.person_id


def test_a_letter_is_good_for_sixty_days_and_only_the_last_one(row, time_machine):
    time_machine.move_to(NOON, tick=False)
    old, new = (letters.invite(PLATFORM, person_id=row.person_id) for _ in range(2))
    assert [letters.whose_link(one.token) for one in (old, new)] == [None, row.person_id]
    time_machine.shift(timedelta(days=61))
    assert letters.whose_link(new.token) is None and letters.try_code(new.code) is None


def test_a_code_is_never_a_telephone_number():
    for _ in range(300):
        code = letters._fresh_code()
        assert is_letter_code(code)
        assert not phonenumbers.is_valid_number(phonenumbers.parse(code, "US"))


@pytest.mark.req("T1", "T21")
def test_staff_get_no_letter_and_strangers_make_none(clinic, row):
    nurse = cast.somebody(clinic, "nurse")
    with pytest.raises(NotThere):
        letters.invite(PLATFORM, person_id=nurse.pk)
    with pytest.raises(NotThere):
        letters.invite(cast.viewer(cast.clinic("Other"), "nurse"), person_id=row.person_id)


def test_a_letter_chooses_no_password(client, row):
    letter = letters.invite(PLATFORM, person_id=row.person_id)
    assert client.get(f"/welcome/{letter.token}/").status_code == 410


def test_staff_note_what_was_said_on_the_telephone(client, nurse, row):
    client.post(f"/enrollments/{row.pk}/agreed-on-paper/", {"how": "phone"})
    assert Consent.objects.get().how == "phone"


def test_the_picture_holds_the_link():
    """Read back by the code's own rows: as many dark parts as the library drew for that link, and no other link's."""
    one, other = (joining.picture(f"https://peer.example/join/{token}/") for token in ("abc", "abd"))
    assert one != other and one.startswith("<svg") and "script" not in one


def test_an_answer_without_an_invitation_leads_back_to_the_code(client, db):
    assert client.get("/join/answer/").headers["Location"] == "/join/"


@pytest.mark.req("S121", "S47")
def test_a_link_is_mailed_in_the_persons_language_where_there_is_an_address(client, nurse, row):
    assert "Mail the link" not in text(client.get(f"/people/{row.person_id}/invite/"))
    assert "no e-mail address" in text(client.post(f"/people/{row.person_id}/invite/", {"how": "email"}, follow=True))
    assert not Message.objects.exists() and not Invitation.objects.exists()
    people.set_contact(PLATFORM, person_id=row.person_id, kind="email", value="rosa@example.org")
    assert "rosa@example.org" in text(client.get(f"/people/{row.person_id}/invite/"))
    client.post(f"/people/{row.person_id}/invite/", {"how": "email"})
    drain()
    (sent,) = mail.outbox
    assert sent.to == ["rosa@example.org"] and "Le invitamos" in sent.body and "diabetes" not in sent.body
    token = re.search(r"/join/([^/\s]+)/", sent.body)[1]
    assert letters.whose_link(token) == row.person_id
    assert letters.try_code(re.search(r"código: (1\d{9})", sent.body)[1]) == row.person_id


@pytest.mark.req("T1")
def test_nobody_out_of_reach_is_mailed_a_link(row):
    people.set_contact(PLATFORM, person_id=row.person_id, kind="email", value="rosa@example.org")
    with pytest.raises(NotThere):
        joining.mail_link(cast.viewer(cast.clinic("Other"), "nurse"), row.person_id)
    assert not Message.objects.exists()
