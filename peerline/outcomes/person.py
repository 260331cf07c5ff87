"""What staff see of one person: scores over time with their bands, what was measured, and both side by side (S150)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peerline.outcomes import measured, queries, words
from peerline.outcomes.instruments import of
from peerline.outcomes.models import Measure, Score, Sheet
from peerline.outcomes.reports import scale_words
from peerline.ui.charts import BarChart, bar_chart
from peerline.ui.shelves import Piece

BEHAVIOR = ("adherence", "total")  # what stands beside the A1C: days without a dose
MOST_BARS = 6


def page(person_id: int, enrollments: Sequence[Any]) -> dict[str, Any]:
    """Four queries, whatever was answered."""
    ids = [row.pk for row in enrollments]
    sheets = list(queries.sheets_of(person_id, ids))
    scores = list(queries.scores_of(sheet.pk for sheet in sheets))
    measures = list(queries.measures_of(ids))
    return {
        "sheets": [_sheet(sheet) for sheet in reversed(sheets)],
        "scores": _by_scale(scores),
        "measures": [_measure(row) for row in reversed(measures)],
        "clinical": _clinical(measures),
        "clinical_columns": (_("Day"), _("A1C, percent")),
        "behavior_columns": (_("Day"), _("Days without a dose, of seven")),
        "behavior": _behavior(scores),
    }


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "row": sheet,
        "occasion": words.occasion(sheet.occasion),
        "can_type": sheet.state == "open",
        "missed": sheet.state == "missed",
    }


def _by_scale(scores: list[Score]) -> list[dict[str, Any]]:
    """Each score of each instrument with its values, oldest first."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in scores:
        instrument = of(row.instrument)
        line = found.setdefault(
            (row.instrument, row.scale),
            {"name": scale_words(instrument, row.scale), "ours": instrument.ours, "values": []},
        )
        band = instrument.band(row.value) if row.scale == "total" else None
        line["values"].append({
            "on": row.sheet.done_at or row.at, "value": plain(row.value),
            "band": words.said(band.words) if band else "", "tone": band.tone if band else "",
        })  # fmt: skip
    return list(found.values())


def plain(value: Any) -> str:
    """ "8", "2.67"; for none a dash in words."""
    return _("too few answers") if value is None else f"{value.normalize():f}"


def _measure(row: Measure) -> dict[str, Any]:
    kind = measured.KINDS[row.kind]
    unit = words.UNITS[kind.unit]
    typed = f"{plain(row.typed)} {words.UNITS[row.typed_unit]}" if row.typed_unit != kind.unit else ""
    return {
        "row": row, "name": words.KINDS[row.kind], "value": f"{plain(row.value)} {unit}", "typed": typed,
        "method": words.METHODS[row.method],
    }  # fmt: skip


def _clinical(measures: list[Measure]) -> dict[str, Any] | None:
    """The A1C over time, in percent."""
    rows = [row for row in measures if row.kind == "a1c"][-MOST_BARS:]
    if not rows:
        return None
    chart = bar_chart([(f"{_day(row.measured_on)}: {plain(row.value)}", float(row.value)) for row in rows])
    said = {"value": plain(rows[-1].value), "day": date_format(rows[-1].measured_on, "MONTH_DAY_FORMAT")}
    return {"chart": chart, "sentence": _("The last A1C was %(value)s percent, on %(day)s.") % said}


def _behavior(scores: list[Score]) -> dict[str, Any] | None:
    """Days without a dose, of the last seven."""
    rows = [row for row in scores if (row.instrument, row.scale) == BEHAVIOR and row.value is not None][-MOST_BARS:]
    if not rows:
        return None
    chart: BarChart = bar_chart([(f"{_day(row.at)}: {plain(row.value)}", float(row.value)) for row in rows], top=7)
    said = {"value": plain(rows[-1].value), "day": date_format(rows[-1].at, "MONTH_DAY_FORMAT")}
    return {"chart": chart, "sentence": _("Days without a dose, of seven: %(value)s, on %(day)s.") % said}


def _day(at: datetime | Any) -> str:
    return date_format(at, "n/j")


def card(viewer: Any, person_id: int) -> Piece | None:
    """On the staff's page of one person: the last score that says something, and the way to all of them."""
    if not viewer.has(*queries.READERS):
        return None
    sheet = queries.sheets_of(person_id).filter(state="done").order_by("-done_at").first()
    last = _("Nothing was answered yet.")
    if sheet is not None:
        last = _("Last answered on %(day)s.") % {"day": date_format(sheet.done_at, "DATE_FORMAT")}
    return Piece(_("Questionnaires and measures"), last, f"/people/{person_id}/outcomes/", _("Open"))
