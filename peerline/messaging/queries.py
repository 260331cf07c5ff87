"""Reads: the outbox, as far as a viewer reaches."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from peerline.kernel import clock
from peerline.messaging.models import Channel, Closed, Inbound, Message, Reminder, Silence, Thread, Ways, Written
from peerline.messaging.rules import MOST_CALLS, Choice, Outcome, Try, away_until, next_welcome, outcome_of_word
from peerline.people import queries as people
from peerline.people.access import Viewer, demo_is_open
from peerline.prepared import prepared

A_WEEK = timedelta(days=7)


def outbox(viewer: Viewer) -> QuerySet[Message]:
    """Newest first. In a demonstration on this very machine: everything; otherwise what was sent to people in reach."""
    rows = Message.objects.select_related("to_person", "reminder").prefetch_related("receipts").order_by("-pk")
    if demo_is_open():
        return rows
    return rows.filter(to_person__in=people.reach(viewer, "coordinator", "administrator").values("pk"))


def words_of(message: Message) -> str | None:
    """What the message says; None for one that holds a code, except in a demonstration on this very machine."""
    return None if message.holds_code and not demo_is_open() else message.body


def channel_in_use(channel: str) -> str:
    """Which folder under channels/ carries it now: smtp, sms, or onscreen where nothing is configured."""
    if channel == "email" and not settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
        return "smtp"
    if channel == "sms" and settings.CARRIER["account"]:
        return "sms"
    return "onscreen"


def sent_lately(person_id: int, kind: str, minutes: int) -> int:
    """How many of this kind were written to this person within so many minutes."""
    since = clock.now() - timedelta(minutes=minutes)
    return Message.objects.filter(to_person_id=person_id, kind=kind, made_at__gt=since).count()


def everything() -> QuerySet[Message]:
    """For a played life, whose messages are nobody's."""
    return Message.objects.order_by("pk")


def failed(viewer: Viewer) -> QuerySet[Message]:
    return outbox(viewer).filter(state="failed")


def latest(kind: str) -> Message | None:
    """The newest message of a kind, whoever it was for."""
    return Message.objects.filter(kind=kind).order_by("-pk").first()


# --- Reminders -------------------------------------------------------------------------------------------------------

CONTACT = {"sms": "phone", "voice": "phone", "email": "email"}


def choice_of(person_id: int) -> Choice:
    """How this person wants to be reminded; as rules.Choice begins where they never said."""
    row = _ways.first(person_id)
    return Choice(row.first, frozenset(row.also)) if row else Choice()


@prepared(int)
def _ways(person_id: int) -> QuerySet[Ways]:
    return Ways.objects.filter(person_id=person_id)


def closed_channels(person_id: int) -> set[str]:
    """Channels on which somebody at this person's number or address said STOP."""
    return set(_closed_channels(person_id))


@prepared(int)
def _closed_channels(person_id: int) -> QuerySet[Closed, str]:
    rows = Closed.objects.filter(value_hash__in=people.hashes_of(person_id), opened_at=None)
    return rows.values_list("channel", flat=True)


def is_closed(channel: str, value_hash: str) -> bool:
    return bool(_closed(channel, value_hash))


@prepared(str, str)
def _closed(channel: str, value_hash: str) -> QuerySet[Closed, int]:
    rows = Closed.objects.filter(channel=channel, value_hash=value_hash, opened_at=None)
    return rows.values_list("pk", flat=True)[:1]


def outcome_of(message: Message) -> Outcome:
    """Arrived, did not, on its way, or nobody can say. Without receipts, as by mail, what was taken counts as arrived."""
    if message.state in ("waiting", "taken"):
        return "open"
    if message.state != "sent":
        return "unsure" if message.state == "unsure" else "undelivered"
    if message.word:
        return outcome_of_word(message.word)
    return "open" if message.ask_at else "delivered"


def tries_of(reminder_id: int) -> list[Try]:
    return [Try(row.channel, outcome_of(row)) for row in _tries(reminder_id)]


@prepared(int)
def _tries(reminder_id: int) -> QuerySet[Message]:
    rows = Message.objects.filter(reminder_id=reminder_id).exclude(state="expired").order_by("pk")
    return rows.only("reminder", "channel", "state", "word", "ask_at")


_other_calls: list[Callable[[int, datetime], list[datetime]]] = []


def counts(other_calls: Callable[[int, datetime], list[datetime]]) -> None:
    """other_calls(person_id, since): when the line rang this person by itself with something that is no message of ours."""
    _other_calls.append(other_calls)


def may_call_again_at(person_id: int, now: datetime) -> datetime | None:
    """When the line may ring by itself again with something to say; None: now, for it rang less often than it may in a week."""
    mine = _voice_reminders(person_id, now - A_WEEK)
    rang = sorted([*mine, *(at for ask in _other_calls for at in ask(person_id, now - A_WEEK))], reverse=True)
    return rang[MOST_CALLS - 1] + A_WEEK if len(rang) >= MOST_CALLS else None


@prepared(int, datetime)
def _voice_reminders(person_id: int, since: datetime) -> QuerySet[Message, datetime]:
    calls = Message.objects.filter(to_person=person_id, channel="voice", made_at__gt=since)
    return calls.exclude(reminder=None).exclude(state="expired").values_list("made_at", flat=True)


def calls_to_come(first: datetime, last: datetime) -> list[tuple[int, int, int | None, datetime, datetime]]:
    """(reminder, person, program, from when, until when) of those that wait for this time, of people who are called."""
    rows = Reminder.objects.filter(state="waiting", next_at__gte=first, next_at__lt=last)
    rows = rows.exclude(person_id__in=Ways.objects.exclude(first="voice").values("person_id"))
    return list(rows.order_by("pk").values_list("pk", "person_id", "program_id", "next_at", "not_after"))


def channels_away(now: datetime) -> dict[str, datetime]:
    """Channels whose carrier does not answer, each with the instant until which it is left alone."""
    untils = {row.name: away_until(row.refusals, row.refused_at) for row in _refused() if row.refused_at}
    return {name: until for name, until in untils.items() if until and until > now}


@prepared()
def _refused() -> QuerySet[Channel]:
    return Channel.objects.exclude(refused_at=None)


def channels_full(until: datetime) -> set[str]:
    """Channels whose carrier takes nothing more before `until`."""
    return set(_full(until))


@prepared(datetime)
def _full(until: datetime) -> QuerySet[Channel, str]:
    return Channel.objects.filter(next_slot_at__gt=until).values_list("name", flat=True)


def reminders() -> QuerySet[Reminder]:
    """For rooms above, and for those who ask why."""
    return Reminder.objects.order_by("-pk")


def receipts_of_others(receipts: list[str], message_id: int) -> set[str]:
    """Those of these carrier's ids that are known to be another message's."""
    rows = Message.objects.filter(receipt__in=receipts).exclude(pk=message_id)
    return set(rows.values_list("receipt", flat=True))


def was_answered_lately(value_hash: str) -> bool:
    """Did this address get an automatic answer within a day?"""
    since = clock.now() - timedelta(days=1)
    return Inbound.objects.filter(value_hash=value_hash, answered=True, at__gt=since).exists()


def first_ways(person_ids: Iterable[int]) -> dict[int, str]:
    """person → the channel a reminder that can wait for a letter would go by first, were it written now: as they chose, where
    there is an address and nobody said STOP; "" for whom it reaches in no way. Three queries, however many people."""
    ids = list(person_ids)
    chosen = {row.person_id: Choice(row.first, frozenset(row.also)) for row in Ways.objects.filter(person__in=ids)}
    addresses = people.addresses_of_each(ids)
    shut: dict[str, set[str]] = {}
    for value, channel in Closed.objects.filter(opened_at=None).values_list("value_hash", "channel"):
        shut.setdefault(value, set()).add(channel)
    return {one: _first_way(chosen.get(one, Choice()), addresses.get(one, {}), shut) for one in ids}


def _first_way(choice: Choice, addresses: dict[str, set[str]], shut: dict[str, set[str]]) -> str:
    by = {"voice": "phone", "sms": "mobile", "email": "email"}
    closed = {one for values in addresses.values() for value in values for one in shut.get(value, ())}
    reached = (one for one in choice.order if one == "letter" or addresses.get(by[one]))
    return next((one for one in reached if one not in closed), "")


def reminders_of(keys: Iterable[str]) -> dict[str, Reminder]:
    """key → the reminder, with its messages at hand; of those that were written. Two queries."""
    rows = Reminder.objects.filter(key__in=list(keys)).defer("body", "subject").prefetch_related("messages")
    return {row.key: row for row in rows}


def states_of(keys: Sequence[str]) -> dict[str, int]:
    """state → how many of these reminders are in it; five hundred keys a query."""
    found: Counter[str] = Counter()
    for first in range(0, len(keys), 500):
        rows = Reminder.objects.filter(key__in=keys[first : first + 500])
        found.update(rows.values_list("state", flat=True))
    return found


# --- What partners write ---------------------------------------------------------------------------------------------


def thread(token: str) -> Thread | None:
    return Thread.objects.filter(token=token).first() if token else None


def silence_of(person_id: int, label: str) -> str:
    """mute, block or report, as this person wants it now; "" for none."""
    rows = Silence.objects.filter(person_id=person_id, label=label, ended_at=None)
    return rows.values_list("how", flat=True).first() or ""


def is_paused(label: str) -> bool:
    """One of them reported the other, and no staff has settled it yet."""
    return Silence.objects.filter(label=label, how="report", ended_at=None).exists()


def paused_labels(labels: Iterable[str]) -> set[str]:
    rows = Silence.objects.filter(label__in=list(labels), how="report", ended_at=None)
    return set(rows.values_list("label", flat=True))


def written_today(person_id: int) -> QuerySet[Written]:
    return Written.objects.filter(author_id=person_id, at__gt=clock.now() - timedelta(days=1))


def reads_by(person_id: int) -> str | None:
    """The channel that brings this person what is written to them: texts or mail as they chose, else mail where there is an
    address, else the website for those who use it; None for somebody with nothing but a telephone. Nobody is texted whose
    week has no hour in which a text may ring."""
    closed, chosen = closed_channels(person_id), choice_of(person_id).order
    usable = [one for one in (*chosen, "email") if one in ("sms", "email") and one not in closed]
    found = next((one for one in usable if (_may_be_texted if one == "sms" else _has_mailbox)(person_id)), None)
    return found or ("web" if people.uses_the_website(person_id) else None)


def _has_mailbox(person_id: int) -> bool:
    return people.email_of(person_id) is not None


def _may_be_texted(person_id: int) -> bool:
    if people.mobile_to_text(person_id) is None:
        return False
    person = people.person_known(person_id)
    return next_welcome("sms", person.blocked, clock.now(), person.time_zone) is not None


def written_to(person_id: int) -> QuerySet[Written]:
    """What was written to this person and not deleted, newest first."""
    return Written.objects.filter(to_person_id=person_id, deleted_at=None).order_by("-at", "-pk")


def written_by_and_to(person_id: int, label: str) -> QuerySet[Written]:
    return Written.objects.filter(Q(author_id=person_id) | Q(to_person_id=person_id), label=label).order_by(
        "-at", "-pk"
    )


def written_of(person_id: int, labels: Iterable[str]) -> QuerySet[Written]:
    """That this person wrote or was written to under these labels: when, not what. What the receiver deleted is gone."""
    mine = Q(author_id=person_id) | Q(to_person_id=person_id)
    return Written.objects.filter(mine, label__in=list(labels), deleted_at=None).defer("words")


def written_words(written_id: int) -> tuple[int, str]:
    """(itself, its words), for those who look for red flags; "" for what was deleted."""
    row = Written.objects.filter(pk=written_id).first()
    return written_id, row.words if row else ""


def bounced(receipt: str) -> Message | None:
    """The mail of ours with this number."""
    return Message.objects.filter(channel="email", receipt=receipt).first() if receipt else None
