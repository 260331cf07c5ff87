"""The questions of the match pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.matching.scoring import FEATURES
from peerline.pairs import match_words
from peerline.pairs.rules import MOST_TAKEN


def _share(label: Any) -> forms.IntegerField:
    attrs = {"class": "govuk-input--width-3", "inputmode": "numeric"}
    return forms.IntegerField(label=label, min_value=0, max_value=100, widget=forms.NumberInput(attrs=attrs))


class WeightsForm(forms.Form):
    """How much each feature counts. Any whole numbers; only how they stand to each other matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FEATURES:
            self.fields[f"weight_{name}"] = _share(match_words.FEATURES[name])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not any(self.weights().values()):
            raise forms.ValidationError(_("At least one of these must count."))
        return given

    def weights(self) -> dict[str, int]:
        return {name: self.cleaned_data[f"weight_{name}"] for name in FEATURES}

    @staticmethod
    def of(weights: dict[str, int]) -> dict[str, int]:
        return {f"weight_{name}": share for name, share in weights.items()}


class MatchSettingsForm(WeightsForm):
    """Weights, and the rules a program may choose."""

    least_common_hours = forms.IntegerField(
        label=_("How many hours a week must both take calls?"),
        min_value=1,
        max_value=40,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    same_site = forms.BooleanField(label=_("Only people of the same site"), required=False)
    mentors = forms.BooleanField(
        label=_("Some people here mentor others"),
        help_text=_("Then Match can also propose mentors who take several people each."),
        required=False,
    )
    style = forms.ChoiceField(
        label=_("What is the best?"), widget=forms.RadioSelect, choices=list(match_words.STYLES.items())
    )


class MentorForm(forms.Form):
    """Who mentors, and how many?"""

    person = forms.TypedChoiceField(label=_("Who mentors?"), coerce=int)
    takes = forms.IntegerField(
        label=_("How many people at most?"),
        min_value=1,
        max_value=MOST_TAKEN,
        initial=5,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("Choose a person")), *people]  # type: ignore[attr-defined]
