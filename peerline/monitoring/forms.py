"""The filter of the call log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.monitoring import words
from peerline.monitoring.log import Wanted
from peerline.programs import queries as programs


class FilterForm(forms.Form):
    """All fields may stay empty."""

    program = forms.TypedChoiceField(label=_("Program"), required=False, coerce=int, empty_value=None)
    first_day = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    outcome = forms.ChoiceField(label=_("How it ended"), required=False)
    pair = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, viewer: Any) -> None:
        super().__init__(data)
        mine = [(program.pk, program.name) for program in programs.programs(viewer)]
        self.fields["program"].choices = [("", _("all programs")), *mine]  # type: ignore[attr-defined]
        ends = [("live" if name == "" else name, word) for name, word in words.OUTCOMES.items()]
        self.fields["outcome"].choices = [("", _("any way")), *ends]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What was asked for; whatever cannot be read asks for nothing."""
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            given.get("program"),
            given.get("first_day"),
            given.get("last_day"),
            given.get("outcome", ""),
            given.get("pair"),
        )
