"""What outcomes answers to dialogues: answer(leg, …), plain values."""

from typing import Any

from peerline.outcomes import queries, services
from peerline.outcomes.instruments import of
from peerline.outcomes.models import Sheet
from peerline.outcomes.rules import OutcomeError, Question
from peerline.people.access import viewer_of


def _left(person_id: int) -> list[tuple[Sheet, Question]]:
    """The questions that wait for this person and that the line has words for, in order."""
    found = []
    for sheet in queries.open_sheets(person_id):
        found += [(sheet, one) for one in queries.standing(sheet).left if one.instrument.spoken]
    return found


def waiting(leg: Any, person_id: int) -> int:
    return len(_left(person_id))


def next_question(leg: Any, person_id: int, number: int) -> dict[str, Any] | None:
    """The next question not answered yet. `number` counts the questions of this call: it keeps them apart in its journal."""
    left = _left(person_id)
    if not left:
        return None
    sheet, question = left[0]
    instrument, item = question.instrument, question.item
    opens = question.begins or number == 0  # and again where a new call takes it up
    return {
        "sheet": sheet.pk,
        "question": f"{instrument.key}.{item.key}",
        "words": f"{item.same_as or instrument.key}_{item.key}",
        "opening": (instrument.opening_of or instrument.key) if instrument.stem and opens else "",
        "mood": instrument.mood,
        "number": not item.options,
        "answers": item.answers,
        "least": item.least,
        "most": item.most,
    }


def answer(leg: Any, person_id: int, sheet_id: int, question: str, chosen: int | None) -> bool:
    """question: "phq2.down". chosen: of options which one, from 0; else the number. False: it came too late."""
    viewer = viewer_of(person_id)
    instrument, item = question.split(".")
    value = _value(instrument, item, chosen)
    try:
        sheet = services.answer(viewer, sheet_id=sheet_id, instrument=instrument, item=item, value=value, door="phone")
    except OutcomeError:
        return False
    if not queries.standing(sheet).left:
        services.finish(viewer, sheet_id=sheet_id)
    return True


def _value(instrument: str, item: str, chosen: int | None) -> int | None:
    options = of(instrument).item(item).options
    return chosen if chosen is None or not options else options[chosen].value
