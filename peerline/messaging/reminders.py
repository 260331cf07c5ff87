"""Reminders: once for each reason, by the way the person chose, and by another one when that comes to nothing.

Numbered, for each tick: 1. what is past its time is put before the staff; 2. whoever is due next, the urgent first, gets a
message on the channel that rules.next_channel says, in their hours, as many a second as the carrier takes; 3. what became of
a message brings its reminder back to 2, until one arrived or no way is left.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.events import NeedsStaff
from peerline.messaging import outbox, queries, rules, slots
from peerline.messaging.models import Message, Reminder
from peerline.messaging.rules import Text
from peerline.people import queries as people
from peerline.prepared import prepared

A_TICK = 500
AWHILE = timedelta(seconds=15)
BUSY = {"voice": timedelta(minutes=5)}  # a call with them goes on
LETTER_TAKES = timedelta(days=3)

Guard = Callable[[int, int | None, bool], bool]
_guards: list[Guard] = []


def asks_first(guard: Guard) -> None:
    """guard(person_id, program_id, in_rest): may this person be contacted now, in that program (None: in none in
    particular), also (in_rest) while they take a rest?

    Asked again before each message; what may not leave is dropped.
    """
    _guards.append(guard)


@transaction.atomic
def remind(
    person_id: int,
    *,
    kind: str,
    key: str,
    words: Callable[[str], Text],
    not_after: datetime,
    at: datetime | None = None,
    program_id: int | None = None,
    urgency: int = 5,
    in_rest: bool = False,
) -> bool:
    """Remind this person once, from `at` on, by their channel and within their hours; False when this key was ever used.

    words(language): a rules.Text, in the person's language, which is in force meanwhile. After not_after it has no sense
    any more: then the staff see that it was missed. in_rest: tell them also while they take a rest. Raises rules.Telling. Written in the caller's transaction.
    """
    if _with_key(key):
        return False
    language = people.person_known(person_id).language
    with translation.override(language):
        text = words(language)
    prompt, values = text.prompt
    now = clock.now()
    _, made = Reminder.objects.get_or_create(
        key=key,
        defaults={
            "person_id": person_id, "program_id": program_id, "kind": kind, "urgency": urgency, "made_at": now,
            "subject": str(text.subject), "body": str(text.body), "prompt": prompt, "prompt_values": values,
            "next_at": at or now, "not_after": not_after, "in_rest": in_rest,
        },
    )  # fmt: skip
    return made


@prepared(str)
def _with_key(key: str) -> QuerySet[Reminder, int]:
    return Reminder.objects.filter(key=key).values_list("pk", flat=True)


@transaction.atomic
def no_longer(*keys: str) -> set[str]:
    """The reasons are gone: what has not left yet does not leave. Those of these keys for which there was something to drop."""
    rows = list(_open().select_for_update().filter(key__in=keys))
    return {one.key for one in rows if _drop(one)}


@transaction.atomic
def forget_person(person_id: int) -> int:
    """Of somebody who was taken out (S15): nothing that waits is sent, and where the rest went is forgotten. How many
    reminders were dropped."""
    rows = Reminder.objects.select_for_update().filter(person_id=person_id, state__in=["waiting", "out"])
    dropped = sum(_drop(one) for one in list(rows))
    mine = Message.objects.filter(to_person_id=person_id)
    mine.filter(state="waiting").delete()
    mine.update(address="", ask_at=None)
    return dropped


def _drop(reminder: Reminder) -> bool:
    reminder.messages.filter(state="waiting").delete()
    return _end(reminder, "dropped")


def _end(reminder: Reminder, state: str) -> bool:
    reminder.state, reminder.ended_at = state, clock.now()
    reminder.save(update_fields=["state", "ended_at"])
    return True


# --- The tick --------------------------------------------------------------------------------------------------------


def tick() -> int:
    """Regular work; how many reminders were looked at."""
    now = clock.now()
    for pk in _past(now):
        _miss(pk)
    due = Reminder.objects.filter(state="waiting", next_at__lte=now, not_after__gt=now)
    away = queries.channels_away(now)
    full: set[str | None] = {*queries.channels_full(now + slots.AHEAD)}
    rows = due.exclude(waits_for__in=full).order_by("urgency", "next_at", "pk").values_list("pk", "waits_for")
    looked_at = 0
    for pk, waits_for in list(rows[:A_TICK]):
        if waits_for not in full:  # a long queue costs nothing until its turn comes
            full.add(_go_on(pk, away))
            looked_at += 1
    return looked_at


@prepared(datetime)
def _past(now: datetime) -> QuerySet[Reminder, int]:
    return _open().filter(not_after__lte=now).values_list("pk", flat=True)[:A_TICK]


def _open() -> QuerySet[Reminder]:
    return Reminder.objects.filter(state__in=["waiting", "out"])


@transaction.atomic
def _miss(pk: int) -> None:
    """Past its time without having arrived, as far as anybody knows. A message still on its way is not counted as none."""
    reminder = _open().select_for_update().filter(pk=pk).first()
    if reminder is None:
        return
    reminder.messages.filter(state="waiting").delete()
    _end(reminder, "missed")
    _needs_staff(reminder, "messaging.missed")


def _needs_staff(reminder: Reminder, kind: str) -> None:
    facts = {"about": reminder.kind, "tries": reminder.messages.exclude(state__in=["waiting", "expired"]).count()}
    key = f"{kind}:{reminder.pk}"
    announce(NeedsStaff(kind, key, reminder.program_id, reminder.person_id, "E3", facts))


@transaction.atomic
def _go_on(pk: int, away: dict[str, datetime]) -> str | None:
    """The channel in whose queue it stays, which has no room now; None when anything else came of it."""
    reminder = _held.first(pk)
    if reminder is None or reminder.state != "waiting":
        return None
    person = people.person_known(reminder.person_id)
    asked = (reminder.person_id, reminder.program_id, reminder.in_rest)
    if person.removed or not all(guard(*asked) for guard in _guards):
        _drop(reminder)
        return None
    if enough := queries.may_call_again_at(reminder.person_id, clock.now()):
        away = {**away, "voice": enough}
    following = rules.next_channel(
        queries.choice_of(reminder.person_id),
        queries.tries_of(reminder.pk),
        reachable=_reachable(reminder),
        closed=queries.closed_channels(reminder.person_id),
        away=away.keys(),
    )
    if following.why == "try":
        return _try(reminder, person, following.channel)
    if following.why == "wait":
        # All that wait for one channel come back at the same instant, so that then the urgent go first.
        _later(reminder, max([clock.now() + AWHILE] if not away else away.values()))
    else:
        _end(reminder, following.why)
        if following.why == "nowhere":
            _needs_staff(reminder, "messaging.nowhere")
    return None


@prepared(int)
def _held(reminder_id: int) -> QuerySet[Reminder]:
    """The row, nobody else's until the transaction ends."""
    return Reminder.objects.select_for_update().filter(pk=reminder_id)


def _reachable(reminder: Reminder) -> set[str]:
    """Channels with an address; a letter only where it would come in time."""
    found = outbox.channels_to(reminder.person_id)
    return found if reminder.not_after - clock.now() >= LETTER_TAKES else found - {"letter"}


def _try(reminder: Reminder, person: people.Known, channel: str) -> str | None:
    """A message on this channel, now; or later, when they may be reached or the carrier has room (then: the channel)."""
    now = clock.now()
    welcome = rules.next_welcome(channel, person.blocked, now, person.time_zone)
    if welcome is None or welcome > now:
        _later(reminder, min(welcome or reminder.not_after, reminder.not_after))
        return None
    slot = slots.next_slot(channel, now, outbox.room_of(channel))
    if slot is None:
        reminder.waits_for = channel
        reminder.save(update_fields=["waits_for"])
        return channel
    ends = reminder.not_after if channel == "letter" else rules.hour_ends(now, person.time_zone)
    number = len(_messages(reminder.pk)) + 1
    outbox.send(
        to_person=reminder.person_id, channel=channel, kind=reminder.kind, key=f"{reminder.key}#{number}", at=slot,
        subject=reminder.subject, body=reminder.body, expires_at=min(reminder.not_after, ends),
        reminder_id=reminder.pk,
    )  # fmt: skip
    reminder.state = "out"
    reminder.save(update_fields=["state"])
    return None


@prepared(int)
def _messages(reminder_id: int) -> QuerySet[Message, int]:
    return Message.objects.filter(reminder=reminder_id).values_list("pk", flat=True)


def _later(reminder: Reminder, at: datetime) -> None:
    reminder.next_at, reminder.waits_for = at, ""
    reminder.save(update_fields=["next_at", "waits_for"])


# --- What became of a message ---------------------------------------------------------------------------------------


def message_ended(message: Message) -> None:
    """In the commit that notes it. A message that never left is none: it goes, and its reminder finds another way."""
    reminder = _held.first(message.reminder_id) if message.reminder_id else None
    if reminder is None or reminder.state == "dropped":
        return
    if message.state in ("waiting", "expired"):
        message.delete()
        _back(reminder, clock.now() + BUSY.get(message.channel, timedelta()))
        return
    outcome = queries.outcome_of(message)
    if outcome == "delivered":
        _end(reminder, "delivered")
    elif outcome != "open":
        _back(reminder, clock.now() + rules.AGAIN_AFTER.get(message.channel, timedelta()))
    if outcome == "unsure":
        _needs_staff(reminder, "messaging.unsure")


def _back(reminder: Reminder, at: datetime) -> None:
    """It looks for a way again; what was thought to have arrived, too, when a bounce came. Not after its time."""
    if reminder.state in ("waiting", "out", "delivered") and reminder.not_after > clock.now():
        reminder.state, reminder.next_at, reminder.waits_for, reminder.ended_at = "waiting", at, "", None
        reminder.save(update_fields=["state", "next_at", "waits_for", "ended_at"])
