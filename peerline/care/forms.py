from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.care import words
from peerline.care.minutes import MOST
from peerline.kernel import clock


def _few_words(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), **more)


def _ticks(label: Any, choices: dict[str, Any]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=list(choices.items()), widget=forms.CheckboxSelectMultiple
    )


class MinutesForm(forms.Form):
    """Prefilled with a guess: as a rule nothing has to be typed."""

    minutes = forms.IntegerField(
        label=_("How many minutes did it take?"),
        required=False,
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )

    def clean_minutes(self) -> int:
        return self.cleaned_data["minutes"] or 0


class WorkForm(MinutesForm):
    """Work that was done. What it served is folded away: nothing ticked is a good answer."""

    template_name = "care/work_form.html"
    elements = _ticks(_("Which parts of good support did it serve?"), words.ELEMENTS)
    support = _ticks(_("What kind of support was it?"), words.SUPPORT)

    def clean(self) -> dict[str, Any]:
        """Both lists of ticks as one: `served`."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["served"] = [*cleaned.pop("elements", []), *cleaned.pop("support", [])]
        return cleaned


class HandledForm(WorkForm):
    note = _few_words(_("What did you do?"), help_text=_("A few words for your colleagues."))
    field_order = ["note", "minutes"]


class DoneForm(HandledForm):
    """A need is done."""


class HandOverForm(forms.Form):
    to = forms.ChoiceField(label=_("Who takes it over?"))

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(person_id), name) for person_id, name in colleagues]  # type: ignore[attr-defined]


class RestForm(forms.Form):
    until = forms.DateField(
        label=_("On which day shall it be on the list again?"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until <= clock.now().date():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return until


class TaskForm(RestForm):
    """A task of one's own about a person; on its day it stands on the list."""

    words = _few_words(_("What shall be done?"), help_text=_("For example: ask how the new meter works."))
    whose = forms.ChoiceField(label=_("Whose is it?"), required=False, widget=forms.RadioSelect)
    field_order = ["words", "until", "whose"]

    def __init__(self, *args: Any, whose: list[tuple[int, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].label = _("On which day?")
        self.fields["whose"].choices = [(str(person_id), label) for person_id, label in whose]  # type: ignore[attr-defined]
        if len(whose) < 2:
            self.fields["whose"].widget = forms.HiddenInput()


class NarrowForm(forms.Form):
    """What the list shows; kept in the address, so that a bookmark is a view of one's own."""

    whose = forms.ChoiceField(label=_("Whose"), required=False)
    room = forms.ChoiceField(label=_("About what"), required=False)
    program = forms.ChoiceField(label=_("Program"), required=False)

    def __init__(self, *args: Any, programs: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("everything"))]
        choices = {
            "whose": list(zip(("now", "mine", "free", "theirs"), words.RANKS, strict=True)),
            "room": list(words.ROOMS.items()),
            "program": [(str(program_id), name) for program_id, name in programs],
        }
        for name, found in choices.items():
            self.fields[name].choices = everything + found  # type: ignore[attr-defined]


class PairNoteForm(WorkForm):
    did = forms.ChoiceField(label=_("What did you do?"), widget=forms.RadioSelect, choices=list(words.DEEDS.items()))
    note = _few_words(_("Anything to remember?"), required=False)
    look_again_on = forms.DateField(
        label=_("When shall the pair be on the list again, if they still do not talk?"),
        help_text=_("Without a day it stays on the list."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    field_order = ["did", "note", "minutes", "look_again_on"]


class PanelForm(forms.Form):
    staff = forms.ChoiceField(label=_("Who looks after this person?"), required=False)

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("nobody in particular")), *((str(person_id), name) for person_id, name in colleagues)]
        self.fields["staff"].choices = choices  # type: ignore[attr-defined]
