from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.kernel.languages import LANGUAGES
from peerline.people import words
from peerline.people.rules import time_zones
from peerline.ui.forms import TelephoneField, WeekField

ZONES = sorted(zone for zone in time_zones() if zone.startswith(("America/", "Pacific/Honolulu", "Pacific/Guam")))


class HoursForm(forms.Form):
    blocked = WeekField(
        label=_("When should nobody ring?"),
        help_text=_("Choose one or more, or open a day. At all other times your partner may ring."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in ZONES])


class NicknameForm(forms.Form):
    nickname = forms.CharField(
        label=_("Nickname"), help_text=_("This is all a partner hears or sees. No real name is needed."), max_length=40
    )


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()), widget=forms.RadioSelect)


class PhoneForm(forms.Form):
    value = TelephoneField(label=_("Telephone number"))
    label = forms.ChoiceField(
        label=_("Where is it?"),
        choices=[(key, words.CONTACT_LABELS[key]) for key in ("home", "mobile", "work")],
        widget=forms.RadioSelect,
        initial="home",
    )


class EmailForm(forms.Form):
    value = forms.EmailField(label=_("E-mail address"))


class RecordForm(forms.Form):
    """What staff keep about somebody besides numbers."""

    first_name = forms.CharField(label=_("First name"), max_length=60)
    last_name = forms.CharField(label=_("Last name"), max_length=60, required=False)
    title = forms.CharField(
        label=_("Title"), max_length=80, required=False, help_text=_("Free words; they define no duty.")
    )
    born_year = forms.IntegerField(label=_("Year of birth"), min_value=1900, max_value=2015, required=False)
    gender = forms.ChoiceField(
        label=_("Gender"), choices=list(words.GENDERS.items()), required=False, widget=forms.RadioSelect
    )
    culture = forms.CharField(
        label=_("Culture or community"),
        max_length=80,
        required=False,
        help_text=_("Only if the person chose to give it."),
    )
    needs_relay = forms.BooleanField(
        label=_("Calls through a text relay"),
        required=False,
        help_text=_("Such a call is never cut off for being slow."),
    )
