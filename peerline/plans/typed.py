"""The page where staff type in sheets that came back: one sheet a row, by keyboard alone; each row stands for itself."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.people.access import Viewer
from peerline.plans import paper, rules, words
from peerline.plans.rules import PlanError

ROWS = 8


def _text(label: Any, width: int = 10, longest: int = 200, **attrs: Any) -> forms.CharField:
    box = forms.TextInput(attrs={"class": f"govuk-input--width-{width}", "autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=longest, required=False, widget=box)


def _number(label: Any, least: int, most: int) -> forms.IntegerField:
    box = forms.TextInput(attrs={"class": "govuk-input--width-2", "inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=False, widget=box)


class Row(forms.Form):
    """Shared by both kinds: the sheet's number, and what is wrong with the row as one sentence."""

    sheet = _text(_("Sheet"), width=5, longest=20, inputmode="numeric")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["use_required_attribute"] = False
        super().__init__(*args, **kwargs)

    @property
    def problem(self) -> str:
        return " ".join(str(message) for messages in self.errors.values() for message in messages)

    @property
    def is_empty(self) -> bool:
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.fields)


class PlanRow(Row):
    begins = forms.DateField(
        label=_("First day"),
        required=False,
        input_formats=["%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d"],
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "placeholder": "11/2/2026", "autocomplete": "off"}),
    )  # fmt: skip
    about = _number(_("About, 1 to 5"), 1, 5)
    what = _text(_("What I will do"), width=20)
    how_much = _text(_("How much"), longest=100)
    at_when = _text(_("When"), longest=100)
    times = _number(_("Times a week"), 1, 7)
    barrier = _text(_("What could get in the way"), longest=300)
    support = _text(_("Who or what makes it easier"), longest=100)
    sure = _number(_("How sure, of 10"), 0, 10)
    share = _number(_("Share: 1 yes, 0 no"), 0, 1)

    def enter(self, actor: Viewer, program_id: int) -> None:
        given = self.cleaned_data
        step = {name: given[name] for name in ("what", "how_much", "at_when", "barrier", "support")}
        step |= {"times_a_week": given["times"], "confidence": given["sure"]}
        step["domain"] = paper.by_number(rules.DOMAINS, given["about"])
        begins_on: date | None = given["begins"]
        paper.enter_plan(
            actor,
            program_id=program_id,
            sheet=given["sheet"],
            shared=given["share"] == 1,
            begins_on=begins_on,
            step=step,
        )


class ReviewRow(Row):
    outcome = _number(_("How it went, 1 to 4"), 1, 4)
    times_done = _number(_("Times done"), 0, 99)
    next = _number(_("What comes next, 1 to 4"), 1, 4)
    note = _text(_("What went well, or what was in the way"), width=20, longest=500)

    def enter(self, actor: Viewer, program_id: int) -> None:
        given = self.cleaned_data
        paper.enter_review(
            actor, program_id=program_id, sheet=given["sheet"], times_done=given["times_done"], note=given["note"],
            outcome=paper.by_number(rules.OUTCOMES, given["outcome"]), next=paper.by_number(rules.NEXT, given["next"]),
        )  # fmt: skip


KINDS: dict[str, type[PlanRow] | type[ReviewRow]] = {"plans": PlanRow, "reviews": ReviewRow}


def blank(kind: str) -> list[Any]:
    """Rows to type into."""
    return [KINDS[kind](prefix=f"row{number}") for number in range(1, ROWS + 1)]


def typed(kind: str, data: Any, save: Callable[[Any], None]) -> tuple[int, list[Any]]:
    """(how many rows were saved, those that were not, each saying why). A row that is wrong holds up no other."""
    saved, wrong = 0, []
    for number in range(1, ROWS + 1):
        row = KINDS[kind](data, prefix=f"row{number}")
        if row.is_empty:
            continue
        if row.is_valid() and _entered(row, save):
            saved += 1
        else:
            wrong.append(row)
    return saved, wrong


def _entered(row: Any, save: Callable[[Any], None]) -> bool:
    try:
        save(row)
    except PlanError as reason:
        row.add_error(None, words.SENTENCES[reason.word])
    return not row.errors
