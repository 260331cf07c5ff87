from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.messaging.rules import FALLING
from peerline.messaging.words import WAYS


class WaysForm(forms.Form):
    first = forms.ChoiceField(
        label=_("How should we remind you?"),
        choices=[(one, WAYS[one]) for one in FALLING],
        widget=forms.RadioSelect,
        help_text=_("Calls and texts come between 8 in the morning and 9 at night, and never in your quiet hours."),
    )
    also = forms.MultipleChoiceField(
        label=_("If that does not reach you, may we also use these?"),
        choices=[(one, WAYS[one]) for one in FALLING],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("If you choose texts, you agree that the line sends you some. Answer STOP to one and they end."),
    )

    def __init__(self, *args: Any, reachable: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reachable = reachable

    def clean_first(self) -> str:
        """A way we have no address for would reach nobody."""
        first = str(self.cleaned_data["first"])
        if first not in self.reachable:
            raise forms.ValidationError(
                _("We have no checked mobile number of yours. Ask the staff to add one, or choose another way.")
                if first == "sms"
                else _("We have no checked number or address of yours for that. Ask the staff, or choose another way.")
            )
        return first
