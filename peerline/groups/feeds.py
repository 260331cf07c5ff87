"""A person's sessions as a calendar: a secret address that can be taken back, and what stands in it (RFC 5545).

Nothing in it names an illness: a calendar is seen by families, employers, and whoever looks at the telephone.
"""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from peerline.audit import services as audit
from peerline.groups import news
from peerline.groups.models import CalendarAddress, Seat, Session
from peerline.kernel import clock
from peerline.kernel.phone_numbers import for_reading
from peerline.people import queries as people
from peerline.people.access import Viewer, require
from peerline.people.queries import Known
from peerline.programs import queries as programs
from peerline.vault.services import lookup_hash

KEPT = timedelta(days=60)  # how long a session stays in the feed after its day


def address_of(person_id: int) -> CalendarAddress | None:
    return CalendarAddress.objects.filter(person_id=person_id).first()


@transaction.atomic
def make_address(actor: Viewer) -> CalendarAddress:
    """A new secret address for the actor's own calendar; an older one leads nowhere from now on."""
    require(actor.person_id)
    take_back(actor)
    token = secrets.token_urlsafe(24)
    row = CalendarAddress.objects.create(
        person_id=actor.person_id, token=token, token_hash=lookup_hash(token, "calendar"), made_at=clock.now()
    )
    audit.record(actor.person_id, "groups.calendar_made", subject_id=actor.person_id)
    return row


@transaction.atomic
def take_back(actor: Viewer) -> None:
    """The address leads nowhere any more."""
    if CalendarAddress.objects.filter(person_id=actor.person_id).delete()[0]:
        audit.record(actor.person_id, "groups.calendar_taken_back", subject_id=actor.person_id)


def feed(token: str) -> str | None:
    """The calendar behind this address; None for one that leads nowhere."""
    row = CalendarAddress.objects.filter(token_hash=lookup_hash(token, "calendar"), person__removed_at=None).first()
    return None if row is None else calendar_of(row.person_id)


def calendar_of(person_id: int) -> str:
    """All the person's sessions that are near or to come, canceled ones marked so."""
    here = [one.program_id for one in programs.enrolled(person_id, "active")]
    seats = Seat.objects.filter(person_id=person_id, session__program_id__in=here)
    seats = seats.filter(session__begins_at__gt=clock.now() - KEPT).select_related("session")
    return written(people.person_known(person_id), seats.order_by("session__begins_at", "pk"))


def written(person: Known, seats: Iterable[Seat]) -> str:
    """The calendar's text, in the person's language."""
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Peerline//Sessions//EN", "METHOD:PUBLISH"]
        lines += ["X-PUBLISHED-TTL:PT6H", f"X-WR-CALNAME:{_text('Peerline')}"]
        for seat in seats:
            lines += _event(seat)
        return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(seat: Seat) -> list[str]:
    session = seat.session
    lines = [
        "BEGIN:VEVENT", f"UID:session-{session.pk}-{seat.person_id}@peerline", f"SEQUENCE:{session.moves}",
        f"DTSTAMP:{_instant(session.closed_at or seat.since)}", f"DTSTART:{_instant(session.begins_at)}",
        f"DTEND:{_instant(session.ends_at)}", f"SUMMARY:{_text(_('Group session'))}", f"STATUS:{_status(seat)}",
        f"DESCRIPTION:{_text(_described(session))}",
    ]  # fmt: skip
    if where := _where(session):
        lines.append(f"LOCATION:{_text(where)}")
    if seat.state == "coming" and session.state == "planned":
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(_('Group session'))}", "TRIGGER:-PT2H", "END:VALARM"]  # fmt: skip
    return [*lines, "END:VEVENT"]


def _status(seat: Seat) -> str:
    if seat.session.state == "canceled" or seat.state == "out":
        return "CANCELLED"
    return "CONFIRMED" if seat.state == "coming" else "TENTATIVE"


def _described(session: Session) -> str:
    line = for_reading(settings.LINE_NUMBER)
    if session.way == "telephone":
        return _("At that time call %(line)s and press 4, then 2, then 1.") % {"line": line}
    return _("If you cannot come, call %(line)s and press 4, then 2.") % {"line": line}


def _where(session: Session) -> str:
    if session.way == "telephone":
        return for_reading(settings.LINE_NUMBER)
    where = session.link if session.way == "link" else session.place
    return where if news.is_discreet(where) else ""


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """RFC 5545 3.3.11: what would end a value is escaped."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """RFC 5545 3.1: at most 75 octets a line, never cut inside a character."""
    parts, part = [], ""
    for sign in line:
        if len((part + sign).encode()) > (75 if not parts else 74):
            parts.append(part)
            part = ""
        part += sign
    return "\r\n ".join([*parts, part]) + "\r\n"
