"""Telling people about sessions: each by the way they chose and in their language, once for each reason, and no word of an illness.

A place or a title that names one is left out where others could read it; it stands on the person's own page.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peerline.groups.models import Seat, Session
from peerline.kernel import clock
from peerline.kernel.dialogue import Say
from peerline.kernel.phone_numbers import for_reading
from peerline.messaging import services as messaging
from peerline.messaging.rules import TELLING, Text
from peerline.people import queries as people
from peerline.people.queries import Known
from peerline.ui.phrases import before_dot, clock_words

SPOKEN = {
    "invited": "groups.told_invited",
    "moved": "groups.told_moved",
    "canceled": "groups.told_canceled",
    "moved_up": "groups.told_moved_up",
    "week": "groups.told_soon",
    "day": "groups.told_soon",
    "missed": "groups.told_missed",
}
MISSED_FOR = timedelta(days=7)


def tell(session: Session, person_id: int, what: str, *, turn: str = "", in_rest: bool = False) -> None:
    """what: one of SPOKEN. Told once for each version of the session; `turn` tells two of one version apart. in_rest: also
    to somebody who takes a rest."""
    person = people.person_known(person_id)
    now = clock.now()
    messaging.remind(
        person_id,
        kind=f"groups.{what}",
        key=_key(session.pk, session.moves, what, person_id, turn),
        words=lambda language: _text(session, person, what),
        not_after=now + MISSED_FOR if what == "missed" else max(session.begins_at, now + timedelta(hours=1)),
        program_id=session.program_id,
        in_rest=in_rest,
    )


def _key(session_id: int, version: int, what: str, person_id: int, turn: str = "") -> str:
    return f"groups.{what}:{session_id}.{version}{turn}:{person_id}"


def turn_of(seat: Seat) -> str:
    """Which time it is that this seat became free for its person."""
    return f"{seat.since:%m%d%H%M%S}"


def take_back(seat: Seat, version: int) -> set[str]:
    """What this person was told, or was to be told, of that version of the session holds no longer: what has not left does
    not leave. Which of SPOKEN that was. One query where nothing waits."""
    found = {_key(seat.session_id, version, what, seat.person_id): what for what in SPOKEN}
    found[_key(seat.session_id, version, "moved_up", seat.person_id, turn_of(seat))] = "moved_up"
    return {found[key] for key in messaging.no_longer(*found)}


def _text(session: Session, person: Known, what: str) -> Text:
    """In the language in force, on the clock that counts for this person."""
    local = session.begins_at.astimezone(ZoneInfo(zone_of(session, person)))
    when = {} if what == "missed" else {"on_date": f"{local:%Y-%m-%d}", "at_time": f"{local:%H:%M}"}
    with timezone.override(local.tzinfo):
        return Text(_("Group session"), words_of(session, what), Say(SPOKEN[what], **when))


def zone_of(session: Session, person: Known) -> str:
    """A room has its own clock; by telephone and by link everybody has theirs."""
    return session.time_zone if session.way == "place" else person.time_zone


def words_of(session: Session, what: str) -> str:
    """The message, in the language and on the clock in force."""
    sentences = {
        "invited": _("You are invited to a group session on %(when)s. %(where)s"),
        "moved": _("The group session has changed. It is now on %(when)s. %(where)s"),
        "canceled": _("The group session on %(when)s does not take place. You need not do anything."),
        "moved_up": _("A seat is free for you: the group session on %(when)s. %(where)s"),
        "week": _("A reminder: you have a group session on %(when)s. %(where)s"),
        "day": _("A reminder: your group session is on %(when)s. %(where)s"),
        "missed": _("We missed you at the group session. There are other ways: by telephone, a call from the nurse, or the next group."),
    }  # fmt: skip
    said = sentences[what] % {"when": before_dot(when_words(session.begins_at)), "where": where_words(session)}
    return f"{said.strip()} {_answer(what)}".strip()


def _answer(what: str) -> str:
    line = {"line": for_reading(settings.LINE_NUMBER)}
    if what in ("invited", "missed"):
        return _("To answer, call %(line)s and press 4, then 2, or sign in to your page.") % line
    if what in ("moved", "moved_up", "week", "day"):
        return _("If you cannot come, call %(line)s and press 4, then 2.") % line
    return ""


def when_words(at: datetime) -> str:
    """ "Tuesday, December 2, 2:00 pm" on the clock in force."""
    local = timezone.localtime(at)
    day = _("%(weekday)s, %(date)s") % {
        "weekday": WEEKDAYS[local.weekday()],
        "date": date_format(local, "MONTH_DAY_FORMAT"),
    }
    return _("%(day)s, %(time)s") % {"day": day, "time": clock_words(at)}


def where_words(session: Session) -> str:
    """Where it is, as far as others may read it."""
    if session.way == "telephone":
        return _("It is by telephone: at that time call the line and press 4, then 2, then 1.")
    if session.way == "link":
        return _("It is by video; the link is on your page.")
    return _("Where: %(place)s.") % {"place": session.place} if is_discreet(session.place) else ""


def is_discreet(text: str) -> bool:
    """May this stand on a locked screen, in a calendar, in a text?"""
    return TELLING.search(text) is None
