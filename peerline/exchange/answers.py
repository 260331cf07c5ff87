"""What the exchange answers to dialogues: answer(leg, …), plain values."""

from typing import Any
from zoneinfo import ZoneInfo

from peerline.exchange import queries, services
from peerline.exchange.models import Leg
from peerline.people.queries import person_known


def messages_waiting(leg: Leg, person_id: int) -> list[dict[str, Any]]:
    """The caller's messages, new ones first, with day and time on the caller's own clock."""
    zone = ZoneInfo(person_known(person_id).time_zone)
    voices = queries.voice_messages().filter(to_person_id=person_id).order_by("left_at")[:50]
    rows = []
    for voice in voices:
        local = voice.left_at.astimezone(zone)
        rows.append({
            "id": voice.pk, "new": voice.heard_at is None, "staff": voice.label == "staff",
            "day": local.weekday(), "time": local.strftime("%H:%M"),
        })  # fmt: skip
    return sorted(rows, key=lambda row: not row["new"])


def messages_new(leg: Leg, person_id: int) -> int:
    return queries.voice_messages().filter(to_person_id=person_id, heard_at=None).count()


def message_heard(leg: Leg, voice_id: int) -> None:
    services.heard_by(leg.person_id, voice_id)


def message_drop(leg: Leg, voice_id: int) -> bool:
    return services.drop_for(leg.person_id, voice_id)
