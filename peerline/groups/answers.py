"""What groups answers to dialogues: answer(leg, …), plain values. Nothing here holds a number or a name."""

from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from peerline.exchange import services as exchange
from peerline.groups import agenda, news, queries, rules, services
from peerline.groups import training as lessons
from peerline.groups import words as group_words
from peerline.groups.models import Seat, Session
from peerline.groups.rules import GroupError
from peerline.kernel import clock
from peerline.people.access import NotThere, viewer_of
from peerline.people.queries import person_known
from peerline.programs import queries as programs

MOST_TOLD = 4


def mine(leg: Any, person_id: int) -> list[dict[str, Any]]:
    """The caller's sessions to come, the next one first."""
    return [_told(seat) for seat in queries.my_seats(person_id, clock.now())[:MOST_TOLD]]


def session(leg: Any, person_id: int, session_id: int) -> dict[str, Any] | None:
    """One of them as it stands now; None when it is over, canceled, or not the caller's."""
    seats = [seat for seat in queries.my_seats(person_id, clock.now()) if seat.session_id == session_id]
    return _told(seats[0]) if seats else None


def _told(seat: Seat) -> dict[str, Any]:
    found = seat.session
    local = found.begins_at.astimezone(ZoneInfo(news.zone_of(found, person_known(seat.person_id))))
    return {
        "session": found.pk, "date": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}", "way": found.way, "state": seat.state,
        "open": rules.is_open(found.way, found.begins_at, found.minutes, clock.now()),
    }  # fmt: skip


def sign_up(leg: Any, session_id: int) -> str:
    """The state of the seat from now on; "" where it is too late."""
    with suppress(GroupError, NotThere):
        return services.sign_up(viewer_of(leg.person_id), session_id=session_id, person_id=leg.person_id).state
    return ""


def give_up(leg: Any, session_id: int) -> None:
    with suppress(GroupError, NotThere):
        services.give_up(viewer_of(leg.person_id), session_id=session_id, person_id=leg.person_id)


def bring_topic(leg: Any, session_id: int, key: str) -> bool:
    """False where it is too late."""
    topic = group_words.PHONE_TOPICS[int(key) - 1]
    with suppress(GroupError, NotThere):
        return bool(agenda.add_point(viewer_of(leg.person_id), session_id=session_id, topic=topic))
    return False


def bring_voice(leg: Any, voice_id: int, session_id: int) -> bool:
    """A voice note for the agenda: staff hear it as a voicemail and type its words in. False where it is too late."""
    try:
        point = agenda.add_point(viewer_of(leg.person_id), session_id=session_id, voice_id=voice_id)
    except (GroupError, NotThere):
        return False
    exchange.address(
        leg, voice_id, to_person_id=None, for_staff=True, program_id=point.program_id, label=f"session:{session_id}"
    )
    return True


def door(leg: Any, person_id: int, session_id: int) -> dict[str, Any]:
    """May the caller go in now, how many are there, and how long the line holds the room."""
    found = _session_of(person_id, session_id)
    if found is None or not rules.is_open(found.way, found.begins_at, found.minutes, clock.now()):
        return {"open": False}
    seconds = rules.longest_seconds(found.begins_at, found.minutes, clock.now())
    return {
        "open": True,
        "inside": len(queries.inside(found) - {person_id}),
        "label": found.label,
        "longest_seconds": seconds,
    }


def _session_of(person_id: int, session_id: int) -> Session | None:
    """A planned session in which the person has a seat, or which they look after as staff."""
    seats = [seat for seat in queries.my_seats(person_id, clock.now()) if seat.session_id == session_id]
    if seats:
        return seats[0].session
    return queries.sessions_for(viewer_of(person_id)).filter(pk=session_id, state="planned").first()


def came(leg: Any, session_id: int) -> None:
    """The caller goes in: for somebody with a seat that is attendance; and the call belongs to the session's program."""
    found = _session_of(leg.person_id, session_id)
    if found is None:
        raise PermissionError(f"leg {leg.pk} went into somebody else's session")
    services.came_by_telephone(session_id, leg.person_id)
    exchange.belongs(leg, found.program.organization_id, found.program_id, found.label)


def trained(leg: Any, person_id: int) -> bool:
    """Is there nothing to offer: it is done, or no program of theirs asks for it?"""
    here = [one.program_id for one in programs.enrolled(person_id, "active")]
    return not any(lessons.lacking(program_id, [person_id]) for program_id in here)


def training(leg: Any, person_id: int) -> int:
    """How many screens the caller has had."""
    row = lessons.reached(person_id)
    return row.screen if row else 0


def screen(leg: Any, person_id: int, number: int) -> None:
    lessons.seen(person_id, screen=number, how="phone")


def training_done(leg: Any, person_id: int) -> None:
    with suppress(GroupError):
        lessons.finish(person_id, how="phone")
