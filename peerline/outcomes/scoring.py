"""Scores from answers. Pure; each rule stands in the instrument's file with its source.

score(of("phq9").scales[0], dict(zip("123456789", (1, 2, 1, 0, 3, 1, 0, 0, 0)))) == 8
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from peerline.outcomes.instruments import Alarm, Band, Instrument, Scale

Values = Mapping[str, int | None]  # item → answer; None, or not there: not answered
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Scored:
    """value None: too few answers. band: only the total has one."""

    scale: Scale
    value: Decimal | None
    band: Band | None


def score(scale: Scale, values: Values, ranges: Mapping[str, tuple[int, int]] | None = None) -> Decimal | None:
    """One score, or None when more answers are missing than the rule allows. ranges: needed for reversed items.

    A sum with answers missing is prorated to all items and rounded where the rule says so, half up.
    """
    given = [_turned(key, value, scale, ranges or {}) for key in scale.items if (value := values.get(key)) is not None]
    if not given or len(scale.items) - len(given) > scale.missing:
        return None
    total = Decimal(sum(given))
    if scale.how == "mean":
        total = total / len(given)
    elif scale.prorate and len(given) < len(scale.items):
        total = (total * len(scale.items) / len(given)).quantize(Decimal(1), ROUND_HALF_UP)
    return (total * scale.times).quantize(HUNDREDTH, ROUND_HALF_UP)


def _turned(key: str, value: int, scale: Scale, ranges: Mapping[str, tuple[int, int]]) -> int:
    return sum(ranges[key]) - value if key in scale.reverse else value


def scores(instrument: Instrument, values: Values) -> list[Scored]:
    """Every score of the instrument; `values` are its own answers."""
    ranges = {item.key: (item.least, item.most) for item in instrument.items}
    found = []
    for scale in instrument.scales:
        value = score(scale, values, ranges)
        found.append(Scored(scale, value, instrument.band(value) if scale.key == "total" else None))
    return found


def alarms(instrument: Instrument, values: Values) -> list[Alarm]:
    """Those that these answers set off. One item alone can, whatever the total."""
    totals = {one.scale.key: one.value for one in scores(instrument, values)}
    reached = {**{f"item {key}": value for key, value in values.items()}, **totals}
    return [one for one in instrument.alarms if _reaches(reached.get(one.score or f"item {one.item}"), one.at_least)]


def _reaches(value: Decimal | int | None, at_least: Decimal) -> bool:
    return value is not None and value >= at_least


def circled(numbers: list[int]) -> int | None:
    """What counts when somebody circled several numbers on paper: of two neighbors the lower one, else nothing.

    Source: Stanford's scoring of the diabetes self-efficacy scale. circled([7, 8]) == 7, circled([3, 8]) is None.
    """
    if len(numbers) == 1:
        return numbers[0]
    neighbors = len(numbers) == 2 and abs(numbers[0] - numbers[1]) == 1
    return min(numbers) if neighbors else None
