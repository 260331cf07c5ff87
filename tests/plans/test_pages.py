"""A plan on the website: one question a page, without scripts; how it went; and the pages of staff."""

import re
from datetime import date, timedelta

import pytest

from peerline.people.access import PLATFORM
from peerline.plans import queries, rules
from peerline.plans import services as plans
from peerline.plans.models import Plan, PlanReview
from peerline.programs import intake, offers
from peerline.programs import services as programs
from peerline.programs.rules import CHALLENGES
from tests.cast import sign_in
from tests.plans.conftest import STEP
from tests.programs.test_protocols import GOOD

ANSWERS = {**STEP, "share": "no"}


def answer(client, path, **given):
    """Post one page; where it leads."""
    response = client.post(path, given)
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def question_of(path):
    return path.rstrip("/").rpartition("/")[2]


@pytest.mark.req("S30", "S58")
def test_nine_questions_and_a_look_make_a_plan(here, client):
    sign_in(client, here.rosa)
    assert "Make a plan" in client.get("/my/plan/").content.decode()
    path = answer(client, f"/plans/of/{here.enrollment_id}/start/")
    asked = []
    while question_of(path) != "check":
        question = question_of(path)
        asked.append(question)
        assert client.get(path).status_code == 200
        path = answer(client, path, **{question: str(ANSWERS[question])})
    assert asked == list(ANSWERS)
    assert "Walk around the block" in client.get(path).content.decode()
    assert answer(client, path) == "/my/plan/"
    page = client.get("/my/plan/").content.decode()
    assert "Walk around the block" in page and "15 minutes, after lunch, 3 times a week" in page
    assert queries.newest_open(here.rosa.pk).newest.door == "web"


@pytest.mark.req("S95")
def test_what_was_said_to_be_hard_at_intake_is_offered_first(here, client):
    sign_in(client, here.rosa)
    plan = here.draft()
    page = client.get(f"/plans/{plan.pk}/new/domain/").content.decode()
    assert page.index('value="medication"') < page.index('value="coping"') and "You said this is hard" not in page
    intake.record(
        here.me, enrollment_id=here.enrollment_id, how="web", challenges=["low_mood", "food", "little_support"]
    )
    page = client.get(f"/plans/{plan.pk}/new/domain/").content.decode()
    assert "You said this is hard: low mood, food, little support at home." in page
    found = re.findall(r'name="domain" value="(\w+)"', page)
    assert found == ["coping", "diet", "medication", "exercise", "monitoring"]
    assert answer(client, f"/plans/{plan.pk}/new/domain/", domain="monitoring"), "and anything else may be chosen"
    assert queries.newest_open(here.rosa.pk).newest.domain == "monitoring"


@pytest.mark.req("S95")
def test_every_challenge_is_about_something_a_step_can_be_about():
    assert set(rules.ABOUT_A_CHALLENGE) == set(CHALLENGES)
    assert set(rules.ABOUT_A_CHALLENGE.values()) == set(rules.DOMAINS)
    assert rules.domains_for([]) == rules.DOMAINS and sorted(rules.domains_for(CHALLENGES)) == sorted(rules.DOMAINS)


@pytest.mark.req("S58")
def test_who_is_not_sure_is_asked_what_would_make_it_easier_and_then_again(here, client):
    sign_in(client, here.rosa)
    plan = here.draft(confidence=None)
    path = answer(client, f"/plans/{plan.pk}/new/confidence/", confidence="5")
    assert path == f"/plans/{plan.pk}/easier/"
    page = client.get(path).content.decode()
    assert f"/plans/{plan.pk}/smaller/what/" in page and f"/plans/{plan.pk}/solve/barrier/" in page
    path = f"/plans/{plan.pk}/solve/barrier/"
    path = answer(client, path, barrier="Rain")
    assert "Rain" in client.get(path).content.decode()
    path = answer(client, path, ideas="An umbrella\n\nWalk in the mall\nAn umbrella")
    page = client.get(path).content.decode()
    assert page.count('type="radio"') == 2
    path = answer(client, path, chosen="Walk in the mall")
    assert answer(client, path, confidence="8") == f"/plans/{plan.pk}/check/"
    assert queries.versions(plan.pk)[-1].chosen == "Walk in the mall"


@pytest.mark.req("S58")
def test_a_goal_is_asked_about_once_and_never_refused(here, client):
    sign_in(client, here.rosa)
    path = f"/plans/{here.draft().pk}/new/what/"
    page = client.post(path, {"what": "Lose weight"}).content.decode()
    assert "Losing weight is where you want to arrive" in page
    answer(client, path, what="Lose weight", sure="on")


@pytest.mark.req("S31")
def test_two_weeks_later_the_card_asks_how_it_went(here, client):
    sign_in(client, here.rosa)
    plan = here.plan()
    here.now += timedelta(days=14, hours=1)
    assert "How did it go?" in client.get("/my/").content.decode()
    path = answer(client, f"/plans/{plan.pk}/review/", outcome="partly")
    page = client.get(path).content.decode()
    assert "You had planned 6." in page
    assert answer(client, path, times_done="4", note="It rained", next="continue") == "/my/plan/"
    assert PlanReview.objects.get().times_done == 4
    page = client.get("/my/plan/").content.decode()
    assert "I did some of it" in page and "How sure you were: 8 at first, 8 now" in page


def test_who_changes_the_step_a_little_is_led_through_it(here, client):
    sign_in(client, here.rosa)
    plan = here.plan()
    path = answer(client, f"/plans/{plan.pk}/review/not_done/", next="modify")
    following = Plan.objects.get(state="draft")
    assert path == f"/plans/{following.pk}/smaller/what/"
    assert "Walk around the block" in client.get(path).content.decode()


def test_every_change_can_be_seen(here, client):
    sign_in(client, here.rosa)
    plan = here.plan()
    plans.write(here.me, plan_id=plan.pk, times_a_week=2)
    page = client.get(f"/plans/{plan.pk}/").content.decode()
    assert "2 times a week" in page and "3 times a week" in page and "New here: How often" in page


@pytest.mark.req("S31")
def test_sharing_is_one_button_and_can_be_taken_back(here, client):
    sign_in(client, here.rosa)
    plan = here.plan()
    for word, shared in (("yes", True), ("no", False)):
        answer(client, f"/plans/{plan.pk}/share/", share=word)
        assert Plan.objects.get(pk=plan.pk).shared is shared


@pytest.mark.req("S30")
def test_a_nurse_does_it_with_the_person_and_sees_who_needs_a_word(here, client):
    sign_in(client, here.nurse)
    path = answer(client, f"/plans/of/{here.enrollment_id}/start/")
    assert "Together with Maple" in client.get(path).content.decode()
    here.plan(confidence=4)
    here.now += timedelta(days=20)
    page = client.get("/plans/").content.decode()
    assert "4 of 10" in page and re.search(r"ended 5 days ago|ended 6 days ago", page)
    assert "Walk around the block" in client.get(f"/people/{here.rosa.pk}/").content.decode()
    assert client.get(f"/plans/of/{here.enrollment_id}/").status_code == 200


def test_the_partner_cannot_open_any_of_it(here, client):
    plan = here.plan()
    sign_in(client, here.elias)
    for path in ("", "check/", "easier/", "review/", "review/done/", "new/what/", "sound/"):
        assert client.get(f"/plans/{plan.pk}/{path}").status_code == 404, path
    assert client.post(f"/plans/of/{here.enrollment_id}/start/").status_code == 404


@pytest.mark.req("S58")
def test_which_plans_feel_too_big_the_protocol_says_each_began_with(here, client, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(offers, "_remembered", {})
    settings.PROTOCOLS = tmp_path
    (tmp_path / "walks.toml").write_text(GOOD + "\n[plans]\nconfidence_enough = 4\n")
    facts = {"organization_id": here.organization.pk, "name": "Walks", "begins_on": date(2026, 11, 1)}
    walks = programs.make_program(PLATFORM, protocol_key="walks", **facts)
    row = programs.enroll(PLATFORM, program_id=walks.pk, person_id=here.elias.pk)
    theirs = plans.start(PLATFORM, enrollment_id=row.pk)
    plans.write(PLATFORM, plan_id=theirs.pk, **{**STEP, "confidence": 4})
    plans.begin(PLATFORM, plan_id=theirs.pk)
    mine = here.plan(confidence=4)
    assert list(queries.unsure(queries.plans())) == [mine]
    plans.write(PLATFORM, plan_id=theirs.pk, confidence=3)
    assert set(queries.unsure(queries.plans())) == {mine, theirs}
