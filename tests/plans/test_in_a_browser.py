"""The questions of a plan in a real Chromium, without scripts, on a telephone's screen."""

import pytest

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
