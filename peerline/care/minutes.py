"""Staff minutes per pair and month (S20): written down with one tap when work is closed, summed where they are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peerline.care.models import Need, StaffMinutes
from peerline.exchange import queries as exchange
from peerline.kernel import clock
from peerline.pairs import queries as pairs
from peerline.people.access import KEEPERS, Viewer
from peerline.people.queries import known, person_known
from peerline.programs import queries as programs

MOST = 600
GUESS_MOST = 30  # a page that was left open is no work
A_PAGE = 200


def guess(actor: Viewer, since: Any) -> int:
    """How many minutes it may have taken: the calls the line placed for this person meanwhile; else since they opened it."""
    if since is None:
        return 1
    mine = exchange.calls().filter(placed_by=actor.person_id, way="staff", began_at__gte=since)
    talked = mine.aggregate(sum=Sum("talk_seconds"))["sum"] or 0
    seconds = talked or min((clock.now() - since).total_seconds(), GUESS_MOST * 60)
    return max(1, min(MOST, ceil(seconds / 60)))


def spent(
    actor: Viewer, *, minutes: int, program_id: int | None, person_id: int | None = None, pair_id: int | None = None,
    need: Need | None = None,
) -> StaffMinutes | None:  # fmt: skip
    """Written down, in the caller's transaction; for one need once, where a second time takes the place of the first.

    About a person it counts for the pair they are in. A drill, and nobody's work, is not counted.
    """
    if actor.person_id is None or (need and need.drill):
        return None
    facts = {
        "staff_id": actor.person_id, "program_id": program_id, "person_id": person_id, "minutes": max(0, min(MOST, minutes)),
        "pair_id": pair_id or _pair_of(person_id, program_id), "on": _today(actor.person_id),
    }  # fmt: skip
    if need is None:
        return StaffMinutes.objects.create(**facts)
    return StaffMinutes.objects.update_or_create(need=need, defaults=facts)[0]


def _pair_of(person_id: int | None, program_id: int | None) -> int | None:
    found = pairs.pairs_of(person_id) if person_id else []
    return next((pair.pk for pair in found if pair.program_id == program_id), None)


def _today(person_id: int) -> date:
    return clock.now().astimezone(ZoneInfo(person_known(person_id).time_zone)).date()


# --- Read -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Month:
    """A program's month: the minutes, for how many pairs, and what that is for each pair that was active."""

    first: date
    minutes: int
    pairs: int

    @property
    def a_pair(self) -> float:
        return self.minutes / self.pairs if self.pairs else 0.0


def _rows(viewer: Viewer, program_id: int) -> QuerySet[StaffMinutes]:
    programs.program_for(viewer, program_id, *KEEPERS)
    return StaffMinutes.objects.filter(program=program_id)


def months(viewer: Viewer, program_id: int, how_many: int = 6) -> list[Month]:
    """The last months, oldest first, with all minutes of the program shared by its active pairs. Three queries."""
    first = [_month_before(clock.now().date(), back) for back in range(how_many - 1, -1, -1)]
    rows = _rows(viewer, program_id).filter(on__gte=first[0]).annotate(month=TruncMonth("on")).values("month")
    sums = dict(rows.annotate(sum=Sum("minutes")).order_by().values_list("month", "sum"))
    active = pairs.active_in_months(program_id, first)
    return [Month(month, sums.get(month, 0), active[month]) for month in first]


def _month_before(day: date, back: int) -> date:
    """The first day of the month so many months before."""
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def by_pair(viewer: Viewer, program_id: int) -> QuerySet[Any, dict[str, Any]]:
    """{month, pair, minutes, pieces}: newest month first, most minutes first. One query, however many rows."""
    rows = _rows(viewer, program_id).annotate(month=TruncMonth("on")).values("month", "pair")
    summed = rows.annotate(sum=Sum("minutes"), pieces=Count("pk"))
    return summed.order_by("-month", "-sum", "pair")


def names_of_pairs(pair_ids: set[int]) -> dict[int, str]:
    """Two queries, however many."""
    members = pairs.members_of(pair_ids)
    people = known({one for both in members.values() for one in both})
    return {pair: " & ".join(people[one].nickname for one in both) for pair, both in members.items()}


def listed(viewer: Viewer, program_id: int) -> list[list[Any]]:
    """Rows for the page: month, pair, minutes, pieces of work."""
    rows = list(by_pair(viewer, program_id)[:A_PAGE])
    names = names_of_pairs({row["pair"] for row in rows if row["pair"]})
    return [
        [
            date_format(row["month"], "YEAR_MONTH_FORMAT"),
            names.get(row["pair"], _("no pair")),
            row["sum"],
            row["pieces"],
        ]
        for row in rows
    ]


def exported(viewer: Viewer, program_id: int) -> Iterator[list[Any]]:
    """Every row for the file, with the number of the pair and no name."""
    for row in by_pair(viewer, program_id).iterator(chunk_size=2000):
        yield [f"{row['month']:%Y-%m}", row["pair"] or "", row["sum"], row["pieces"]]
