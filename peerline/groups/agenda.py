"""Writes: what the group talks about, set by those who come (S44); and the record of what a session came to.

A point belongs to the next session that comes. When a session is over, what was not reached goes on to the next one.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from peerline.audit import services as audit
from peerline.exchange import queries as exchange
from peerline.groups import queries, rules, words
from peerline.groups.models import Point, Record, Session, Vote
from peerline.groups.rules import GroupError
from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.events import WordsWritten
from peerline.people.access import NotThere, Viewer

RECORD_TEXTS = ("reflections", "emotions", "questions", "solved", "referrals")


def points_of(session: Session) -> QuerySet[Point]:
    """The session's agenda, most wanted first; of a planned one also what is left over and has no session yet."""
    mine = Q(session=session)
    if session.state == "planned" and _is_next(session):
        mine |= Q(program_id=session.program_id, session=None, state="open")
    rows = Point.objects.filter(mine).exclude(state="dropped").annotate(wanted=Count("votes"))
    return rows.order_by("-wanted", "-rolled", "made_at", "pk")


def _is_next(session: Session) -> bool:
    """Of the program's planned sessions, is this the one that begins first?"""
    earlier = Session.objects.filter(program_id=session.program_id, state="planned", begins_at__lt=session.begins_at)
    return not earlier.exists()


@transaction.atomic
def add_point(
    actor: Viewer, *, session_id: int, topic: str = "", said: str = "", voice_id: int | None = None, door: str = ""
) -> Point:
    """Something to talk about: a topic, one's own words, or a voice note; by whoever has a seat, or by staff.

    door: paper, where staff type in what somebody wrote. Raises GroupError nothing_said, not_a_choice, is_over, is_canceled.
    """
    session = _session_for(actor, session_id)
    if topic and topic not in words.TOPICS:
        raise GroupError("not_a_choice")
    if not (topic or said.strip() or voice_id):
        raise GroupError("nothing_said")
    is_own = not queries.sessions_for(actor).filter(pk=session_id).exists()
    point = Point.objects.create(
        program_id=session.program_id, session=session, person_id=actor.person_id if is_own else None, topic=topic,
        words=said.strip()[:300], voice_id=voice_id, door=door or (audit.door.get() if is_own else "staff"), made_at=clock.now(),
    )  # fmt: skip
    audit.record(actor.person_id, "groups.brought_point", object=f"session:{session_id}", topic=topic)
    if point.words:
        announce(WordsWritten("groups.point", point.pk, point.program_id, point.person_id))
    return point


def _session_for(actor: Viewer, session_id: int) -> Session:
    """A planned session the actor keeps or has a seat in. Raises GroupError is_over, is_canceled; NotThere."""
    session = queries.sessions_for(actor).filter(pk=session_id).first()
    session = session or queries.my_seat(actor.person_id, session_id).session
    if session.state != "planned":
        raise GroupError({"held": "is_over", "canceled": "is_canceled"}[session.state])
    return session


@transaction.atomic
def vote(actor: Viewer, *, session_id: int, point_id: int, wants: bool) -> None:
    """I want this, too; or not any more. Once a person, however often it is pressed."""
    session = _session_for(actor, session_id)
    point = points_of(session).filter(pk=point_id).first()
    if point is None or actor.person_id is None:
        raise NotThere
    if wants:
        Vote.objects.get_or_create(point=point, person_id=actor.person_id)
    else:
        Vote.objects.filter(point=point, person_id=actor.person_id).delete()


@transaction.atomic
def settle_point(actor: Viewer, *, session_id: int, point_id: int, state: str) -> Point:
    """Staff: it was reached, is open again, or is taken off the agenda. Raises GroupError not_a_choice."""
    session = queries.session_for(actor, session_id)
    point = points_of(session).filter(pk=point_id).first()
    if point is None:
        raise NotThere
    if state not in ("open", "reached", "dropped"):
        raise GroupError("not_a_choice")
    point.state, point.session = state, session
    point.save(update_fields=["state", "session"])
    return point


def roll_over(session: Session) -> int:
    """What a session did not reach goes to the program's next one, or waits for it; how many points. In the caller's transaction."""
    later = Session.objects.filter(program_id=session.program_id, state="planned", begins_at__gt=session.begins_at)
    following = later.order_by("begins_at", "pk").first()
    left = Point.objects.filter(session=session, state="open")
    return left.update(session=following, rolled=F("rolled") + 1)


def leave_over(session: Session) -> None:
    """A canceled session's points wait for the next one. In the caller's transaction."""
    Point.objects.filter(session=session, state="open").update(session=None)


@transaction.atomic
def write_record(
    actor: Viewer, *, session_id: int, fidelity: Iterable[str] = (), plans: int = 0, **texts: Any
) -> Record:
    """What the session came to; written again it is replaced. texts: RECORD_TEXTS. Raises GroupError not_yet, not_a_choice."""
    session = queries.session_for(actor, session_id)
    if clock.now() < session.begins_at or session.state == "canceled":
        raise GroupError("not_yet")
    steps = [step for step in rules.STEPS if step in set(fidelity)]
    if set(texts) - set(RECORD_TEXTS):
        raise GroupError("not_a_choice")
    kept = {name: str(text).strip()[:4000] for name, text in texts.items()}
    facts = {**kept, "fidelity": steps, "plans": plans, "by_id": actor.person_id, "at": clock.now()}
    record, _made = Record.objects.update_or_create(session=session, defaults=facts)
    audit.record(actor.person_id, "groups.recorded", object=f"session:{session_id}")
    announce(WordsWritten("groups.record", record.pk, session.program_id, None))
    return record


def words_of_point(point_id: int) -> tuple[int, str]:
    """(point, what was written on it), for those who look for red flags."""
    row = Point.objects.filter(pk=point_id).first()
    return (row.pk, row.words) if row else (0, "")


def words_of_record(record_id: int) -> tuple[int, str]:
    """(record, all that was written in it), for the same."""
    row = Record.objects.filter(pk=record_id).first()
    return (row.pk, "\n".join(getattr(row, name) for name in RECORD_TEXTS)) if row else (0, "")


def voice_is_there(point: Point) -> bool:
    """Can the voice note still be heard?"""
    return point.voice_id is not None and exchange.voice_messages().filter(pk=point.voice_id).exists()
