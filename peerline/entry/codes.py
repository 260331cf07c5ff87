"""Codes for the website: six digits to a telephone or an e-mail address, ten minutes, five tries, once.

Asking writes the same row and the same job for a known and an unknown address; who is there is looked up by the job.
So neither words nor time tell whether somebody takes part (quality.md T18).
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from peerline.audit import services as audit
from peerline.entry import spoken
from peerline.entry.models import Code, CodeAsked
from peerline.jobs.services import enqueue
from peerline.kernel import clock
from peerline.messaging import services as messaging
from peerline.people import queries as people
from peerline.people.queries import Known
from peerline.vault.services import lookup_hash

SEND = "entry.send_code"
MINUTES = 10
TRIES = 5
MOST_AT_AN_ADDRESS = 4
ASKED_AT_AN_ADDRESS_IN_15_MINUTES = 3
ASKED_ANYWHERE_AN_HOUR = 200


def _hash(asked_id: int, digits: str) -> str:
    return lookup_hash(f"{asked_id}\0{digits}", "code")


@transaction.atomic
def ask(kind: str, address: str) -> int:
    """Somebody wants a code at this E.164 number or e-mail address; the number of the question. Nothing is told yet."""
    now = clock.now()
    asked = CodeAsked.objects.create(
        kind=kind,
        address=address,
        value_hash=people.contact_hash(kind, address),
        at=now,
        expires_at=now + timedelta(minutes=MINUTES),
    )
    enqueue(SEND, f"{SEND}:{asked.pk}", asked_id=asked.pk)
    return asked.pk


def send_code(asked_id: int) -> None:
    """The job: a code for each participant there, in one message. Run again, it sends nothing new."""
    asked = CodeAsked.objects.filter(pk=asked_id, expires_at__gt=clock.now()).first()
    if asked is None or asked.codes.exists() or _too_many(asked):
        return
    found = _takers(asked)
    if not found:
        return
    digits = _distinct(len(found))
    if _channel(asked) == "voice":
        for one, code in zip(found, digits, strict=True):
            spoken.to_say(f"code:{asked.pk}", one.person_id, code, asked.expires_at)
    Code.objects.bulk_create(
        Code(asked=asked, person_id=one.person_id, hash=_hash(asked.pk, code))
        for one, code in zip(found, digits, strict=True)
    )
    with translation.override(found[0].language):
        _write(asked, list(zip(found, digits, strict=True)))


def _takers(asked: CodeAsked) -> list[Known]:
    """Participants whose proven address it is. Staff never: a code is no way around the second factor."""
    at = people.people_at_number if asked.kind == "phone" else people.people_at_email
    proven = [one for one in at(asked.value_hash) if people.is_proven(asked.value_hash, one.person_id)]
    return [one for one in proven if not people.holds_staff_role(one.person_id)][:MOST_AT_AN_ADDRESS]


def _distinct(how_many: int) -> list[str]:
    found: list[str] = []
    while len(found) < how_many:
        code = f"{secrets.randbelow(1_000_000):06d}"
        if code not in found:
            found.append(code)
    return found


def _too_many(asked: CodeAsked) -> bool:
    """Somebody is using us to ring or write to people: those asked for above the budget get nothing."""
    lately = CodeAsked.objects.filter(pk__lt=asked.pk)
    here = lately.filter(value_hash=asked.value_hash, at__gt=asked.at - timedelta(minutes=15)).count()
    anywhere = lately.filter(at__gt=asked.at - timedelta(hours=1)).count()
    return here >= ASKED_AT_AN_ADDRESS_IN_15_MINUTES or anywhere >= ASKED_ANYWHERE_AN_HOUR


def _write(asked: CodeAsked, codes: list[tuple[Known, str]]) -> None:
    """The words: one line a person, the digits in two groups of three."""
    first = codes[0][0]
    lines = [
        _("%(code)s is the code for %(name)s.") % {"code": f"{c[:3]} {c[3:]}", "name": p.nickname} for p, c in codes
    ]
    lines.append(_("It works for 10 minutes. Give it to nobody. If you did not ask for it, do nothing."))
    messaging.send(
        to_person=first.person_id,
        channel=_channel(asked),
        kind="entry.code",
        key=f"entry.code:{asked.pk}",
        address=asked.address,
        subject=_("Your code") if asked.kind == "email" else "",
        body="\n".join(lines),
        expires_at=asked.expires_at,
        holds_code=True,
    )


def _channel(asked: CodeAsked) -> str:
    """A mobile telephone gets a text; at a home telephone the code is spoken."""
    if asked.kind == "email":
        return "email"
    return "sms" if people.is_mobile(asked.value_hash) else "voice"


@transaction.atomic
def try_code(asked_id: int, digits: str) -> int | None:
    """Whose code it is; None for wrong, late, used, the sixth try, or an address nobody has. A right code works once."""
    now = clock.now()
    asked = CodeAsked.objects.select_for_update().filter(pk=asked_id).first()
    if asked is None or asked.expires_at <= now or asked.used_at or asked.tries >= TRIES:
        return None
    CodeAsked.objects.filter(pk=asked.pk).update(tries=F("tries") + 1)
    code = Code.objects.filter(asked=asked, hash=_hash(asked.pk, digits)).first()
    if code is None or people.person_known(code.person_id).removed:
        return None
    CodeAsked.objects.filter(pk=asked.pk).update(used_at=now)
    audit.record(code.person_id, "entry.signed_in", subject_id=code.person_id, how="code")
    return code.person_id


def may_try(asked_id: int) -> bool:
    """Is there any use in typing another code, as far as tries and time go?"""
    rows = CodeAsked.objects.filter(pk=asked_id, expires_at__gt=clock.now(), used_at=None, tries__lt=TRIES)
    return rows.exists()


def forget_old() -> int:
    """Regular work: questions older than a day, known or not, are forgotten."""
    return CodeAsked.objects.filter(at__lt=clock.now() - timedelta(days=1)).delete()[0]
