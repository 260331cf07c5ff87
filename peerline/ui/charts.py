"""Bar charts as plain geometry: few marks, labelled directly, a sentence and a table beside each."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, TOP, BASE = 320, 24, 124  # the drawing is 320 × 150 units; bars stand on BASE
GAP = 0.26  # of each bar's place


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    x: float
    y: float
    width: float
    height: float
    now: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class BarChart:
    bars: tuple[Bar, ...]
    top_y: float
    top_value: float
    every: int  # label each bar, or only every n-th when they are many


def bar_chart(values: Sequence[tuple[str, float]], *, top: float | None = None, now: bool = False) -> BarChart:
    """Bars of (label, value ≥ 0), left to right, scaled so that `top` (default: the largest value) reaches the line
    above. `now` marks the last bar as the one still growing. Raises ValueError for a negative value."""
    if any(value < 0 for _, value in values):
        raise ValueError("a bar cannot be negative")
    ceiling = max([top or 0, *(value for _, value in values)]) or 1
    place = WIDTH / max(len(values), 1)
    bars = tuple(
        _bar(label, value, ceiling, index * place, place, now=now and index == len(values) - 1)
        for index, (label, value) in enumerate(values)
    )
    return BarChart(bars, TOP, ceiling, every=-(-len(values) // 9) or 1)


def _bar(label: str, value: float, ceiling: float, left: float, place: float, *, now: bool) -> Bar:
    height = round((BASE - TOP) * value / ceiling, 1)
    return Bar(label, value, round(left + place * GAP / 2, 1), BASE - height, round(place * (1 - GAP), 1), height, now)
