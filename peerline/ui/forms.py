"""How forms are drawn, and the fields the telephone world needs. `{{ form }}` and `{{ form.field.as_field_group }}` are
GOV.UK's pattern: label, hint, error, control; an error summary above.

A field's widget may be drawn narrower by a class: TextInput(attrs={"class": "govuk-input--width-5"}).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.dates import WEEKDAYS
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from peerline.kernel.phone_numbers import BadNumber, e164, for_reading
from peerline.kernel.week import hours_in, of_days, of_hours
from peerline.ui import phrases

HERE = Path(__file__).parent / "templates"


class Renderer(DjangoTemplates):
    """Django's own renderer with this room's templates before its."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"

    @cached_property
    def engine(self) -> Any:
        own = {
            "APP_DIRS": True,
            "DIRS": [HERE, Path(forms.__file__).parent / "templates"],
            "NAME": "peerline-forms",
            "OPTIONS": {},
        }
        return self.backend(own)


def problems(form: forms.BaseForm) -> list[tuple[str, str]]:
    """(id of the control, message) for each error of a form, its own first with the id ""."""
    found = [("", str(message)) for message in form.non_field_errors()]
    for field in form.visible_fields():
        found += [(_first_control(field), str(message)) for message in field.errors]
    return found


def _first_control(field: forms.BoundField) -> str:
    """Where the link of an error leads: the control, or the first of several."""
    target = getattr(field.field.widget, "first_id", None)
    if target:
        return str(target(field.id_for_label or field.auto_id))
    return f"{field.auto_id}_0" if field.use_fieldset else str(field.id_for_label)


class TelephoneField(forms.CharField):
    """A telephone number as people write it; its value is E.164."""

    widget = forms.TextInput(
        attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "class": "govuk-input--tel"}
    )
    default_error_messages = {"invalid": _("Enter a telephone number with its area code, like 734-555-0123.")}

    def __init__(self, *, region: str = "US", **kwargs: Any) -> None:
        self.region = region
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return for_reading(value) if isinstance(value, str) and value.startswith("+") else value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return e164(text, self.region)
        except BadNumber as reason:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from reason


class CodeField(forms.CharField):
    """A code of digits that was sent or said, such as "482 913"; spaces and dashes are dropped."""

    default_error_messages = {"digits": _("Enter the %(digits)s digits of the code.")}

    def __init__(self, *, digits: int = 6, one_time: bool = True, **kwargs: Any) -> None:
        self.digits = digits
        attrs = {
            "inputmode": "numeric",
            "autocomplete": "one-time-code" if one_time else "off",
            "class": "govuk-input--code",
            "spellcheck": "false",
        }
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        text = "".join(sign for sign in super().clean(value) if sign not in " -.\u00a0")
        if text and not (text.isascii() and text.isdigit() and len(text) == self.digits):
            raise forms.ValidationError(self.error_messages["digits"], code="digits", params={"digits": self.digits})
        return text


class DatePartsWidget(forms.MultiWidget):
    """Three boxes, in the order the language says dates in the United States."""

    template_name = "ui/forms/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput(attrs={"inputmode": "numeric"}) for name in ("month", "day", "year")
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: date | None) -> list[Any]:
        return [value.month, value.day, value.year] if value else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        month, day, year = context["widget"]["subwidgets"]
        boxes = [(month, _("Month"), 2), (day, _("Day"), 2), (year, _("Year"), 4)]
        if get_language() == "es":
            boxes[:2] = boxes[1::-1]
        context["boxes"] = boxes
        return context

    def first_id(self, id_: str) -> str:
        base = id_.removesuffix("_0")
        return f"{base}_1" if get_language() == "es" else f"{base}_0"


class DatePartsField(forms.MultiValueField):
    """A date asked for in three boxes; its value is a date."""

    widget = DatePartsWidget
    default_error_messages = {
        "required": _("Enter the date."),
        "incomplete": _("Enter the month, the day and the year."),
        "invalid": _("Enter a real date, like 3 27 1958."),
    }

    def __init__(self, **kwargs: Any) -> None:
        whole = {
            "invalid": self.default_error_messages["invalid"],
            "incomplete": self.default_error_messages["incomplete"],
        }
        parts = [forms.IntegerField(error_messages=whole) for _part in range(3)]
        super().__init__(parts, require_all_fields=kwargs.get("required", True), **kwargs)

    def compress(self, parts: list[Any]) -> date | None:
        if not any(parts):
            return None
        try:
            return date(parts[2], parts[0], parts[1])
        except (ValueError, TypeError) as reason:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from reason


class ScaleWidget(forms.RadioSelect):
    template_name = "ui/forms/scale.html"
    low: Any = ""
    high: Any = ""


class ScaleField(forms.TypedChoiceField):
    """How sure, how much: a whole number from 0 to `top`, one of a line of boxes; `low` and `high` name the ends."""

    def __init__(self, *, low: Any = "", high: Any = "", top: int = 10, **kwargs: Any) -> None:
        widget = ScaleWidget()
        widget.low, widget.high = low, high
        steps = [(step, str(step)) for step in range(top + 1)]
        super().__init__(choices=steps, coerce=int, empty_value=None, widget=widget, **kwargs)


# Quick choices for a week of hours nobody should call: name → (words, hours). Days 0 = Monday.
QUICK = {
    "nights": (_("Every night, 9 pm to 8 am"), of_days(range(7), 0, 8) | of_days(range(7), 21, 24)),
    "mornings": (_("Every morning before 10 am"), of_days(range(7), 0, 10)),
    "work": (_("Work hours: Monday to Friday, 8 am to 5 pm"), of_days(range(5), 8, 17)),
    "sunday": (_("Sunday until 1 pm"), of_days([6], 0, 13)),
}
PARTS = (
    (_("Night"), range(6)),
    (_("Morning"), range(6, 12)),
    (_("Afternoon"), range(12, 18)),
    (_("Evening"), range(18, 24)),
)


@dataclass(frozen=True)
class WeekWords:
    """What a marked hour means, in words: of a day with none, some (`%(hours)s`) or all of its hours, and of its box for
    the whole day (`%(day)s`). `quick`: names in QUICK. opens: marked is when something is possible, not when it is not."""

    none: Any
    some: Any
    whole: Any
    box: Any
    quick: tuple[str, ...] = tuple(QUICK)
    opens: bool = False

    def of_day(self, hours: list[int]) -> str:
        if len(hours) == 24:
            return str(self.whole)
        return str(self.some) % {"hours": phrases.hours_words(hours)} if hours else str(self.none)


NO_CALLS = WeekWords(
    none=_("calls at any hour"),
    some=_("no calls %(hours)s"),
    whole=_("no calls all day"),
    box=_("No calls all %(day)s"),
)


class WeekWidget(forms.Widget):
    """168 boxes, folded by day, and quick choices that add to them. Works by keyboard, at 320 px and without scripts."""

    template_name = "ui/forms/week.html"
    use_fieldset = True
    words = NO_CALLS

    def value_from_datadict(self, data: Any, files: Any, name: str) -> int | None:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        quick = data.getlist(f"{name}-quick") if hasattr(data, "getlist") else data.get(f"{name}-quick", [])
        try:
            week = of_hours(int(hour) for hour in given)
        except ValueError:
            return None
        for choice in quick:
            week |= _whole_days(choice) if choice.startswith("day") else QUICK.get(choice, ("", 0))[1]
        return week

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["days"] = _days(value if isinstance(value, int) else 0, self.words)
        context["quick"] = [(choice, QUICK[choice][0]) for choice in self.words.quick]
        return {**context, "opens": self.words.opens}

    def id_for_label(self, id_: str) -> str:
        return ""

    def first_id(self, id_: str) -> str:
        return f"{id_}_{self.words.quick[0]}"


def _whole_days(choice: str) -> int:
    day = choice.removeprefix("day")
    return of_days([int(day)], 0, 24) if day.isdigit() and int(day) < 7 else 0


def _days(week: int, said: WeekWords) -> list[dict[str, Any]]:
    """What the template draws: each day with its marked stretches in words and its boxes by part of the day."""
    marked = set(hours_in(week))
    of_days = [[hour for hour in range(24) if day * 24 + hour in marked] for day in range(7)]
    return [
        {
            "number": day,
            "name": name,
            "said": said.of_day(of_days[day]),
            "whole": len(of_days[day]) == 24,
            "box": str(said.box) % {"day": WEEKDAYS[day]},
            "parts": [(words, list(_boxes(day, hours, marked))) for words, hours in PARTS],
        }
        for day, name in enumerate(phrases.day_names())
    ]


def _boxes(day: int, hours: Iterable[int], marked: set[int]) -> Iterable[dict[str, Any]]:
    for hour in hours:
        at = day * 24 + hour
        yield {
            "value": at,
            "face": (hour + 11) % 12 + 1,
            "words": f"{phrases.hour_words(hour)}–{phrases.hour_words(hour + 1)}",
            "on": at in marked,
        }


class WeekField(forms.Field):
    """Hours of the week, as kernel.week's 168 bits. Nothing marked is a good answer, so it is never required."""

    widget = WeekWidget
    default_error_messages = {"invalid": _("Choose hours of the week.")}

    def __init__(self, *, words: WeekWords = NO_CALLS, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "required": False})
        self.widget.words = words

    def clean(self, value: Any) -> int:
        if not isinstance(value, int):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return value


# The clocks most people of the United States live by.
USUAL_ZONES = {
    "America/New_York": _("Eastern (New York)"),
    "America/Detroit": _("Eastern (Detroit)"),
    "America/Chicago": _("Central (Chicago)"),
    "America/Denver": _("Mountain (Denver)"),
    "America/Phoenix": _("Arizona (Phoenix)"),
    "America/Los_Angeles": _("Pacific (Los Angeles)"),
    "America/Anchorage": _("Alaska (Anchorage)"),
    "Pacific/Honolulu": _("Hawaii (Honolulu)"),
    "America/Puerto_Rico": _("Puerto Rico (San Juan)"),
    "Pacific/Guam": _("Guam (Hagåtña)"),
}


def _city(zone: str) -> str:
    """ "America/Indiana/Tell_City" → "Tell City (Indiana)"."""
    region, city = zone.replace("_", " ").split("/")[-2:]
    return f"{city} ({region})" if zone.count("/") > 1 else city


CITIES = {
    zone: _city(zone)
    for zone in sorted(available_timezones(), key=lambda zone: zone.rpartition("/")[2])
    if zone.startswith("America/") and zone not in USUAL_ZONES
}


class TimeZoneField(forms.ChoiceField):
    """On whose clock: the usual few in words, then cities of the Americas. Its value is the zone's own name; one that is
    kept and on neither list is offered as it is, so that a saved form moves nobody."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Time zone"), "choices": self.offered(""), **kwargs})

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self.choices = self.offered(str(form.get_initial_for_field(self, field_name) or ""))
        return super().get_bound_field(form, field_name)

    @staticmethod
    def offered(kept: str) -> list[Any]:
        rare = [] if kept in ("", *USUAL_ZONES, *CITIES) else [(kept, kept)]
        return [(_("Usual time zones"), [*USUAL_ZONES.items()]), (_("Another time zone"), [*CITIES.items(), *rare])]
