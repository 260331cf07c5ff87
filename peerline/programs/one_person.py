"""When two records of one person become one: what of it is this room's."""

from typing import Any

from peerline.jobs.services import announce
from peerline.kernel.events import NeedMet
from peerline.programs import timeline
from peerline.programs.models import DueThing, Enrollment
from peerline.programs.rules import IN_CONTACT

ALIVE = ("stopped", "invited", "paused", "active")  # the more alive of two in one program is the one that counts


def both_active(keep: int, gone: int) -> str:
    """In one program at once they would be one person with two partners."""
    states: dict[int, int] = {}
    rows = Enrollment.objects.filter(person__in=(keep, gone), state__in=(*IN_CONTACT, "paused"))
    for program_id in rows.values_list("program_id", flat=True):
        states[program_id] = states.get(program_id, 0) + 1
    return "both_active" if any(count > 1 for count in states.values()) else ""


def end_the_lesser(keep: int, gone: int) -> list[list[Any]]:
    """Of two enrollments in one program the less alive one is over; its history stays. [[number, state it had]]."""
    rows = Enrollment.objects.select_for_update().filter(person__in=(keep, gone)).exclude(state="removed")
    by_program: dict[int, list[Enrollment]] = {}
    for row in rows.order_by("pk"):
        by_program.setdefault(row.program_id, []).append(row)
    twice = [sorted(two, key=lambda row: ALIVE.index(row.state))[0] for two in by_program.values() if len(two) > 1]
    noted = [[row.pk, row.state] for row in twice]
    for pk, state in noted:
        Enrollment.objects.filter(pk=pk).update(state="removed")
        if state == "stopped":
            announce(NeedMet(f"programs.leaving:{pk}"))
    return noted


def as_it_was(keep: int, gone: int, noted: list[list[Any]]) -> None:
    for pk, state in noted:
        Enrollment.objects.filter(pk=pk, state="removed").update(state=state)


def due_of_the_other(keep: int, gone: int) -> list[int]:
    """What waits to be done names people by number; which rows were changed."""
    rows = [row for row in timeline.waiting_about(gone) if gone in (*row.people, row.facts.get("person"))]
    for row in rows:
        _rename(row, gone, keep)
    return [row.pk for row in rows]


def due_back(keep: int, gone: int, noted: list[int]) -> None:
    for row in DueThing.objects.filter(pk__in=noted):
        _rename(row, keep, gone)


def _rename(row: DueThing, old: int, new: int) -> None:
    row.people = [new if one == old else one for one in row.people]
    if row.facts.get("person") == old:
        row.facts["person"] = new
    row.save(update_fields=["people", "facts"])
