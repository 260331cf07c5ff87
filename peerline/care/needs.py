"""Who needs the staff: a need arises, is seen, taken, handed over, put off, done, taken up again, or met by itself.

Rooms below announce `NeedsStaff` and `NeedMet`; the same key is one need, however often it is told. The sentence for a
kind, and where its work is done, are registered in config/wiring.py with `says`.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from peerline.audit import services as audit
from peerline.care import desk, ladder, served
from peerline.care.models import Need, Panel, Told
from peerline.care.sayings import Facts, says, where, why
from peerline.kernel import clock, week
from peerline.pairs import queries as pairs
from peerline.people.access import KEEPERS, Viewer, require
from peerline.prepared import prepared
from peerline.programs import queries as programs


class Late(Exception):
    """What was asked cannot be done any more. `args[0]`: closed."""


# --- Arise, and be met --------------------------------------------------------------------------------------------


def hours_of(program_id: int | None) -> ladder.Hours | None:
    """When somebody of the program's staff is there; None where nobody has said. A cover keeps the usual hours."""
    row = programs.staff_hours(program_id) if program_id else None
    if row is None:
        return None
    return ladder.Hours(week.from_text(row.week), row.time_zone, None if row.cover_id else row.away_until)


def rule_of(program_id: int | None, level: str) -> ladder.Rule:
    """The ladder of this level, as the program's protocol says; else the default."""
    if program_id is None:
        return ladder.DEFAULTS[level]
    found = (one for one in programs.protocol_of(program_id).escalation if one.level == level)
    return next(
        (ladder.Rule(level, one.owner, one.within_minutes, one.then, one.quiet_hours) for one in found),
        ladder.DEFAULTS[level],
    )


@transaction.atomic
def arose(**news: Any) -> None:
    """Listener of NeedsStaff, which may come twice."""
    arise(**news)


def arise(*, kind: str, key: str, level: str, due_at: datetime | None = None, **facts: Any) -> Need:
    """One need under this key; a second time changes nothing, unless it had been met by itself: then it is open again.

    Whoever looks after the person owns it, else whoever stands in for the program's staff, else nobody yet.
    """
    made = _made(kind=kind, key=key, level=level, due_at=due_at, **facts)
    need, fresh = Need.objects.get_or_create(key=key, defaults={name: getattr(made, name) for name in BEGINS_WITH})
    if not fresh and need.closed_how == "met":
        again = {"since": made.since, "due_at": made.due_at, "step": made.step, "climbs_at": made.climbs_at}
        Need.objects.filter(pk=need.pk).update(**OPEN_AGAIN, **again)
        need.refresh_from_db()
    return need


BEGINS_WITH = (
    "kind", "level", "program_id", "person_id", "pair_id", "facts", "drill", "since", "due_at", "step", "climbs_at",
    "owner_id",
)  # fmt: skip
OPEN_AGAIN: Facts = {"closed_at": None, "closed_by": None, "closed_how": "", "seen_at": None, "seen_by": None}


def _made(
    *, kind: str, key: str, level: str, program_id: int | None = None, person_id: int | None = None,
    facts: Facts | None = None, due_at: datetime | None = None, owner_id: int | None = None, drill: bool = False,
) -> Need:  # fmt: skip
    """A need as it begins, not saved."""
    now, facts = clock.now(), facts or {}
    due = due_at or ladder.due_at(rule_of(program_id, level), now, hours_of(program_id))
    return Need(
        key=key, kind=kind, level=level, program_id=program_id, person_id=person_id, pair_id=facts.get("pair_id"), facts=facts,
        drill=drill, since=now, due_at=due, step=_first_step(level), climbs_at=_first_climb(program_id, level, now, due),
        owner_id=owner_id or owner_for(program_id, person_id, now),
    )  # fmt: skip


def _first_step(level: str) -> int:
    """What can wait is on its owner's desk first: when they are late, the next is told."""
    return 0 if level in ladder.AT_ONCE else 1


def _first_climb(program_id: int | None, level: str, now: datetime, due: datetime) -> datetime | None:
    """What cannot wait is told at once; the rest when nobody has seen it in time. Without a program nobody is told."""
    if program_id is None:
        return None
    return now if level in ladder.AT_ONCE else due


def owner_for(program_id: int | None, person_id: int | None, now: datetime) -> int | None:
    """Whoever looks after this person; else whoever stands in."""
    if program_id is None:
        return None
    panel = Panel.objects.filter(program_id=program_id, person_id=person_id, staff__removed_at=None)
    found = panel.values_list("staff_id", flat=True).first() if person_id else None
    return found or programs.stands_in(program_id, now)


def met(key: str) -> None:
    """Listener of NeedMet, which may come twice: its reason is gone. One that a person has closed stays as it is."""
    Need.objects.filter(key=key, closed_at=None).update(closed_at=clock.now(), closed_how="met")


def agree(kind: str, wanted: Iterable[Facts]) -> None:
    """The open needs of a kind become exactly these: what is missing arises, what is not wanted any more is met.

    Four queries and some for each program, however many there are. Those a person has closed stay closed.
    """
    by_key = {facts["key"]: facts for facts in wanted}
    mine = Need.objects.filter(kind=kind)
    known = dict(_open_of(kind))
    if by_key:
        known |= dict(mine.filter(key__in=by_key).values_list("key", "closed_how"))
    if gone := [key for key, how in known.items() if key not in by_key and not how]:
        mine.filter(key__in=gone, closed_at=None).update(closed_at=clock.now(), closed_how="met")
    if again := [key for key in by_key if known.get(key) == "met"]:
        mine.filter(key__in=again).update(**OPEN_AGAIN)
    if fresh := [one for key, one in by_key.items() if key not in known]:
        Need.objects.bulk_create(_many(kind, fresh), ignore_conflicts=True)


@prepared(str)
def _open_of(kind: str) -> QuerySet[Need, tuple[str, str]]:
    return Need.objects.filter(kind=kind, closed_at=None).values_list("key", "closed_how")


def _many(kind: str, wanted: list[Facts]) -> list[Need]:
    """Needs of one kind, made with what their programs say asked once a program."""
    deadlines: dict[tuple[int | None, str], tuple[datetime, int | None]] = {}
    panels = _panels(wanted)
    rows = []
    for facts in wanted:
        place = (facts["program_id"], facts["level"])
        if place not in deadlines:
            sample = _made(kind=kind, key="", program_id=place[0], level=place[1])
            deadlines[place] = (sample.due_at, sample.owner_id)
        due, cover = deadlines[place]
        owner = panels.get((facts["program_id"], facts.get("person_id")), cover)
        rows.append(_row(kind, facts, facts.get("due_at") or due, owner))
    return rows


def _panels(wanted: list[Facts]) -> dict[tuple[int | None, int | None], int]:
    people = [one["person_id"] for one in wanted if one.get("person_id")]
    rows = Panel.objects.filter(person__in=people, staff__removed_at=None)
    return {(row.program_id, row.person_id): row.staff_id for row in rows}


def _row(kind: str, facts: Facts, due: datetime, owner: int | None) -> Need:
    now, more = clock.now(), facts.get("facts", {})
    return Need(
        key=facts["key"], kind=kind, level=facts["level"], program_id=facts["program_id"], person_id=facts.get("person_id"),
        pair_id=more.get("pair_id"), facts=more, since=facts.get("since", now), due_at=due, owner_id=owner,
        step=_first_step(facts["level"]), climbs_at=_first_climb(facts["program_id"], facts["level"], now, due),
    )  # fmt: skip


# --- What people do about one -------------------------------------------------------------------------------------


def _open(actor: Viewer, need_id: int) -> Need:
    """For a change: within reach, locked, and open. Raises NotThere, Late."""
    desk.need_for(actor, need_id)
    need = Need.objects.select_for_update().get(pk=need_id)
    if need.closed_at is not None:
        raise Late("closed")
    return need


def _note(actor: Viewer, verb: str, need: Need, **detail: Any) -> None:
    audit.record(actor.person_id, verb, subject_id=need.person_id, object=f"need:{need.pk}", **detail)


@transaction.atomic
def seen(actor: Viewer, *, need_id: int, how: str = "desk") -> None:
    """Somebody of the staff has seen it: the ladder stops climbing. The first time counts."""
    now = clock.now()
    fresh = Need.objects.filter(pk=need_id, seen_at=None, closed_at=None).update(seen_at=now, seen_by=actor.person_id)
    told = Told.objects.filter(need=need_id, person=actor.person_id, seen_at=None)
    if told.update(seen_at=now, seen_how=how) or fresh:
        need = Need.objects.get(pk=need_id)
        _note(actor, "care.saw_need", need, how=how)
        if need.drill and need.closed_at is None:
            close(need, actor.person_id, "")


@transaction.atomic
def take(actor: Viewer, *, need_id: int) -> Need:
    """It is mine now. Raises NotThere, Late."""
    return _give(actor, _open(actor, need_id), actor.person_id)


@transaction.atomic
def hand_over(actor: Viewer, *, need_id: int, to: int) -> Need:
    """It is a colleague's now, who must see it anew. Raises NotThere (also for one who may not see it), Late."""
    need = _open(actor, need_id)
    require(to in {person_id for person_id, _name in desk.colleagues(need)})
    if to != actor.person_id:
        need.seen_at = need.seen_by = None
        _begin_to_climb(need)
    return _give(actor, need, to)


def _begin_to_climb(need: Need) -> None:
    """From the foot of the ladder, as if it had just arisen."""
    now = clock.now()
    due = ladder.due_at(rule_of(need.program_id, need.level), now, hours_of(need.program_id))
    need.step, need.climbs_at = _first_step(need.level), _first_climb(need.program_id, need.level, now, due)


def _give(actor: Viewer, need: Need, to: int | None) -> Need:
    need.owner_id = to
    need.save(update_fields=["owner", "seen_at", "seen_by", "step", "climbs_at"])
    _note(actor, "care.gave_need", need, to=to)
    return need


@transaction.atomic
def rest(actor: Viewer, *, need_id: int, until: date) -> Need:
    """Nobody's business before that day; then it is on the list again. Raises NotThere, Late."""
    need = _open(actor, need_id)
    need.rests_until = morning_of(until, need.program_id)
    again = ladder.due_at(rule_of(need.program_id, need.level), need.rests_until, hours_of(need.program_id))
    need.due_at = max(need.due_at, again)
    need.climbs_at = need.due_at if need.climbs_at else None
    need.save(update_fields=["rests_until", "due_at", "climbs_at"])
    _note(actor, "care.put_off_need", need, until=f"{until}")
    return need


def morning_of(day: date, program_id: int | None) -> datetime:
    """The day's first instant on the program's wall clock."""
    hours = hours_of(program_id)
    return datetime.combine(day, time(), ZoneInfo(hours.zone if hours else "UTC"))


@transaction.atomic
def done(actor: Viewer, *, need_id: int, note: str) -> Need:
    """Closed by a person, with a word on what was done. Raises NotThere, Late."""
    need = _open(actor, need_id)
    close(need, actor.person_id, note)
    _note(actor, "care.did_need", need)
    return need


def close(need: Need, by: int | None, note: str) -> None:
    now = clock.now()
    need.closed_at, need.closed_by_id, need.closed_how, need.note = now, by, "done", note[:500]
    need.seen_at, need.seen_by_id = need.seen_at or now, need.seen_by_id or by
    need.save(update_fields=["closed_at", "closed_by", "closed_how", "note", "seen_at", "seen_by"])


@transaction.atomic
def undo(actor: Viewer, *, need_id: int) -> Need:
    """Open again, and on the list, as if it had been neither closed nor put off. Raises NotThere."""
    need = desk.need_for(actor, need_id)
    Need.objects.filter(pk=need.pk).update(closed_at=None, closed_by=None, closed_how="", rests_until=None)
    served.forget(f"care.need:{need.pk}")
    _note(actor, "care.reopened_need", need)
    need.refresh_from_db()
    return need


@transaction.atomic
def look_after(actor: Viewer, *, program_id: int, person_id: int, staff_id: int | None) -> None:
    """This colleague looks after this person in this program from now on: what waits and nobody has is theirs (S116).

    None: nobody in particular. Raises NotThere outside the actor's programs, and for one who may not see the needs.
    """
    program = programs.program_for(actor, program_id, *KEEPERS)
    require(programs.is_in(person_id, program_id))
    require(staff_id is None or staff_id in {one for one, _name in programs.may_stand_in(program)})
    Panel.objects.filter(program=program, person=person_id).delete()
    if staff_id is not None:
        Panel.objects.create(program=program, person_id=person_id, staff_id=staff_id, since=clock.now())
        free = Need.objects.filter(program=program, person=person_id, owner=None, closed_at=None)
        free.update(owner=staff_id)
    audit.record(actor.person_id, "care.gave_person", subject_id=person_id, object=f"program:{program_id}", to=staff_id)


def people_of(need: Need) -> list[int]:
    """Whom it is about: the person, or both of the pair."""
    if need.pair_id:
        return pairs.members_of([need.pair_id]).get(need.pair_id, [])
    return [need.person_id] if need.person_id else []


__all__ = ["agree", "arise", "arose", "met", "says", "where", "why"]
