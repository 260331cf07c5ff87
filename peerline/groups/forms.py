from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from peerline.groups import words
from peerline.groups.models import Record, Session
from peerline.ui.forms import DatePartsField, TimeZoneField

NARROW = {"class": "govuk-input--width-5", "inputmode": "numeric"}


class SessionForm(forms.Form):
    """When, how and where, for how many, led by whom."""

    title = forms.CharField(label=_("What is it called?"), max_length=60)
    day = DatePartsField(label=_("On which day?"))
    time = forms.TimeField(
        label=_("At what time?"),
        help_text=_("Such as 14:00 for two in the afternoon."),
        widget=forms.TimeInput(attrs={"type": "time", "class": "govuk-input--width-5"}, format="%H:%M"),
    )
    time_zone = TimeZoneField()
    minutes = forms.IntegerField(
        label=_("How many minutes?"), min_value=15, max_value=480, widget=forms.NumberInput(attrs=NARROW)
    )
    way = forms.ChoiceField(
        label=_("How do people meet?"),
        choices=list(words.WAYS.items()),
        widget=forms.RadioSelect,
        help_text=_("By telephone each person calls our line, or is called when it begins. No computer is needed."),
    )
    place = forms.CharField(label=_("Where is the room?"), max_length=200, required=False)
    link = forms.URLField(
        label=_("Address of the video link"),
        required=False,
        assume_scheme="https",
        help_text=_("Only those who are invited see it."),
    )
    seats = forms.IntegerField(
        label=_("How many seats?"),
        min_value=1,
        max_value=200,
        widget=forms.NumberInput(attrs=NARROW),
        help_text=_("Whoever comes later waits, and moves up when somebody cancels."),
    )
    led_by_id = forms.TypedChoiceField(label=_("Who leads the session?"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, leaders: list[tuple[int, str]], by_protocol: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["led_by_id"].choices = [("", _("nobody yet")), *leaders]  # type: ignore[attr-defined]
        if by_protocol:
            del self.fields["title"]

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        found = dict(self.cleaned_data)
        local = datetime.combine(found.pop("day"), found.pop("time"), ZoneInfo(found["time_zone"]))
        title = found.pop("title", "")
        return {**found, "begins_at": local, **({"titles": {"en": title, "es": title}} if title else {})}

    @staticmethod
    def of(session: Session) -> dict[str, Any]:
        local = session.begins_at.astimezone(ZoneInfo(session.time_zone))
        names = ("time_zone", "minutes", "way", "place", "link", "seats", "led_by_id", "title")
        return {name: getattr(session, name) for name in names} | {"day": local.date(), "time": local.time()}

    @staticmethod
    def fresh(minutes: int, day: Any) -> dict[str, Any]:
        return {"time_zone": settings.TIME_ZONE, "minutes": minutes, "way": "place", "seats": 12, "day": day}


class PersonForm(forms.Form):
    person = forms.TypedChoiceField(label=_("Who else?"), coerce=int)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


class PointForm(forms.Form):
    """Something to talk about."""

    topic = forms.ChoiceField(
        label=_("A topic"), choices=[("", _("none of these")), *words.TOPICS.items()], required=False
    )
    said = forms.CharField(label=_("Or in your own words"), max_length=300, required=False)


class RecordForm(forms.Form):
    """What the session came to. Everything may be left out."""

    fidelity = forms.MultipleChoiceField(
        label=_("Which steps did the group take?"),
        choices=list(words.STEPS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    plans = forms.IntegerField(
        label=_("How many left with a step for the next two weeks?"),
        min_value=0,
        max_value=200,
        required=False,
        widget=forms.NumberInput(attrs=NARROW),
    )
    reflections = forms.CharField(
        label=_("What did people learn from the steps they tried?"), required=False, widget=forms.Textarea({"rows": 3})
    )
    emotions = forms.CharField(label=_("Which feelings came up?"), required=False, widget=forms.Textarea({"rows": 3}))
    questions = forms.CharField(
        label=_("Which questions were answered?"), required=False, widget=forms.Textarea({"rows": 3})
    )
    solved = forms.CharField(label=_("Which problems were solved?"), required=False, widget=forms.Textarea({"rows": 3}))
    referrals = forms.CharField(
        label=_("Who was sent where?"),
        help_text=_("Nicknames only."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    @staticmethod
    def of(record: Record | None) -> dict[str, Any]:
        return {name: getattr(record, name) for name in RecordForm.base_fields} if record else {}

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "plans": self.cleaned_data["plans"] or 0}
