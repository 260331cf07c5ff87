"""The same questions by keypad: on the real switchboard, with a simulated telephone."""

import pytest

from peerline.outcomes import queries, services
from peerline.outcomes.models import Answer, Sheet
from peerline.people.access import PLATFORM
from tests.exchange.conftest import ELM, town  # noqa: F401


def sheet_of(person, *instruments):
    enrollment_id = person.enrollments.get().pk
    return services.open_sheet(PLATFORM, enrollment_id=enrollment_id, occasion="baseline", instruments=instruments)


def at_questions(town, number=None):  # noqa: F811
    telephone = town.identified(number) if number else town.identified()
    town.line.press(telephone, "43")
    return telephone


def heard(telephone, *words):
    said = " ".join(telephone.transcript)
    return all(word in said for word in words)


@pytest.mark.req("S17", "S141")
def test_a_caller_answers_by_keys_and_a_low_mood_is_followed_by_the_other_six(town):  # noqa: F811
    sheet = sheet_of(town.rosa, "phq2", "confidence")
    rosa = at_questions(town)
    assert rosa.asked == "ask.choice" and heard(rosa, "ask.mood", "ask.phq2", "ask.phq2_interest")
    town.line.press(rosa, "33")
    assert heard(rosa, "ask.phq8_sleep")
    town.line.press(rosa, "111111")
    assert rosa.asked == "ask.number"
    town.line.press(rosa, "8#")
    assert rosa.asked == "ask.confirm"
    town.line.press(rosa, "1")
    assert heard(rosa, "ask.thanks_mood")
    sheet.refresh_from_db()
    assert sheet.state == "done" and {row.door for row in sheet.answers.all()} == {"phone"}
    answers = queries.answers_of(sheet.pk)
    assert answers["phq2", "interest"] == 2 and answers["phq8", "pace"] == 0 and answers["confidence", "sure"] == 8


def test_zero_is_the_staff_and_what_was_said_before_is_kept_for_the_next_call(town):  # noqa: F811
    sheet = sheet_of(town.rosa, "phq2")
    rosa = at_questions(town)
    town.line.press(rosa, "2")
    town.line.press(rosa, "0")
    assert heard(rosa, "ask.later", "staff.leave")
    town.line.hang_up(rosa)
    assert queries.answers_of(sheet.pk) == {("phq2", "interest"): 1}
    again = at_questions(town)
    assert heard(again, "ask.phq2_down") and not heard(again, "ask.phq2_interest")


def test_hanging_up_in_the_middle_loses_nothing_and_changes_nothing(town):  # noqa: F811
    sheet = sheet_of(town.rosa, "phq2", "confidence")
    rosa = at_questions(town)
    town.line.press(rosa, "11")
    town.line.hang_up(rosa)
    sheet.refresh_from_db()
    assert sheet.state == "open" and Answer.objects.count() == 2


def test_the_star_leaves_a_question_out_hears_it_again_or_stops(town):  # noqa: F811
    sheet = sheet_of(town.rosa, "phq2")
    rosa = at_questions(town)
    town.line.press(rosa, "*2")
    assert rosa.asked == "ask.choice"
    town.line.press(rosa, "*1")
    assert queries.answers_of(sheet.pk) == {("phq2", "interest"): None}
    town.line.press(rosa, "*3")
    assert rosa.asked == "menu.main"
    assert Sheet.objects.get().state == "open"


def test_a_number_said_back_wrong_is_asked_again(town):  # noqa: F811
    sheet = sheet_of(town.rosa, "confidence")
    rosa = at_questions(town)
    town.line.press(rosa, "8#2")
    assert rosa.asked == "ask.number"
    town.line.press(rosa, "10#")
    town.line.press(rosa, "1")
    assert queries.answers_of(sheet.pk) == {("confidence", "sure"): 10}


@pytest.mark.req("T5")
def test_a_caller_is_never_asked_what_waits_for_somebody_else(town):  # noqa: F811
    sheet_of(town.rosa, "phq2")
    elm = at_questions(town, ELM)
    assert heard(elm, "ask.waiting") and elm.asked == "menu.main"
