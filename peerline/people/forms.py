from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.kernel.languages import LANGUAGES
from peerline.people import words
from peerline.people.log import PLATFORM_ITSELF, Wanted
from peerline.ui.forms import TelephoneField, TimeZoneField, WeekField


class HoursForm(forms.Form):
    blocked = WeekField(
        label=_("When should nobody ring?"),
        help_text=_("Choose one or more, or open a day. At all other times your partner may ring."),
    )
    time_zone = TimeZoneField()


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


class LogForm(forms.Form):
    """Which lines of the log? All fields may stay empty."""

    actor = forms.TypedChoiceField(label=_("Who did it?"), required=False, coerce=int, empty_value=None)
    about = forms.CharField(
        label=_("About whom?"), required=False, max_length=60, help_text=_("The beginning of a name or nickname.")
    )
    deed = forms.ChoiceField(
        label=_("What?"),
        required=False,
        choices=[("", _("anything")), ("looks", _("somebody looked or listened")), ("changes", _("something changed"))],
    )
    first_day = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, colleagues: list[tuple[int, str]]) -> None:
        super().__init__(data)
        anybody = [("", _("anyone")), (PLATFORM_ITSELF, _("Peerline itself"))]
        self.fields["actor"].choices = [*anybody, *colleagues]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What was asked for; whatever cannot be read asks for nothing."""
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            given.get("actor"),
            given.get("about", ""),
            given.get("person"),
            given.get("deed", ""),
            given.get("first_day"),
            given.get("last_day"),
        )
