"""The switchboard: one report from an engine, one transaction, and what that leg performs next.

A repeated or late report changes nothing: an answer counts only under the step number that waits, and whoever sends an
old one is told again what the leg performs now. Everything that falls to other legs is written as effects in the same
commit (effects.py carries them out). If the process dies at any line, either nothing happened or all of it did.

Locks: the call first, then its legs; a leg that joins another call's room locks that call too. Where two databases
would wait for each other, PostgreSQL says so and the report is taken again from the start.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from peerline.audit import services as audit
from peerline.exchange import patience, rooms
from peerline.exchange.dialogues import FRONT_DOOR, RESCUE, answers, dialogues
from peerline.exchange.effects import Outbox
from peerline.exchange.models import Call, Leg, Member, VoiceMessage
from peerline.exchange.port import Answer, Answered, Entered, Hung, Incoming, Perform, Report
from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.dialogue import (
    Diverged,
    Enter,
    Entry,
    Hang,
    Keys,
    Look,
    Meet,
    Record,
    Secret,
    Spoken,
    Step,
    Turn,
    Unsaid,
    advance,
)
from peerline.kernel.events import CallEnded
from peerline.people.queries import is_slow_number, number_hash, organization_called
from peerline.prepared import prepared

log = logging.getLogger(__name__)

RUNNING = (
    "call", "ref", "journal", "old_journal", "dialogue", "args", "number", "due_at", "state", "answered_at", "ended_at",
    "cause", "code", "ended_by", "slow", "silences",
)  # fmt: skip
SLACK = timedelta(minutes=3)  # how long after its own seconds a step may stay unanswered before the sweep asks


def reporter(engine: str) -> Callable[[Report], Perform | None]:
    """The function an engine of this name calls with each report."""
    return lambda report: take(engine, report)


def take(engine: str, report: Report) -> Perform | None:
    """One report in one transaction. Returns what the leg performs now; None when it is over or only listens."""
    token = audit.door.set("phone")
    try:
        for _ in range(2):
            try:
                with transaction.atomic():
                    return _take(engine, report)
            except OperationalError:
                if transaction.get_connection().in_atomic_block:
                    raise
                log.warning("a report is taken again: the database was busy")
        with transaction.atomic():
            return _take(engine, report)
    finally:
        audit.door.reset(token)


def _take(engine: str, report: Report) -> Perform | None:
    if isinstance(report, Incoming):
        return _arrive(engine, report)
    leg = _locked(report.leg_id)
    if leg is None:
        return None
    if isinstance(report, Entered):
        rooms.heard(leg, report.room_id)
        return None
    desk = Switchboard()
    if isinstance(report, Hung):
        desk.hung_up(leg, report)
        return None
    return None if leg.state == "over" else desk.told(leg, report)


def _locked(leg_id: int) -> Leg | None:
    """The leg, with its call locked first, so that one call's reports come one after another."""
    call = _call_of.first(leg_id)
    if call is None:
        return None
    (leg,) = _leg(leg_id)
    leg.call = call
    return leg


@prepared(int)
def _call_of(leg_id: int) -> QuerySet[Call]:
    return Call.objects.select_for_update(of=("self",)).filter(legs=leg_id)


@prepared(int)
def _leg(leg_id: int) -> QuerySet[Leg]:
    return Leg.objects.defer("telephone").filter(pk=leg_id)  # which is sealed, and seldom needed


def _arrive(engine: str, report: Incoming) -> Perform | None:
    known = Leg.objects.filter(engine=engine, ref=report.ref).first() if report.ref else None
    if known is not None:
        return None if known.state == "over" else perform_of(known)
    now = clock.now()
    hashed = number_hash(report.from_number) if report.from_number else ""
    call = Call.objects.create(began_at=now, way="dialed", organization_id=organization_called(hashed))
    leg = Leg.objects.create(
        call=call, engine=engine, ref=report.ref, inbound=True, telephone=report.from_number, telephone_hash=hashed,
        dialogue=FRONT_DOOR, args=[hashed], rang_at=now, answered_at=now, state="up", slow=is_slow_number(hashed),
    )  # fmt: skip
    Switchboard().go_on(leg)
    return perform_of(leg)


def turn_of(leg: Leg) -> Turn:
    """Where the leg's dialogue stands, by replaying its journal; once for as long as nothing is added to it."""
    place = (leg.dialogue, leg.args, leg.language, len(leg.journal))
    known: tuple[Any, Turn] | None = vars(leg).get("turn")
    if known is not None and known[0] == place:
        return known[1]
    journal = [Entry(tuple(asked), answer, hung) for asked, answer, hung in leg.journal]
    turn = advance(dialogues[leg.dialogue](*leg.args), journal, leg.language)
    vars(leg)["turn"] = (place, turn)
    return turn


def perform_of(leg: Leg) -> Perform | None:
    """What the leg's engine is to perform now; None when the leg is over, ringing, or has nothing to perform."""
    if leg.state != "up":
        return None
    said, step = turn_of(leg)
    if isinstance(step, Meet):
        step = Enter(step.name, rooms.of(leg), step.away_key)
    return Perform(leg.pk, leg.number, tuple(_with_values(leg, one) for one in said), patience.of(leg, step or Hang()))


def _with_values(leg: Leg, spoken: Spoken) -> Spoken:
    """What stands in no journal is asked for when it is to be heard, and only then."""
    if not any(isinstance(value, Unsaid) for _name, value in spoken.values):
        return spoken
    return spoken._replace(values=tuple(
        (name, answers[value.service](leg, *value.args) if isinstance(value, Unsaid) else value)
        for name, value in spoken.values
    ))  # fmt: skip


class Switchboard:
    """Runs dialogues on inside one transaction. Legs it touches are saved; what others must do goes to the outbox."""

    def __init__(self) -> None:
        self.outbox = Outbox()

    def told(self, leg: Leg, report: Report) -> Perform | None:
        """Somebody picked up, or answered the step that waits; what this leg performs now."""
        try:
            if isinstance(report, Answered):
                self.answered(leg, report.ref)
            elif isinstance(report, Answer) and report.step == leg.number and leg.state == "up":
                self.take_answer(leg, report.value)
            return perform_of(leg)
        except Diverged:  # before anything was changed: the replay comes first
            self.rescue(leg)
            return perform_of(leg)

    def answered(self, leg: Leg, ref: str) -> None:
        """A rung leg picked up. A second such report changes nothing."""
        if leg.state != "ringing":
            return
        leg.state, leg.answered_at, leg.ref = "up", clock.now(), ref or leg.ref
        self.go_on(leg)

    def take_answer(self, leg: Leg, value: Any) -> None:
        """The waiting step is answered by the telephone."""
        step = turn_of(leg).step
        if step is not None and patience.asks_again(leg, step, value):
            return self._wait(leg, step)
        if isinstance(step, Meet | Enter):
            value = list(rooms.left(self, leg, value))
        elif isinstance(step, Secret) and (not value or value not in step.lone):
            value = answers[step.verdict](leg, str(value), *step.args)
        elif isinstance(step, Record):
            value = _kept(leg, value)
        elif isinstance(step, Keys):
            value = str(value)[: step.most]
        self.note(leg, step, value)
        self.go_on(leg)

    def note(self, leg: Leg, step: Step | None, value: Any, hung: str | None = None) -> None:
        """One more entry in the journal."""
        leg.journal.append([list(step.asked) if step else [], value, hung])

    def go_on(self, leg: Leg) -> None:
        """Run the leg's dialogue until it waits for its telephone or is over, and save it."""
        while True:
            try:
                step = turn_of(leg).step
            except Diverged:
                self._rescue(leg)
                continue
            if isinstance(step, Look):  # Do is a Look that changes something
                self.note(leg, step, answers[step.name](leg, *step.args))
            elif leg.state == "over":
                if step is None or isinstance(step, Hang) or any(hung for _, _, hung in leg.journal):
                    return self._close(leg)
                self.note(leg, step, None, hung=leg.cause or "hangup")
            elif isinstance(step, Meet | Enter):
                left = rooms.go_in(self, leg, step)
                if left is None:
                    return self._wait(leg, step)
                self.note(leg, step, list(left))
            else:
                return self._wait(leg, step or Hang())

    def hung_up(self, leg: Leg, report: Hung) -> None:
        """The telephone is gone. The dialogue gets to tidy up; whoever was in a room with it learns why."""
        if leg.state == "over":
            return
        was_up = leg.state == "up"
        leg.state, leg.ended_at = "over", clock.now()
        leg.cause, leg.code, leg.ended_by = leg.cause or report.cause, report.code, report.by
        leg.number += 1
        if was_up:
            return self.go_on(leg)
        self._close(leg)

    def answer_for(self, leg: Leg, value: Any) -> None:
        """Another leg's deed answers this one's waiting Meet or Enter; its engine is told what to perform next."""
        try:
            self.note(leg, turn_of(leg).step, value)
            self.go_on(leg)
        except Diverged:
            self.rescue(leg)
        if leg.state == "up":
            self.outbox.perform(leg)

    def _wait(self, leg: Leg, step: Step) -> None:
        leg.number += 1
        seconds = getattr(patience.of(leg, step), "seconds", 0)
        leg.due_at = rooms.due_at(leg, step) or clock.now() + timedelta(seconds=seconds) + SLACK
        leg.save(update_fields=RUNNING)

    def rescue(self, leg: Leg) -> None:
        """The dialogue asks something else than the journal answers: the caller is told so, and the call ends kindly."""
        self._rescue(leg)
        self.go_on(leg)

    def _rescue(self, leg: Leg) -> None:
        log.error("leg %s: its dialogue %s was changed under the call", leg.pk, leg.dialogue)
        leg.old_journal, leg.journal = [leg.dialogue, leg.args, leg.journal], []
        leg.dialogue, leg.args = RESCUE, []

    def _close(self, leg: Leg) -> None:
        leg.due_at, leg.telephone = None, ""  # nobody rings it any more, so nobody needs the number
        leg.save(update_fields=[*RUNNING, "telephone"])
        rooms.leave_all(self, leg)
        _end_call_if_last(leg.call_id)


def _kept(leg: Leg, value: dict[str, Any]) -> list[Any]:
    """The row of a recording whose file is whole; [0, 0, why] when nothing could be kept."""
    if not value.get("path"):
        return [0, 0, value.get("why", "full")]
    voice = VoiceMessage.objects.create(
        file=Path(value["path"]).name, call_id=leg.call_id, author_id=leg.person_id, seconds=value["seconds"], left_at=clock.now(),
        state="new", organization_id=leg.call.organization_id, program_id=leg.call.program_id,
    )  # fmt: skip
    return [voice.pk, value["seconds"], value.get("why", "key")]


def _end_call_if_last(call_id: int) -> None:
    """When the last leg is over the call is, and its outcome is written down once."""
    if _legs_not_over(call_id):
        return
    (call,) = _call(call_id)
    if call.ended_at is None:
        call.ended_at = clock.now()
        call.talk_seconds = rooms.seconds_talked(call_id)
        call.outcome = call.outcome if call.outcome == "joined" else _outcome(call)
        call.save()
        announce(CallEnded(call.pk))


@prepared(int)
def _legs_not_over(call_id: int) -> QuerySet[Leg, int]:
    return Leg.objects.filter(call_id=call_id).exclude(state="over").values_list("pk", flat=True)[:1]


def _outcome(call: Call) -> str:
    """One word for how it went; what went best counts."""
    if call.talk_seconds:
        return "talked"
    if _voices_kept(call.pk):
        return "message"
    if call.placed_by_id is None:
        return "not_identified"
    whys = {*_whys(call.pk), *_causes(call.pk)}
    return next((why for why in ("declined", "busy", "no_answer", "unreachable", "lost") if why in whys), "ended")


@prepared(int)
def _call(call_id: int) -> QuerySet[Call]:
    return Call.objects.filter(pk=call_id)


@prepared(int)
def _voices_kept(call_id: int) -> QuerySet[VoiceMessage, int]:
    return VoiceMessage.objects.filter(call=call_id).exclude(state="new").values_list("pk", flat=True)[:1]


@prepared(int)
def _whys(call_id: int) -> QuerySet[Member, str]:
    return Member.objects.filter(room__call=call_id).values_list("why", flat=True)


@prepared(int)
def _causes(call_id: int) -> QuerySet[Leg, str]:
    return Leg.objects.filter(call=call_id, inbound=False).values_list("cause", flat=True)
