"""The printed door of outcomes: the questions in large print in the person's language, and what is typed back in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from peerline.outcomes import queries, words
from peerline.outcomes.models import Sheet
from peerline.people.queries import person_known


def page(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """In the person's language, whatever the staff's is."""
    who = person_known(sheet.person_id)
    with translation.override(who.language):
        asked = [
            {"number": number, "one": one, "text": words.said(one.item.words), "stem": words.said(one.instrument.stem) if one.begins else "",
             "low": words.said(one.item.low), "high": words.said(one.item.high), "numbers": range(one.item.least, one.item.most + 1), "options": [words.said(option.words) for option in one.item.options]}
            for number, one in enumerate(queries.on_paper(sheet), 1)
        ]  # fmt: skip
        mood = any(one["one"].instrument.mood for one in asked)
        return render(request, "outcomes/paper.html", {"who": who, "asked": asked, "sheet": sheet, "mood": mood})
