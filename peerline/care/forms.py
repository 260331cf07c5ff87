from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.care import words


class HandledForm(forms.Form):
    note = forms.CharField(
        label=_("What did you do?"),
        help_text=_("A few words for your colleagues."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PairNoteForm(forms.Form):
    did = forms.ChoiceField(label=_("What did you do?"), widget=forms.RadioSelect, choices=list(words.DEEDS.items()))
    note = forms.CharField(
        label=_("Anything to remember?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    look_again_on = forms.DateField(
        label=_("When shall the pair be on the list again, if they still do not talk?"),
        help_text=_("Without a day it stays on the list."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
