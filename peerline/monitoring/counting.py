"""A program's days, counted from its calls: as each call ends, and all of them anew to see whether that went right.

A day is never added to but counted anew from its own calls, by their index; so an event that comes twice, late or
after another changes nothing, and it costs what one program's day holds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from peerline.exchange import queries as exchange
from peerline.jobs.services import Differs
from peerline.monitoring.log import midnight
from peerline.monitoring.models import ProgramDay
from peerline.programs import queries as programs

AT_ONCE = 200  # days in one transaction: one a day costs a disk write each, all of them hold up whoever writes
FIGURES = ("calls", "talks", "seconds", "staff_seconds", "outcomes", "lengths")


@dataclass
class Day:
    """The figures of one program's day."""

    calls: int = 0
    talks: int = 0
    seconds: int = 0
    staff_seconds: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    lengths: Counter[str] = field(default_factory=Counter)

    def add(self, seconds: int, outcome: str, way: str, conversation_seconds: int) -> None:
        """One more call."""
        self.calls += 1
        self.outcomes[outcome] += 1
        self.staff_seconds += seconds if way == "staff" else 0
        if seconds >= conversation_seconds:
            self.talks += 1
            self.seconds += seconds
            self.lengths[str(round(seconds / 60))] += 1

    def figures(self) -> dict[str, Any]:
        return {name: dict(value) if isinstance(value := getattr(self, name), Counter) else value for name in FIGURES}


def day_of(instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def from_calls(calls: QuerySet[Any], conversation_seconds: int) -> Iterator[tuple[date, Day]]:
    """(day, its figures) of one program's calls, oldest first, with only one day in memory."""
    rows = calls.exclude(ended_at=None).order_by("began_at", "id")
    facts = rows.values_list("began_at", "talk_seconds", "outcome", "way").iterator(chunk_size=5000)
    for day, some in groupby(facts, key=lambda row: day_of(row[0])):
        counted = Day()
        for _, seconds, outcome, way in some:
            counted.add(seconds, outcome, way, conversation_seconds)
        yield day, counted


def call_ended(call_id: int) -> None:
    """Listener of CallEnded, which may come twice: the day of that call is counted anew."""
    call = exchange.call(call_id)
    if call is None or call.program_id is None:
        return
    _put_right(programs.program(call.program_id), day_of(call.began_at))


def conversation_redefined(program_id: int, **_when: object) -> None:
    """Listener of ConversationRedefined: other calls are conversations now."""
    recount(program_id)


def check_days() -> None:
    """All days of all programs against the calls themselves. What differs is put right, and told: raises Differs."""
    if wrong := sum(recount(program_id) for program_id in programs.all_ids()):
        raise Differs(f"{wrong} days of programs had been counted wrong and were counted anew from the calls")


def recount(program_id: int) -> int:
    """Count one program's days from its calls; how many were not as they should be.

    A call that ends meanwhile is counted by its own event: a day that is there by now stays, and one that differs is
    counted again, alone, before it is written.
    """
    program = programs.program(program_id)
    kept = {row.day: row for row in ProgramDay.objects.filter(program=program)}
    missing, wrong = [], []
    for day, counted in from_calls(exchange.calls().filter(program_id=program_id), program.conversation_seconds):
        row, figures = kept.pop(day, None), counted.figures()
        if row is None:
            missing.append(ProgramDay(program=program, day=day, **figures))
        elif any(getattr(row, name) != value for name, value in figures.items()):
            wrong.append(day)
    wrong += [row.day for row in kept.values() if row.calls]
    ProgramDay.objects.bulk_create(missing, batch_size=AT_ONCE, ignore_conflicts=True)
    return len(missing) + sum(_put_some_right(program, wrong[n : n + AT_ONCE]) for n in range(0, len(wrong), AT_ONCE))


@transaction.atomic
def _put_some_right(program: Any, days: list[date]) -> int:
    return sum(_put_right(program, day) for day in days)


@transaction.atomic
def _put_right(program: Any, day: date) -> bool:
    """Count this day again, alone; True when the row truly was wrong."""
    row = ProgramDay.objects.select_for_update().filter(program=program, day=day).first()
    began = {"began_at__gte": midnight(day), "began_at__lt": midnight(day + timedelta(days=1))}
    calls = exchange.calls().filter(program_id=program.pk, **began)
    counted = dict(from_calls(calls, program.conversation_seconds)).get(day, Day()).figures()
    if row is not None and all(getattr(row, name) == value for name, value in counted.items()):
        return False
    ProgramDay.objects.bulk_create(
        [ProgramDay(program=program, day=day, **counted)],
        update_conflicts=True, unique_fields=["program", "day"], update_fields=list(counted),
    )  # fmt: skip
    return True


def days(program_id: int, first: date) -> Iterable[ProgramDay]:
    """The days counted from this one on, oldest first."""
    return ProgramDay.objects.filter(program_id=program_id, day__gte=first).order_by("day")
