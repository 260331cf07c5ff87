"""Invitations by letter: a link (as a QR code) and ten digits for the telephone or the keyboard. Either works until the
person has answered, and for sixty days at most; only hashes are kept.

Ten digits are a thousand million guesses. All wrong ones of a day, from everywhere, share one budget of 100: with a
thousand letters under way a year of guessing finds one with a chance of 1 in 27. Reaching the budget shuts the digits for
the day; links, and everybody's PIN, go on working.
"""

import secrets
from typing import Any, NamedTuple

from django.db import transaction

from peerline.audit import services as audit
from peerline.entry import services
from peerline.entry.invitations import _link, open_invitation
from peerline.entry.models import Failure, Invitation
from peerline.entry.rules import DAY, LETTERS_A_DAY, is_letter_code
from peerline.entry.services import Calling
from peerline.kernel import clock
from peerline.people import queries as people
from peerline.people.access import KEEPERS, Viewer, require
from peerline.vault.services import lookup_hash

FAILED = "letter"  # stands where a household does: no hash is so short


class Letter(NamedTuple):
    """What is printed, once. Both are good for the same."""

    token: str
    code: str


@transaction.atomic
def invite(actor: Viewer, *, person_id: int) -> Letter:
    """A fresh link and code for a participant; older ones are void. By those who keep the record."""
    person = people.person_for(actor, person_id, *KEEPERS)
    require(actor.person_id != person_id and person.removed_at is None and not people.holds_staff_role(person_id))
    code = _fresh_code()
    token = _link(person_id, "join", actor.person_id, _hash(code))
    audit.record(actor.person_id, "entry.letter_made", subject_id=person_id)
    return Letter(token, code)


def _fresh_code() -> str:
    return "1" + "".join(secrets.choice("0123456789") for _ in range(9))


def _hash(code: str) -> str:
    return lookup_hash(code, "letter")


def whose_link(token: str) -> int | None:
    """Whom this link invites, while nothing was answered. Looking at it uses nothing up."""
    found = open_invitation(token)
    return found.person_id if found is not None and found.purpose == "join" else None


@transaction.atomic
def try_code(digits: str) -> int | None:
    """Whom these digits invite; None for wrong ones, and for all once the day's budget of wrong ones is spent."""
    now = clock.now()
    wrong = Failure.objects.filter(household=FAILED, at__gt=now - DAY).count()
    rows = Invitation.objects.filter(purpose="join", code_hash=_hash(digits), used_at=None, expires_at__gt=now)
    found = rows.values_list("person_id", flat=True).first()
    if wrong >= LETTERS_A_DAY:
        return None
    if found is None:
        Failure.objects.create(at=now, household=FAILED, from_registered=True)  # the line's own budget is another
    return found


def household(leg: Calling, digits: str) -> Any:
    """What was keyed where the line asks who calls: a letter's code names the caller, a number is told as its token."""
    if not is_letter_code(digits):
        return services.household(leg, digits)
    person_id = try_code(digits)
    if person_id is None:
        return ""
    known = people.person_known(person_id)
    return {"person_id": person_id, "language": known.language, "nickname": known.nickname, "by_letter": True}


def use_up(person_id: int) -> None:
    """They have answered: no letter of theirs opens anything any more. Idempotent."""
    Invitation.objects.filter(person_id=person_id, purpose="join", used_at=None).update(used_at=clock.now())


def is_open(person_id: int) -> bool:
    """Has this person a letter that was not answered yet?"""
    rows = Invitation.objects.filter(person_id=person_id, purpose="join", used_at=None, expires_at__gt=clock.now())
    return rows.exists()
