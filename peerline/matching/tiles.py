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

MOST_KINDS = 6000  # a table of 144 MB
FORBIDDEN = -32_000
NEAR = ("a1c", "age", "years")


class Tables:
    """One cohort under one scale and rules, made ready for the kernel. None of it changes afterwards."""

    def __init__(self, scorer: Any) -> None:
        cohort, scale = scorer.cohort, scorer.scale
        self.kind, self.kinds = _kinds(scorer)
        self.mask, self.masks = _masks(scorer)
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


def _kinds(scorer: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Each person's kind, and for any two kinds their points of what is the same or not, or FORBIDDEN."""
    cohort = scorer.cohort
    fields = [cohort.languages.astype(np.int64), cohort.gender, cohort.wants, cohort.arm]
    fields += [cohort.insulin, cohort.type, cohort.culture, cohort.site if scorer.rules.same_site else cohort.arm]
    _, firsts, kind = np.unique(np.stack(fields, axis=1), axis=0, return_index=True, return_inverse=True)
    if len(firsts) > MOST_KINDS:
        raise ValueError(f"more than {MOST_KINDS} kinds of people")
    return kind.reshape(-1).astype(np.int32), scorer.of_kinds(firsts, FORBIDDEN).astype(np.int32)


def _masks(scorer: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Each person's list of challenges, and the points of any two lists."""
    masks, mask = np.unique(scorer.cohort.challenges, return_inverse=True)
    return mask.reshape(-1).astype(np.int32), scorer.of_challenges(masks[:, None], masks[None, :]).astype(np.int32)


def bits_of(word: Any) -> int:
    """How many bits are set. Compiled, it is one instruction for several words."""
    return int(word).bit_count()


@cache
def _compiled() -> Any:
    """The kernel as machine code, kept in the solver's cache."""
    numba = jit._numba()
    from numba.core import types
    from numba.extending import intrinsic

    @intrinsic
    def counted(typing: Any, word: Any) -> Any:
        return types.uint64(types.uint64), lambda context, builder, signature, args: builder.ctpop(args[0])

    kernel = type(_tile)(_tile.__code__, {"np": np, "bits_of": counted, "__name__": __name__}, "tile")
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
