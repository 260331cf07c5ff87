"""What the pages of this room show, gathered in a few queries."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.outcomes import queries, words
from peerline.outcomes.instruments import Item
from peerline.outcomes.queries import Standing
from peerline.ui.shelves import Piece

A_MINUTE = 5  # questions


def next_place(stands: Standing, after: int = 0) -> int | None:
    """The place of the next question without an answer, from 1; those before `after` come last."""
    left = [place for place, one in enumerate(stands.questions, 1) if one.key not in stands.answers]
    return next((place for place in left if place > after), left[0] if left else None)


def minutes(questions: int) -> int:
    return max(1, -(-questions // A_MINUTE))


def mine(person_id: int) -> dict[str, Any]:
    waiting = [_waiting(queries.standing(sheet)) for sheet in queries.open_sheets(person_id)]
    done = queries.sheets_of(person_id).filter(state="done").order_by("-done_at")[:20]
    return {"waiting": [one for one in waiting if one["questions"]], "done": list(done)}


def _waiting(stands: Standing) -> dict[str, Any]:
    left = len(stands.left)
    return {
        "sheet": stands.sheet,
        "questions": len(stands.questions),
        "left": left,
        "minutes": minutes(left),
        "titles": list(dict.fromkeys(words.said(one.instrument.title) for one in stands.questions)),
        "begun": bool(stands.answers),
    }


def answered(stands: Standing) -> list[dict[str, Any]]:
    """Every question with what was answered, in words."""
    return [
        {
            "place": place,
            "label": words.said(one.item.words),
            "answer": in_words(one.item, stands.answers[one.key]) if one.key in stands.answers else "",
            "title": words.said(one.instrument.title) if one.begins else "",
        }
        for place, one in enumerate(stands.questions, 1)
    ]


def in_words(item: Item, value: int | None) -> str:
    if value is None:
        return _("left out")
    return next((words.said(one.words) for one in item.options if one.value == value), str(value))


def card(viewer: Any, person_id: int) -> Piece | None:
    """On the person's own page: questions wait."""
    sheet = queries.open_sheets.first(person_id)
    if sheet is None:
        return None
    left = len(queries.standing(sheet).left)
    sentence = ngettext("%(n)s question waits for you.", "%(n)s questions wait for you.", left) % {"n": left}
    lasting = ngettext("About %(n)s minute.", "About %(n)s minutes.", minutes(left)) % {"n": minutes(left)}
    heading, action = _("Some questions for you"), _("Answer")
    return Piece(heading, f"{sentence} {lasting}", f"/questions/{sheet.pk}/", action, "check") if left else None
