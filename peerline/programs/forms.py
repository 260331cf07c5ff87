from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.kernel.languages import LANGUAGES
from peerline.people import words as people_words
from peerline.people.access import STAFF
from peerline.programs import words
from peerline.programs.models import Program
from peerline.programs.roster import FIELDS, Table
from peerline.programs.rules import LIMITS
from peerline.ui.forms import CodeField, DatePartsField, ScaleField, TelephoneField, WeekField, WeekWords


def _whole(name: str, label: Any, **more: Any) -> forms.IntegerField:
    least, most = LIMITS[name]
    attrs = {"class": "govuk-input--width-5", "inputmode": "numeric"}
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, widget=forms.NumberInput(attrs=attrs), **more
    )


class SettingsForm(forms.Form):
    """What a program does; each with its unit."""

    name = forms.CharField(label=_("Name"), max_length=120)
    led_by_id = forms.TypedChoiceField(label=_("Who leads it?"), coerce=int, empty_value=None, required=False)
    begins_on = DatePartsField(label=_("First day"))
    weeks = _whole("weeks", _("How many weeks it runs"), initial=26)
    talks_a_week = _whole("talks_a_week", _("How many talks a week a pair aims at"), initial=1)
    conversation_seconds = _whole(
        "conversation_seconds", _("From how many seconds on a call counts as a talk"), initial=60
    )
    ring_seconds = _whole("ring_seconds", _("How many seconds a partner is rung"), initial=25)
    longest_call_minutes = _whole("longest_call_minutes", _("Longest talk, in minutes"), initial=60)
    voice_kept_days = _whole("voice_kept_days", _("How many days voice messages are kept"), initial=90)
    nurse_answers_within_hours = _whole(
        "nurse_answers_within_hours", _("Within how many hours a nurse answers a voicemail"), initial=24
    )
    remind_after_days = _whole(
        "remind_after_days",
        _("After how many days without a talk the line reminds a pair"),
        initial=9,
        help_text=_("0 reminds nobody."),
    )
    asks_pin_of_rung = forms.BooleanField(
        label=_("Ask the person rung for their PIN"),
        help_text=_("For homes where somebody else may pick up the telephone."),
        required=False,
    )

    def __init__(self, *args: Any, leaders: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["led_by_id"].choices = [("", _("nobody yet")), *leaders]  # type: ignore[attr-defined]

    @staticmethod
    def of(program: Program) -> dict[str, Any]:
        return {name: getattr(program, name) for name in SettingsForm.base_fields}


class NewProgramForm(forms.Form):
    """The four things a program needs besides its protocol."""

    name = forms.CharField(label=_("What is it called?"), help_text=_("People see this name."), max_length=120)
    place = forms.ChoiceField(label=_("Where is it held?"))
    led_by = forms.TypedChoiceField(label=_("Who leads it?"), coerce=int, empty_value=None, required=False)
    begins_on = DatePartsField(
        label=_("What is its first day?"), help_text=_("People may join later; their weeks count from their own first day.")
    )  # fmt: skip

    def __init__(
        self, *args: Any, places: list[tuple[str, str]], leaders: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.fields["led_by"].choices = [("", _("nobody yet")), *leaders]  # type: ignore[attr-defined]


class RestForm(forms.Form):
    """For so many weeks, or until they say."""

    how_long = forms.TypedChoiceField(
        label=_("For how long?"),
        choices=[(1, _("One week")), (2, _("Two weeks")), (4, _("Four weeks")), (0, _("Until I say that it is over"))],
        coerce=int,
        widget=forms.RadioSelect,
    )


LISTENING = WeekWords(
    none=_("nobody listens"),
    some="%(hours)s",
    whole=_("all day and night"),
    box=_("Somebody listens all %(day)s"),
    quick=("work",),
    opens=True,
)


class StaffHoursForm(forms.Form):
    """When somebody listens: what a caller is told before leaving a voicemail."""

    hours = WeekField(label=_("When does somebody listen to voicemail?"), words=LISTENING)
    away_until = DatePartsField(label=_("Nobody listens before this day"), required=False)
    cover = forms.TypedChoiceField(
        label=_("Who stands in until then?"),
        help_text=_("Messages go to them, and they are told by e-mail. Callers hear the usual hours."),
        required=False, coerce=int, empty_value=None,
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cover"].choices = [("", _("nobody")), *colleagues]  # type: ignore[attr-defined]


class ConsentTextForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES.items():
            label = _("What people agree to: %(language)s") % {"language": name}
            self.fields[code] = forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 8, "lang": code}))


class PersonForm(forms.Form):
    """Somebody who joins without a list: by telephone with staff, or at the clinic."""

    first_name = forms.CharField(label=_("First name"), max_length=60)
    last_name = forms.CharField(label=_("Last name"), max_length=60, required=False)
    nickname = forms.CharField(
        label=_("Nickname"), max_length=40, required=False, help_text=_("Leave it empty, and one is chosen.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=list(LANGUAGES.items()), widget=forms.RadioSelect, initial="en"
    )
    phone = TelephoneField(label=_("Telephone number"), required=False)


class EnrollmentForm(forms.Form):
    """What matching will need. Everything may be left out."""

    a1c_percent = forms.DecimalField(
        label=_("A1C, percent"), min_value=3, max_value=20, decimal_places=1, max_digits=4, required=False
    )
    insulin = forms.TypedChoiceField(
        label=_("Takes insulin"),
        choices=list(words.YES_NO.items()),
        coerce=lambda text: {"yes": True, "no": False}[text],
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    diabetes_type = forms.ChoiceField(label=_("Type of diabetes"), choices=list(words.TYPES.items()), required=False)
    diagnosed_year = forms.IntegerField(
        label=_("Year of the diagnosis"), min_value=1920, max_value=2100, required=False
    )
    gender_preference = forms.ChoiceField(
        label=_("Wants to talk with"), choices=list(words.PREFERENCES.items()), required=False
    )
    challenges = forms.MultipleChoiceField(
        label=_("What is hard"),
        choices=list(words.CHALLENGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @staticmethod
    def of(enrollment: Any) -> dict[str, Any]:
        facts = {name: getattr(enrollment, name) for name in EnrollmentForm.base_fields}
        facts["insulin"] = {True: "yes", False: "no"}.get(enrollment.insulin, "")
        return facts


def _ticks(label: Any, choices: dict[str, Any], **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices.items()), required=False, widget=forms.CheckboxSelectMultiple, **more
    )


class AboutMeForm(forms.Form):
    """The short intake a person fills in alone. Everything may be left out."""

    barriers = _ticks(_("What stands in the way of looking after your diabetes?"), words.OWN_BARRIERS)
    challenges = _ticks(_("What is hard for you?"), words.CHALLENGES)
    confidence = ScaleField(
        label=_("How sure are you that you can manage your diabetes?"),
        low=_("not at all"),
        high=_("completely"),
        required=False,
    )
    needs_interpreter = forms.BooleanField(label=_("I need an interpreter when I talk with the clinic"), required=False)


class IntakeForm(EnrollmentForm):
    """The whole intake, by staff with the person."""

    medication = forms.ChoiceField(
        label=_("Medicine for diabetes"), choices=list(words.MEDICATIONS.items()), required=False
    )
    insulin_change = forms.TypedChoiceField(
        label=_("Insulin begins, or changes"),
        choices=list(words.YES_NO.items()),
        coerce=lambda text: {"yes": True, "no": False}[text],
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    barriers = _ticks(_("What stands in the way?"), words.BARRIERS)
    confidence = ScaleField(
        label=_("How sure are they that they can manage their diabetes?"),
        low=_("not at all"),
        high=_("completely"),
        required=False,
    )
    needs_interpreter = forms.BooleanField(label=_("They need an interpreter"), required=False)
    blocked = WeekField(
        label=_("When should nobody ring them?"),
        help_text=_("Choose one or more, or open a day. At all other times their partner may ring."),
    )


class LetterCodeForm(forms.Form):
    code = CodeField(
        digits=10, one_time=False, label=_("Which code is in your letter?"), help_text=_("It has 10 digits.")
    )


class MoveOnForm(forms.Form):
    """Where somebody goes next, and whether they stay here, too."""

    program = forms.TypedChoiceField(label=_("Which program?"), coerce=int, widget=forms.RadioSelect)
    stays = forms.ChoiceField(
        label=_("Do they stay in this one, too?"),
        choices=[("yes", _("Yes, they are in both")), ("no", _("No, this one stops"))],
        widget=forms.RadioSelect,
        initial="yes",
    )

    def __init__(self, *args: Any, programs: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].choices = programs  # type: ignore[attr-defined]


class StopForm(forms.Form):
    reason = forms.CharField(
        label=_("Do you want to say why?"), help_text=_("You need not."), required=False, max_length=200
    )


class RosterForm(forms.Form):
    roster = forms.FileField(
        label=_("The list as a CSV file"),
        help_text=_("One person a row, with a header. Up to 2 MB and 2,000 people."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )


class ColumnsForm(forms.Form):
    """Which column is what, one question a field; the guess is already chosen."""

    def __init__(self, *args: Any, table: Table, columns: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("not in this file")), *((str(n), name) for n, name in enumerate(table.header))]
        for name in FIELDS:
            chosen = str(columns[name]) if name in columns else ""
            self.fields[name] = forms.ChoiceField(
                label=words.FIELDS[name], choices=choices, required=False, initial=chosen
            )

    def columns(self) -> dict[str, int]:
        return {name: int(value) for name, value in self.cleaned_data.items() if value != ""}


class PlaceForm(forms.Form):
    """A role and where it holds."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(name, people_words.ROLES[name]) for name in sorted(STAFF)], widget=forms.RadioSelect
    )
    place = forms.ChoiceField(label=_("Where"), help_text=_("A role for one site or program opens nothing outside it."))

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]


class ColleagueForm(PlaceForm):
    first_name = forms.CharField(label=_("First name"), max_length=60)
    last_name = forms.CharField(label=_("Last name"), max_length=60, required=False)
    title = forms.CharField(
        label=_("Title"), max_length=80, required=False, help_text=_("Free words; they define no duty.")
    )
    email = forms.EmailField(label=_("Work e-mail"), help_text=_("A link to choose a password is sent there."))
    field_order = ["first_name", "last_name", "title", "email", "role", "place"]
