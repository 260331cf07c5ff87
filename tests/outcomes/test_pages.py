"""One question a page, by hand and without scripts; and what each reader sees."""

import pytest

from peerline.outcomes import queries
from peerline.outcomes.models import Answer, Sheet
from tests import browser, cast
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture


def text(response):
    return " ".join(response.content.decode().split())


@pytest.mark.req("S95", "S141")
def test_a_person_goes_from_question_to_question_back_and_to_the_end(place, client):
    sheet = place.sheet()
    cast.sign_in(client, place.rosa)
    assert "3 questions" in text(client.get("/my/")) or "questions wait" in text(client.get("/my/"))
    assert f"/questions/{sheet.pk}/" in text(client.get("/questions/"))
    page = text(client.get(f"/questions/{sheet.pk}/1/"))
    assert "Question 1 of 3" in page and "Little interest or pleasure" in page and "988" in page
    assert client.post(f"/questions/{sheet.pk}/1/", {"answer": "2"}).url == f"/questions/{sheet.pk}/2/"
    assert client.post(f"/questions/{sheet.pk}/2/", {"answer": "1"}).url == f"/questions/{sheet.pk}/3/"
    assert "Question 3 of 9" in text(client.get(f"/questions/{sheet.pk}/3/"))
    for place_now in range(3, 9):
        client.post(f"/questions/{sheet.pk}/{place_now}/", {"answer": "0"})
    assert client.post(f"/questions/{sheet.pk}/9/", {"skip": "1"}).url == f"/questions/{sheet.pk}/check/"
    page = text(client.get(f"/questions/{sheet.pk}/check/"))
    assert "More than half the days" in page and "left out" in page
    assert client.post(f"/questions/{sheet.pk}/1/", {"answer": "1"}).url == f"/questions/{sheet.pk}/check/"
    assert queries.answers_of(sheet.pk)["phq2", "interest"] == 1
    assert "Thank you. Your answers are in." in text(client.post(f"/questions/{sheet.pk}/check/", follow=True))
    assert Sheet.objects.get().state == "done"
    page = text(client.get(f"/questions/{sheet.pk}/check/"))
    assert "Your answers" in page and "Several days" in page and "Send my answers" not in page and ">Change" not in page


def test_no_answer_and_a_wrong_one_are_said_and_nothing_is_kept(place, client):
    sheet = place.sheet(place.elm)
    cast.sign_in(client, place.elm)
    client.cookies["django_language"] = "es"
    for sent in ({}, {"answer": "7"}, {"answer": "x"}):
        page = text(client.post(f"/questions/{sheet.pk}/1/", sent))
        assert "Error:" in page and "Poco interés o placer" in page
    assert not Answer.objects.exists()


@pytest.mark.req("T1")
def test_somebody_elses_questions_are_not_there(place, client):
    sheet = place.sheet()
    for person in (place.elm, *place.staff.values()):
        cast.sign_in(client, person)
        for page in ("", "1/", "check/"):
            assert client.get(f"/questions/{sheet.pk}/{page}").status_code == 404


def test_questions_that_are_closed_lead_back_and_say_so(place, client):
    sheet = place.sheet()
    Sheet.objects.update(state="missed")
    cast.sign_in(client, place.rosa)
    for page in ("", "1/", "check/"):
        assert "These questions are closed" in text(client.get(f"/questions/{sheet.pk}/{page}", follow=True))


def test_a_place_that_does_not_exist_leads_to_the_answers(place, client):
    sheet = place.sheet()
    cast.sign_in(client, place.rosa)
    assert client.get(f"/questions/{sheet.pk}/99/").url == f"/questions/{sheet.pk}/check/"


@pytest.mark.browser
@pytest.mark.req("S17")
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_question_pages_can_be_used_by_everybody_and_are_looked_at(place, client, new_page, live_server, language):
    sheet = place.sheet(instruments=["phq2", "confidence", "adherence"])
    place.say(sheet, phq2={"interest": 0})
    cast.sign_in(client, place.rosa)
    page = new_page(language, java_script_enabled=True)
    browser.sign_in(page, client, live_server)
    pages = {"mine": "", "begin": f"{sheet.pk}/", "mood": f"{sheet.pk}/2/", "scale": f"{sheet.pk}/3/",
             "number": f"{sheet.pk}/5/", "check": f"{sheet.pk}/check/"}  # fmt: skip
    for name, address in pages.items():
        page.goto(f"/questions/{address}")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            check_targets(page)
            check_no_sideways_scroll(page)
            keep_picture(page, f"outcomes-{name}-{language}-{width}")
        check_axe(page)
