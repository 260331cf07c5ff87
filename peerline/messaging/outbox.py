"""The outbox: a message is written with the deed, handed over at most once, and what became of it is noted.

Numbered, for a message that leaves this machine: 1. it is taken, in a commit of its own; 2. it is handed over, in no
transaction; 3. what came of it is noted. Whoever dies between 1 and 3 leaves it taken: the carrier is then asked, and only
what it surely does not have is handed over again. Where nobody can be asked it stays unsure: once too seldom is better
than twice (docs/decisions/0201-a-reminder-at-most-once-a-slot.md). A channel of this very database (a call by the line, the
screen) is handed over and noted in one commit, so that there is no such gap.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

from django.db import transaction
from django.db.models import F, Q, QuerySet

from peerline.jobs import services as jobs
from peerline.kernel import clock
from peerline.messaging import queries, slots
from peerline.messaging.channels import Ask, Deliver, Letter, NeverThere, NotNow, Unsure
from peerline.messaging.models import Channel, Message, Receipt
from peerline.messaging.rules import CHANNELS, FINAL, PATIENCE, RANK, joined, next_welcome, require_discreet
from peerline.messaging.slots import Room
from peerline.people import queries as people
from peerline.people.access import demo_is_open
from peerline.prepared import Changed, prepared, prepared_change

DELIVER = "messaging.deliver"
CONFIRMED = "messaging.stopped"  # the one message that follows a STOP
HOLD = timedelta(seconds=30)  # whoever took a message hands it over within this, or not at all
ASK_AFTER = timedelta(minutes=2)  # by then nobody can still be handing it over
ASK_AGAIN = timedelta(minutes=5)
ASKED_AT_ONCE = 50
MOST_WIPED = 500


@dataclass(frozen=True)
class Carrier:
    """Who carries a channel. ours: by a row of this database, in the same commit. ask: can say later what became of it.
    room: how many each second takes, where others use the same lines; room(first second, count)."""

    name: str
    deliver: Deliver
    ours: bool = False
    ask: Ask | None = None
    room: Room | None = None


MayContact = Callable[[int], bool]

_carriers: dict[tuple[str, str], Carrier] = {}
_unasked: dict[str, MayContact] = {}
_ended: list[Callable[[Message], None]] = []


def carries(
    channel: str, deliver: Deliver, *, kind: str = "", ask: Ask | None = None, room: Room | None = None
) -> None:
    """Wire a channel that another room carries, for all messages or those of a kind: voice, by the exchange."""
    _carriers[channel, kind] = Carrier("wired", deliver, ours=True, ask=ask, room=room)


def unasked(kind: str, may_contact: MayContact) -> None:
    """Wire a kind of message that nobody asked for in this moment, and that is no reminder: as a text it waits for its person's
    hours, and it does not leave to somebody whom may_contact(person_id) refuses then."""
    _unasked[kind] = may_contact


def room_of(channel: str) -> Room | None:
    """How its carrier says what it takes of reminders; None where nobody said."""
    wired = _carriers.get((channel, "reminder"))
    return wired.room if wired else None


def tells(ended: Callable[[Message], None]) -> None:
    """ended(message) in the commit in which it is known what became of a message."""
    _ended.append(ended)


def carrier_of(message: Message) -> Carrier:
    kind = "reminder" if message.reminder_id else message.kind
    wired = _carriers.get((message.channel, kind)) or _carriers.get((message.channel, ""))
    if wired:
        return wired
    name = queries.channel_in_use(message.channel)
    folder = import_module(f"peerline.messaging.channels.{name}")
    return Carrier(name, folder.deliver, getattr(folder, "OURS", False), getattr(folder, "ask", None))


# --- Writing ---------------------------------------------------------------------------------------------------------


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
    reminder_id: int | None = None,
    answers_to: str = "",
    at: datetime | None = None,
) -> bool:
    """Write a message to one person and the job that carries it, in the caller's transaction.

    address: where to; none given: the verified number, or for "email" the verified address; without one nothing is
    written. at: not before; a text that nobody asked for (`unasked`) waits for its hour by itself. False when nothing was: no address, or this key was ever sent. Raises rules.Telling.
    """
    if channel not in CHANNELS:
        raise ValueError(channel)
    require_discreet(channel, subject, body)
    address = address or address_of(to_person, channel)
    if address is None or _with_key(key):
        return False
    message = Message.objects.create(
        to_person_id=to_person,
        reminder_id=reminder_id,
        channel=channel,
        kind=kind,
        key=key,
        address=address,
        language=people.person_known(to_person).language,
        subject=subject,
        body=body,
        holds_code=holds_code,
        answers_to=answers_to,
        slot_at=at,
        made_at=clock.now(),
        expires_at=expires_at,
    )
    jobs.enqueue(DELIVER, f"{DELIVER}:{message.pk}", at=at or _welcome(message), message_id=message.pk)
    return True


def _welcome(message: Message) -> datetime | None:
    """When a text that nobody asked for may come; None: at once."""
    if message.channel != "sms" or message.kind not in _unasked:
        return None
    person = people.person_known(message.to_person_id)
    return next_welcome("sms", person.blocked, clock.now(), person.time_zone)


@prepared(str)
def _with_key(key: str) -> QuerySet[Message, int]:
    return Message.objects.filter(key=key).values_list("pk", flat=True)


def address_of(person_id: int, channel: str) -> str | None:
    """A letter needs no address here: staff print it. A text goes to a number that is kept as a mobile one."""
    if channel == "letter":
        return "letter"
    if channel == "email":
        return people.email_of(person_id)
    return people.mobile_to_text(person_id) if channel == "sms" else people.number_to_dial(person_id)


def channels_to(person_id: int) -> set[str]:
    """Those for which address_of has an answer."""
    by = people.has_address(person_id)
    needs = {"voice": "phone", "sms": "mobile", "email": "email"}
    return {one for one in CHANNELS if one == "letter" or needs[one] in by}


# --- Handing over ------------------------------------------------------------------------------------------------------


def deliver(message_id: int) -> None:
    """The job. Reads its row again: already taken, expired or gone is nothing to do. NotNow: the job is tried later."""
    message = _row.first(message_id)
    if message is None or message.state != "waiting":
        return
    if (welcome := _welcome(message)) and welcome > clock.now():
        jobs.enqueue(DELIVER, f"{DELIVER}:{message.pk}:{welcome}", at=welcome, message_id=message.pk)
        return
    carrier = carrier_of(message)
    if message.reminder_id and message.channel in queries.channels_away(clock.now()):
        _did_not_leave(message_id)  # its carrier has stopped answering meanwhile: another way, without trying it
        return
    if message.slot_at and clock.now() - message.slot_at > slots.LATE and not _has_a_place_now(message_id):
        return
    try:
        with transaction.atomic() if carrier.ours else nullcontext():
            _hand_over(_take(message_id), carrier)
    except NotNow:
        if not carrier.ours:
            refused(message.channel)
        if not _did_not_leave(message_id):
            raise


@prepared(int)
def _row(message_id: int) -> QuerySet[Message]:
    return Message.objects.filter(pk=message_id)


@prepared(int)
def _held(message_id: int) -> QuerySet[Message]:
    """The row, nobody else's until the transaction ends."""
    return Message.objects.select_for_update().filter(pk=message_id)


@transaction.atomic
def _has_a_place_now(message_id: int) -> bool:
    """The worker stood still, and the slot of this message is over. False: it waits for another one, as all that are late
    with it do, so that not all leave in the same second."""
    message = Message.objects.select_for_update().filter(pk=message_id, state="waiting").first()
    if message is None:
        return False
    now = clock.now()
    slot = slots.next_slot(message.channel, now, room_of(message.channel))
    if slot is not None:
        message.slot_at = slot
        message.save(update_fields=["slot_at"])
    if slot is None or slot > now:
        again = slot or now + slots.AHEAD
        jobs.enqueue(DELIVER, f"{DELIVER}:{message_id}:{again.isoformat()}", at=again, message_id=message_id)
    return slot is not None and slot <= now


@transaction.atomic
def _did_not_leave(message_id: int) -> bool:
    """True when a reminder looks for another way, so that nobody need try this message again."""
    message = _held.first(message_id)
    if message is None or message.state != "waiting" or message.reminder_id is None:
        return False
    _tell(message)
    return True


@transaction.atomic
def _take(message_id: int) -> Message | None:
    """This message is ours to hand over. None: somebody else's, over, or too late."""
    message = _held.first(message_id)
    if message is None or message.state != "waiting":
        return None
    if message.expires_at and message.expires_at <= clock.now():
        _end(message, "expired")
        return None
    if _is_closed(message):
        _end(message, "failed", problem="they said STOP")
        return None
    if not _unasked.get(message.kind, _anybody)(message.to_person_id):
        _end(message, "failed", problem="they take no part now")
        return None
    message.state, message.taken_at = "taken", clock.now()
    message.ask_at = message.taken_at + ASK_AFTER
    message.save(update_fields=["state", "taken_at", "ask_at"])
    return message


def _anybody(person_id: int) -> bool:
    return True


def _is_closed(message: Message) -> bool:
    """Somebody there said STOP, perhaps after this was written. A code by mail, which they just asked for, still goes."""
    if message.kind == CONFIRMED or message.channel not in queries.CONTACT:
        return False
    if message.holds_code and message.channel != "sms":
        return False
    value_hash = people.contact_hash(queries.CONTACT[message.channel], message.address)
    return queries.is_closed(message.channel, value_hash)


def _hand_over(message: Message | None, carrier: Carrier) -> None:
    if message is None or message.taken_at is None:
        return
    try:
        if clock.now() - message.taken_at > HOLD:
            raise NotNow("it was held too long before it was handed over")
        receipt = carrier.deliver(letter_of(message))
    except NeverThere as reason:
        settle(message.pk, "failed", carried_by=carrier.name, problem=str(reason)[:200])
    except Unsure as reason:
        Message.objects.filter(pk=message.pk).update(problem=str(reason)[:200])
        refused(message.channel)
    except NotNow:
        _put_back(message)
        raise
    else:
        settle(message.pk, "sent", carried_by=carrier.name, receipt=receipt[:120])
        answered(message.channel)


def letter_of(message: Message) -> Letter:
    return Letter(
        message.key, message.address, message.language, message.subject, message.body, message.pk, message.to_person_id,
        message.answers_to,
    )  # fmt: skip


def _put_back(message: Message) -> bool:
    """It surely did not leave. False: it is not ours any more."""
    mine = Message.objects.filter(pk=message.pk, state="taken", taken_at=message.taken_at)
    return bool(mine.update(state="waiting", taken_at=None, ask_at=None))


# --- What became of it ---------------------------------------------------------------------------------------------------


@transaction.atomic
def settle(message_id: int, state: str, **facts: object) -> None:
    """Handed over ("sent") or refused for good ("failed"), unless more is known already."""
    message = _held.first(message_id)
    if message is None or message.state not in ("taken", "unsure"):
        return
    _end(message, state, **facts)


def _end(message: Message, state: str, **facts: object) -> None:
    """Sent, failed, expired or unsure. A code that has left the machine is wiped; one on the screen when it expires, as all
    are in a demonstration that only this machine can reach, where the outbox is the made-up people's telephone."""
    message.state = state
    message.sent_at = clock.now() if state == "sent" else message.sent_at
    for name, value in facts.items():
        setattr(message, name, value)
    waits = state == "sent" and message.channel in PATIENCE and message.carried_by != "onscreen"
    final = RANK[message.word] >= FINAL
    message.ask_at = clock.now() + PATIENCE[message.channel] if waits and not final else None
    if message.holds_code and message.carried_by != "onscreen" and not demo_is_open():
        message.body, message.wiped = "", True
    message.save()
    _tell(message)


@transaction.atomic
def noted(message_id: int, word: str, *, receipt: str = "", how: str = "told", code: str = "") -> bool:
    """A carrier's news of a message; the same in whatever order and however often it comes. True when it changed anything.

    News of one that was taken and never noted says that it left. receipt: the carrier's id; news of another one is not ours.
    """
    message = _held.first(message_id)
    if message is None or message.state in ("waiting", "expired") or word not in RANK:
        return False
    if receipt and message.receipt and receipt != message.receipt:
        return False
    told = Receipt(message=message, word=word, how=how, code=code[:20], at=clock.now())
    Receipt.objects.bulk_create([told], ignore_conflicts=True)  # of each word the first one stays
    known = joined(message.word, word)
    if known == message.word and message.state == "sent":
        return False
    message.word, message.receipt = known, message.receipt or receipt[:120]
    message.carried_by = message.carried_by or carrier_of(message).name
    _end(message, "sent")
    return True


def _tell(message: Message) -> None:
    for ended in _ended:
        ended(message)


# --- Asking ----------------------------------------------------------------------------------------------------------------


def ask_carriers() -> int:
    """Regular work: what was taken and never noted, or had no news for too long. How many were asked about."""
    now = clock.now()
    rows = _to_ask(now)
    for message in rows:
        mine = Message.objects.filter(pk=message.pk, ask_at=message.ask_at)
        if mine.update(ask_at=now + ASK_AGAIN):
            _ask(message)
    return len(rows)


@prepared(datetime)
def _to_ask(now: datetime) -> QuerySet[Message]:
    due = Message.objects.filter(Q(state="taken") | Q(state="sent"), ask_at__lte=now)
    return due.order_by("ask_at")[:ASKED_AT_ONCE]


def _ask(message: Message) -> None:
    """A carrier that cannot be asked now is asked later. One that nobody can ask leaves it unsure."""
    carrier = carrier_of(message)
    if carrier.ask is None:
        settle(message.pk, "unsure")
        return
    try:
        word, receipt = carrier.ask(letter_of(message), message.receipt, message.taken_at or message.made_at)
    except NotNow:
        return
    if word:
        # Handed to the network and silent since: not every network tells when it arrives.
        arrived = word == "sent" and message.word == "sent"
        noted(message.pk, "delivered" if arrived else word, receipt=receipt, how="asked")
    elif message.state == "taken" and _put_back(message) and not _did_not_leave(message.pk):
        jobs.enqueue(DELIVER, f"{DELIVER}:{message.pk}:{message.taken_at}", message_id=message.pk)
    elif message.state == "sent":
        noted(message.pk, "failed", how="asked")


# --- How a channel does ------------------------------------------------------------------------------------------------------


def refused(channel: str) -> None:
    """Its carrier did not take a message."""
    Channel.objects.get_or_create(name=channel)
    Channel.objects.filter(name=channel).update(refusals=F("refusals") + 1, refused_at=clock.now())


def answered(channel: str) -> None:
    _answers_again(channel)


@prepared_change(str)
def _answers_again(channel: str) -> Changed:
    return Channel.objects.filter(name=channel, refusals__gt=0), {"refusals": 0}


def wipe_expired_codes() -> int:
    """Regular work: no code outlives its time in the outbox. How many were wiped."""
    old = _expired_codes(clock.now())
    return Message.objects.filter(pk__in=old).update(body="", wiped=True) if old else 0


@prepared(datetime)
def _expired_codes(now: datetime) -> QuerySet[Message, int]:
    rows = Message.objects.filter(holds_code=True, wiped=False, expires_at__lt=now)
    return rows.values_list("pk", flat=True)[:MOST_WIPED]
