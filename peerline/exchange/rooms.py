"""Rooms: who is in a conversation, and why each one left it. The exchange decides; engines only move audio.

A member is ringing (being called), in, away (stepped aside by its key) or gone. When a leg ends, a last one left in the
room is answered "alone" in the same transaction; one who is away learns it on the way back; legs that ring for nobody
are cancelled. Two who ring each other at the same second meet in one room, because an open room is unique by its people.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from peerline.exchange.models import Call, Leg, Member, Room
from peerline.kernel import clock
from peerline.kernel.dialogue import Enter, Left, Meet, Step
from peerline.people.queries import number_hash, number_to_dial, person_known
from peerline.prepared import prepared

if TYPE_CHECKING:
    from peerline.exchange.switchboard import Switchboard

LIVE = ("ringing", "in", "away")


def key_of(people: set[int]) -> str:
    """The same people in any order have the same key. It holds ids only."""
    return "-".join(str(person) for person in sorted(people))[:120]


def of(leg: Leg) -> int:
    """The room this leg is in or was last in."""
    return _rooms_of(leg.pk)[0]


@prepared(int)
def _rooms_of(leg_id: int) -> QuerySet[Member, int]:
    return Member.objects.filter(leg=leg_id).order_by("-id").values_list("room_id", flat=True)[:1]


@prepared(int)
def _held(room_id: int) -> QuerySet[Room]:
    """The room, nobody else's until the transaction ends."""
    return Room.objects.select_for_update().filter(pk=room_id)


@prepared(int)
def _states(room_id: int) -> QuerySet[Member, tuple[int, str, bool]]:
    """Of each leg in it or about to be: (leg, state, whether it hears the room)."""
    return Member.objects.filter(room=room_id, state__in=LIVE).values_list("leg_id", "state", "hears")


def due_at(leg: Leg, step: Step) -> datetime | None:
    """When the longest call is over, for a leg that waits in a room."""
    if not isinstance(step, Meet | Enter):
        return None
    room = Room.objects.get(pk=of(leg))
    return room.opened_at + timedelta(seconds=room.longest_seconds)


# --- Coming in -----------------------------------------------------------------------------------------------------


def go_in(desk: "Switchboard", leg: Leg, step: Meet | Enter) -> Left | None:
    """Ring who must be rung and enter. None: the leg is in and hears the room; Left: it could not stay."""
    if isinstance(step, Meet):
        room = _met(desk, leg, step)
        if not room.gathers and not _others(room, leg, LIVE):
            _close_if_empty(desk, room)
            return Left(room.pk, "unreachable")
    else:
        (room,) = _held(step.room)
        if room.closed_at is not None or not (room.gathers or _others(room, leg, LIVE)):
            leave(desk, room, leg, "alone")
            return Left(room.pk, "alone")
    _place(room, leg, "in")
    _count_together(room)
    _sound(desk, room)
    return None


def _met(desk: "Switchboard", leg: Leg, step: Meet) -> Room:
    """The open room of these people, opened now if there is none; everybody missing who may be rung is rung."""
    people = {leg.person_id or 0, *step.people}
    room = _open(leg, step, people)
    if room.call_id != leg.call_id:
        _move(leg, room)
    for mine in room.members.filter(person=leg.person, state__in=LIVE).exclude(leg=leg).select_related("leg"):
        _replace(desk, mine)
    present = set(room.members.filter(state__in=LIVE).values_list("person_id", flat=True))
    for person in sorted(people - present - {leg.person_id, *step.not_rung}):
        _ring(desk, room, person, step)
    return room


def _open(leg: Leg, step: Meet, people: set[int]) -> Room:
    key = step.label if step.gathers else key_of(people)
    for _ in range(3):
        room = Room.objects.select_for_update().filter(key=key, closed_at=None).first()
        if room is not None:
            return room
        try:
            with transaction.atomic():
                Call.objects.filter(pk=leg.call_id).update(label=step.label)
                return Room.objects.create(
                    call_id=leg.call_id,
                    key=key,
                    label=step.label,
                    opened_at=clock.now(),
                    longest_seconds=step.longest_seconds,
                )
        except IntegrityError:
            continue  # the other one opened it at this very second
    raise RuntimeError("a room opened and closed three times while we looked")


def _move(leg: Leg, room: Room) -> None:
    """The leg goes on in the other one's call; its own call ends here, joined to that one."""
    Call.objects.select_for_update().get(pk=room.call_id)
    old = leg.call_id
    leg.call_id = room.call_id
    leg.save(update_fields=["call"])
    if not Leg.objects.filter(call_id=old).exclude(state="over").exists():
        Call.objects.filter(pk=old).update(ended_at=clock.now(), outcome="joined", label=room.label)


def _replace(desk: "Switchboard", member: Member) -> None:
    """The same person came in by a newer leg: the newer one counts, whether the older rings, talks or is a ghost."""
    member.state, member.why = "gone", "replaced"
    member.save()
    desk.outbox.hang(member.leg, "replaced")


def _ring(desk: "Switchboard", room: Room, person: int, step: Meet) -> None:
    """A new leg to this person, unless no verified number of theirs may be dialled."""
    number = number_to_dial(person)
    if number is None:
        return
    who = person_known(person)
    leg = Leg.objects.create(
        call_id=room.call_id, engine=desk.outbox.engine_for(room), inbound=False, person_id=person, telephone=number,
        telephone_hash=number_hash(number), language=who.language, slow=who.needs_relay, dialogue=step.invited,
        args=[person, room.pk, *step.args], rang_at=clock.now(), due_at=clock.now() + timedelta(seconds=step.seconds + 60),
    )  # fmt: skip
    _place(room, leg, "ringing")
    desk.outbox.ring(leg, step.seconds)


def _place(room: Room, leg: Leg, state: str) -> None:
    member = _member.first(room.pk, leg.pk) or Member(room=room, leg=leg, person_id=leg.person_id, state=state)
    member.state, member.person_id, member.hears = state, leg.person_id, member.hears and member.state == state == "in"
    member.ever_in = member.ever_in or state == "in"
    member.save()


@prepared(int, int)
def _member(room_id: int, leg_id: int) -> QuerySet[Member]:
    return Member.objects.filter(room=room_id, leg=leg_id)


# --- Going out -----------------------------------------------------------------------------------------------------


def left(desk: "Switchboard", leg: Leg, how: str) -> Left:
    """The engine says the leg came out by its "key", or because the room was "over"."""
    (room,) = _held(of(leg))
    if how == "key" and room.closed_at is None and (room.gathers or _others(room, leg, LIVE)):
        _place(room, leg, "away")
        _count_together(room)
        _sound(desk, room)
        return Left(room.pk, "away")
    leave(desk, room, leg, "alone")
    return Left(room.pk, "alone")


def leave_all(desk: "Switchboard", leg: Leg) -> None:
    """The leg is over: out of every room it still has a place in."""
    for member in _memberships(leg.pk):
        why = leg.cause if leg.cause in ("busy", "declined", "no_answer", "unreachable", "lost") else ""
        if not member.ever_in:
            why = why or ("declined" if leg.answered_at else "no_answer")
        leave(desk, member.room, leg, why or "hangup")


@prepared(int)
def _memberships(leg_id: int) -> QuerySet[Member]:
    return Member.objects.filter(leg=leg_id).exclude(state="gone").select_related("room")


def leave(desk: "Switchboard", room: Room, leg: Leg, why: str) -> None:
    """Take a leg out. Whoever is alone because of it is told why; nobody rings for an empty room."""
    room.members.filter(leg=leg).exclude(state="gone").update(state="gone", why=why)
    _count_together(room)
    inside = list(room.members.filter(state="in").select_related("leg").defer("leg__telephone"))
    others = [state for _, state, _ in _states(room.pk) if state != "in"]
    if len(inside) == 1 and not others and not room.gathers:
        last = inside[0]
        last.state, last.why = "gone", "alone"
        last.save()
        desk.answer_for(last.leg, list(Left(room.pk, _why_alone(room, why))))
    elif inside:
        _sound(desk, room)
    _close_if_empty(desk, room)


def _why_alone(room: Room, why: str) -> str:
    """What the last one is told: that the other left, or, if they never spoke, why the other never came."""
    return (
        "alone" if room.joined_at else (why if why in ("declined", "busy", "no_answer", "unreachable") else "no_answer")
    )


def _close_if_empty(desk: "Switchboard", room: Room) -> None:
    """A room with nobody in it or stepping aside is closed; legs that still ring for it are cancelled."""
    if any(state != "ringing" for _, state, _ in _states(room.pk)):
        return
    for member in room.members.filter(state="ringing").select_related("leg"):
        member.state, member.why = "gone", "cancelled"
        member.save()
        desk.outbox.hang(member.leg, "cancelled")
    Room.objects.filter(pk=room.pk, closed_at=None).update(closed_at=clock.now())


def time_up(desk: "Switchboard", room: Room) -> None:
    """The longest call is over: everybody in it is told so."""
    for member in list(room.members.filter(state="in").select_related("leg").defer("leg__telephone")):
        Member.objects.filter(pk=member.pk).update(state="gone", why="time")
        desk.answer_for(member.leg, list(Left(room.pk, "time")))
    _count_together(room)
    _close_if_empty(desk, room)


# --- What it sounds like, how long it lasted -------------------------------------------------------------------------


def _others(room: Room, leg: Leg, states: tuple[str, ...]) -> bool:
    return any(state in states and one != leg.pk for one, state, _ in _states(room.pk))


def _sound(desk: "Switchboard", room: Room) -> None:
    """One in the room alone hears why: it rings for somebody who never came yet, or others will be (right back) there."""
    states = [state for _, state, _ in _states(room.pk)]
    alone = states.count("in") == 1
    waits = "away" in states or room.gathers
    tone = ("hold" if waits else "ringing" if "ringing" in states else "") if alone else ""
    desk.outbox.tone(room, tone)


def heard(leg: Leg, room_id: int) -> None:
    """The engine says that the leg now hears the room."""
    room = _held.first(room_id)
    if room is not None and room.members.filter(leg=leg, state="in").update(hears=True):
        _count_together(room)


def _count_together(room: Room) -> None:
    """Keep talk_seconds true: time counts while two or more are in the room and hear it."""
    now, together = clock.now(), [state for _, state, hears in _states(room.pk) if hears].count("in") >= 2
    if together and room.together_since is None:
        room.together_since, room.joined_at = now, room.joined_at or now
    elif not together and room.together_since is not None:
        room.talk_seconds += (now - room.together_since).total_seconds()
        room.together_since = None
    room.save(update_fields=["together_since", "joined_at", "talk_seconds"])


def seconds_talked(call_id: int) -> int:
    return round(sum(_talked(call_id)))


@prepared(int)
def _talked(call_id: int) -> QuerySet[Room, float]:
    return Room.objects.filter(call_id=call_id).values_list("talk_seconds", flat=True)
