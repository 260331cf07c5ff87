from django import forms
from django.utils.translation import gettext_lazy as _


class RecordingForm(forms.Form):
    recording = forms.FileField(
        label=_("Your recording"),
        help_text=_("A WAV file of at most 30 seconds and 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".wav,audio/wav,audio/x-wav"}),
        error_messages={"required": _("Choose a WAV file."), "empty": _("This file is empty. Choose another one.")},
    )
