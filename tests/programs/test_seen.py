"""The pages in the middle of something, looked at: the calendar before the start, the letter, the answer to it (S121, S127)."""

import re
from datetime import date

import pytest

from peerline.entry import letters
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.people.services import Place
from peerline.programs import intake, services
from tests import cast
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture, sign_in
from tests.programs.test_set_up import BASICS

pytestmark = [pytest.mark.browser]
SIZES = [("en", 1280), ("es", 390), ("en", 320)]


def look(page, name):
    check_axe(page)
    check_no_sideways_scroll(page)
    check_targets(page)
    keep_picture(page, name)


@pytest.fixture
def clinic(transactional_db):
    return cast.clinic()


@pytest.fixture
def row(clinic):
    program = services.make_program(
        PLATFORM,
        organization_id=clinic.pk,
        name="Oak Street",
        begins_on=date(2026, 11, 2),
        protocol_key="insulin-start",
    )
    services.write_consent(PLATFORM, program_id=program.pk, texts={"en": "We talk weekly.", "es": "Hablamos."})
    person = people.add_person(PLATFORM, place=Place(clinic.pk), first_name="Rosa", born_year=1950)
    return services.enroll(PLATFORM, program_id=program.pk, person_id=person.pk, state="invited")


@pytest.mark.req("S127", "S123")
def test_the_calendar_and_the_reasons_are_sound_for_everybody(clinic, row, client, new_page, live_server):
    cast.sign_in(client, cast.somebody(clinic, "coordinator"))
    client.post("/programs/add/reciprocal-pairs/", {**BASICS, "place": f"{clinic.pk}:", "led_by": ""})
    intake.record(
        PLATFORM, enrollment_id=row.pk, how="staff", barriers=["money"], medication="oral", insulin_change=False
    )
    for language, width in SIZES:
        page = new_page(language, viewport={"width": width, "height": 900})
        sign_in(page, client, live_server)
        for path in ("/programs/add/reciprocal-pairs/calendar/", f"/enrollments/{row.pk}/fits/"):
            page.goto(path)
            look(page, f"programs-{path.strip('/').split('/')[-1]}-{language}-{width}")


@pytest.mark.req("S121", "S123")
def test_the_answer_to_a_letter_is_given_by_keyboard_without_scripts(row, new_page):
    letter = letters.invite(PLATFORM, person_id=row.person_id)
    page = new_page("en", viewport={"width": 390, "height": 900}, java_script_enabled=True)
    page.goto(f"/join/{letter.token}/")
    look(page, "programs-join-answer-en-390")
    for language in ("en", "es"):
        tried = new_page(language, viewport={"width": 390, "height": 900})
        tried.goto(f"/join/{letter.token}/")
        tried.goto("/join/try/")
        look(tried, f"programs-join-try-{language}-390")
        tried.get_by_role("link", name=re.compile(r"^\D+ 1$")).click()
        look(tried, f"programs-join-try-talking-{language}-390")
    plain = new_page("en", java_script_enabled=False)
    plain.goto("/join/")
    plain.get_by_label("Which code is in your letter?").fill(letter.code)
    plain.keyboard.press("Enter")
    plain.get_by_role("button", name="Yes, I agree").focus()
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/my/**")
    row.refresh_from_db()
    assert row.state == "active"


@pytest.mark.req("S123")
def test_the_letter_can_be_read(row, client, new_page, live_server, clinic):
    cast.sign_in(client, cast.somebody(clinic, "nurse"))
    page = new_page("en", viewport={"width": 1280, "height": 900})
    sign_in(page, client, live_server)
    page.goto(f"/people/{row.person_id}/invite/")
    look(page, "programs-invite-en-1280")
    with page.expect_popup() as letter:
        page.get_by_role("button", name="Make the letter").click()
    check_axe(letter.value)
    keep_picture(letter.value, "programs-letter-en-1280")
    assert letter.value.locator(".pl-qr svg").bounding_box()["width"] >= 150
