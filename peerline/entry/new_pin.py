"""Somebody chooses their own PIN by keypad: keyed twice, so that a slip locks nobody out. Verdicts of dialogue steps.

What was keyed first waits sealed, as digits that are to be said do (spoken.py), until it was keyed again.
"""

from datetime import timedelta

from peerline.entry import letters, queries, services
from peerline.entry.models import ToSay
from peerline.entry.rules import is_weak
from peerline.entry.services import Calling
from peerline.kernel import clock

MINUTES = 10


def _word(leg: Calling) -> str:
    return f"new:{leg.pk}"


def must_change(leg: Calling, person_id: int) -> bool:
    """Was the PIN made by staff, to be heard once and then replaced?"""
    return queries.must_change_pin(person_id)


def first(leg: Calling, digits: str) -> str:
    """ "again": key it once more. "weak": others guess it first, or somebody at home has it. "": nothing was keyed."""
    ToSay.objects.filter(word=_word(leg)).delete()
    if not digits or leg.person_id is None:
        return ""
    if is_weak(digits) or services.taken_at_home(digits, leg.person_id):
        return "weak"
    until = clock.now() + timedelta(minutes=MINUTES)
    ToSay.objects.create(word=_word(leg), person_id=leg.person_id, digits=digits, expires_at=until)
    return "again"


def second(leg: Calling, digits: str) -> str:
    """ "changed", when it is what was keyed first; else "different", and the old PIN holds."""
    kept = ToSay.objects.filter(word=_word(leg), person_id=leg.person_id).first()
    ToSay.objects.filter(word=_word(leg)).delete()
    if kept is None or kept.digits != digits:
        return "different"
    if services.choose_pin(leg, digits) != "changed":
        return "different"
    letters.use_up(kept.person_id)
    return "changed"
