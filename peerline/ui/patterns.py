"""Made-up values for the living pattern page: each component in each state."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peerline.kernel import clock
from peerline.kernel.week import of_days
from peerline.ui import rhythm
from peerline.ui.charts import bar_chart
from peerline.ui.forms import CodeField, DatePartsField, ScaleField, TelephoneField, WeekField

CALLS = (
    ("mornings", gettext_lazy("Mornings")),
    ("afternoons", gettext_lazy("Afternoons")),
    ("evenings", gettext_lazy("Evenings")),
)


class Sample(forms.Form):
    """One of each field."""

    nickname = forms.CharField(
        label=gettext_lazy("What should your partner call you?"),
        help_text=gettext_lazy("A first name or a nickname. Your partner sees nothing else."),
        max_length=30,
    )
    phone = TelephoneField(label=gettext_lazy("Which telephone should ring?"))
    code = CodeField(label=gettext_lazy("Which code did we send you?"), help_text=gettext_lazy("It has 6 digits."))
    born_on = DatePartsField(
        label=gettext_lazy("When were you born?"), help_text=gettext_lazy("For example, 3 27 1958")
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Which language do you like to talk in?"),
        choices=[("en", "English"), ("es", "Español")],
        widget=forms.RadioSelect,
    )
    times = forms.MultipleChoiceField(
        label=gettext_lazy("When do you like to talk?"),
        choices=CALLS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Where do you live?"), choices=[("d", "Detroit"), ("c", "Chicago"), ("t", "Tucson")]
    )
    about = forms.CharField(
        label=gettext_lazy("What would you like to talk about?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    roster = forms.FileField(label=gettext_lazy("Which file holds the people?"), required=False)
    sure = ScaleField(
        label=gettext_lazy("How sure are you that you will do it?"),
        low=gettext_lazy("not at all"),
        high=gettext_lazy("completely"),
    )
    agree = forms.BooleanField(label=gettext_lazy("I would like to take part"))


WRONG = {
    "wrong-phone": "12",
    "wrong-code": "12a",
    "wrong-born_on_month": "2",
    "wrong-born_on_day": "31",
    "wrong-born_on_year": "1958",
}


class Hours(forms.Form):
    blocked = WeekField(
        label=gettext_lazy("When should nobody call you?"),
        help_text=gettext_lazy("Choose what fits, then change single hours below if you like."),
    )


def page(posted: bool, data: Any) -> dict[str, Any]:
    """The variables of templates/ui/patterns.html."""
    now = clock.now()
    filled = {
        "nickname": "Maple",
        "phone": "+17345550123",
        "born_on": date(1958, 3, 27),
        "language": "es",
        "times": ["evenings"],
        "sure": 8,
    }
    return {
        "form": Sample(data) if posted else Sample(initial=filled),
        "wrong": None if posted else Sample(WRONG, prefix="wrong"),
        "hours": Hours(initial={"blocked": of_days(range(7), 0, 8) | of_days(range(5), 21, 24) | of_days([6], 0, 13)}),
        "weeks": [rhythm.TALKED, rhythm.MISSED, *[rhythm.TALKED] * 4, rhythm.NOW],
        "long_weeks": [
            *[rhythm.TALKED] * 5,
            rhythm.MISSED,
            rhythm.REST,
            rhythm.REST,
            *[rhythm.TALKED] * 7,
            rhythm.NOW_TALKED,
            *[rhythm.AHEAD] * 10,
        ],
        "soon": now + timedelta(minutes=40),
        "tomorrow": now + timedelta(days=1),
        "late": now - timedelta(minutes=25),
        "earlier": now - timedelta(minutes=65),
        "chart": bar_chart(
            [(str(week), talked) for week, talked in enumerate([30, 29, 27, 25, 27, 28, 26], 1)], top=30, now=True
        ),
        "chart_columns": (_("Week"), _("Pairs that talked")),
        "call_columns": [_("Pair"), _("Who placed it"), _("When"), _("Minutes"), _("How it ended")],
        "calls": [
            ("Oak + Linden", "Oak", _("Tuesday, %(time)s") % {"time": "10:02"}, 24, _("They said goodbye")),
            (
                "Pine + Alder",
                _("The line rang both"),
                _("Tuesday, %(time)s") % {"time": "10:11"},
                3,
                _("Alder did not answer"),
            ),
        ],
        "facts": [(_("Nickname"), "Maple"), (_("Language"), "Español"), (_("Telephone"), "•••• 23")],
        "tasks": [
            {"label": _("The address is secure (HTTPS)"), "status": _("Done"), "tone": "ok"},
            {
                "label": _("A backup was tried"),
                "status": _("To do"),
                "tone": "warm",
                "href": "#tasks",
                "hint": _("Never tried on this server."),
            },
        ],
    }
