"""What a step is, what is missing in it, and when it is a goal instead."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerline.plans import goals, guide, rules, sheets
from peerline.plans.rules import PlanError


@pytest.mark.req("S115")
def test_plans_are_about_five_things():
    assert rules.DOMAINS == ("medication", "diet", "exercise", "monitoring", "coping")


@pytest.mark.req("S30")
def test_a_plan_is_for_two_weeks():
    assert rules.last_day(date(2026, 11, 2)) == date(2026, 11, 16)
    assert rules.times_planned(3, date(2026, 11, 2), date(2026, 11, 16)) == 6
    assert rules.times_planned(1, date(2026, 11, 2), date(2026, 11, 3)) == 1


@pytest.mark.req("S30")
@pytest.mark.parametrize(("confidence", "unsure"), [(None, False), (0, True), (6, True), (7, False), (10, False)])
def test_below_seven_a_plan_is_looked_at_again(confidence, unsure):
    assert rules.is_unsure(confidence) is unsure
    assert (guide.after("new", "confidence", unsure=unsure) == guide.EASIER) is unsure


def test_what_is_missing_is_asked_for_in_order():
    assert rules.missing({}) == ["no_domain", "no_step", "no_times", "no_confidence"]
    assert rules.missing({"domain": "diet", "times_a_week": 3, "confidence": 7}, spoken=True) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"domain": "diet", "what": "Eat an apple"}, ""),
        ({"domain": "money"}, "no_domain"),
        ({"what": "x" * 201}, "too_long"),
        ({"confidence": 11}, "out_of_range"),
        ({"times_a_week": 0}, "out_of_range"),
        ({"times_a_week": None}, ""),
        ({"state": "active"}, "unknown"),
    ],
)
def test_what_no_plan_may_hold_is_named(changes, word):
    assert rules.fault(changes) == word


@pytest.mark.req("S58")
@pytest.mark.parametrize(
    ("what", "goal"),
    [
        ("Lose weight", "weight"),
        ("I want to lose 10 pounds", "weight"),
        ("Bajar de peso", "weight"),
        ("Quiero adelgazar", "weight"),
        ("Lower my A1C", "sugar"),
        ("Controlar el azúcar", "sugar"),
        ("Eat better", "eating"),
        ("Comer más sano", "eating"),
        ("Exercise more", "moving"),
        ("Hacer más ejercicio", "moving"),
        ("Be less stressed", "stress"),
        ("Sentirme mejor", "health"),
    ],
)
def test_a_goal_is_known_from_a_step(what, goal):
    assert goals.goal_named(what) == goal


@pytest.mark.req("S58")
@pytest.mark.parametrize(
    "what",
    [
        "Walk 20 minutes after lunch to lose weight",
        "Eat an apple instead of cake",
        "Take my pills with breakfast",
        "Go to bed at ten",
        "Tomar agua en vez de refresco",
        "Caminar a la iglesia los domingos",
        "Bajar por las escaleras",
        "Llamar a mi hermana cuando me siento triste",
        "Leave the car two blocks away",
        "",
    ],
)
def test_a_step_is_left_alone(what):
    assert goals.goal_named(what) == ""


@given(st.sampled_from(sorted(guide.WAYS)), st.sampled_from(sorted(guide.QUESTIONS)), st.booleans())
def test_the_questions_always_come_to_an_end(way, question, unsure):
    for _ in range(12):
        question = guide.after(way, question, unsure=unsure)
        if question in (guide.CHECK, guide.EASIER):
            return
    raise AssertionError("the questions go round")


@pytest.mark.req("S32")
@given(st.integers(1, 10**12))
def test_a_sheet_finds_its_person(enrollment_id):
    assert sheets.read_sheet_number(sheets.sheet_number(enrollment_id)) == enrollment_id


@pytest.mark.req("S32")
@given(st.integers(1, 10**9), st.data())
def test_one_wrong_digit_on_a_sheet_is_noticed(enrollment_id, data):
    right = sheets.sheet_number(enrollment_id)
    place = data.draw(st.sampled_from([n for n, sign in enumerate(right) if sign.isdigit()]))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != right[place]]))
    with pytest.raises(PlanError, match="bad_sheet"):
        sheets.read_sheet_number(right[:place] + wrong + right[place + 1 :])


@pytest.mark.parametrize("typed", ["", "x", "4", "４１１７８", "-", "1" * 40])
def test_what_is_no_sheet_number_is_refused(typed):
    with pytest.raises(PlanError):
        sheets.read_sheet_number(typed)
