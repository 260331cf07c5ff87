"""The questions as forms, and what staff type in."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.kernel.languages import LANGUAGES
from peerline.outcomes import measured, scoring, words
from peerline.outcomes.instruments import Instrument, Item
from peerline.outcomes.rules import Question
from peerline.ui.forms import DatePartsField, ScaleField

MOST_BOXES = 10  # a scale up to here is a line of boxes, a longer one a number to type


class QuestionForm(forms.Form):
    """One question on a page."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"] = _field(question.item)

    @property
    def value(self) -> int:
        return int(self.cleaned_data["answer"])


def _field(item: Item) -> forms.Field:
    label, wrong = words.said(item.words), {"required": words.SENTENCES["not_an_answer"]}
    if item.options:
        choices = [(one.value, words.said(one.words)) for one in item.options]
        return forms.TypedChoiceField(
            label=label, choices=choices, coerce=int, widget=forms.RadioSelect, error_messages=wrong
        )
    if item.most <= MOST_BOXES:
        return ScaleField(
            label=label, low=words.said(item.low), high=words.said(item.high), top=item.most, error_messages=wrong
        )
    widget = forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=item.least, max_value=item.most, widget=widget)


class PaperForm(forms.Form):
    """A whole paper, typed in: the number that is ticked, or nothing. Two numbers when two neighbors were circled."""

    how = forms.ChoiceField(
        label=_("How were these answered?"),
        choices=[("paper", _("On paper")), ("staff", _("I read them to the person"))],
        widget=forms.RadioSelect,
        initial="paper",
    )

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {f"q_{one.instrument.key}_{one.item.key}": one for one in questions}
        for number, (name, one) in enumerate(self.questions.items(), 1):
            attrs = {"class": "govuk-input--width-3", "inputmode": "numeric", "autocomplete": "off"}
            self.fields[name] = forms.CharField(
                label=f"{number}. {words.said(one.item.words)}", help_text=printed(one.item), required=False,
                widget=forms.TextInput(attrs=attrs | ({"autofocus": True} if number == 1 else {})),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, one in self.questions.items():
            try:
                given[name] = typed(one.item, given.get(name, ""))
            except ValueError:
                self.add_error(name, words.SENTENCES["not_an_answer"])
        return given

    def values(self) -> dict[tuple[str, str], int | None]:
        """What was answered; blank questions are left out."""
        found = {one.key: self.cleaned_data[name] for name, one in self.questions.items()}
        return {key: value for key, value in found.items() if value is not None}


def printed(item: Item) -> str:
    """The answers as the paper numbers them: "1 Not at all · 2 A little"; of a plain number its ends."""
    if not item.options:
        return f"{item.least}–{item.most}"
    return " · ".join(f"{number} {words.said(one.words)}" for number, one in enumerate(item.options, 1))


def typed(item: Item, text: str) -> int | None:
    """The value of what stands on the paper; None for nothing, or two numbers that are no neighbors. Raises ValueError."""
    numbers = [int(number) for number in re.split(r"[\s,;/]+", text.strip()) if number]
    if not numbers:
        return None
    number = scoring.circled(numbers)
    if number is None:
        return None
    value = item.options[number - 1].value if item.options and 0 < number <= len(item.options) else number
    if (item.options and not 0 < number <= len(item.options)) or not item.takes(value):
        raise ValueError(text)
    return value


# --- Staff ---------------------------------------------------------------------------------------------------------


def _units(*kinds: str) -> list[tuple[str, str]]:
    return [
        (f"{kind} {unit}", f"{words.KINDS[kind]}, {words.UNITS[unit]}")
        for kind in kinds
        for unit in measured.KINDS[kind].units
    ]


class MeasureForm(forms.Form):
    """One value of one day. Blood pressure is two numbers."""

    what = forms.ChoiceField(label=_("What was measured?"))
    value = forms.DecimalField(
        label=_("The number"), max_digits=7, decimal_places=2,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )  # fmt: skip
    lower = forms.DecimalField(
        label=_("The lower number, for blood pressure"), max_digits=5, decimal_places=1, required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )  # fmt: skip
    sure = forms.BooleanField(label=_("The number is unusual, and right"), required=False)
    measured_on = DatePartsField(label=_("On which day?"))
    method = forms.ChoiceField(
        label=_("Where does it come from?"), choices=list(words.METHODS.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in measured.KINDS if kind not in ("systolic", "diastolic")]
        pressure = ("systolic mm[Hg]", f"{_('Blood pressure')}, mmHg")
        every = [*_units("a1c"), pressure, *_units(*kinds[1:])]
        self.fields["what"].choices = every  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("what", "").startswith("systolic") and given.get("lower") is None:
            self.add_error("lower", _("Enter the lower number, too."))
        return given

    def values(self) -> list[tuple[str, Decimal, str]]:
        """(kind, value, unit) of each."""
        kind, unit = self.cleaned_data["what"].split(" ", 1)
        found = [(kind, self.cleaned_data["value"], unit)]
        return [*found, ("diastolic", self.cleaned_data["lower"], unit)] if kind == "systolic" else found

    @property
    def day(self) -> date:
        found: date = self.cleaned_data["measured_on"]
        return found


class AskForm(forms.Form):
    """Questions that staff put before one person now."""

    instruments = forms.MultipleChoiceField(
        label=_("Which questions?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    def __init__(self, *args: Any, usable: Iterable[Instrument], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.key, words.said(one.title)) for one in usable if not one.about]
        self.fields["instruments"].choices = choices  # type: ignore[attr-defined]


class AttestForm(forms.Form):
    """The license, and the words that come with it: one line a question."""

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = instrument.items[0]
        for code, name in LANGUAGES.items():
            said = {"language": name, "n": len(instrument.items), "least": first.least, "most": first.most}
            self.fields[f"texts_{code}"] = forms.CharField(
                label=_("The %(n)s questions, one a line: %(language)s") % said,
                widget=forms.Textarea(attrs={"rows": 8, "lang": code}),
            )
            self.fields[f"options_{code}"] = forms.CharField(
                label=_("The answers from %(least)s to %(most)s, one a line: %(language)s") % said, required=False,
                help_text=_("Leave empty where people choose a plain number."),
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
            )  # fmt: skip
        self.fields["agree"] = forms.BooleanField(
            label=_("I have read the license. Our organization may use these questions in this way.")
        )

    def lines(self, part: str) -> dict[str, list[str]]:
        """language → the lines of "texts" or "options"."""
        return {
            code: [line.strip() for line in self.cleaned_data[f"{part}_{code}"].splitlines() if line.strip()]
            for code in LANGUAGES
        }
