"""When a message may leave: as many a second as its carrier takes, each in a slot of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from peerline.messaging.models import Channel
from peerline.prepared import prepared

AHEAD = timedelta(seconds=10)  # how far slots are given out: what is more urgent may still come
LATE = timedelta(seconds=1)  # a slot that is over for longer is nobody's any more

Room = Callable[[datetime, int], list[int]]


def next_slot(channel: str, now: datetime, room: Room | None) -> datetime | None:
    """When the carrier takes one more; None: not within the next seconds, so that what is more urgent goes first.

    room: how many each second takes, where others use the same lines.
    """
    if room is None and channel != "sms":
        return now
    row = _channel.first(channel) or Channel.objects.select_for_update().get_or_create(name=channel)[0]
    slot, after = _shared(row.next_slot_at or now, now, room) if room else _next(row.next_slot_at or now, now)
    if slot > now + AHEAD:
        return None
    row.next_slot_at = after
    row.save(update_fields=["next_slot_at"])
    return slot


@prepared(str)
def _channel(name: str) -> QuerySet[Channel]:
    return Channel.objects.select_for_update().filter(name=name)


def _next(free_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    slot = max(now, free_at)
    return slot, slot + timedelta(seconds=1 / settings.TEXTS_A_SECOND)


def _shared(given: datetime, now: datetime, room: Room) -> tuple[datetime, datetime]:
    """The first second that has room for one more. `given` is the last one that was used, and its milliseconds count how
    many were given in it: others who share the lines keep out of it (hold_calls)."""
    last, in_it = given.replace(microsecond=0), given.microsecond // 1000
    first, seconds = max(last, now.replace(microsecond=0)), int(AHEAD.total_seconds()) + 1
    for number, most in enumerate(room(first, seconds)):
        second = first + timedelta(seconds=number)
        used = in_it if second == last else 0
        if used < most:
            return max(second, now), second + timedelta(milliseconds=used + 1)
    return first + timedelta(seconds=seconds), given


def hold_calls() -> datetime:
    """From this second on no call with a reminder has a place yet; until the caller's transaction ends none gets one."""
    row, _ = Channel.objects.select_for_update().get_or_create(name="voice")
    given = row.next_slot_at or datetime.min.replace(tzinfo=UTC)
    return given.replace(microsecond=0) + timedelta(seconds=1)
