"""The points of a pair in numbers of 16 bits: as plain Python, and as instructions for the compiler.

Python's whole numbers, and numba's, become 64 bits wide with the first sum, and then a processor computes four pairs at
once instead of sixteen or more. So the two formulas of tiles.py are written in the compiler's own words as well.
"""

from functools import cache
from typing import Any

from peerline.matching.solver import jit

UNKNOWN = (1 << 16) - 1


def near(*mine_theirs_reach_step_half: int) -> int:
    """Points of a feature in which two are so many steps apart, half of them where one is not known."""
    mine, theirs, reach, step, half = map(int, mine_theirs_reach_step_half)
    return half if UNKNOWN in (mine, theirs) else step * max(0, reach - abs(mine - theirs))


def in_all(*parts_common_least_reach_step: int) -> int:
    """All points together, −1 with fewer common hours than the least or where a rule has taken more than there is."""
    *parts, common, least, reach, step = map(int, parts_common_least_reach_step)
    total = sum(parts) + step * min(reach, max(0, common - least))
    return -1 if common < least or total < 0 else total


@cache
def instructions() -> dict[str, Any]:
    """near and in_all for compiled kernels. Parts may be below 0, all else may not."""
    jit._numba()
    from numba.core import types
    from numba.extending import intrinsic

    part, word = types.int16, types.uint16

    @intrinsic
    def near(typing: Any, mine: Any, theirs: Any, reach: Any, step: Any, half: Any) -> Any:  # noqa: PLR0917
        return part(word, word, word, word, part), _write_near

    @intrinsic
    def in_all(  # noqa: PLR0917
        typing: Any,
        kind: Any,
        mask: Any,
        a1c: Any,
        age: Any,
        years: Any,
        common: Any,
        least: Any,
        reach: Any,
        step: Any,
    ) -> Any:
        return part(part, part, part, part, part, word, word, word, word), _write_in_all

    return {"near": near, "in_all": in_all}


def _write_near(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    mine, theirs, reach, step, half = args
    far = builder.or_(_call(builder, "usub.sat", mine, theirs), _call(builder, "usub.sat", theirs, mine))
    points = builder.mul(step, _call(builder, "usub.sat", reach, far))
    is_unknown = [builder.icmp_unsigned("==", value, _constant(UNKNOWN)) for value in (mine, theirs)]
    return builder.select(builder.or_(*is_unknown), half, points)


def _write_in_all(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    *parts, common, least, reach, step = args
    total = builder.mul(step, _call(builder, "umin", reach, _call(builder, "usub.sat", common, least)))
    for part in parts:
        total = builder.add(total, part)
    few, less = builder.icmp_unsigned("<", common, least), builder.icmp_signed("<", total, _constant(0))
    return builder.select(builder.or_(few, less), _constant(-1), total)


def _call(builder: Any, name: str, one: Any, other: Any) -> Any:
    """usub.sat: one − other, or 0 where that is less. umin: the smaller. Both of numbers that are never below 0."""
    from llvmlite import ir

    word, full_name = ir.IntType(16), f"llvm.{name}.i16"
    known = builder.module.globals.get(full_name)
    return builder.call(
        known or ir.Function(builder.module, ir.FunctionType(word, [word, word]), full_name), [one, other]
    )


def _constant(value: int) -> Any:
    from llvmlite import ir

    return ir.Constant(ir.IntType(16), value)
