"""The carrier's reports as the port's, each one counted once.

What is answered with XML is told apart by its step number (switchboard.py). News that wants no answer goes through a
ledger: the same once more, however late, finds its word there and changes nothing. Ledger and change are one commit.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpRequest

from peerline.exchange.engines.webhook.causes import Ending
from peerline.exchange.models import CarrierNote, CarrierRecording, Leg
from peerline.exchange.port import Answered, Hung, Incoming, Perform, Report
from peerline.exchange.switchboard import _locked, take, turn_of
from peerline.kernel import clock
from peerline.kernel.dialogue import Diverged, Hang, Record, Step
from peerline.vault.services import lookup_hash

log = logging.getLogger(__name__)
NAME = "webhook"
TRIES = 3


def report(report: Report) -> Perform | None:
    """To the switchboard. One call that comes in twice at the same instant is one leg."""
    try:
        return take(NAME, report)
    except IntegrityError:
        if not isinstance(report, Incoming):
            raise
        return take(NAME, report)


def once(request: HttpRequest, work: Callable[[], object]) -> bool:
    """Do this work for this news, unless it was done before. False: it was."""
    fields = sorted((name, value) for name, values in request.POST.lists() for value in values)
    return first_time(f"{request.path}?{urlencode(fields)}", work)


def first_time(word: str, work: Callable[[], object]) -> bool:
    """work() in one commit with a note of it, unless there is one. Two databases' waits for each other are tried again."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                CarrierNote.objects.create(word=lookup_hash(word, "carrier note"), made_at=clock.now())
                work()
            return True
        except IntegrityError:
            if was_noted(word):
                return False
            raise
        except OperationalError:
            if not left or transaction.get_connection().in_atomic_block:
                raise
            log.warning("news of the carrier is taken again: the database was busy")
    raise AssertionError


def was_noted(word: str) -> bool:
    return CarrierNote.objects.filter(word=lookup_hash(word, "carrier note")).exists()


@transaction.atomic
def over(leg_id: int, end: Ending) -> None:
    """The carrier's last word on a leg. Where a recording may still be on its way it waits until that is safe.

    A call that was completed was answered before, even if that news is still to come.
    """
    leg = _locked(leg_id)
    if leg is None or leg.state == "over":
        return
    if leg.state == "ringing" and end.cause == "hangup":
        report(Answered(leg.pk))
        leg.refresh_from_db(fields=["state", "number", "journal"])
    step = step_of(leg)
    if isinstance(step, Record):
        held = expect(leg, why="hangup")
        held.hung = held.hung or list(end)
        held.save(update_fields=["hung"])
        return
    if isinstance(step, Hang):
        end = end._replace(by="us")
    report(Hung(leg.pk, end.cause, end.code, end.by))


def step_of(leg: Leg) -> Step | None:
    """The step that waits; None where none does, or the dialogue was changed under the call."""
    try:
        return turn_of(leg).step if leg.state == "up" else None
    except Diverged:
        return None


def expect(leg: Leg, *, why: str = "", ref: str = "") -> CarrierRecording:
    """The row of the recording this leg's present step asked for: on its way, as far as we know."""
    return expect_at(leg.pk, leg.number, why=why, ref=ref)


def expect_at(leg_id: int, step: int, *, why: str = "", ref: str = "") -> CarrierRecording:
    """As `expect`, for a step that may be past. What is known of it already stays."""
    now = clock.now()
    row, made = CarrierRecording.objects.get_or_create(
        leg_id=leg_id, step=step, defaults={"why": why, "ref": ref, "made_at": now, "next_at": now}
    )
    if not made and ((why and not row.why) or (ref and not row.ref)):
        row.why, row.ref, row.next_at = row.why or why, row.ref or ref, now
        row.save(update_fields=["why", "ref", "next_at"])
    return row


def forget_notes(older_than: timedelta = timedelta(days=8)) -> int:
    """A leg is long over by then, and says nothing more anyway."""
    CarrierRecording.objects.filter(made_at__lt=clock.now() - older_than, state="gone").delete()
    return CarrierNote.objects.filter(made_at__lt=clock.now() - older_than).delete()[0]
