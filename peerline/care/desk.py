"""Who needs me: the one list of the desk, read. What cannot wait and no colleague has comes first, then mine, then what nobody
has yet or I stand in for, then colleagues'."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from peerline.care import queries
from peerline.care.ladder import AT_ONCE
from peerline.care.models import Need, Panel, Told
from peerline.care.sayings import where, why
from peerline.kernel import clock, places
from peerline.pairs import queries as pairs
from peerline.people import queries as people
from peerline.people.access import CARE, NotThere, Viewer
from peerline.programs import queries as programs

A_PAGE = 20
PRIVATE = (
    "care.voicemail",
    "care.red_flag",
    "care.task",
)  # what a person said, or was said about them, is for nurses and coordinators only
NOW, MINE, FREE, THEIRS = 0, 1, 2, 3


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; "" or 0: everything. room: the first part of a kind."""

    whose: str = ""  # now, mine, free, theirs
    program_id: int = 0
    person_id: int = 0
    room: str = ""
    drills: bool = True


@dataclass(frozen=True)
class Item:
    """A need as the list shows it."""

    need: Any
    names: str
    why: str
    where: str
    rank: int = MINE


@dataclass(frozen=True)
class Page:
    items: list[Item] = field(default_factory=list)
    later: str = ""


def needs(viewer: Viewer) -> QuerySet[Need]:
    """Open and closed ones of the programs these roles reach; what came from callers nobody could name, to whole-clinic
    care staff of the organization that was called; and whatever this very person was told of."""
    for_care = Q(program__in=programs.programs(viewer, *CARE).values("pk"))
    if viewer.is_platform:
        for_care |= Q(program=None)
    elif clinics := viewer.clinics(*CARE):
        theirs = Q(facts__organization__in=clinics) | ~Q(facts__has_key="organization")
        for_care |= Q(program=None) & theirs
    settled = Q(program__in=programs.programs(viewer, "administrator").values("pk")) & ~Q(kind__in=PRIVATE)
    told = Q(pk__in=Told.objects.filter(person=viewer.person_id).values("need"))
    return Need.objects.filter(for_care | settled | told)


def need_for(viewer: Viewer, need_id: int) -> Need:
    """Raises NotThere."""
    need = needs(viewer).filter(pk=need_id).select_related("program").first()
    if need is None:
        raise NotThere
    return need


def waiting(viewer: Viewer, wanted: Wanted | None = None) -> QuerySet[Need]:
    """Open ones that do not rest, in the list's order; each with its `rank`."""
    wanted = wanted or Wanted()
    now = clock.now()
    rows = needs(viewer).filter(Q(rests_until=None) | Q(rests_until__lte=now), closed_at=None)
    rows = rows.annotate(rank=_rank(viewer)).filter(_narrowed(wanted))
    return rows.select_related("program").order_by("rank", "due_at", "pk")


def _rank(viewer: Viewer) -> Case:
    me = viewer.person_id
    covered = programs.covered_by(me, clock.now()) if me else []
    mine = Q(owner=me) & ~Q(owner=None) | Q(pk__in=Told.objects.filter(person=me).values("need"))
    return Case(
        When(Q(level__in=AT_ONCE) & (mine | Q(owner=None)), then=Value(NOW)),
        When(mine, then=Value(MINE)),
        When(Q(owner=None) | Q(program__in=covered), then=Value(FREE)),
        default=Value(THEIRS),
        output_field=IntegerField(),
    )


def _narrowed(wanted: Wanted) -> Q:
    narrowed = Q()
    if wanted.whose in RANKS:
        narrowed &= Q(rank=RANKS[wanted.whose])
    if wanted.program_id:
        narrowed &= Q(program=wanted.program_id)
    if wanted.person_id:
        narrowed &= about(wanted.person_id)
    if wanted.room:
        narrowed &= Q(kind__startswith=f"{wanted.room}.")
    return narrowed if wanted.drills else narrowed & Q(drill=False)


RANKS = {"now": NOW, "mine": MINE, "free": FREE, "theirs": THEIRS}


def about(person_id: int) -> Q:
    """Needs of this person, and of the pairs they are in."""
    return Q(person=person_id) | Q(pair__in=[pair.pk for pair in pairs.pairs_of(person_id)])


def page(viewer: Viewer, wanted: Wanted | None = None, after: str = "", size: int = A_PAGE) -> Page:
    """`size` of them from a place on, and the place where the next page begins. A fixed number of queries."""
    rows, begin = waiting(viewer, wanted), _place_read(after)
    if begin:
        rank, at, number = begin
        further = Q(due_at__gt=at) | Q(due_at=at, pk__gt=number)
        rows = rows.filter(Q(rank__gt=rank) | Q(rank=rank) & further)
    found = list(rows[: size + 1])
    end = _place(found[size - 1]) if len(found) > size else ""
    return Page(items(found[:size]), end)


def _place(need: Any) -> str:
    return f"{need.rank}~{places.place(need.due_at, need.pk)}"


def _place_read(text: str) -> tuple[int, Any, int] | None:
    """The rank, the instant and the number of a place; None for what is no place."""
    rank, _, rest = text.partition("~")
    place = places.read(rest)
    return (int(rank), *place) if place and rank in ("0", "1", "2", "3") else None


def items(found: list[Any]) -> list[Item]:
    """With names and reasons; a fixed number of queries, however many."""
    members = pairs.members_of({need.pair_id for need in found if need.pair_id})
    ids = {one for both in members.values() for one in both} | {need.person_id for need in found if need.person_id}
    known = people.known(ids)
    hard = queries.difficulties({need.pair_id for need in found if need.kind == "care.hard_pair"})
    return [
        Item(
            need,
            " & ".join(known[one].nickname for one in members.get(need.pair_id) or [need.person_id] if one in known),
            hard.get(need.pair_id) or why(need),
            where(need),
            getattr(need, "rank", MINE),
        )
        for need in found
    ]


def colleagues(need: Need) -> list[tuple[int, str]]:
    """(person, name) of those who may see it and could take it over."""
    if need.program is None:
        return []
    return programs.may_stand_in(need.program)


def drills(viewer: Viewer, how_many: int = 24) -> QuerySet[Need]:
    """The last ones, newest first, each with how many were told of it."""
    rows = needs(viewer).filter(drill=True).annotate(told_to=Count("told")).select_related("program")
    return rows.order_by("-since", "-pk")[:how_many]


def looks_after(program_id: int, person_id: int) -> int | None:
    """Which of the staff looks after this person there."""
    return Panel.objects.filter(program=program_id, person=person_id).values_list("staff", flat=True).first()
