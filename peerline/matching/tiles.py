"""The points of a large cohort, compiled: the very numbers of scoring.py, a tile at a time.

What is alike in steps (A1C, age, years) is computed pair by pair in 32-bit floats, which hold whole numbers up to 2²⁴
exactly, eight pairs at once. Everything that is one of a few kinds is looked up: people of one kind (language, gender,
wish, arm, insulin, type, culture) have the same points and rules towards any other kind, so a table of kinds says all of
it, and another one what two lists of challenges share. Both tables are filled by scoring.py itself.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from peerline.matching.cohort import UNKNOWN
from peerline.matching.solver import jit
from peerline.matching.solver.jit import bits_of

MOST_KINDS = 6000  # a table of 144 MB
FORBIDDEN = -32_000
FULL_NUMBER = 1 << 62
NEAR = ("a1c", "age", "years")

Places = npt.NDArray[np.int64]


class Tables:
    """One cohort under one scale and rules, made ready for the kernel. None of it changes afterwards."""

    def __init__(self, scorer: Any) -> None:
        cohort, scale = scorer.cohort, scorer.scale
        everybody = np.arange(cohort.n)
        self.kind, firsts = kinds_of(columns_of(scorer, RULES + LIKENESS))
        self.kinds = scorer.of_kinds(firsts, FORBIDDEN).astype(np.int32)
        self.mask, self.masks = masks_of(scorer, everybody)
        steps = [(getattr(cohort, name), scale.step[name], scale.full[name] // 2) for name in NEAR]
        self.values = np.array([values for values, _, _ in steps], np.float32)
        self.known = np.array([values != UNKNOWN for values, _, _ in steps], np.float32)
        self.steps = np.array([step for _, step, _ in steps], np.float32)
        self.halves = np.array([half for _, _, half in steps], np.float32)
        self.free = np.ascontiguousarray(cohort.free.transpose(0, 2, 1))  # [seasons, 3, people]
        self.least = scorer.rules.least_common_hours
        self.hour = np.float32(scale.step["hours"])

    def points(self, i0: int, i1: int, j0: int, j1: int, reach: dict[str, int]) -> npt.NDArray[np.int32]:
        out = np.empty((i1 - i0, j1 - j0), np.int32)
        reaches = np.array([reach[name] for name in NEAR], np.float32)
        scratch = np.empty((2, j1 - j0), np.float32)
        _compiled()(
            out, scratch, i0, j0, self.kind, self.kinds, self.mask, self.masks, self.values, self.known, self.steps,
            self.halves, reaches, self.free, self.least, self.hour, np.float32(reach["hours"]),
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
    kernel = type(_tile)(_tile.__code__, {"np": np, "bits_of": jit.bit_counter(), "__name__": __name__}, "tile")
    return numba.njit(kernel, nogil=True, cache=True)


def _tile(  # type: ignore[no-untyped-def]  # noqa: PLR0917
    out, scratch, i0, j0, kind, kinds, mask, masks, values, known, steps, halves, reaches, free, least, hour, reach
):
    """Rows i0 …, columns j0 … of the points, −1 where a rule forbids."""
    columns = out.shape[1]
    points, hours = scratch[0], scratch[1]
    for row in range(out.shape[0]):
        i = i0 + row
        of_kind, of_mask = kinds[kind[i]], masks[mask[i]]
        for c in range(columns):
            points[c] = of_kind[kind[j0 + c]] + of_mask[mask[j0 + c]]
        for feature in range(values.shape[0]):
            mine, sure = values[feature, i], known[feature, i]
            step, half, far = steps[feature], halves[feature], reaches[feature]
            those, theirs = values[feature, j0 : j0 + columns], known[feature, j0 : j0 + columns]
            for c in range(columns):
                near = step * max(np.float32(0), far - abs(mine - those[c]))
                points[c] += half + sure * theirs[c] * (near - half)
        for season in range(free.shape[0]):
            one, two, three = free[season, 0, i], free[season, 1, i], free[season, 2, i]
            first = free[season, 0, j0 : j0 + columns]
            second = free[season, 1, j0 : j0 + columns]
            third = free[season, 2, j0 : j0 + columns]
            for c in range(columns):
                common = np.float32(
                    np.int64(bits_of(one & first[c]) + bits_of(two & second[c]) + bits_of(three & third[c]))
                )
                hours[c] = common if season == 0 else min(hours[c], common)
        for c in range(columns):
            total = points[c] + hour * min(reach, max(np.float32(0), hours[c] - np.float32(least)))
            out[row, c] = np.int32(total) if total >= 0 and hours[c] >= np.float32(least) else -1
        if j0 <= i < j0 + columns:
            out[row, i - j0] = -1
