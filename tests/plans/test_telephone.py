"""A plan by nothing but a kitchen telephone: heard, looked back on, made anew by voice and keys; nothing of it in a journal."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from peerline.care.models import Need, Voicemail
from peerline.exchange.models import Leg, VoiceMessage
from peerline.jobs.services import drain
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.plans import answers, queries
from peerline.plans import services as plans
from peerline.plans.models import Plan, PlanReview
from tests.exchange.conftest import town  # noqa: F401

STEP = {"domain": "exercise", "what": "Walk around the block", "how_much": "15 minutes", "times_a_week": 3, "confidence": 8}  # fmt: skip


def enrollment_of(person):
    return person.enrollments.get().pk


def plan_of(person, **changes):
    plan = plans.start(PLATFORM, enrollment_id=enrollment_of(person))
    plans.write(PLATFORM, plan_id=plan.pk, **{**STEP, **changes})
    return plans.begin(PLATFORM, plan_id=plan.pk)


def at_my_plan(town):  # noqa: F811
    telephone = town.identified()
    town.line.press(telephone, "41")
    assert telephone.asked == "plan.menu"
    return telephone


def heard(telephone):
    return [one.prompt or "voice" for one in telephone.now.said]


@pytest.mark.req("S17", "S30", "S96", "S115")
def test_a_plan_is_made_by_voice_and_keys(town):  # noqa: F811
    telephone = at_my_plan(town)
    assert "plan.none" in heard(telephone)
    town.line.press(telephone, "142")
    assert telephone.asked == "plan.recording"
    town.line.speak(telephone, 5)
    town.line.press(telephone, "1")
    town.line.press(telephone, "3")
    town.line.press(telephone, "8#")
    plan = queries.active_of(town.rosa.pk)
    step = plan.newest
    assert (step.domain, step.times_a_week, step.confidence, step.door) == ("coping", 3, 8, "phone")
    assert plan.to_type and step.voice.state == "kept" and not plan.shared
    assert "plan.begins" in telephone.heard and "plan.listen" in heard(telephone)
    assert VoiceMessage.objects.get().to_person is None, "it is among nobody's messages"


@pytest.mark.req("S17", "S95")
@pytest.mark.parametrize(
    ("challenges", "offered", "keys", "domain"),
    [
        (["low_mood", "food"], ["coping", "diet"], "1", "coping"),
        (["low_mood", "food"], ["coping", "diet"], "2", "diet"),
        (["food"], ["diet"], "43", "exercise"),
        (["food", "exercise", "low_mood", "cost_of_medicine"], ["diet", "exercise", "coping"], "3", "coping"),
    ],
)
def test_what_was_said_to_be_hard_at_intake_is_offered_first(town, challenges, offered, keys, domain):  # noqa: F811
    town.rosa.enrollments.update(challenges=challenges)
    telephone = at_my_plan(town)
    town.line.press(telephone, "1")
    assert telephone.asked == "plan.hard"
    assert heard(telephone) == ["plan.you_said", *(f"plan.hard_{one}" for one in offered), "plan.something_else"]
    town.line.press(telephone, keys)
    assert telephone.asked == "plan.recording"
    town.line.speak(telephone, 5)
    town.line.press(telephone, "1")
    assert Plan.objects.get().newest.domain == domain


@pytest.mark.req("S17")
def test_a_spoken_plan_is_no_voicemail_but_waits_to_be_typed(town):  # noqa: F811
    test_a_plan_is_made_by_voice_and_keys(town)
    drain()
    assert not Voicemail.objects.exists()
    assert Need.objects.get().kind == "plans.to_type"
    plan = Plan.objects.get()
    plans.write(PLATFORM, plan_id=plan.pk, what="Call my sister")
    drain()
    assert not Plan.objects.get().to_type and Need.objects.get().closed_how == "met"


@pytest.mark.req("S58")
def test_who_is_not_sure_makes_it_easier_and_is_asked_again(town):  # noqa: F811
    telephone = at_my_plan(town)
    town.line.press(telephone, "11")
    town.line.speak(telephone, 5)
    town.line.press(telephone, "17")
    town.line.press(telephone, "4#")
    assert telephone.asked == "plan.easier" and "plan.unsure" in heard(telephone)
    town.line.press(telephone, "12")
    town.line.press(telephone, "7#")
    step = queries.active_of(town.rosa.pk).newest
    assert (step.times_a_week, step.confidence) == (2, 7)


@pytest.mark.req("S58")
def test_who_stays_unsure_is_not_asked_for_ever_and_staff_will_talk_with_them(town):  # noqa: F811
    telephone = at_my_plan(town)
    town.line.press(telephone, "11")
    town.line.speak(telephone, 5)
    town.line.press(telephone, "15")
    for _ in range(2):
        town.line.press(telephone, "4#")
        town.line.press(telephone, "11")
    town.line.press(telephone, "4#")
    assert "plan.staff_will_ask" in telephone.heard
    assert queries.active_of(town.rosa.pk).newest.confidence == 4


@pytest.mark.req("S31")
@pytest.mark.parametrize(
    ("keys", "outcome", "times", "next"),
    [
        (["1", "1"], "done", 6, "continue"),
        (["2", "4#", "1"], "partly", 4, "continue"),
        (["3", "0#", "3"], "changed", 0, "rest"),
        (["4", "3"], "not_done", None, "rest"),
    ],
)
def test_two_weeks_later_keys_say_how_it_went(town, keys, outcome, times, next):  # noqa: F811
    plan_of(town.rosa)
    telephone = at_my_plan(town)
    town.line.press(telephone, "1")
    for key in keys:
        town.line.press(telephone, key)
    review = PlanReview.objects.get()
    assert (review.outcome, review.times_done, review.next, review.door) == (outcome, times, next, "phone")
    assert (queries.active_of(town.rosa.pk) is not None) is (next == "continue")
    assert telephone.asked == "plan.menu"


def test_who_hangs_up_after_the_first_words_finds_them_again(town):  # noqa: F811
    telephone = at_my_plan(town)
    town.line.press(telephone, "11")
    town.line.speak(telephone, 5)
    town.line.hang_up(telephone)
    draft = Plan.objects.get()
    assert draft.state == "draft" and draft.newest.voice.state == "kept" and draft.newest.domain == "medication"


@pytest.mark.req("S31")
def test_sharing_is_one_key(town):  # noqa: F811
    plan = plan_of(town.rosa)
    telephone = at_my_plan(town)
    for shared in (True, False):
        town.line.press(telephone, "4")
        assert Plan.objects.get(pk=plan.pk).shared is shared


@pytest.mark.req("S31", "T5")
def test_the_words_of_a_plan_are_heard_and_stand_in_no_journal(town):  # noqa: F811
    plan_of(town.rosa)
    telephone = at_my_plan(town)
    said = [one for one in telephone.now.said if one.prompt == "plan.step"]
    assert dict(said[0].values)["step"] == "Walk around the block, 15 minutes"
    journals = json.dumps(list(Leg.objects.values_list("journal", "args")))
    assert "plans.mine" in journals and "Walk" not in journals and "block" not in journals


@pytest.mark.req("T5")
def test_nobody_hears_the_plan_of_somebody_else(town):  # noqa: F811
    plan = plan_of(town.elm)
    leg = Leg(person_id=town.rosa.pk)
    with pytest.raises(NotThere):
        answers.words(leg, plan.pk)
    with pytest.raises(NotThere):
        answers.often(leg, town.rosa.pk, plan.pk, 3)
    assert answers.words(Leg(person_id=town.elm.pk), plan.pk).startswith("Walk")


def test_what_was_changed_on_the_website_meanwhile_does_no_harm(town):  # noqa: F811
    plan = plan_of(town.rosa)
    telephone = at_my_plan(town)
    plans.review(viewer_of(town.rosa.pk), plan_id=plan.pk, outcome="done", next="rest")
    town.line.press(telephone, "1")
    town.line.press(telephone, "1")
    town.line.press(telephone, "1")
    assert telephone.asked == "plan.menu" and "plan.none" in heard(telephone)


@pytest.mark.parametrize("days", [13, 15])
def test_the_plan_is_told_before_and_after_its_last_day(town, time_machine, days):  # noqa: F811
    time_machine.move_to(datetime(2026, 12, 1, 16, 0, tzinfo=UTC), tick=False)
    plan_of(town.rosa)
    time_machine.shift(timedelta(days=days))
    telephone = at_my_plan(town)
    often = next(one for one in telephone.now.said if one.prompt == "plan.often")
    assert dict(often.values) == {"times": 3, "date": "2026-12-15"}
