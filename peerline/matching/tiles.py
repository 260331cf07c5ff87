"""The points of a large cohort, compiled: the very numbers of scoring.py, a tile at a time.

No number here needs more than 16 bits, so a processor computes sixteen pairs or more at once (narrow.py). Everything that
is one of a few kinds is looked up: people of one kind (language, gender, wish, arm, insulin, type, culture) have the same
points and rules towards any other kind, so a table of kinds says all of it, and another one what two lists of challenges
share. Both tables are filled by scoring.py itself. Hours of the week in which nobody at all is free are not compared.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from peerline.matching import hours, narrow
from peerline.matching.narrow import in_all, near
from peerline.matching.solver import jit
from peerline.matching.solver.jit import bits_of

MOST_KINDS = 6000  # a table of 144 MB
FORBIDDEN = -32_000
FULL_NUMBER = 1 << 62
NEAR = ("a1c", "age", "years")
CHUNK = 2048  # columns at a time: what is known of so many people stays in the processor's own memory

Places = npt.NDArray[np.int64]


class Tables:
    """One cohort under one scale and rules, made ready for the kernel. None of it changes afterwards."""

    def __init__(self, scorer: Any) -> None:
        cohort, scale = scorer.cohort, scorer.scale
        everybody = np.arange(cohort.n)
        self.kind, firsts = kinds_of(columns_of(scorer, RULES + LIKENESS))
        self.kinds = scorer.of_kinds(firsts, FORBIDDEN).astype(np.int16)
        self.mask, self.masks = masks_of(scorer, everybody)
        self.values = np.array([getattr(cohort, name) for name in NEAR]).astype(np.uint16)  # not known: all bits
        self.steps = np.array([scale.step[name] for name in (*NEAR, "hours")], np.uint16)
        self.halves = np.array([scale.full[name] // 2 for name in NEAR], np.int16)
        self.free = np.ascontiguousarray(hours.packed(cohort.free).transpose(0, 2, 1))  # [seasons, words, people]
        self.least = np.uint16(scorer.rules.least_common_hours)

    def points(self, i0: int, i1: int, j0: int, j1: int, reach: dict[str, int]) -> npt.NDArray[np.int16]:
        out = np.empty((i1 - i0, j1 - j0), np.int16)
        rows = i0 + np.argsort(self.kind[i0:i1], kind="stable")
        reaches = np.array([reach[name] for name in (*NEAR, "hours")], np.uint16)
        scratch = np.empty((4, CHUNK), np.int16)
        _compiled()(
            out, scratch, rows, i0, j0, self.kind, self.kinds, self.mask, self.masks, self.values, self.steps,
            self.halves, reaches, self.free, self.least,
        )  # fmt: skip
        return out


RULES = ("languages", "gender", "wants", "arm")
LIKENESS = ("insulin", "type", "culture")


def columns_of(scorer: Any, names: tuple[str, ...]) -> Places:
    """These facts of everybody, a column each, and the site where it counts. int64[people, columns]"""
    site = ("site",) if scorer.rules.same_site else ()
    return np.column_stack([getattr(scorer.cohort, name).astype(np.int64) for name in names + site])


def kinds_of(table: Places) -> tuple[npt.NDArray[np.int32], Places]:
    """Each row's kind, and of each kind the first row that is of it. Raises ValueError for too many kinds."""
    _, firsts, kind = np.unique(_one_number(table), return_index=True, return_inverse=True)
    if len(firsts) > MOST_KINDS:
        raise ValueError(f"more than {MOST_KINDS} kinds of people")
    return kind.reshape(-1).astype(np.int32), firsts


def _one_number(table: Places) -> Places:
    """The same number for the same row: far faster to sort than rows."""
    code, most = np.zeros(len(table), np.int64), 1
    for column in table.T if len(table) else ():
        low, span = int(column.min()), int(column.max()) - int(column.min()) + 1
        if most * span >= FULL_NUMBER:
            return np.unique(table, axis=0, return_inverse=True)[1].reshape(-1)
        code, most = code * span + (column - low), most * span
    return code


def masks_of(scorer: Any, chosen: Places) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The chosen people's lists of challenges, and the points of any two lists."""
    masks, mask = np.unique(scorer.cohort.challenges[chosen], return_inverse=True)
    return mask.reshape(-1).astype(np.int32), scorer.of_challenges(masks[:, None], masks[None, :]).astype(np.int32)


@cache
def _compiled() -> Any:
    """The kernel as machine code, kept in the solver's cache."""
    numba = jit._numba()
    names = {"np": np, "CHUNK": CHUNK, "__name__": __name__, "bits_of": jit.bit_counter(), **narrow.instructions()}
    kernel = type(_tile)(_tile.__code__, names, "tile")
    return numba.njit(kernel, nogil=True, cache=True)


def _tile(  # type: ignore[no-untyped-def]  # noqa: PLR0917
    out, scratch, rows, i0, j0, kind, kinds, mask, masks, values, steps, halves, reaches, free, least
):
    """These rows from i0 on, columns j0 … of the points, −1 where a rule forbids. Rows of one kind stand together."""
    of_kind, of_mask, hours, this_season = scratch[0], scratch[1], scratch[2], scratch[3]
    for begin in range(j0, j0 + out.shape[1], CHUNK):
        count = min(CHUNK, j0 + out.shape[1] - begin)
        their_kind, their_mask = kind[begin : begin + count], mask[begin : begin + count]
        a1c, age, years = values[0, begin:], values[1, begin:], values[2, begin:]
        before = -1
        for i in rows:
            if kind[i] != before:
                before = kind[i]
                table = kinds[before]
                for c in range(count):
                    of_kind[c] = table[their_kind[c]]
            shared = masks[mask[i]]
            for c in range(count):
                of_mask[c] = shared[their_mask[c]]
            for season in range(free.shape[0]):
                common = hours if season == 0 else this_season
                for word in range(free.shape[1]):
                    mine, their = free[season, word, i], free[season, word, begin : begin + count]
                    for c in range(count):
                        common[c] = bits_of(mine & their[c]) + np.uint64(common[c] if word else 0)
                for c in range(count if season else 0):
                    hours[c] = min(hours[c], common[c])
            to = out[i - i0, begin - j0 : begin - j0 + count]
            for c in range(count):
                to[c] = in_all(
                    of_kind[c], of_mask[c], near(values[0, i], a1c[c], reaches[0], steps[0], halves[0]),
                    near(values[1, i], age[c], reaches[1], steps[1], halves[1]),
                    near(values[2, i], years[c], reaches[2], steps[2], halves[2]),
                    hours[c], least, reaches[3], steps[3],
                )  # fmt: skip
            if begin <= i < begin + count:
                to[i - begin] = -1
