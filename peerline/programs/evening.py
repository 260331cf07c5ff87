"""The evening before: will the calls of tomorrow fit? At six in the evening of each program it is looked at and kept, and
where a day is too full its staff are told with the figures, while there is time to act: more lines, or fewer calls."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from peerline.jobs.services import announce
from peerline.kernel import clock, week
from peerline.kernel.duties import Due, Duty
from peerline.kernel.events import NeedsStaff
from peerline.kernel.quarters import QUARTER, quarter_of
from peerline.messaging import queries as messaging
from peerline.messaging.rules import WAKING
from peerline.programs import outbound, slots
from peerline.programs.models import DueThing, OutboundDay, Program, StaffHours
from peerline.programs.slots import Call

SIX = 18
DAY = timedelta(days=1)
AT_ONCE = 30_000


@dataclass(frozen=True)
class Foreseen:
    """calls and fit: program → how many calls somebody could be rung for that day, and how many of them have room."""

    calls: Counter[int]
    fit: Counter[int]


class Reminders(NamedTuple):
    """What messaging calls, which shares the line; as urgent as most duties."""

    hours: int = WAKING
    urgency: int = 5


def look(duties: Iterable[Duty]) -> None:
    """Regular work. Each program's tomorrow once; a second worker at the same time keeps and tells nothing twice."""
    now, ringing = clock.now(), [one for one in duties if one.rings]
    for (zone, day), programs in _evenings(now).items():
        begins = week.instant_of(day, time(0), zone)
        _keep(day, programs, foresee(ringing, now, begins, week.instant_of(day + DAY, time(0), zone)), now)


def _evenings(now: datetime) -> dict[tuple[str, date], list[int]]:
    """(zone, tomorrow there) → the programs in which it is evening, and nobody has looked at tomorrow."""
    zones = dict(StaffHours.objects.values_list("program_id", "time_zone"))
    found: dict[tuple[str, date], list[int]] = {}
    for program_id in Program.objects.values_list("pk", flat=True):
        zone = zones.get(program_id, settings.TIME_ZONE)
        local = now.astimezone(ZoneInfo(zone))
        if local.hour >= SIX:
            found.setdefault((zone, local.date() + DAY), []).append(program_id)
    days = {day for _zone, day in found}
    seen = set(OutboundDay.objects.filter(day__in=days).values_list("program_id", "day"))
    left = {key: [one for one in some if (one, key[1]) not in seen] for key, some in found.items()}
    return {key: some for key, some in left.items() if some}


def foresee(ringing: Iterable[Duty], now: datetime, begins: datetime, ends: datetime) -> Foreseen:
    """All calls of the line that day, of all programs, for they share it: what waits, and what will fall due."""
    wanted: list[tuple[Duty | Reminders, Due]] = [call for one in ringing for call in _calls_of(one, now, ends)]
    wanted += [(Reminders(), due) for due in _reminders(begins, ends)]
    begins = quarter_of(begins)
    count = (ends - begins) // QUARTER
    open_ = outbound.free_quarters(
        [(one, due.people, max(due.at, begins), due.until) for one, due in wanted], begins, count
    )
    calls = [
        Call(number, (one.urgency, due.until), bits)
        for number, ((one, due), bits) in enumerate(zip(wanted, open_, strict=True))
        if bits
    ]
    fit = slots.place(calls, outbound.room_in(begins, count))
    programs = {call.key: wanted[call.key][1].program_id for call in calls}
    return Foreseen(Counter(programs.values()), Counter(programs[key] for key in fit))


def _reminders(begins: datetime, ends: datetime) -> Iterator[Due]:
    """Reminders that wait for that day and will be called, as far as people chose it. One query."""
    for pk, person_id, program_id, at, until in messaging.calls_to_come(begins, ends):
        yield Due(f"reminder:{pk}", "", program_id or 0, at, until, people=(person_id,))


def _calls_of(one: Duty, now: datetime, ends: datetime) -> list[tuple[Duty, Due]]:
    rows = DueThing.objects.filter(state="waiting", duty=one.name, due_at__lt=ends).order_by("pk")
    columns = ("subject", "occurrence", "program_id", "due_at", "until", "facts", "people")
    found = [(one, Due(*row)) for row in rows.values_list(*columns).iterator()]
    coming = list(one.between(now, ends) if one.between else one.falls_due(ends))
    written = _written(one.name, [due.subject for due in coming])
    return found + [(one, due) for due in coming if (due.subject, due.occurrence) not in written]


def _written(duty: str, subjects: list[str]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for first in range(0, len(subjects), AT_ONCE):
        rows = DueThing.objects.filter(duty=duty, subject__in=subjects[first : first + AT_ONCE])
        found.update(rows.values_list("subject", "occurrence"))
    return found


@transaction.atomic
def _keep(day: date, programs: list[int], seen: Foreseen, now: datetime) -> None:
    for program_id in programs:
        figures = {"calls": seen.calls[program_id], "fit": seen.fit[program_id]}
        _, made = OutboundDay.objects.get_or_create(
            program_id=program_id, day=day, defaults={**figures, "made_at": now}
        )
        if made and figures["fit"] < figures["calls"]:
            key = f"timeline.day_too_full:{program_id}:{day}"
            facts = {"day": day.isoformat(), **figures}
            announce(NeedsStaff("timeline.day_too_full", key, program_id, None, "E2", facts))
