"""The timeline: what Peerline does by itself, each thing written down once, done at most once, and able to say why.

Numbered, for each tick: 1. every room is asked what fell due since it was last asked, and what was not known yet becomes
a row; 2. calls get the second in which they ring (outbound.py); 3. rows whose time has come are tried one by one, each in
a transaction of its own with what it does; 4. rows whose time is over are marked as missed, and people are told. A tick
that comes twice, or late, or on a clock that was set back, changes nothing more.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.duties import Acted, Due, Duty
from peerline.kernel.events import NeedsStaff
from peerline.prepared import Changed, prepared, prepared_change
from peerline.programs import evening, outbound
from peerline.programs.models import Asked, DueThing

log = logging.getLogger(__name__)

A_TICK = 500  # rows tried in one tick: a backlog is worked off over several, and nobody waits for the last of them
A_MINUTE = timedelta(minutes=1)  # the slots a tick of its own takes: those before the next one comes
AFTER_A_FAULT = timedelta(minutes=10)
OVERLAP = timedelta(minutes=2)  # asked again, for what a slow transaction dated back
FULLY = timedelta(days=1)

_duties: dict[str, Duty] = {}
_subjects: list[Callable[[int], Iterable[str]]] = []


def duty(one: Duty) -> None:
    """Put a room's duty on the timeline; config/wiring.py does."""
    _duties[one.name] = one


def tick() -> int:
    """All there is to do now, in one go, calls among it; how many rows were tried. For tests and played lives."""
    return _turn(clock.now(), calls=True)


def minute() -> int:
    """Regular work. As tick, but calls are left to their jobs, which ring each in its own second."""
    return _turn(clock.now(), calls=False)


def _turn(now: datetime, *, calls: bool) -> int:
    """A duty that cannot say what is due holds up no other; its fault is raised when all is done."""
    faults = _write_down(now)
    ids = [*(_calls_of_this_minute(now) if calls else []), *_due(now)]
    tried = sum(_try(pk) for pk in ids)
    _miss(now)
    if faults:
        raise faults[0]
    return tried


def ring(due_id: int) -> None:
    """The job of a call's slot. Raises nothing for a row that is gone or done: the job may come twice."""
    row = DueThing.objects.select_for_update().filter(pk=due_id, state="waiting").first()
    if row is not None and row.duty in _duties and outbound.take_place(row, clock.now()):
        _act(row)


# --- 1 and 2: what falls due, and when calls ring ----------------------------------------------------------------------


def _write_down(now: datetime) -> list[Exception]:
    """Rows for what is due; those that are there already stay as they are (unique by duty, subject and occurrence)."""
    faults, known, went_on = [], {row.duty: row for row in _everything_asked()}, []
    for one in list(_duties.values()):
        try:
            if _ask(one, known.get(one.name), now):
                went_on.append(one.name)
        except Exception as reason:
            log.exception("nobody knows what is due of %s", one.name)
            faults.append(reason)
    if went_on:
        Asked.objects.filter(duty__in=went_on).update(until=now)  # after their rows: who dies before, asks again
    with transaction.atomic():
        if not _asked(""):  # whoever plans calls, plans alone
            Asked.objects.select_for_update().get_or_create(duty="")
        outbound.plan(_duties, now)
    return faults


def _ask(one: Duty, asked: Asked | None, now: datetime) -> bool:
    """What is due of it becomes rows. True: only from where it was last asked on, which is still to be noted."""
    if one.between is None:
        _keep(one, one.falls_due(now), now)
    elif asked is None or asked.until is None or not _asked_today(asked, now):
        _ask_for_all(one, now)
    else:
        _keep(one, one.between(min(asked.until, now) - OVERLAP, now), now)
        return True
    return False


@transaction.atomic
def _ask_for_all(one: Duty, now: datetime) -> None:
    """In one transaction with its note, which another setting, made meanwhile, must outlive."""
    asked = _asked.first(one.name) or Asked.objects.select_for_update().get_or_create(duty=one.name)[0]
    _keep(one, one.falls_due(now), now)
    _asked_fully(one.name, now, _same_hour(asked.fully_at or now, now))


@prepared()
def _everything_asked() -> QuerySet[Asked]:
    return Asked.objects.all()


@prepared(str)
def _asked(duty: str) -> QuerySet[Asked]:
    return Asked.objects.select_for_update().filter(duty=duty)


@prepared_change(str, datetime, datetime)
def _asked_fully(duty: str, now: datetime, fully_at: datetime) -> Changed:
    return Asked.objects.filter(duty=duty), {"until": now, "fully_at": fully_at}


def _same_hour(fully_at: datetime, now: datetime) -> datetime:
    """The last time of its daily round before now: a look that came late today does not put off tomorrow's."""
    return fully_at + (now - fully_at) // FULLY * FULLY


def _keep(one: Duty, found: Iterable[Due], now: datetime) -> None:
    rows = [
        DueThing(
            duty=one.name, subject=due.subject, occurrence=due.occurrence, program_id=due.program_id, due_at=due.at,
            until=due.until, facts=due.facts, people=due.people, made_at=now,
        )
        for due in found
    ]  # fmt: skip
    DueThing.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def _asked_today(asked: Asked, now: datetime) -> bool:
    return asked.fully_at is not None and abs(now - asked.fully_at) < FULLY


def ask_anew(*names: str) -> None:
    """A setting changed, or the past: at the next tick these duties (all, if none is named) are asked for all that is due.
    The hour of their daily round stays what it was."""
    rows = Asked.objects.filter(duty__in=names) if names else Asked.objects.all()
    rows.update(fully_at=F("fully_at") - FULLY)


# --- 3: trying -------------------------------------------------------------------------------------------------------


def _due(now: datetime) -> list[int]:
    quiet = [one.name for one in _duties.values() if not one.rings]
    rows = DueThing.objects.filter(state="waiting", duty__in=quiet, due_at__lte=now, until__gt=now)
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:A_TICK])


def _calls_of_this_minute(now: datetime) -> list[int]:
    ringing = [one.name for one in _duties.values() if one.rings]
    rows = DueThing.objects.filter(state="waiting", duty__in=ringing, slot_at__lt=now + A_MINUTE, due_at__lte=now)
    return list(rows.filter(until__gt=now).order_by("slot_at", "slot_place").values_list("pk", flat=True)[:A_TICK])


def _try(pk: int) -> bool:
    """Do one row, unless somebody else did meanwhile. A fault puts it off and is logged: the others go on."""
    try:
        with transaction.atomic():
            row = _waiting.first(pk, clock.now())
            if row is not None:
                _act(row)
    except Exception:
        log.exception("a due thing failed: %s", pk)
        _later(DueThing.objects.filter(pk=pk, state="waiting"), clock.now() + AFTER_A_FAULT)
        return False
    return row is not None


@prepared(int, datetime)
def _waiting(pk: int, now: datetime) -> QuerySet[DueThing]:
    return DueThing.objects.select_for_update().filter(pk=pk, state="waiting", due_at__lte=now)


def _later(rows: QuerySet[DueThing], at: datetime) -> None:
    rows.update(due_at=at, slot_at=None, slot_place=None)


def _act(row: DueThing) -> None:
    now = clock.now()
    came_of_it = _not_now(row, now) or _duties[row.duty].act(row.subject, row.facts, now)
    if came_of_it.state:
        _became(row.pk, came_of_it.state, now)
    else:
        _later(DueThing.objects.filter(pk=row.pk), came_of_it.again_at or now + AFTER_A_FAULT)


@prepared_change(int, str, datetime)
def _became(pk: int, state: str, now: datetime) -> Changed:
    return DueThing.objects.filter(pk=pk), {"state": state, "acted_at": now}


def _not_now(row: DueThing, now: datetime) -> Acted | None:
    """A call waits for a line, and is planned anew when its people's hours are no longer what they were."""
    one = _duties[row.duty]
    if one.rings and not outbound.lines_are_free():
        return Acted("", now + outbound.ALL_LINES_BUSY)
    if one.rings and not outbound.may_ring(one, row.people, now):
        return Acted("", now)
    return None


# --- 4: what was missed ----------------------------------------------------------------------------------------------


def _miss(now: datetime) -> None:
    """Its time went by. Staff are told, once a thing, unless its duty says that it does not matter."""
    gone = DueThing.objects.filter(state="waiting", duty__in=_duties, until__lte=now).order_by("until", "pk")
    for row in gone[:A_TICK]:
        with transaction.atomic():
            if not DueThing.objects.filter(pk=row.pk, state="waiting").update(state="missed", acted_at=now):
                continue
            if level := _duties[row.duty].missed:
                announce(_need(row, level))


def is_told(row: DueThing) -> bool:
    """Do staff hear of it when its time goes by undone?"""
    return bool(_duties[row.duty].missed)


def _need(row: DueThing, level: str) -> NeedsStaff:
    person = row.people[0] if row.people else None
    return NeedsStaff("timeline.missed", f"timeline.missed:{row.pk}", row.program_id, person, level, {"due": row.pk})


# --- For the page ------------------------------------------------------------------------------------------------


def of_program(program_id: int) -> QuerySet[DueThing]:
    """Newest first."""
    return DueThing.objects.filter(program_id=program_id).order_by("-due_at", "-pk")


def touches(subjects: Callable[[int], Iterable[str]]) -> None:
    """subjects(person_id): which subjects of a room's duties are about this person now; one query. config/wiring.py tells."""
    _subjects.append(subjects)


def waiting_about(person_id: int) -> QuerySet[DueThing]:
    """What waits to be done about this person. By duty and subject, which begin the index that keeps each thing once."""
    mine = [subject for ask in _subjects for subject in ask(person_id)]
    return DueThing.objects.filter(duty__in=_duties, subject__in=mine, state="waiting")


def why(row: DueThing) -> str:
    """The row's reason in a sentence."""
    facts: dict[str, Any] = row.facts
    return _duties[row.duty].why(row.subject, facts) if row.duty in _duties else row.duty


# --- The evening before ----------------------------------------------------------------------------------------------


def look_at_tomorrow() -> None:
    """Regular work: will tomorrow's calls fit?"""
    evening.look(_duties.values())
