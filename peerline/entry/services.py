"""The telephone door: who is calling, proven by a PIN. And PINs: issued, chosen, reset.

Functions whose first argument is `leg` are verdicts of dialogue steps (kernel/dialogue.py Secret): they run in the
step's own transaction, and what they return is all that enters the journal. A leg has .telephone_hash and .person_id.
"""

from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from peerline.audit import services as audit
from peerline.entry import pins, queries
from peerline.entry.invitations import first_key, invite, reset_second_factor
from peerline.entry.models import Alarm, Failure, Pin
from peerline.entry.rules import CHECKS, closes_the_line_for, is_weak, may_try
from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.events import LineUnderAttack
from peerline.kernel.phone_numbers import BadNumber, e164
from peerline.people import queries as people
from peerline.people.access import Viewer, require
from peerline.people.queries import Known


class Calling(Protocol):
    """What of a leg is used here."""

    pk: Any
    telephone_hash: str
    person_id: int | None


def household(leg: Calling, digits: str) -> str:
    """The keyed hash of the number that was keyed, known or not; "" when it cannot be a telephone number."""
    try:
        return people.number_hash(e164(digits))
    except BadNumber:
        return ""


def knows(telephone_hash: str) -> bool:
    """Is this the verified telephone of somebody? Then the dialogue need not ask for the number, only for the PIN."""
    return bool(telephone_hash) and people.is_registered(telephone_hash)


def line_is_closed_to(telephone_hash: str) -> bool:
    """The line is under attack and this telephone is a strange one: straight to staff voicemail."""
    return queries.is_closed(clock.now()) and not knows(telephone_hash)


@transaction.atomic
def try_pin(leg: Calling, digits: str, household: str) -> dict[str, Any] | None:
    """Who at this home number has this PIN: {"person_id", "language", "nickname"}; None for every other case alike.

    The same work is done whether the number is known or not, the PIN right or wrong, the budget spent or not.
    """
    now = clock.now()
    at_home = people.people_at_number(household)
    from_registered = bool(at_home) and queries.is_telephone_of(leg.telephone_hash, at_home)
    allowed = may_try(queries.failures(household, now), from_registered=from_registered)
    found = _whose(digits, at_home)
    if not allowed:
        return None
    if found is None:
        _note_failure(household, from_registered, now)
        return None
    Pin.objects.filter(person_id=found.person_id).update(last_right_at=now)
    return {"person_id": found.person_id, "language": found.language, "nickname": found.nickname}


def _whose(digits: str, at_home: list[Known]) -> Known | None:
    """Whose PIN it is. Every comparison is made, and as many in vain as are missing to CHECKS."""
    rows = {row.person_id: row for row in Pin.objects.filter(person_id__in=[one.person_id for one in at_home])}
    right = [
        one
        for one in at_home
        if one.person_id in rows and pins.is_right(digits, one.person_id, rows[one.person_id].hash)
    ]
    for _ in range(CHECKS - len(rows)):
        pins.in_vain(digits)
    return right[0] if right else None


def _note_failure(household: str, from_registered: bool, now: datetime) -> None:
    Failure.objects.create(at=now, household=household, from_registered=from_registered)
    if from_registered:
        return
    counted = queries.failures(household, now)
    closed_for = closes_the_line_for(counted)
    if closed_for and not counted.line_closed:
        alarm = Alarm.objects.create(at=now, until=now + closed_for, failures=counted.line_an_hour)
        audit.record(None, "entry.line_under_attack", object=f"alarm:{alarm.pk}", failures=counted.line_an_hour)
        announce(LineUnderAttack(failures=counted.line_an_hour, alarm_id=alarm.pk))


@transaction.atomic
def is_their_pin(leg: Calling, digits: str, person_id: int) -> bool:
    """Did the person who was rung prove who they are? Counted like an attempt from their own telephone."""
    now = clock.now()
    home = leg.telephone_hash
    person = people.known([person_id]).get(person_id)
    allowed = may_try(queries.failures(home, now), from_registered=True)
    right = _whose(digits, [person] if person and not person.removed else []) is not None
    if allowed and not right:
        _note_failure(home, True, now)
    if allowed and right:
        Pin.objects.filter(person_id=person_id).update(last_right_at=now)
    return allowed and right


@transaction.atomic
def choose_pin(leg: Calling, digits: str) -> str:
    """The caller's own new PIN: "changed"; "weak" (easily guessed, or somebody at the same number has it)."""
    if leg.person_id is None or is_weak(digits) or taken_at_home(digits, leg.person_id):
        return "weak"
    keep_pin(leg.person_id, digits, by=leg.person_id, must_change=False)
    audit.record(leg.person_id, "entry.pin_chosen", subject_id=leg.person_id)
    return "changed"


@transaction.atomic
def issue_pin(actor: Viewer, person_id: int, *, must_change: bool = False) -> str:
    """A new PIN for this person, returned once, to be read out or printed; the old one is void from here on."""
    person = people.person_for(actor, person_id)
    require(actor.person_id != person_id and person.removed_at is None)
    pin = pins.fresh()
    while taken_at_home(pin, person_id):
        pin = pins.fresh()
    keep_pin(person_id, pin, by=actor.person_id, must_change=must_change)
    audit.record(actor.person_id, "entry.pin_issued", subject_id=person_id)
    return pin


@transaction.atomic
def give_demo_pin(person_id: int) -> None:
    """The PIN everybody knows, for a made-up person only."""
    require(people.is_made_up(person_id))
    keep_pin(person_id, queries.DEMO_PIN, by=None, must_change=False)


def keep_pin(person_id: int, pin: str, *, by: int | None, must_change: bool) -> None:
    """From here on this is the person's PIN; the old one is void."""
    facts = {
        "hash": pins.hashed(pin, person_id),
        "issued_at": clock.now(),
        "issued_by_id": by,
        "must_change": must_change,
        "last_right_at": None,
    }
    Pin.objects.update_or_create(person_id=person_id, defaults=facts)


def taken_at_home(pin: str, person_id: int) -> bool:
    """The PIN is what tells people of one household apart."""
    others = Pin.objects.filter(person_id__in=queries.housemates(person_id))
    return any(pins.is_right(pin, row.person_id, row.hash) for row in others)


__all__ = [
    "choose_pin",
    "first_key",
    "give_demo_pin",
    "household",
    "invite",
    "is_their_pin",
    "issue_pin",
    "keep_pin",
    "knows",
    "line_is_closed_to",
    "reset_second_factor",
    "taken_at_home",
    "try_pin",
]
