"""A drawn cohort of any size as arrays at once: the very cohort that `build` makes of `drawn_people`, in seconds.

A million people as objects would take a minute and gigabytes, so each is only made when somebody asks for them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from peerline.matching import cohort, hours
from peerline.matching.cohort import A_YEAR_AHEAD, UNKNOWN, Cohort, Person
from peerline.matching.draws import ZONES, drawn_columns, person, survey
from peerline.programs.rules import CHALLENGES

Ints = npt.NDArray[np.int32]


class Drawn(Sequence[Person]):
    """People who are made when asked for. order: their numbers, as they stand in the cohort."""

    def __init__(self, columns: dict[str, Any], order: npt.NDArray[np.int64]) -> None:
        self.columns, self.order = columns, order

    def __len__(self) -> int:
        return len(self.order)

    @overload
    def __getitem__(self, at: int) -> Person: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Person]: ...
    def __getitem__(self, at: int | slice) -> Person | Sequence[Person]:
        if isinstance(at, slice):
            return Drawn(self.columns, self.order[at])
        return person(int(self.order[at]), self.columns)

    def __iter__(self) -> Iterator[Person]:
        return (person(number, self.columns) for number in self.order.tolist())


def drawn_cohort(n: int, seed: int, *, first_day: date, weeks: int = 26) -> Cohort:
    """The cohort of `drawn_people(n, seed)`."""
    columns = drawn_columns(n, seed)
    order = _order(n)
    made = _Columns({name: column[order] for name, column in columns.items()})
    zones = np.array(ZONES)[made.drawn["zone"]]
    standing = hours.seasons(np.unique(zones).tolist(), first_day, min(weeks, A_YEAR_AHEAD))
    return Cohort(
        people=Drawn(columns, order),
        languages=made.languages(),
        free=hours.free_of(made.drawn["blocked"], zones, standing),
        gender=made.gender,
        wants=np.where(made.drawn["same_gender"], made.gender, UNKNOWN).astype(np.int32),
        site=np.full(n, UNKNOWN, np.int32),
        arm=np.full(n, UNKNOWN, np.int32),
        age=made.fact("age"),
        a1c=cohort.whole([cohort.tenths(row["a1c_percent"]) for row in survey()])[made.row],
        insulin=made.fact("insulin"),
        type=_among(np.where(made.fact("insulin") & made.drawn["type_1"], 0, 1)),
        years=cohort.whole([cohort.steps(row["years"]) for row in survey()])[made.row],
        challenges=_bits(made.drawn["tags"][:, np.argsort(CHALLENGES)]),
        culture=made.culture(),
    )


def _order(n: int) -> npt.NDArray[np.int64]:
    """As in `build`: by lot."""
    lots = b"".join(cohort.lot(0, f"d{number}") for number in range(n))
    return np.argsort(np.frombuffer(lots, ">u8"), kind="stable")


class _Columns:
    """What was drawn, in the cohort's order, and the facts of the survey's rows."""

    def __init__(self, drawn: dict[str, Any]) -> None:
        self.drawn, self.row = drawn, drawn["row"]

    def fact(self, name: str) -> Ints:
        return cohort.whole([row[name] for row in survey()])[self.row]

    @cached_property
    def gender(self) -> Ints:
        words = sorted({row["gender"] for row in survey()})
        return _among(cohort.whole([words.index(row["gender"]) for row in survey()])[self.row])

    def culture(self) -> Ints:
        words = sorted({row["culture"].casefold() for row in survey()} - {""})
        codes = [words.index(word) if word else None for word in (row["culture"].casefold() for row in survey())]
        return _among(np.where(self.drawn["gives_culture"], cohort.whole(codes)[self.row], UNKNOWN))

    def languages(self) -> cohort.Bits:
        """English and Spanish, as in `person`."""
        hispanic, chance = self.fact("hispanic") == 1, self.drawn["spanish"]
        both = (hispanic & (chance > 0.4) & (chance < 0.7)) | (chance > 0.97)
        only = hispanic & (chance < 0.7) & ~both
        return _bits(np.column_stack([~only, both | only]))


def _among(codes: npt.NDArray[Any]) -> Ints:
    """0, 1, 2 … for those that occur, in their order; what is not known stays so."""
    occurring = np.unique(codes[codes >= 0])
    return np.where(codes >= 0, np.searchsorted(occurring, codes), UNKNOWN).astype(np.int32)


def _bits(marks: npt.NDArray[np.bool_]) -> cohort.Bits:
    """One number each. A word that nobody has takes no bit."""
    occurring = marks[:, marks.any(axis=0)]
    return (occurring.astype(np.uint64) << np.arange(occurring.shape[1], dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
