"""The timeline: what Peerline does by itself, each thing written down once, done at most once, and able to say why.

Numbered, for each tick: 1. every room is asked what falls due, and what was not known yet becomes a row; 2. rows whose
time has come are tried one by one, each in a transaction of its own with what it does; 3. rows whose time is over are
marked as missed, so that a person can see them. A tick that comes twice, or late, changes nothing more.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from peerline.kernel import clock
from peerline.kernel.duties import Duty
from peerline.programs.models import DueThing

log = logging.getLogger(__name__)

A_TICK = 500  # rows tried in one tick: a backlog is worked off over several, and nobody waits for the last of them
AFTER_A_FAULT = timedelta(minutes=10)

_duties: dict[str, Duty] = {}


def duty(one: Duty) -> None:
    """Put a room's duty on the timeline; config/wiring.py does."""
    _duties[one.name] = one


def tick() -> int:
    """Regular work; how many rows were tried."""
    now = clock.now()
    for one in _duties.values():
        _write_down(one, now)
    waiting = DueThing.objects.filter(state="waiting", duty__in=_duties)
    ids = waiting.filter(due_at__lte=now, until__gt=now).order_by("due_at", "pk").values_list("pk", flat=True)[:A_TICK]
    tried = sum(_try(pk) for pk in list(ids))
    waiting.filter(until__lte=now).update(state="missed", acted_at=now)
    return tried


def _write_down(one: Duty, now: datetime) -> None:
    """Rows for what is due; those that are there already stay as they are (unique by duty, subject and occurrence)."""
    rows = [
        DueThing(
            duty=one.name, subject=due.subject, occurrence=due.occurrence, program_id=due.program_id, due_at=due.at,
            until=due.until, facts=due.facts, made_at=now,
        )
        for due in one.falls_due(now)
    ]  # fmt: skip
    DueThing.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def _try(pk: int) -> bool:
    """Do one row, unless somebody else did meanwhile. A fault puts it off and is logged: the others go on."""
    try:
        with transaction.atomic():
            row = DueThing.objects.select_for_update().filter(pk=pk, state="waiting").first()
            if row is not None:
                _act(row)
    except Exception:
        log.exception("a due thing failed: %s", pk)
        DueThing.objects.filter(pk=pk, state="waiting").update(due_at=clock.now() + AFTER_A_FAULT)
        return False
    return row is not None


def _act(row: DueThing) -> None:
    now = clock.now()
    came_of_it = _duties[row.duty].act(row.subject, row.facts, now)
    if came_of_it.state:
        row.state, row.acted_at = came_of_it.state, now
    else:
        row.due_at = came_of_it.again_at or now + AFTER_A_FAULT
    row.save(update_fields=["state", "acted_at", "due_at"])


# --- For the page ------------------------------------------------------------------------------------------------


def of_program(program_id: int) -> QuerySet[DueThing]:
    """Newest first."""
    return DueThing.objects.filter(program_id=program_id).order_by("-due_at", "-pk")


def why(row: DueThing) -> str:
    """The row's reason in a sentence."""
    facts: dict[str, Any] = row.facts
    return _duties[row.duty].why(row.subject, facts) if row.duty in _duties else row.duty
