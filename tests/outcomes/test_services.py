"""Questions are asked once, answered by any door, scored when whole, and reach a nurse when they must."""

from datetime import timedelta

import pytest

from peerline.audit.models import Line
from peerline.kernel import clock, events
from peerline.outcomes import queries, services
from peerline.outcomes.models import Answer, Score, Sheet
from peerline.outcomes.rules import OutcomeError
from peerline.people.access import PLATFORM, NotThere, Viewer, viewer_of
from peerline.programs import services as programs

LOW = {"interest": 2, "down": 1}


@pytest.fixture
def told(monkeypatch):
    """Every event that is announced, in order."""
    found = []
    monkeypatch.setattr("peerline.outcomes.services.announce", found.append)
    return found


def later(days):
    now = clock.now()
    return clock.running_on(lambda: now + timedelta(days=days))


def test_the_same_occasion_is_opened_once(place):
    assert place.sheet().pk == place.sheet().pk and Sheet.objects.count() == 1
    assert place.sheet(about="pair:3").pk != place.sheet().pk


def test_instruments_nobody_knows_are_left_out(place):
    assert place.sheet(instruments=["phq2", "nonsense"]).instruments == ["phq2"]


def test_an_answer_costs_few_queries_and_those_that_stand_are_not_asked_for_twice(place, django_assert_max_num_queries):
    sheet = place.sheet(instruments=["phq2"])
    place.say(sheet, phq2={"interest": 0})
    viewer = viewer_of(place.rosa.pk)
    with django_assert_max_num_queries(7):
        services.answer(viewer, sheet_id=sheet.pk, instrument="phq2", item="down", value=1, door="web")
    assert Score.objects.get().value == 1


@pytest.mark.req("T5")
def test_answers_are_the_persons_own_and_of_the_nurse_and_the_coordinator(place):
    sheet = place.sheet()
    for role in ("nurse", "coordinator"):
        assert queries.sheet_for(viewer_of(place.staff[role].pk), sheet.pk) == sheet
    for stranger in (place.elm, place.staff["researcher"], place.staff["administrator"]):
        with pytest.raises(NotThere):
            queries.sheet_for(viewer_of(stranger.pk), sheet.pk)
    with pytest.raises(NotThere):
        queries.sheet_for(Viewer(), sheet.pk)


def test_each_question_has_one_answer_and_the_last_one_stands_whatever_its_door(place):
    sheet = place.sheet()
    place.say(sheet, confidence={"sure": 4})
    place.say(sheet, door="phone", confidence={"sure": 9})
    row = Answer.objects.get(instrument="confidence")
    assert (row.value, row.door) == (9, "phone")
    assert Score.objects.get(instrument="confidence").value == 9


@pytest.mark.parametrize(
    ("instrument", "item", "value", "word"),
    [
        ("confidence", "sure", 11, "not_an_answer"),
        ("phq2", "down", 4, "not_an_answer"),
        ("phq2", "nothing", 1, "no_such_question"),
        ("phq8", "sleep", 1, "no_such_question"),
        ("recommend", "recommend", 1, "no_such_question"),
    ],
)
def test_what_is_no_answer_is_refused(place, instrument, item, value, word):
    with pytest.raises(OutcomeError) as fault:
        services.answer(PLATFORM, sheet_id=place.sheet().pk, instrument=instrument, item=item, value=value, door="web")
    assert fault.value.word == word and not Answer.objects.exists()


def test_a_question_that_was_left_out_is_answered_as_such(place):
    sheet = place.sheet()
    place.say(sheet, phq2={"interest": None, "down": 1})
    assert Score.objects.get(instrument="phq2").value is None
    assert [one.key for one in queries.standing(sheet).left] == [("confidence", "sure")]


@pytest.mark.req("S141")
def test_moderate_low_mood_reaches_the_nurse_at_once_and_once(place, told):
    sheet = place.sheet()
    place.say(sheet, phq2=LOW)
    assert told == []
    place.say(sheet, phq8={"sleep": 2, "tired": 2, "appetite": 2, "failure": 0, "concentration": 0})
    assert told == []
    place.say(sheet, phq8={"pace": 1})
    need = told[0]
    assert (need.kind, need.level, need.person_id) == ("outcomes.low_mood", "E3", place.rosa.pk)
    assert (
        need.facts == {"name": "PHQ8", "score": "10", "person": place.rosa.pk}
        and need.key == f"outcomes.low_mood:{sheet.pk}"
    )
    place.say(sheet, phq8={"pace": 2})
    assert len(told) == 1
    place.say(sheet, phq8={"pace": 0, "sleep": 0})
    assert told[1] == events.NeedMet(need.key)


def test_a_score_just_below_ten_calls_nobody(place, told):
    sheet = place.sheet()
    place.say(sheet, phq2=LOW)
    place.say(sheet, phq8=dict.fromkeys(("sleep", "tired", "appetite", "failure", "concentration", "pace"), 1))
    assert Score.objects.get(instrument="phq8").value == 9 and told == []


def test_a_sent_sheet_takes_no_more_answers(place):
    sheet = place.sheet()
    place.say(sheet, confidence={"sure": 4})
    viewer = viewer_of(place.rosa.pk)
    assert (
        services.finish(viewer, sheet_id=sheet.pk).state == services.finish(viewer, sheet_id=sheet.pk).state == "done"
    )
    with pytest.raises(OutcomeError) as fault:
        place.say(sheet, confidence={"sure": 5})
    assert fault.value.word == "closed"


def test_a_paper_is_typed_in_whole_by_the_nurse(place):
    sheet = place.sheet()
    values = {("phq2", "interest"): 3, ("phq2", "down"): 3, ("phq8", "sleep"): 1, ("confidence", "sure"): 7}
    services.answer_all(viewer_of(place.staff["nurse"].pk), sheet_id=sheet.pk, values=values, door="paper")
    sheet.refresh_from_db()
    assert sheet.state == "done" and set(Answer.objects.values_list("door", flat=True)) == {"paper"}
    assert Answer.objects.count() == 4 and Score.objects.filter(instrument="phq2").get().value == 6


def test_questions_whose_days_went_by_are_missed_and_staff_are_told(place, told):
    sheet = place.sheet()
    place.say(sheet, confidence={"sure": 3})
    with later(13):
        assert services.close_overdue() == 0
    with later(15):
        assert services.close_overdue() == 1 and services.close_overdue() == 0
        sheet.refresh_from_db()
        assert sheet.state == "missed" and [one.kind for one in told] == ["outcomes.missed"]
        services.reopen(viewer_of(place.staff["nurse"].pk), sheet_id=sheet.pk)
        place.say(sheet, phq2={"interest": 0, "down": 0})
        services.finish(viewer_of(place.rosa.pk), sheet_id=sheet.pk)
    assert told[1] == events.NeedMet(told[0].key)


def test_a_sheet_that_was_answered_and_not_sent_counts_when_its_days_are_over(place, told):
    sheet = place.sheet()
    place.say(sheet, phq2={"interest": 0, "down": 0}, confidence={"sure": 8})
    with later(15):
        services.close_overdue()
    sheet.refresh_from_db()
    assert sheet.state == "done" and sheet.done_at and told == []


@pytest.mark.req("S15")
def test_nobody_who_stopped_or_rests_is_asked(place, told):
    sheet = place.sheet()
    enrollment_id = place.enrollment(place.rosa)
    services.enrollment_stopped(enrollment_id, place.rosa.pk)
    sheet.refresh_from_db()
    assert sheet.state == "void" and not queries.open_sheets(place.rosa.pk)
    programs.pause(PLATFORM, enrollment_id=place.enrollment(place.elm))
    with pytest.raises(OutcomeError) as fault:
        place.sheet(place.elm)
    assert fault.value.word == "out_of_contact"


def test_who_answered_is_on_record_without_what(place):
    place.say(place.sheet(), phq2=LOW)
    lines = list(Line.objects.filter(verb__startswith="outcomes.").values_list("verb", "subject_id", "detail"))
    assert lines == [("outcomes.asked", place.rosa.pk, {}), ("outcomes.answered", place.rosa.pk, {})]
