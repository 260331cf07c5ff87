"""Reminders that are called: messaging asks, the exchange rings, and what came of the call is told back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from peerline.exchange import queries as exchange
from peerline.exchange import services as line
from peerline.messaging import services as messaging
from peerline.messaging.channels import Letter
from peerline.people.queries import person_known
from peerline.prepared import prepared
from peerline.programs import outbound, rests
from peerline.programs import queries as programs
from peerline.programs.rules import IN_CONTACT

DIALOGUE = "messaging.reminded"
RING_SECONDS = 40  # a kitchen telephone is far away for some


def ring(letter: Letter) -> str:
    """The channel "voice" of reminders. Raises NotNow while a call with this person goes on, or no line is free."""
    if not outbound.lines_are_free():
        raise messaging.NotNow("all lines are busy")
    person = person_known(letter.person_id)
    try:
        call = line.ring(None, person_id=person.person_id, dialogue=DIALOGUE, args=(letter.message_id,), way="reminder",
                         seconds=RING_SECONDS, organization_id=person.organization_id, label=_label(letter.message_id))  # fmt: skip
    except line.CannotRing as reason:
        raise messaging.NotNow("a call with this person goes on") from reason
    return f"call:{call}"


def _label(message_id: int) -> str:
    return f"message:{message_id}"


def ask(letter: Letter, receipt: str, since: datetime) -> tuple[str, str]:
    """What became of the call; "" for a message that was never rung."""
    call = exchange.calls().filter(label=_label(letter.message_id)).first()
    if call is None:
        return "", ""
    return ("undelivered" if call.ended_at else "sending"), f"call:{call.pk}"


def call_ended(call_id: int) -> None:
    """Listener of CallEnded, which may come twice: whoever pressed no key did not hear the reminder."""
    call = exchange.call(call_id)
    if call is not None and call.label.startswith("message:"):
        with transaction.atomic():
            messaging.noted(int(call.label.split(":")[1]), "undelivered")


def rung_besides(person_id: int, since: datetime) -> list[datetime]:
    """When the line reminded this person of something other than a message: of a partner, of a session."""
    return _rung_besides(person_id, since)


@prepared(int, datetime)
def _rung_besides(person_id: int, since: datetime) -> QuerySet[Any, datetime]:
    calls = exchange.calls().filter(placed_by=person_id, way="reminder", began_at__gt=since)
    return calls.exclude(label__startswith="message:").values_list("began_at", flat=True)


def takes_part(person_id: int, program_id: int | None, in_rest: bool = False) -> bool:
    """In the program a reminder is of; of one that is of none, in any. Staff, who are in no program, are told what is theirs.

    in_rest: what somebody needs to know who takes a rest, too.
    """
    if program_id is not None:
        resting = in_rest and person_id in rests.resting(program_id, [person_id])
        return resting or programs.is_in_contact(person_id, program_id)
    states = programs.states_of(person_id)
    return not states or not states.isdisjoint(IN_CONTACT)


def is_in_contact(person_id: int) -> bool:
    """May they be written to now about what they did not ask for?"""
    return takes_part(person_id, None)
