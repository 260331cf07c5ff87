"""Writes: put a message into the outbox, carry it out, wipe what need not stay."""

from datetime import datetime
from importlib import import_module

from django.db import transaction

from peerline.jobs import services as jobs
from peerline.kernel import clock
from peerline.messaging import queries
from peerline.messaging.channels import Deliver, Letter, NeverThere, NotNow
from peerline.messaging.models import Message
from peerline.messaging.rules import CHANNELS, require_discreet
from peerline.people import queries as people
from peerline.people.access import demo_is_open

DELIVER = "messaging.deliver"
_carriers: dict[str, Deliver] = {}


def carries(channel: str, deliver: Deliver) -> None:
    """Wire a channel that another room carries: voice, by the exchange."""
    _carriers[channel] = deliver


@transaction.atomic
def send(
    *,
    to_person: int,
    channel: str,
    kind: str,
    key: str,
    body: str,
    subject: str = "",
    address: str | None = None,
    expires_at: datetime | None = None,
    holds_code: bool = False,
) -> bool:
    """Write a message to one person and the job that carries it, in the caller's transaction.

    address: where to; none given: the verified number, or for "email" the verified address; without one nothing is
    written. False when nothing was: no address, or this key was ever sent. Raises rules.Telling.
    """
    if channel not in CHANNELS:
        raise ValueError(channel)
    require_discreet(channel, subject, body)
    address = address or address_of(to_person, channel)
    if address is None or Message.objects.filter(key=key).exists():
        return False
    message = Message.objects.create(
        to_person_id=to_person,
        channel=channel,
        kind=kind,
        key=key,
        address=address,
        language=people.person_known(to_person).language,
        subject=subject,
        body=body,
        holds_code=holds_code,
        made_at=clock.now(),
        expires_at=expires_at,
    )
    return jobs.enqueue(DELIVER, f"{DELIVER}:{message.pk}", message_id=message.pk)


def address_of(person_id: int, channel: str) -> str | None:
    """A letter needs no address here: staff print it."""
    if channel == "letter":
        return "letter"
    return people.email_of(person_id) if channel == "email" else people.number_to_dial(person_id)


def deliver(message_id: int) -> None:
    """The job. Reads its row again: already sent, expired or gone is nothing to do. NotNow: the job is tried later."""
    message = Message.objects.select_for_update().filter(pk=message_id, state="waiting").first()
    if message is None:
        return
    if message.expires_at and message.expires_at <= clock.now():
        return _end(message, "expired")
    carrier = _carriers.get(message.channel)
    name = "wired" if carrier else queries.channel_in_use(message.channel)
    carrier = carrier or import_module(f"peerline.messaging.channels.{name}").deliver
    letter = Letter(message.key, message.address, message.language, message.subject, message.body)
    try:
        receipt = carrier(letter)
    except NeverThere as reason:
        return _end(message, "failed", problem=str(reason)[:200])
    _end(message, "sent", carried_by=name, receipt=receipt[:120], sent_at=clock.now())


def _end(message: Message, state: str, **facts: object) -> None:
    """Sent, failed or expired. A code that has left the machine is wiped; one on the screen when it expires, as all are
    in a demonstration that only this machine can reach, where the outbox is the made-up people's telephone."""
    message.state = state
    for name, value in facts.items():
        setattr(message, name, value)
    if message.holds_code and message.carried_by != "onscreen" and not demo_is_open():
        message.body, message.wiped = "", True
    message.save()


def wipe_expired_codes() -> int:
    """Regular work: no code outlives its time in the outbox. How many were wiped."""
    rows = Message.objects.filter(holds_code=True, wiped=False, expires_at__lt=clock.now())
    return rows.update(body="", wiped=True)


__all__ = ["DELIVER", "NotNow", "address_of", "carries", "deliver", "send", "wipe_expired_codes"]
