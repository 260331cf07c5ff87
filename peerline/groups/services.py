"""Writes: sessions and who comes. First argument the Viewer who acts; a participant acts on their own seat only.

Every change of seats locks the session first, so that two who sign up in the same second never share the last seat.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from peerline.audit import services as audit
from peerline.exchange import services as exchange
from peerline.groups import agenda, news, queries, rules
from peerline.groups.models import Seat, Session
from peerline.groups.rules import GroupError
from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.events import NeedMet, NeedsStaff
from peerline.people.access import KEEPERS, NotThere, Viewer
from peerline.programs import queries as programs

CHANGEABLE = ("begins_at", "minutes", "time_zone", "way", "place", "link", "seats", "led_by_id", "titles")
FIRST_WORDS = {"invited": "invited", "coming": "moved_up"}  # what somebody with such a seat heard of it at first
TWICE = 2  # missed so often in a row, staff are told (S55)


@transaction.atomic
def plan(
    actor: Viewer, *, program_id: int, begins_at: datetime, way: str, time_zone: str, key: str = "",
    titles: Mapping[str, str] | None = None, minutes: int = 90, seats: int = 12, **facts: Any,
) -> Session:  # fmt: skip
    """A session to come: one of the protocol's by its key, or one made by hand with its titles.

    facts: place, link, led_by_id. Raises GroupError in_the_past, no_place, not_a_choice; NotThere outside the actor's programs.
    """
    program = programs.program_for(actor, program_id, *KEEPERS)
    by_protocol = queries.planned_by_protocol(program_id, key) if key else None
    if key and by_protocol is None:
        raise GroupError("not_a_choice")
    session = Session(
        program=program, key=key, titles=dict(by_protocol.title if by_protocol else titles or {}), begins_at=begins_at,
        way=way, time_zone=time_zone, minutes=minutes, seats=seats, made_by_id=actor.person_id, made_at=clock.now(), **facts,
    )  # fmt: skip
    _check(session)
    announce(NeedMet(queries.need_of_a_session(program_id, key)))
    session.save()
    _note(actor, session, "groups.planned")
    return session


def _check(session: Session) -> None:
    if session.begins_at <= clock.now():
        raise GroupError("in_the_past")
    if session.way not in rules.WAYS:
        raise GroupError("not_a_choice")
    if (session.way == "place" and not session.place) or (session.way == "link" and not session.link):
        raise GroupError("no_place")


def _note(actor: Viewer, session: Session, verb: str, **detail: Any) -> None:
    audit.record(actor.person_id, verb, object=f"session:{session.pk}", **detail)


def _locked(actor: Viewer, session_id: int) -> Session:
    """A session the actor keeps that was neither held nor canceled. Raises GroupError is_over, is_canceled; NotThere."""
    queries.session_for(actor, session_id)
    return _still_planned(session_id)


def _still_planned(session_id: int) -> Session:
    session = Session.objects.select_for_update(of=("self",)).select_related("program").get(pk=session_id)
    if session.state != "planned":
        raise GroupError({"held": "is_over", "canceled": "is_canceled"}[session.state])
    return session


@transaction.atomic
def change(actor: Viewer, *, session_id: int, **facts: Any) -> Session:
    """Another time, place, leader, number of seats; see CHANGEABLE. Whoever comes or waits is told of another time or place.

    Raises GroupError in_the_past, no_place, too_few_seats, is_over, is_canceled.
    """
    session = _locked(actor, session_id)
    before = [getattr(session, name) for name in ("begins_at", "way", "place", "link", "time_zone")]
    for name, value in facts.items():
        if name not in CHANGEABLE:
            raise GroupError("not_a_choice")
        setattr(session, name, value)
    _check(session)
    if queries.places_free(session) < 0:
        raise GroupError("too_few_seats")
    moved = before != [getattr(session, name) for name in ("begins_at", "way", "place", "link", "time_zone")]
    session.moves += moved
    session.save()
    _note(actor, session, "groups.changed", fields=sorted(facts))
    if moved:
        _tell_all(session, "moved", "coming", "waiting", "invited")
    _fill_up(session)
    return session


@transaction.atomic
def cancel(actor: Viewer, *, session_id: int) -> Session:
    """It does not take place; whoever was asked is told. Canceling again changes nothing."""
    session = queries.session_for(actor, session_id)
    if session.state == "canceled":
        return session
    session = _locked(actor, session_id)
    session.state, session.closed_at, session.moves = "canceled", clock.now(), session.moves + 1
    session.save(update_fields=["state", "closed_at", "moves"])
    agenda.leave_over(session)
    _note(actor, session, "groups.canceled")
    _tell_all(session, "canceled", "coming", "waiting", "invited")
    return session


def _tell_all(session: Session, what: str, *states: str) -> None:
    """Of a new version. Whoever has not heard yet of the one before that they were asked, or got a seat, hears it now.

    Whoever rests keeps the seat they signed up for, and is told: they must not stand before a closed door.
    """
    for seat in session.seats_taken.filter(state__in=states):
        first, unheard = FIRST_WORDS.get(seat.state), news.take_back(seat, session.moves - 1)
        said, signed_up = first if what == "moved" and first in unheard else what, seat.state in queries.HOLDS_A_SEAT
        news.tell(session, seat.person_id, said, in_rest=signed_up)


# --- Seats -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(actor: Viewer, *, session_id: int, person_id: int) -> Seat:
    """Ask somebody to come, and tell them. Asked again they are not told again. Raises GroupError not_in_the_program."""
    session = _locked(actor, session_id)
    if not programs.is_in_contact(person_id, session.program_id):
        raise GroupError("not_in_the_program")
    seat, made = Seat.objects.get_or_create(
        session=session, person_id=person_id, defaults={"since": clock.now(), "door": audit.door.get()}
    )
    if made:
        audit.record(actor.person_id, "groups.invited", subject_id=person_id, object=f"session:{session.pk}")
        news.tell(session, person_id, "invited")
    return seat


@transaction.atomic
def sign_up(actor: Viewer, *, session_id: int, person_id: int) -> Seat:
    """The person comes, or waits for a seat where all are taken; by the person or by staff for them. Idempotent.

    Raises GroupError is_over, is_canceled, not_in_the_program; NotThere.
    """
    session = _for_seat(actor, session_id, person_id)
    seat = _seat(session, person_id)
    if seat.state in queries.HOLDS_A_SEAT:
        return seat
    return _become(actor, seat, "coming" if queries.places_free(session) > 0 else "waiting")


@transaction.atomic
def give_up(actor: Viewer, *, session_id: int, person_id: int) -> Seat:
    """The person does not come; the one who waits longest gets the seat and is told. Idempotent."""
    session = _for_seat(actor, session_id, person_id)
    seat = _seat(session, person_id)
    if seat.state != "out":
        news.take_back(seat, session.moves)
        _become(actor, seat, "out")
        _fill_up(session)
    return seat


def _seat(session: Session, person_id: int) -> Seat:
    facts = {"since": clock.now(), "door": audit.door.get()}
    return Seat.objects.get_or_create(session=session, person_id=person_id, defaults=facts)[0]


def _for_seat(actor: Viewer, session_id: int, person_id: int) -> Session:
    """One's own seat needs an invitation or staff, also in a rest; somebody else's needs staff of the program."""
    own = actor.person_id == person_id and not actor.is_platform
    if own:
        queries.my_seat(person_id, session_id)
    else:
        queries.session_for(actor, session_id)
    session = _still_planned(session_id)
    if session.ends_at <= clock.now():
        raise GroupError("is_over")
    if not own and not programs.is_in_contact(person_id, session.program_id):
        raise GroupError("not_in_the_program")
    return session


def _become(actor: Viewer, seat: Seat, state: str) -> Seat:
    seat.state, seat.since, seat.door = state, clock.now(), audit.door.get()
    seat.save(update_fields=["state", "since", "door"])
    audit.record(actor.person_id, f"groups.{state}", subject_id=seat.person_id, object=f"session:{seat.session_id}")
    return seat


def _fill_up(session: Session) -> None:
    """Whoever waits longest gets what is free, and is told by their channel."""
    waiting = list(session.seats_taken.filter(state="waiting").values_list("since", "pk"))
    chosen = rules.moves_up(waiting, queries.places_free(session))
    for seat in Seat.objects.filter(pk__in=chosen).order_by("since", "pk"):
        seat.state, seat.since = "coming", clock.now()
        seat.save(update_fields=["state", "since"])
        audit.record(None, "groups.moved_up", subject_id=seat.person_id, object=f"session:{session.pk}")
        news.tell(session, seat.person_id, "moved_up", turn=news.turn_of(seat))


@transaction.atomic
def left_the_program(person_id: int, program_id: int) -> None:
    """Their seats in what is still to come are free. Called again it changes nothing."""
    rows = Seat.objects.filter(person_id=person_id, session__program_id=program_id, session__state="planned")
    for seat in rows.exclude(state="out").select_related("session"):
        session = Session.objects.select_for_update(of=("self",)).get(pk=seat.session_id)
        news.take_back(seat, session.moves)
        Seat.objects.filter(pk=seat.pk).update(state="out", since=clock.now())
        _fill_up(session)


def enrollment_stopped(enrollment_id: int, person_id: int) -> None:
    """Listener of EnrollmentStopped, which may come twice."""
    program_id = programs.program_of_enrollment(enrollment_id)
    if program_id is not None:
        left_the_program(person_id, program_id)


# --- Who came --------------------------------------------------------------------------------------------------------


@transaction.atomic
def mark(actor: Viewer, *, session_id: int, person_id: int, came: bool, came_by: str = "") -> Seat:
    """Somebody came or did not: one tap a person. Somebody nobody expected gets a seat by it. May be corrected any time.

    Raises GroupError not_yet before the session opens, is_canceled, not_in_the_program.
    """
    session = queries.session_for(actor, session_id)
    if session.state == "canceled":
        raise GroupError("is_canceled")
    if clock.now() < session.begins_at - rules.OPENS_BEFORE:
        raise GroupError("not_yet")
    if session.program_id not in {one.program_id for one in programs.enrolled(person_id)}:
        raise GroupError("not_in_the_program")
    return _marked(actor.person_id, session, person_id, came=came, came_by=came_by or session.way)


def _marked(actor_id: int | None, session: Session, person_id: int, *, came: bool, came_by: str) -> Seat:
    now = clock.now()
    seat, _made = Seat.objects.get_or_create(
        session=session, person_id=person_id, defaults={"since": now, "door": audit.door.get(), "state": "coming"}
    )
    if seat.came == came and seat.came_by == (came_by if came else ""):
        return seat
    seat.came, seat.came_by, seat.marked_at = came, came_by if came else "", now
    seat.save(update_fields=["came", "came_by", "marked_at"])
    audit.record(actor_id, "groups.marked", subject_id=person_id, object=f"session:{session.pk}", came=came)
    if came:
        _needs_met(session.program_id, person_id)
    return seat


def _needs_met(program_id: int, person_id: int) -> None:
    """They are among the others again: nobody need see to what they missed."""
    for seat_id in queries.missed_lately(person_id, program_id):
        announce(NeedMet(f"groups.missed:{seat_id}"))


@transaction.atomic
def came_by_telephone(session_id: int, person_id: int) -> None:
    """They are in the conversation: that is attendance, and nobody need tick it. Of those who have a seat only."""
    seat = Seat.objects.select_related("session").filter(session_id=session_id, person_id=person_id).first()
    if seat is not None:
        _marked(person_id, seat.session, person_id, came=True, came_by="telephone")


@transaction.atomic
def close(actor: Viewer, *, session_id: int) -> Session:
    """Attendance is complete: whoever was expected and is not marked did not come, and is followed up (S55).

    Closing a closed one changes nothing. Raises GroupError not_yet before it began, is_canceled.
    """
    session = queries.session_for(actor, session_id)
    if session.state == "held":
        return session
    session = _locked(actor, session_id)
    if clock.now() < session.begins_at:
        raise GroupError("not_yet")
    for seat in session.seats_taken.filter(state="coming", came=None):
        _marked(actor.person_id, session, seat.person_id, came=False, came_by="")
    session.state, session.closed_at = "held", clock.now()
    session.save(update_fields=["state", "closed_at"])
    agenda.roll_over(session)
    _note(actor, session, "groups.held")
    announce(NeedMet(f"groups.unmarked:{session.pk}"))
    return session


@transaction.atomic
def follow_up(seat_id: int) -> bool:
    """Somebody missed a session: they are told of other ways to take part; after two in a row staff are told (S55).

    False when there is nothing to do any more. Called again nobody is told twice.
    """
    seat = Seat.objects.select_related("session").filter(pk=seat_id, came=False, another="").first()
    if seat is None or not programs.is_in_contact(seat.person_id, seat.session.program_id):
        return False
    news.tell(seat.session, seat.person_id, "missed")
    missed = queries.missed_in_a_row(seat.person_id, seat.session.program_id)
    if missed >= TWICE:
        _tell_staff(seat, "groups.missed", missed=missed)
    return True


def _tell_staff(seat: Seat, kind: str, **facts: Any) -> None:
    program_id, person_id = seat.session.program_id, seat.person_id
    announce(NeedsStaff(kind, f"{kind}:{seat.pk}", program_id, person_id, "E3", facts))


@transaction.atomic
def choose_another(actor: Viewer, *, seat_id: int, another: str) -> Seat:
    """What instead of the session that was missed: by the person, or by staff for them. "nurse" tells the staff.

    Raises GroupError not_a_choice.
    """
    seat = Seat.objects.select_related("session").filter(pk=seat_id, came=False).first()
    if seat is None or not (actor.person_id == seat.person_id or _keeps(actor, seat)):
        raise NotThere
    if another not in rules.OTHER_WAYS:
        raise GroupError("not_a_choice")
    seat.another = another
    seat.save(update_fields=["another"])
    audit.record(
        actor.person_id, "groups.another_way", subject_id=seat.person_id, object=f"session:{seat.session_id}", another=another
    )  # fmt: skip
    announce(NeedMet(f"groups.missed:{seat.pk}"))
    if another in ("nurse", "telephone"):
        _tell_staff(seat, f"groups.wants_{another}")
    return seat


def _keeps(actor: Viewer, seat: Seat) -> bool:
    return actor.is_platform or queries.sessions_for(actor).filter(pk=seat.session_id).exists()


def may_lead(program_id: int) -> list[tuple[int, str]]:
    """(person, name) of staff who may lead a session of this program."""
    return programs.may_stand_in(programs.program(program_id))


@transaction.atomic
def ring_leader(actor: Viewer, *, session_id: int) -> int:
    """The line rings the staff person and leads them into the telephone session; the id of the call.

    Raises GroupError not_a_telephone_session, not_yet, no_number.
    """
    session = _locked(actor, session_id)
    if session.way != "telephone":
        raise GroupError("not_a_telephone_session")
    if not rules.is_open(session.way, session.begins_at, session.minutes, clock.now()):
        raise GroupError("not_yet")
    if actor.person_id is None:
        raise NotThere
    return _ring(session, actor.person_id, way="staff", asked_by=actor.person_id)


def ring_guest(seat: Seat) -> int:
    """The line rings somebody who comes, because it begins. Raises GroupError no_number. In the caller's transaction."""
    return _ring(seat.session, seat.person_id, way="reminder", asked_by=None)


def _ring(session: Session, person_id: int, *, way: str, asked_by: int | None) -> int:
    try:
        return exchange.ring(
            asked_by, person_id=person_id, dialogue="groups.gathered", args=(session.pk,), way=way,
            program_id=session.program_id, organization_id=session.program.organization_id, label=session.label,
        )  # fmt: skip
    except exchange.CannotRing as reason:
        raise GroupError("no_number") from reason
