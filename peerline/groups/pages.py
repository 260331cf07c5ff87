"""What the pages of this room show, gathered in a few queries whatever the number of people."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from peerline.groups import agenda, forms, news, queries, rules, training, words
from peerline.groups.models import Point, Record, Seat, Session
from peerline.kernel import clock, places
from peerline.people.access import KEEPERS, Viewer
from peerline.people.queries import Known, known, person_known
from peerline.programs import queries as programs

TRAINING_WAYS = [(way, words.HOW[way]) for way in rules.TRAINED_BY_STAFF]


def overview(viewer: Viewer, before: str) -> dict[str, Any]:
    """What is to come, what nobody planned, and a page of what was."""
    now = clock.now()
    mine = list(programs.programs(viewer, *KEEPERS))
    wanted = [(want, want.title[(get_language() or "en")[:2]]) for one in mine for want in queries.wanted(one, now)]
    past, older = _page(queries.past(viewer), before)
    rows = [_row(session) for session in queries.ahead(viewer, now)[: queries.A_PAGE * 5]]
    return {
        "programs": mine, "wanted": wanted, "ahead": rows, "past": [_row(session) for session in past], "older": older,
        "begun": bool(before),
    }  # fmt: skip


def _page(rows: Any, before: str) -> tuple[list[Session], str]:
    if begin := places.read(before):
        rows = rows.filter(Q(begins_at__lt=begin[0]) | Q(pk__lt=begin[1]), begins_at__lte=begin[0])
    found = list(rows[: queries.A_PAGE + 1])
    more = len(found) > queries.A_PAGE
    found = found[: queries.A_PAGE]
    return found, places.place(found[-1].begins_at, found[-1].pk) if more else ""


def _row(session: Any) -> dict[str, Any]:
    return {"session": session, "when": when(session, session.time_zone), "state": words.STATES[session.state],
            "tone": words.STATE_TONES[session.state], "full": session.coming >= session.seats}  # fmt: skip


def when(session: Session, zone: str) -> str:
    """On the clock of that zone, in the language in force."""
    with timezone.override(ZoneInfo(zone)):
        return news.when_words(session.begins_at)


def record_of(session: Session) -> Record | None:
    return Record.objects.filter(session=session).first()


def one(session: Session) -> dict[str, Any]:
    """One session for its staff page."""
    guests, now = queries.guests(session), clock.now()
    plans_of = _plans_of(session, guests)
    return {
        "session": session, "program": session.program, "when": when(session, session.time_zone),
        "state": words.STATES[session.state], "tone": words.STATE_TONES[session.state],
        "guests": [(guest, plans_of.get(guest.person.person_id)) for guest in guests], "free": session.seats - sum(guest.seat.state == "coming" for guest in guests),
        "figures": _figures(guests), "points": points(session), "point_form": forms.PointForm(),
        "others": _others(session, guests), "record": record_of(session),
        "is_planned": session.state == "planned", "has_begun": now >= session.begins_at - rules.OPENS_BEFORE,
        "is_open": rules.is_open(session.way, session.begins_at, session.minutes, now) and session.state == "planned",
        "inside": _inside(session),
    }  # fmt: skip


def _figures(guests: Iterable[queries.Guest]) -> dict[str, int]:
    guests = list(guests)
    counted = {state: sum(guest.seat.state == state for guest in guests) for state in words.SEATS}
    return counted | {"came": sum(guest.seat.came is True for guest in guests)}


def _inside(session: Session) -> list[str]:
    """Nicknames of those in the conversation now."""
    if session.way != "telephone" or session.state != "planned":
        return []
    return sorted(one.nickname for one in known(queries.inside(session)).values())


def _plans_of(session: Session, guests: list[queries.Guest]) -> dict[int, int]:
    """person → enrollment, for a session in which people make their plan; empty for another."""
    by_protocol = queries.planned_by_protocol(session.program_id, session.key) if session.key else None
    if session.key and not (by_protocol and by_protocol.plan):
        return {}
    rows = programs.people_in_contact(session.program_id).filter(person_id__in=[one.person.person_id for one in guests])
    return dict(rows.values_list("person_id", "pk"))


def _others(session: Session, guests: list[queries.Guest]) -> list[Known]:
    """Who takes part and has no seat here, by nickname."""
    if session.state == "canceled":
        return []
    people = set(programs.people_in_contact(session.program_id).values_list("person_id", flat=True))
    people -= {guest.person.person_id for guest in guests}
    return sorted(known(people).values(), key=lambda one: one.nickname)


def points(session: Session, person_id: int | None = None) -> list[dict[str, Any]]:
    """The agenda; for a participant also whether they want each point. Two queries."""
    rows = list(agenda.points_of(session))
    mine: set[int] = set()
    if person_id is not None:
        mine = set(Point.objects.filter(pk__in=[row.pk for row in rows], votes__person_id=person_id).values_list("pk", flat=True))  # fmt: skip
    return [{"point": row, "wanted": row.wanted, "mine": row.pk in mine} for row in rows]


def untrained(program_id: int) -> list[Known]:
    people = known(training.without(program_id))
    return sorted(people.values(), key=lambda one: one.nickname)


# --- The participant's own -------------------------------------------------------------------------------------------


def mine(viewer: Viewer) -> dict[str, Any]:
    """The participant's sessions, each with its agenda; and what they missed."""
    now, person = clock.now(), person_known(viewer.person_id or 0)
    seats = queries.my_seats(person.person_id, now)
    missed = queries.my_missed(person.person_id, now)
    return {
        "rows": [_mine(seat, person) for seat in seats],
        "missed": [(seat, when(seat.session, news.zone_of(seat.session, person))) for seat in missed],
        "another": [(word, words.ANOTHER[word]) for word in rules.OTHER_WAYS],
        "topics": list(words.TOPICS.items()),
    }


def _mine(seat: Seat, person: Known) -> dict[str, Any]:
    session = seat.session
    return {
        "seat": seat, "session": session, "when": when(session, news.zone_of(session, person)), "said": words.MY_SEATS[seat.state],
        "coming": seat.state in queries.HOLDS_A_SEAT, "points": points(session, person.person_id),
        "is_open": rules.is_open(session.way, session.begins_at, session.minutes, clock.now()),
    }  # fmt: skip
