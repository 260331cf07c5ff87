"""What a program's answers come to: who answered, means, satisfaction beside the source's figure. A few queries each."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Avg, Count
from django.utils.translation import gettext as _

from peerline.outcomes import words
from peerline.outcomes.instruments import Instrument, keys, of
from peerline.outcomes.models import Answer, Score, Sheet
from peerline.people import queries as people

HEADER = ["person", "nickname", "occasion", "asked_on", "answered_on", "door", "instrument", "what", "value"]
A_PIECE = 500  # sheets read at a time


def responses(program_id: int) -> list[dict[str, Any]]:
    """For each occasion how many were asked, answered, are open and missed; those not asked any more are left out."""
    rows = Sheet.objects.filter(program_id=program_id).exclude(state="void")
    found: dict[str, dict[str, int]] = {}
    for occasion, state, count in rows.values_list("occasion", "state").annotate(n=Count("pk")).order_by():
        found.setdefault(occasion.partition("+")[0], {}).setdefault(state, 0)
        found[occasion.partition("+")[0]][state] += count
    return [_response(occasion, states) for occasion, states in sorted(found.items())]


def _response(occasion: str, states: dict[str, int]) -> dict[str, Any]:
    asked = sum(states.values())
    closed = asked - states.get("open", 0)
    return {
        "occasion": words.occasion(occasion),
        "asked": asked,
        "done": states.get("done", 0),
        "open": states.get("open", 0),
        "missed": states.get("missed", 0),
        "percent": round(100 * states.get("done", 0) / closed) if closed else None,
    }


def means(program_id: int) -> list[dict[str, Any]]:
    """Every score with its mean on each occasion and how many people it is of."""
    rows = Score.objects.filter(sheet__program_id=program_id).exclude(value=None).order_by()
    found = []
    grouped = rows.values("sheet__occasion", "instrument", "scale").annotate(mean=Avg("value"), n=Count("pk"))
    for row in grouped.order_by("instrument", "scale", "sheet__occasion"):
        instrument = of(row["instrument"])
        found.append({
            "name": scale_words(instrument, row["scale"]), "occasion": words.occasion(row["sheet__occasion"]),
            "mean": round(float(row["mean"]), 2), "n": row["n"], "ours": instrument.ours,
        })  # fmt: skip
    return found


def scale_words(instrument: Instrument, scale: str) -> str:
    """ "Diabetes Distress Scale (DDS-17): emotional burden"; of a total the title alone."""
    own = next((one.words for one in instrument.scales if one.key == scale), {})
    title = words.said(instrument.title)
    return f"{title}: {words.said(own)}" if own else title


def satisfaction(program_id: int) -> dict[str, Any] | None:
    """Of those who answered, how many would be more satisfied (S38); beside it what the source found. None without answers."""
    rows = Answer.objects.filter(sheet__program_id=program_id, instrument="satisfaction").exclude(value=None)
    counts = dict(rows.values_list("value").annotate(n=Count("pk")).order_by())
    total = sum(counts.values())
    if not total:
        return None
    source = of("satisfaction").benchmark
    yes = counts.get(1, 0)
    return {"percent": round(100 * yes / total), "yes": yes, "n": total, "who": source["source"],
            "shown": f"{round(100 * yes / total)} %", "source_shown": f"{source['percent']} %"}  # fmt: skip


# --- The file ------------------------------------------------------------------------------------------------------


def lines(program_id: int, *, named: bool) -> Iterator[list[Any]]:
    """One line for each answer and each score, in pieces so that a large program needs no memory. named: with nicknames."""
    last = 0
    while piece := list(Sheet.objects.filter(program_id=program_id, pk__gt=last).order_by("pk")[:A_PIECE]):
        last = piece[-1].pk
        names = {one.person_id: one.nickname for one in people.known({s.person_id for s in piece}).values()}
        yield from _lines({sheet.pk: sheet for sheet in piece}, names if named else {})


def _lines(sheets: dict[int, Sheet], names: dict[int, str]) -> Iterator[list[Any]]:
    for row in Answer.objects.filter(sheet__in=sheets).order_by("sheet", "pk"):
        value = "" if row.value is None else row.value
        yield [*_of(sheets[row.sheet_id], names), row.door, row.instrument, f"item {row.item}", value]
    for score in Score.objects.filter(sheet__in=sheets).order_by("sheet", "pk"):
        value = "" if score.value is None else score.value
        yield [*_of(sheets[score.sheet_id], names), "", score.instrument, f"score {score.scale}", value]


def _of(sheet: Sheet, names: dict[int, str]) -> list[Any]:
    day = "" if sheet.done_at is None else f"{sheet.done_at:%Y-%m-%d}"
    person = sheet.person_id
    return [f"P{person}", names.get(person, ""), sheet.occasion, f"{sheet.opens_at:%Y-%m-%d}", day]


# --- One person ----------------------------------------------------------------------------------------------------


def instruments_shown(attested: Any) -> list[dict[str, Any]]:
    """Every instrument with its license, and whether it can be asked here."""
    return [
        {
            "key": key, "one": of(key), "title": words.said(of(key).title), "items": len(of(key).items),
            "attested": attested.get(key), "state": _state(of(key), key in attested),
        }
        for key in sorted(keys(), key=lambda key: (not of(key).has_words, words.said(of(key).title)))
    ]  # fmt: skip


def _state(instrument: Instrument, is_attested: bool) -> tuple[str, str]:
    if instrument.ours:
        return _("our own, open"), "ok"
    if instrument.has_words:
        return _("free to use"), "ok"
    return (_("licensed here"), "ok") if is_attested else (_("needs a license"), "warm")
