"""What people answers to dialogues: answer(leg, …), plain values."""

from typing import Any

from django.conf import settings

from peerline.kernel import week
from peerline.people import queries, services
from peerline.people.access import viewer_of
from peerline.people.rules import spoken_hours


def line_facts(leg: Any, telephone_hash: str) -> dict[str, Any]:
    """How to greet this telephone: its household's language when all share one, and whether it was taken out (S15)."""
    household = queries.people_at_number(telephone_hash) if telephone_hash else []
    languages = {person.language for person in household}
    return {
        "pack": settings.LOCALE_PACK,
        "known": bool(telephone_hash) and queries.is_registered(telephone_hash),
        "removed": bool(telephone_hash) and queries.is_removed(telephone_hash),
        "language": languages.pop() if len(languages) == 1 else "",
    }


def nickname(leg: Any, person_id: int) -> str:
    return queries.person_known(person_id).nickname


def calling_hours(leg: Any, person_id: int) -> list[dict[str, Any]] | None:
    return spoken_hours(queries.person_known(person_id).blocked)


def take_calls_any_time(leg: Any, person_id: int) -> None:
    services.set_blocked_hours(viewer_of(person_id), person_id, week.NONE)


def take_calls_from_to(leg: Any, person_id: int, days: list[int], first_hour: int, end_hour: int) -> None:
    """On these days calls are welcome from first_hour to end_hour only; other days stay as they are."""
    blocked = queries.person_known(person_id).blocked
    blocked |= week.of_days(days, 0, 24)
    blocked &= ~week.of_days(days, first_hour, end_hour)
    services.set_blocked_hours(viewer_of(person_id), person_id, blocked)


def set_language(leg: Any, person_id: int, language: str) -> None:
    services.set_language(viewer_of(person_id), person_id=person_id, language=language)
