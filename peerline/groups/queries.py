"""Which sessions there are, who comes, who should be invited."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from peerline.exchange import queries as exchange
from peerline.groups import rules
from peerline.groups.models import Record, Seat, Session
from peerline.kernel.elements import Count, Element
from peerline.people.access import KEEPERS, NotThere, Viewer
from peerline.people.queries import Known, known
from peerline.prepared import prepared
from peerline.programs import queries as programs

A_PAGE = 20
HOLDS_A_SEAT = ("coming", "waiting")
TWICE_AND_MORE = 4


def sessions_for(viewer: Viewer) -> QuerySet[Session]:
    """Sessions of the programs whose records the viewer keeps."""
    scope = viewer.scope(*KEEPERS, organization="program__organization", site="program__site", program="program")
    return Session.objects.filter(scope).select_related("program", "led_by")


def session_for(viewer: Viewer, session_id: int) -> Session:
    """Raises NotThere."""
    found = sessions_for(viewer).filter(pk=session_id).first()
    if found is None:
        raise NotThere
    return found


def with_counts(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Each with .coming, .waiting and .invited."""
    states = ("coming", "waiting", "invited")
    return sessions.annotate(
        **{state: models.Count("seats_taken", filter=Q(seats_taken__state=state)) for state in states}
    )


def ahead(viewer: Viewer, now: datetime) -> QuerySet[Session]:
    """Planned and not over yet, the next one first; today's stay until their record is written."""
    rows = sessions_for(viewer).filter(state="planned").order_by("begins_at", "pk")
    return with_counts(rows)


def past(viewer: Viewer) -> QuerySet[Session]:
    """Held or canceled, newest first."""
    return with_counts(sessions_for(viewer).exclude(state="planned").order_by("-begins_at", "-pk"))


@dataclass(frozen=True)
class Guest:
    """A seat and whose it is."""

    seat: Seat
    person: Known


def guests(session: Session) -> list[Guest]:
    """Everybody who was ever asked, those who come first. Two queries."""
    order = {"coming": 0, "waiting": 1, "invited": 2, "out": 3}
    seats = list(session.seats_taken.all())
    people = known(seat.person_id for seat in seats)
    rows = [Guest(seat, people[seat.person_id]) for seat in seats]
    return sorted(
        rows,
        key=lambda row: (
            order[row.seat.state],
            row.seat.since if row.seat.state == "waiting" else session.made_at,
            row.person.nickname,
        ),
    )


def seat_of(viewer: Viewer, seat_id: int) -> Seat:
    """One of a session the viewer keeps. Raises NotThere."""
    seat = Seat.objects.filter(pk=seat_id, session__in=sessions_for(viewer).values("pk")).first()
    if seat is None:
        raise NotThere
    return seat


def my_seat(person_id: int | None, session_id: int) -> Seat:
    """The person's own, in a program they take part in, or rest from, now. Raises NotThere."""
    seat = Seat.objects.select_related("session__program").filter(person_id=person_id, session_id=session_id).first()
    if seat is None or seat.session.program_id not in _programs_of(seat.person_id):
        raise NotThere
    return seat


def _programs_of(person_id: int) -> set[int]:
    """A rest is from being reminded, not from what somebody does by themself."""
    return {one.program_id for one in programs.enrolled(person_id, "active", "paused")}


def my_seats(person_id: int, now: datetime) -> list[Seat]:
    """The person's sessions that are still to come or go on, the next one first, where they take part, or rest, now. Two
    queries."""
    here = _programs_of(person_id)
    rows = Seat.objects.filter(person_id=person_id, session__state="planned", session__program__in=here)
    rows = rows.filter(session__begins_at__gt=now - timedelta(hours=8)).select_related("session__program")
    return [seat for seat in rows.order_by("session__begins_at", "session_id") if seat.session.ends_at > now]


def my_missed(person_id: int, now: datetime) -> list[Seat]:
    """Sessions of the last weeks the person missed, and has not said what instead."""
    rows = Seat.objects.filter(person_id=person_id, came=False, another="", session__state="held")
    rows = rows.filter(session__begins_at__gt=now - timedelta(weeks=6)).select_related("session")
    return list(rows.order_by("-session__begins_at")[:3])


def places_free(session: Session) -> int:
    return session.seats - session.seats_taken.filter(state="coming").count()


# --- Who should be invited -------------------------------------------------------------------------------------------


def spans_of(program_id: int) -> list[rules.Span]:
    """The protocol's sessions of a program, and for which weeks of an enrollment each is."""
    sessions = programs.protocol_of(program_id).sessions
    return rules.spans((one.key, one.week, one.again_every_weeks) for one in sessions)


def planned_by_protocol(program_id: int, key: str) -> Any | None:
    """The protocol's own words on this session; None for one made by hand."""
    return next((one for one in programs.protocol_of(program_id).sessions if one.key == key), None)


def to_invite(session: Session) -> list[int]:
    """People for whom this session is and who have no seat in it. Two queries, however many people."""
    rows = meant(session.program_id, session.key, session.begins_at)
    rows = rows.exclude(person_id__in=session.seats_taken.values("person_id"))
    return list(rows.order_by("person_id").values_list("person_id", flat=True))


def meant(program_id: int, key: str, begins_at: datetime) -> QuerySet[Any]:
    """Enrollments whose week for such a session has come by that day, and who have no seat in another one like it.

    One made by hand (without a key) is for everybody who takes part.
    """
    rows = programs.people_in_contact(program_id)
    span = rules.span_of(spans_of(program_id), key) if key else None
    if span is None:
        return rows
    rows = _whose_week_has_come(rows, span, begins_at)
    return rows.exclude(person_id__in=_served(program_id, span, begins_at).values("person_id"))


def _whose_week_has_come(rows: QuerySet[Any], span: rules.Span, begins_at: datetime) -> QuerySet[Any]:
    earliest, latest = rules.begun_between(span, begins_at)
    rows = rows.filter(began_at__lte=latest)
    return rows if earliest is None else rows.filter(began_at__gt=earliest)


def _served(program_id: int, span: rules.Span, begins_at: datetime) -> QuerySet[Seat]:
    """Seats in sessions like that one whose people need no other: they came, hold a seat, or were asked and may answer.

    One that comes again every year serves for a year, less the days one is early.
    """
    rows = Seat.objects.filter(session__program_id=program_id, session__key=span.key)
    rows = rows.exclude(session__state="canceled")
    rows = rows.exclude(came=False).exclude(state="out", came=None).exclude(came=None, session__state="held")
    if span.every:
        rows = rows.filter(session__begins_at__gt=begins_at - timedelta(weeks=span.every) + rules.EARLY)
    return rows


@dataclass(frozen=True)
class Wanted:
    """Sessions of the protocol that people are due for and nobody has planned."""

    program: Any
    key: str
    title: str
    people: int
    week: int


def wanted(program: Any, now: datetime) -> list[Wanted]:
    """What the coordinator should plan next in this program: two queries for each session of its protocol."""
    found = []
    for span in spans_of(program.pk):
        one = planned_by_protocol(program.pk, span.key)
        if one is None or Session.objects.filter(program=program, key=span.key, state="planned").exists():
            continue
        people = meant(program.pk, span.key, now + timedelta(days=14)).count()
        if people:
            found.append(Wanted(program, span.key, one.title, people, one.week))
    return found


# --- For duties ------------------------------------------------------------------------------------------------------


def sessions_to_fill(now: datetime, made_since: datetime | None = None) -> list[Session]:
    """Planned sessions near enough that people are invited: all, or those that came near, or were made, since then."""
    ahead = now + rules.INVITE_BEFORE
    if made_since is None:
        return _coming(now, ahead)
    return _made_or_near(now, ahead, made_since, made_since + rules.INVITE_BEFORE)


def came_how_often(person_id: int, program_ids: Collection[int]) -> int:
    """How many sessions of these programs the person came to."""
    return Seat.objects.filter(person=person_id, came=True, session__program__in=program_ids).count()


def coming_to(session_id: int) -> set[int]:
    """Who has a seat there."""
    return set(Seat.objects.filter(session=session_id, state="coming").values_list("person_id", flat=True))


def sessions_ahead_of(program_id: int, now: datetime) -> list[Session]:
    """Those still to come, the next first."""
    rows = Session.objects.filter(program=program_id, state="planned", begins_at__gt=now)
    return list(rows.order_by("begins_at", "pk")[:20])


@prepared(datetime, datetime)
def _coming(first: datetime, last: datetime) -> QuerySet[Session]:
    return Session.objects.filter(state="planned", begins_at__gt=first, begins_at__lte=last).order_by("pk")


@prepared(datetime, datetime, datetime, datetime)
def _made_or_near(first: datetime, last: datetime, made_since: datetime, near: datetime) -> QuerySet[Session]:
    rows = Session.objects.filter(state="planned", begins_at__gt=first, begins_at__lte=last)
    return rows.filter(Q(made_at__gt=made_since) | Q(begins_at__gt=near)).order_by("pk")


@prepared(datetime, datetime)
def planned_between(first: datetime, last: datetime) -> QuerySet[Session]:
    """Sessions that began in this time, and are not closed."""
    return Session.objects.filter(state="planned", begins_at__gt=first, begins_at__lt=last)


@prepared(datetime, datetime)
def coming_between(first: datetime, last: datetime) -> QuerySet[Seat]:
    """Seats of those who come to a session that begins in this time."""
    rows = Seat.objects.filter(state="coming", session__state="planned")
    return rows.filter(session__begins_at__gt=first, session__begins_at__lte=last).select_related("session")


@prepared(datetime, datetime)
def missed_between(first: datetime, last: datetime) -> QuerySet[Seat]:
    """Seats whose people did not come, marked in this time; nothing chosen instead yet."""
    rows = Seat.objects.filter(came=False, another="", marked_at__gt=first, marked_at__lte=last)
    return rows.select_related("session")


def missed_in_a_row(person_id: int, program_id: int) -> int:
    """How many sessions in a row, up to now, this person was expected at and missed."""
    rows = Seat.objects.filter(person_id=person_id, session__program_id=program_id).exclude(came=None)
    count = 0
    for came in rows.order_by("-session__begins_at", "-pk").values_list("came", flat=True)[:10]:
        if came:
            break
        count += 1
    return count


def missed_lately(person_id: int, program_id: int) -> list[int]:
    """The last seats this person missed."""
    rows = Seat.objects.filter(person_id=person_id, session__program_id=program_id, came=False)
    return list(rows.order_by("-session__begins_at").values_list("pk", flat=True)[:TWICE_AND_MORE])


def need_of_a_session(program_id: int, key: str) -> str:
    """The key of the need that somebody plans the next session of this kind; a new one after each that was planned."""
    made = Session.objects.filter(program_id=program_id, key=key).count()
    return f"groups.no_session:{program_id}:{key}:{made}"


def came_to(element: str) -> Count:
    """How often each came to a session that serves this element, as the protocol says; one made by hand is follow-up."""

    def count(program_id: int, people: Collection[int] | None = None) -> dict[int, int]:
        keys = [one.key for one in programs.protocol_of(program_id).sessions if element in one.elements]
        keys += [""] * (element == Element.FOLLOWUP)
        rows = Seat.objects.filter(session__program_id=program_id, session__key__in=keys, came=True)
        rows = rows if people is None else rows.filter(person_id__in=list(people))
        return dict(rows.order_by().values("person_id").annotate(n=models.Count("pk")).values_list("person_id", "n"))

    return count


def referred(program_id: int, people: Collection[int] | None = None) -> dict[int, int]:
    """person → in how many records of sessions they came to they are named among those sent somewhere (S99).

    The words are sealed and cannot be searched, so the few records that have any are read. Two queries.
    """
    records = Record.objects.filter(session__program_id=program_id).values_list("session_id", "referrals")
    said = {session: words.casefold() for session, words in records if words}
    rows = Seat.objects.filter(session__in=said, came=True)
    rows = rows if people is None else rows.filter(person_id__in=list(people))
    found: Counter[int] = Counter()
    for session, person, nickname in rows.values_list("session_id", "person_id", "person__nickname"):
        named = nickname and re.search(rf"\b{re.escape(nickname.casefold())}\b", said[session])
        found.update([person] if named else [])
    return dict(found)


def inside(session: Session) -> set[int]:
    """Who is in the conversation of a telephone session now."""
    return exchange.people_in(session.label)
