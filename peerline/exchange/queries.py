"""What the exchange knows, for the rooms above. No answer holds a telephone number."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from peerline.exchange import voices
from peerline.exchange.engines import numbers
from peerline.exchange.models import Call, Leg, Member, VoiceMessage
from peerline.prepared import prepared


def calls() -> QuerySet[Call]:
    """All calls, newest first; filter by program_id, organization_id, label."""
    return Call.objects.order_by("-began_at", "-id")


def calls_with(person_id: int) -> QuerySet[Call]:
    """Those in which a telephone of this person's had a part."""
    return calls().filter(pk__in=Leg.objects.filter(person=person_id).values("call"))


def call(call_id: int) -> Call | None:
    return _call.first(call_id)


@prepared(int)
def _call(call_id: int) -> QuerySet[Call]:
    return Call.objects.filter(pk=call_id)


def live_calls() -> QuerySet[Call]:
    return calls().filter(ended_at=None)


def on_the_line(person_id: int) -> bool:
    """Is this person on a call just now?"""
    return "up" in live_legs_of(person_id)


@prepared(int)
def live_legs_of(person_id: int) -> QuerySet[Leg, str]:
    """ringing or up, for each telephone that this person has in hand or that rings for them."""
    return Leg.objects.filter(person_id=person_id).exclude(state="over").values_list("state", flat=True)


def lines_in_use() -> int:
    """Telephones that ring or talk just now: each takes a line."""
    return len(_live_legs())


@prepared()
def _live_legs() -> QuerySet[Leg, int]:
    return Leg.objects.exclude(state="over").values_list("pk", flat=True)


def led(leg_id: int) -> tuple[int | None, str]:
    """Whose leg it is, and which dialogue leads it."""
    ((person_id, dialogue),) = _led(leg_id)
    return person_id, dialogue


@prepared(int)
def _led(leg_id: int) -> QuerySet[Leg, tuple[int | None, str]]:
    return Leg.objects.filter(pk=leg_id).values_list("person_id", "dialogue")


def people_in(label: str) -> set[int]:
    """Who is in the open rooms of this label now, those who stepped aside for a moment among them."""
    rows = Member.objects.filter(room__label=label, room__closed_at=None, state__in=("in", "away"))
    return set(rows.exclude(person=None).values_list("person_id", flat=True))


def voice_messages() -> QuerySet[VoiceMessage]:
    """Messages that can still be heard, newest first."""
    return VoiceMessage.objects.filter(state="kept").order_by("-left_at", "-id")


def messages_to(leg: Leg) -> list[dict[str, Any]]:
    """The caller's messages for the telephone: unheard ones first, then by age; ids and whether they were heard."""
    mine = voice_messages().filter(to_person_id=leg.person_id).order_by("left_at")
    rows = [
        {"id": voice.pk, "new": voice.heard_at is None, "from": voice.author_id, "staff": voice.label == "staff"}
        for voice in mine[:50]
    ]
    return sorted(rows, key=lambda row: not row["new"])


def unidentified_messages_since(since: Any, telephone_hash: str | None = None) -> int:
    """How many messages unidentified callers have left for staff since then: from this telephone, or from anywhere."""
    rows = VoiceMessage.objects.filter(author=None, for_staff=True, left_at__gte=since)
    return (rows if telephone_hash is None else rows.filter(call__legs__telephone_hash=telephone_hash)).count()


def voices_without_sound() -> int:
    """Messages that can still be heard by their row, and whose file is not there."""
    rows = VoiceMessage.objects.exclude(state__in=("deleted", "purged")).values_list("file", flat=True)
    return sum(not (voices.folder() / name).is_file() for name in rows.iterator())


def line_sign() -> Path:
    """A file that whoever holds the line touches every few seconds, on this machine."""
    return Path(settings.STATE) / "scratch" / "line"


def line_seen_at() -> datetime | None:
    """When the line last gave a sign of life; None when it never did."""
    try:
        return datetime.fromtimestamp(line_sign().stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def numbers_routed(path: Path) -> tuple[int, str]:
    """(how many rows of the numbers table lead somewhere, "" or what is wrong with the table)."""
    try:
        table = numbers.read(path)
    except (numbers.BadTable, OSError, UnicodeDecodeError, csv.Error) as reason:
        return 0, str(reason)
    leads = [address for _prefix, address in table.prefixes] + list(table.exact.values())
    return sum(1 for address in leads if address != "carrier" or table.carrier), ""
