"""Reads: those who wait for a partner, as matching needs them; whom to keep apart; a program's weights and rules."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from peerline.kernel import clock
from peerline.matching.cohort import Person
from peerline.matching.matching import Wish
from peerline.matching.rules import Couple, Rules, couples
from peerline.matching.scoring import WEIGHTS
from peerline.pairs import queries
from peerline.pairs.models import KeptApart, MatchSettings, Partner
from peerline.people import queries as people
from peerline.programs import queries as programs

MOST_WEEKS = 53


@dataclass(frozen=True)
class Waiting:
    """people: who can be matched, each under their number as text. unready: who wait and have not agreed yet."""

    people: list[Person]
    unready: list[int]
    enrollments: dict[int, Any] = field(default_factory=dict)  # person → enrollment, with its person


def waiting(program_id: int) -> Waiting:
    """Everybody who waits. Somebody who has not agreed to the text in force is not matched."""
    rows = {row.person_id: row for row in queries.waiting(program_id).order_by("person_id")}
    agreed, invited = programs.agreed_of(program_id, rows), queries.invited(program_id).order_by("person_id")
    year = clock.now().year
    return Waiting(
        [person_of(row, year) for row in rows.values() if row.person_id in agreed],
        [one for one in rows if one not in agreed] + list(invited.values_list("person_id", flat=True)),
        rows,
    )


def person_of(row: Any, year: int) -> Person:
    """An enrollment as matching knows its person."""
    who = row.person
    return Person(
        key=str(who.pk),
        languages=(who.language,),
        time_zone=who.time_zone,
        blocked=who.blocked,
        gender=who.gender,
        wants=row.gender_preference,
        site=str(who.site_id or ""),
        arm=row.arm,
        age=year - who.born_year if who.born_year else None,
        a1c_percent=row.a1c_percent,
        insulin=row.insulin,
        diabetes_type=row.diabetes_type,
        years=year - row.diagnosed_year if row.diagnosed_year else None,
        challenges=tuple(row.challenges),
        culture=who.culture,
    )


def settings_of(program_id: int) -> MatchSettings:
    """The program's own, or one not kept yet with what matching begins with."""
    row = MatchSettings.objects.filter(program_id=program_id).first() or MatchSettings(program_id=program_id)
    row.weights = {name: int(row.weights.get(name, 0)) for name in WEIGHTS} if row.weights else dict(WEIGHTS)
    return row


def wish(
    program_id: int,
    locked: Iterable[tuple[str, ...]] = (),
    vetoed: Iterable[Iterable[str]] = (),
    besides: Iterable[int] = (),
) -> Wish:
    """What this program asks of a match now. besides: people who take part in it though they do not wait."""
    chosen = settings_of(program_id)
    rules = Rules(
        least_common_hours=chosen.least_common_hours,
        same_site=chosen.same_site,
        apart=kept_apart(program_id, besides) | couples(vetoed),
        former=former_pairs(program_id),
    )
    weeks = min(programs.program(program_id).weeks, MOST_WEEKS)
    return Wish(chosen.weights, rules, chosen.style, locked=tuple(locked), weeks=weeks)


def kept_apart(program_id: int, besides: Iterable[int] = ()) -> frozenset[Couple]:
    """Those whom staff keep apart, who answer at one telephone, and staff who take part with whomever they work for."""
    rows = KeptApart.objects.filter(program_id=program_id).values_list("first_id", "second_id")
    ids = [*queries.waiting(program_id).values_list("person_id", flat=True), *besides]
    staff = people.staff_among(ids, program_id=program_id, site_id=programs.program(program_id).site_id)
    return couples([str(one) for one in group] for group in [*rows, *people.households(ids), *staff])


def former_pairs(program_id: int) -> frozenset[Couple]:
    """Couples whose pair in this program ended."""
    groups: dict[int, list[str]] = {}
    ended = Partner.objects.filter(program_id=program_id, active=False).exclude(pair__ended_at=None)
    for pair_id, person_id in ended.values_list("pair_id", "person_id"):
        groups.setdefault(pair_id, []).append(str(person_id))
    return couples(groups.values())


def were_a_pair(program_id: int, group: Iterable[int]) -> bool:
    """Was any two of these people a pair of this program before?"""
    return bool(couples([[str(one) for one in group]]) & former_pairs(program_id))
