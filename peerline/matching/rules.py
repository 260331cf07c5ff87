"""The hard rules: who may be paired with whom at all. Nothing that breaks one is ever proposed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from peerline.matching import hours
from peerline.matching.cohort import UNKNOWN, Cohort

Allowed = npt.NDArray[np.bool_]
Couple = frozenset[str]
NOBODY = np.zeros((0, 2), np.int64)


def couple(one: str, other: str) -> Couple:
    return frozenset((one, other))


def couples(pairs: Iterable[Iterable[str]]) -> frozenset[Couple]:
    """Every two of each group, as unordered couples of keys: a group of three is three couples."""
    groups = [sorted(set(pair)) for pair in pairs]
    return frozenset(couple(a, b) for group in groups for n, a in enumerate(group) for b in group[n + 1 :])


@dataclass(frozen=True)
class Rules:
    """least_common_hours: a week, in every season ahead. An arm of a trial is never mixed with another.

    apart: couples who must not meet. former: couples whose pair ended; they are not made again unless a person does it.
    """

    least_common_hours: int = 2
    same_site: bool = False
    apart: frozenset[Couple] = field(default=frozenset())
    former: frozenset[Couple] = field(default=frozenset())


# The order in which a reason is looked for when somebody finds no partner at all.
NAMES = ("arm", "site", "language", "gender", "hours", "former", "apart")


def checks(cohort: Cohort, rules: Rules, rows: slice, columns: slice) -> dict[str, Allowed]:
    """For each rule: which of these may be paired, as far as that rule goes. bool[rows, columns]"""
    return {
        "arm": _equal(cohort.arm, rows, columns),
        "site": _equal(cohort.site, rows, columns) if rules.same_site else _all(rows, columns),
        "language": (cohort.languages[rows, None] & cohort.languages[None, columns]) != 0,
        "gender": wished(cohort, rows, columns),
        "hours": hours.common_hours(cohort.free, rows, columns) >= rules.least_common_hours,
        "former": _outside(cohort, rules.former, rows, columns),
        "apart": _outside(cohort, rules.apart, rows, columns),
    }


def _equal(codes: npt.NDArray[np.int32], rows: slice, columns: slice) -> Allowed:
    return codes[rows, None] == codes[None, columns]


def _all(rows: slice, columns: slice) -> Allowed:
    return np.ones((rows.stop - rows.start, columns.stop - columns.start), bool)


def wished(cohort: Cohort, rows: slice, columns: slice) -> Allowed:
    """Each is what the other asks for. Somebody whose gender is not known meets no wish."""
    this = (cohort.wants[rows, None] == UNKNOWN) | (cohort.wants[rows, None] == cohort.gender[None, columns])
    that = (cohort.wants[None, columns] == UNKNOWN) | (cohort.wants[None, columns] == cohort.gender[rows, None])
    return this & that


def positions_of(cohort: Cohort, listed: frozenset[Couple]) -> npt.NDArray[np.int64]:
    """Both directions of each couple that is in the cohort, by place. int64[2 × couples, 2]"""
    at = cohort.positions()
    found = [tuple(at[key] for key in sorted(one)) for one in listed if all(key in at for key in one)]
    both = [*found, *((b, a) for a, b in found)]
    return np.array(both, np.int64).reshape(-1, 2)


def _outside(cohort: Cohort, listed: frozenset[Couple], rows: slice, columns: slice) -> Allowed:
    allowed = _all(rows, columns)
    cross_out(allowed, positions_of(cohort, listed), rows, columns, False)
    return allowed


def cross_out(
    block: npt.NDArray[np.generic], places: npt.NDArray[np.int64], rows: slice, columns: slice, mark: int | bool
) -> None:
    """Write `mark` wherever one of these places lies within the block."""
    block[_inside(places, rows, columns)] = mark


def _inside(
    places: npt.NDArray[np.int64], rows: slice, columns: slice
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    within = (places[:, 0] >= rows.start) & (places[:, 0] < rows.stop)
    within &= (places[:, 1] >= columns.start) & (places[:, 1] < columns.stop)
    return places[within, 0] - rows.start, places[within, 1] - columns.start


def broken(cohort: Cohort, rules: Rules, one: int, other: int) -> list[str]:
    """The names of the rules that keep these two apart; empty when they may be paired."""
    found = checks(cohort, rules, slice(one, one + 1), slice(other, other + 1))
    return [name for name in NAMES if not found[name][0, 0]]


def why_alone(cohort: Cohort, rules: Rules, one: int, among: slice | None = None) -> str:
    """The rule after which nobody is left for this person, looking in the order of NAMES; "" when somebody is.

    among: only there could a partner be.
    """
    columns = among or slice(0, cohort.n)
    found = checks(cohort, rules, slice(one, one + 1), columns)
    left = np.arange(columns.start, columns.stop) != one
    if not left.any():
        return "nobody"
    for name in NAMES:
        left &= found[name][0]
        if not left.any():
            return name
    return ""
