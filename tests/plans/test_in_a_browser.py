"""The questions of a plan in a real Chromium, without scripts, on a telephone's screen."""

import io

import pytest
from pypdf import PdfReader

from peerline.people import services as people
from peerline.people.access import PLATFORM
from tests.browser import keep_picture, sign_in
from tests.cast import sign_in as sign_in_client
from tests.pages.rounds import faults

pytestmark = [pytest.mark.browser]
ANSWERS = {
    "what": "Caminar por la manzana",
    "how_much": "15 minutos",
    "at_when": "después de comer",
    "barrier": "Lluvia",
}


@pytest.mark.req("S30", "S47", "S58")
def test_the_nine_questions_can_be_answered_without_scripts_in_spanish(here, client, new_page, live_server, settings):
    sign_in_client(client, here.rosa)
    page = new_page("es", viewport={"width": 390, "height": 844}, java_script_enabled=False)
    sign_in(page, client, live_server)
    page.goto("/my/plan/")
    page.get_by_role("button", name="Hacer un plan").click()
    asked = []
    while "/new/" in page.url:
        asked.append(page.url.rstrip("/").rpartition("/")[2])
        keep_picture(page, f"plans-question-{asked[-1]}")
        answer(page, asked[-1])
        page.get_by_role("button", name="Continuar").click()
    assert len(asked) == 9 and page.url.endswith("/check/")
    page.get_by_role("button", name="Este es mi plan").click()
    assert "Caminar por la manzana" in page.inner_text("main")


def answer(page, question):
    if question in ANSWERS:
        page.locator("main input[type=text], main textarea").first.fill(ANSWERS[question])
    elif radios := page.locator("main input[type=radio]").all():
        radios[-1].check()


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_question_is_sound(here, client, new_page, live_server, language):
    plan = here.draft(confidence=5, ideas="An umbrella\nWalk in the mall")
    sign_in_client(client, here.rosa)
    page, said = new_page(language), []
    sign_in(page, client, live_server)
    ways = {"new": "domain what times_a_week confidence share", "solve": "ideas chosen"}
    for way, questions in ways.items():
        for question in questions.split():
            page.goto(f"/plans/{plan.pk}/{way}/{question}/")
            said += faults(page, language)
    assert not said, "\n".join(said)


@pytest.mark.req("S32")
@pytest.mark.parametrize("kind", ["plans", "reviews"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_table_to_type_sheets_in_fits_a_desk(here, client, new_page, live_server, kind, language):
    sign_in_client(client, here.nurse)
    page = new_page(language, viewport={"width": 1280, "height": 900})
    sign_in(page, client, live_server)
    page.goto(f"/plans/paper/{here.program.pk}/{kind}/")
    keep_picture(page, f"plans-type-in-{kind}-{language}")
    wide = page.evaluate("(e => e.scrollWidth - e.clientWidth)(document.querySelector('.pl-typed .pl-scroll'))")
    assert wide <= 0, f"{wide} px wider than its place"
    narrow = page.evaluate("[...document.querySelectorAll('.pl-typed td input')].map(e => e.offsetWidth)")
    assert min(narrow) >= 44


@pytest.mark.req("S32", "S120")
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_sheet_of_a_workbook_is_one_page_from_the_browsers_own_printer(
    here, client, new_page, live_server, language
):
    here.plan()
    people.set_language(PLATFORM, person_id=here.rosa.pk, language=language)
    sign_in_client(client, here.rosa)
    page = new_page(language)
    sign_in(page, client, live_server)
    page.goto(f"/plans/of/{here.enrollment_id}/workbook/")
    sheets = page.locator(".pl-sheet").count()
    for paper in ("Letter", "A4"):
        printed = PdfReader(io.BytesIO(page.pdf(format=paper, prefer_css_page_size=False)))
        first = [" ".join(one.extract_text().split())[:50] for one in printed.pages]
        assert len(printed.pages) == sheets, (paper, first)
