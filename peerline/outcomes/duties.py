"""What falls due for outcomes: questions on the occasions of the protocol, and one reminder when they are still open.

Questions about a partner are not opened here: the room that knows partners does.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from peerline.kernel.duties import DONE, OVER, Acted, Due, Duty
from peerline.outcomes import queries, reminders, services, words
from peerline.outcomes.models import Sheet
from peerline.outcomes.rules import OutcomeError
from peerline.people.access import PLATFORM
from peerline.prepared import prepared
from peerline.programs import queries as programs
from peerline.programs.rules import IN_CONTACT

MOST_TIMES = 20  # what comes round yearly is asked for twenty years


def occasions(now: datetime) -> Iterator[Due]:
    """Whose week has come; a query for each occasion of each protocol in use, whatever the number of people."""
    return _occasions(now, None)


def new_occasions(since: datetime, until: datetime) -> Iterator[Due]:
    """Whose week came after `since`."""
    return _occasions(until, since)


def _occasions(now: datetime, since: datetime | None) -> Iterator[Due]:
    if (oldest := programs.first_began()) is None:
        return
    for key, version in programs.protocols_begun():
        theirs = programs.everybody_in_contact().filter(program__protocol_key=key, protocol_version=version)
        for one in programs.protocol(key, version).assessments:
            if not queries.is_about_a_pair(one.instruments):
                yield from _due(theirs, one, now, since, oldest)


def _due(theirs: Any, one: Any, now: datetime, since: datetime | None, oldest: datetime) -> Iterator[Due]:
    """Those who are in the days of this occasion now; since: only those whose days began later than that."""
    within = timedelta(days=one.within_days)
    length = within if since is None else min(within, now - since)
    times = range(MOST_TIMES if one.again_every_weeks else 1)
    ends = {time: now - timedelta(weeks=one.week + time * one.again_every_weeks) for time in times}
    in_days = Q()
    for end in ends.values():
        if end < oldest:  # before whom nobody began
            continue
        in_days |= Q(began_at__gt=end - length, began_at__lte=end)
    if not in_days:
        return
    for enrollment_id, program_id, began_at in theirs.filter(in_days).values_list("pk", "program_id", "began_at"):
        time = next(time for time, end in ends.items() if end - length < began_at <= end)
        at = began_at + (now - ends[time])
        occasion = f"{one.key}+{time}" if time else one.key
        facts = {"occasion": occasion, "instruments": list(one.instruments)}
        yield Due(f"enrollment:{enrollment_id}", occasion, program_id, at, at + within, facts)


def ask(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    """Open the sheet, for the days that are left, and tell the person."""
    enrollment_id = int(subject.partition(":")[2])
    one = _assessment(enrollment_id, facts["occasion"])
    if one is None:
        return Acted(OVER)
    try:
        services.open_sheet(
            PLATFORM, enrollment_id=enrollment_id, occasion=facts["occasion"], instruments=facts["instruments"],
            closes_at=now + timedelta(days=one.within_days), tell=True,
        )  # fmt: skip
    except OutcomeError:
        return Acted(OVER)
    return Acted(DONE)


def _assessment(enrollment_id: int, occasion: str) -> Any:
    protocol = programs.protocol_of_enrollment(enrollment_id)
    return next((one for one in protocol.assessments if one.key == occasion.partition("+")[0]), None)


def why(subject: str, facts: dict[str, Any]) -> str:
    return _("Questions of the protocol are due: %(occasion)s.") % {"occasion": words.occasion(facts["occasion"])}


def still_open(now: datetime) -> Iterable[Due]:
    """Sheets whose person is reminded once more. One query."""
    return _reminded(_still_open(now))


@prepared(datetime)
def _still_open(now: datetime) -> QuerySet[Sheet]:
    return _sheets(Q(remind_at__lte=now, closes_at__gt=now))


def newly_open(since: datetime, until: datetime) -> Iterable[Due]:
    """Those whose two thirds were over after `since`."""
    return _reminded(_newly_open(since, until))


@prepared(datetime, datetime)
def _newly_open(since: datetime, until: datetime) -> QuerySet[Sheet]:
    return _sheets(Q(remind_at__gt=since, remind_at__lte=until))


def _sheets(when: Q) -> QuerySet[Sheet]:
    return Sheet.objects.filter(when, state="open", enrollment__state__in=IN_CONTACT).order_by("pk")


def _reminded(sheets: Iterable[Sheet]) -> Iterable[Due]:
    for sheet in sheets:
        facts = {"occasion": sheet.occasion}
        yield Due(f"sheet:{sheet.pk}", "again", sheet.program_id, sheet.remind_at, sheet.closes_at, facts)


def remind(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    """Once more, if somebody still waits for the answers."""
    rows = Sheet.objects.filter(pk=int(subject.partition(":")[2]), state="open", enrollment__state__in=IN_CONTACT)
    sheet = rows.first()
    if sheet is None:
        return Acted(OVER)
    reminders.tell(sheet, reminders.AGAIN)
    return Acted(DONE)


def why_again(subject: str, facts: dict[str, Any]) -> str:
    return _("Questions are still open: %(occasion)s.") % {"occasion": words.occasion(facts["occasion"])}


ASSESSMENT = Duty("outcomes.assessment", occasions, ask, why, between=new_occasions)
REMINDER = Duty("outcomes.reminder", still_open, remind, why_again, between=newly_open, missed="")
