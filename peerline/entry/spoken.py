"""Digits that the line says to somebody with nothing but a home telephone: a code for the website, a new PIN.

They are kept sealed, for minutes, under a word ("code:12", "pin:7") that the call carries; a journal holds the word and
never a digit. The telephone is rung at most once (ADR 0003), the digits are said only after a key was pressed there, so
no answering machine keeps them, and they are gone once they were heard. A PIN changes when it is said, not before: one
that nobody heard locks nobody out.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from peerline.audit import services as audit
from peerline.entry import pins
from peerline.entry.models import CodeAsked, ToSay
from peerline.entry.services import keep_pin, taken_at_home
from peerline.exchange import services as exchange
from peerline.kernel import clock, week
from peerline.messaging.channels import Letter, NeverThere, NotNow
from peerline.people import queries as people
from peerline.people.access import KEEPERS, Viewer, require

DIALOGUE = "entry.say_digits"
RING_SECONDS = 40  # a kitchen telephone is far away for some
PIN_MINUTES = 15
GRACE = timedelta(minutes=10)  # whoever is listening when the time is over hears it to the end


def to_say(word: str, person_id: int, digits: str, expires_at: datetime) -> None:
    """Keep these digits for the call that carries `word`, in the caller's transaction."""
    ToSay.objects.create(word=word, person_id=person_id, digits=digits, expires_at=expires_at)


def carry(letter: Letter) -> str:
    """The channel "voice": ring the number once and say what is kept for it. The line speaks no words but its own.

    Raises NeverThere for a letter that is no code, NotNow while somebody there is on a call or wants no calls.
    """
    kind, _, number = letter.key.partition(":")
    word = f"code:{number}"
    rows = list(ToSay.objects.filter(word=word).order_by("pk"))
    if kind != "entry.code" or not rows:
        raise NeverThere("the line speaks codes only")
    who = people.known(row.person_id for row in rows)
    if any(week.holds(one.blocked, clock.now(), one.time_zone) for one in who.values()):
        raise NotNow("they take no calls at this hour")
    first = who[rows[0].person_id]
    try:
        call = exchange.ring(None, person_id=first.person_id, dialogue=DIALOGUE, args=(word,), way="code",
                             seconds=RING_SECONDS, organization_id=first.organization_id, number=letter.address)  # fmt: skip
    except exchange.CannotRing as reason:
        raise NotNow("a call with this person goes on") from reason
    return f"call:{call}"


@transaction.atomic
def say_pin(actor: Viewer, person_id: int) -> int:
    """The line rings the verified number and says a new PIN, which nobody of the staff sees; the id of the call.

    Raises exchange CannotRing: no verified number, or a call goes on; then nothing has changed.
    """
    person = people.person_for(actor, person_id, *KEEPERS)
    require(actor.person_id != person_id and person.removed_at is None)
    pin = pins.fresh()
    while taken_at_home(pin, person_id):
        pin = pins.fresh()
    word = f"pin:{person_id}"
    ToSay.objects.filter(word=word).delete()
    to_say(word, person_id, pin, clock.now() + timedelta(minutes=PIN_MINUTES))
    return exchange.ring(actor.person_id, person_id=person_id, dialogue=DIALOGUE, args=(word,), way="pin",
                         seconds=RING_SECONDS, organization_id=person.organization_id)  # fmt: skip


# --- What the dialogue asks for ------------------------------------------------------------------------------------


def begin(leg: Any, word: str) -> list[list[Any]]:
    """Somebody pressed a key: [row, nickname] for each who has digits there; [] when their time is over."""
    _require_mine(leg, word)
    rows = list(ToSay.objects.filter(word=word, expires_at__gt=clock.now()).order_by("pk"))
    names = people.known(row.person_id for row in rows)
    for row in rows if word.startswith("pin:") else []:
        keep_pin(row.person_id, row.digits, by=leg.call.asked_by_id, must_change=True)
        audit.record(leg.call.asked_by_id, "entry.pin_issued", subject_id=row.person_id, how="said")
    return [[row.pk, names[row.person_id].nickname] for row in rows if not names[row.person_id].removed]


def digit(leg: Any, row_id: int, place: int) -> str:
    """One digit, to be heard on this leg only. "" when it is gone."""
    row = ToSay.objects.filter(pk=row_id).first()
    if row is None:
        return ""
    _require_mine(leg, row.word)
    return row.digits[place]


def drop(leg: Any, word: str, wanted: bool = True) -> None:
    """They were heard, or (not wanted) nobody there asked for them: then the code opens nothing either."""
    _require_mine(leg, word)
    ToSay.objects.filter(word=word).delete()
    if not wanted and word.startswith("code:"):
        CodeAsked.objects.filter(pk=int(word.split(":")[1]), used_at=None).update(used_at=clock.now())


def _require_mine(leg: Any, word: str) -> None:
    if word not in leg.args:
        raise PermissionError(f"leg {leg.pk} asked for digits of another call")


def wipe() -> int:
    """Regular work: no digits stay longer than their time. How many were wiped."""
    return ToSay.objects.filter(expires_at__lt=clock.now() - GRACE).delete()[0]
