"""How times, lengths and hours are said on a page. Pure but for the language in force."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext


def day_names() -> list[str]:
    """Monday first, in the language in force, as that language writes them alone on a line."""
    return [str(WEEKDAYS[day]).capitalize() for day in range(7)]


def hour_words(hour: int) -> str:
    """A whole hour of the day: "midnight", "9 am", "noon", "5 pm". 24 is midnight again."""
    if hour % 24 == 0:
        return pgettext("hour", "midnight")
    if hour == 12:
        return pgettext("hour", "noon")
    return _("%(hour)s am") % {"hour": hour} if hour < 12 else _("%(hour)s pm") % {"hour": hour - 12}


def before_dot(words: str) -> str:
    """As words stand before the dot of a sentence: Spanish hours ("9:00 p. m.") bring one of their own."""
    return words.rstrip(".")


def greeting_words(hour: int, name: str) -> str:
    """ "Good morning, Maple"; afternoon from noon, evening from 6 pm. `hour` is on the person's own clock."""
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def clock_words(at: datetime) -> str:
    """The time of day in the zone in force: "11:10 am". `at` is aware."""
    local = timezone.localtime(at)
    spoken = f"{(local.hour + 11) % 12 + 1}:{local.minute:02}"
    return _("%(hour)s am") % {"hour": spoken} if local.hour < 12 else _("%(hour)s pm") % {"hour": spoken}


def moment_words(at: datetime, now: datetime) -> str:
    """ "11:10 am" today, "Tuesday, 11:10 am" within six days, else "November 3, 11:10 am". Alone on a line or in a cell."""
    day, time = _day_words(at, now), clock_words(at)
    return _("%(day)s, %(time)s") % {"day": day, "time": time} if day else time


def sentence_moment(at: datetime, now: datetime) -> str:
    """The same moment inside a sentence, where Spanish wants its article: "hoy, 11:10 a. m.", "el martes, 11:10 a. m."."""
    day, time = _day_words(at, now), clock_words(at)
    if day:
        return pgettext("inside a sentence", "%(day)s, %(time)s") % {"day": day, "time": time}
    return pgettext("inside a sentence", "%(time)s") % {"time": time}


def _day_words(at: datetime, now: datetime) -> str:
    """ "" today, "Tuesday" within six days, else "November 3"."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    if local.date() == today:
        return ""
    near = abs(local.date() - today) <= timedelta(days=6)
    return str(WEEKDAYS[local.weekday()]) if near else date_format(local, "MONTH_DAY_FORMAT")


def length_words(seconds: float) -> str:
    """ "40 seconds", "14 minutes", "2 h 5 min", "5 days"; whole minutes, rounded down, from one minute on, and whole days
    from two days on."""
    whole = int(seconds)
    if whole < 60:
        return ngettext("%(n)s second", "%(n)s seconds", whole) % {"n": whole}
    minutes = whole // 60
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if minutes >= 48 * 60:
        return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}
    return _("%(h)s h %(m)s min") % {"h": minutes // 60, "m": minutes % 60}


def stopwatch(seconds: float) -> str:
    """ "12:41", "1:03:08": for a call in progress."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def due_words(due: datetime, now: datetime) -> tuple[str, str]:
    """What a clock says and its tone: ("answer by 11:10 am", "calm"); warm in the last two hours, stop when late."""
    if due <= now:
        return _("late by %(length)s") % {"length": length_words((now - due).total_seconds())}, "stop"
    tone = "warm" if due - now <= timedelta(hours=2) else "calm"
    return _("answer by %(when)s") % {"when": sentence_moment(due, now)}, tone


def hours_words(hours: list[int]) -> str:
    """Hours 0..23 of one day as stretches: [0,1,2,21,22,23] → "midnight–3 am, 9 pm–midnight"."""
    stretches: list[list[int]] = []
    for hour in hours:
        if stretches and stretches[-1][1] == hour:
            stretches[-1][1] = hour + 1
        else:
            stretches.append([hour, hour + 1])
    return ", ".join(f"{hour_words(start)}–{hour_words(end)}" for start, end in stretches)
