"""Clinical measures: units, what cannot be, and what is worth a second look. Pure.

Ranges are an engineering proposal for typing errors, not a clinical one. Sources of the conversions: A1C, NGSP =
0.09148 × IFCC + 2.152 (ngsp.org) and IFCC = 10.93 × NGSP − 23.5 (IFCC master equation); glucose mg/dL = 18.016 × mmol/L;
cholesterol 38.67, triglycerides 88.57. LOINC codes: loinc.org.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Turn = Callable[[Decimal], Decimal]
Range = tuple[int | str, int | str]
METHODS = ("lab", "poc", "self")


def _times(factor: str) -> Turn:
    return lambda value: value * Decimal(factor)


def ngsp_of(ifcc: Decimal) -> Decimal:
    """A1C in percent of one in mmol/mol. ngsp_of(48) is 6.5."""
    return ifcc * Decimal("0.09148") + Decimal("2.152")


def ifcc_of(ngsp: Decimal) -> Decimal:
    """A1C in mmol/mol of one in percent. ifcc_of(7) is 53.0. A difference has no intercept: see ifcc_difference."""
    return ngsp * Decimal("10.93") - Decimal("23.5")


def ifcc_difference(percent: Decimal) -> Decimal:
    return percent * Decimal("10.93")


def average_glucose_mg_dl(a1c_percent: Decimal) -> Decimal:
    """The estimated average glucose of an A1C: 28.7 × A1C − 46.7. Of 7.0 percent: 154.2 mg/dL."""
    return a1c_percent * Decimal("28.7") - Decimal("46.7")


@dataclass(frozen=True)
class Kind:
    """What can be measured. units: unit → how it becomes the first one. A value outside `possible` is refused, outside
    `usual` asked about."""

    key: str
    loinc: str
    units: Mapping[str, Turn]
    possible: tuple[Decimal, Decimal]
    usual: tuple[Decimal, Decimal]
    places: int = 0

    @property
    def unit(self) -> str:
        return next(iter(self.units))


def _kind(key: str, loinc: str, units: Mapping[str, Turn], possible: Range, **more: Any) -> Kind:
    low, high = map(Decimal, possible)
    least, most = map(Decimal, more.pop("usual", possible))
    return Kind(key, loinc, units, (low, high), (least, most), **more)


SAME = _times("1")
CHOLESTEROL = {"mg/dL": SAME, "mmol/L": _times("38.67")}
KINDS = {
    one.key: one
    for one in (
        _kind("a1c", "4548-4", {"%": SAME, "mmol/mol": ngsp_of}, (3, 20), usual=("4.5", 14), places=1),
        _kind("glucose", "41653-7", {"mg/dL": SAME, "mmol/L": _times("18.016")}, (10, 1000), usual=(54, 300)),
        _kind("systolic", "8480-6", {"mm[Hg]": SAME}, (50, 300), usual=(90, 180)),
        _kind("diastolic", "8462-4", {"mm[Hg]": SAME}, (20, 200), usual=(50, 110)),
        _kind("weight", "29463-7", {"kg": SAME, "[lb_av]": _times("0.45359237")}, (20, 400), places=1),
        _kind("height", "8302-2", {"cm": SAME, "[in_i]": _times("2.54")}, (100, 250)),
        _kind("bmi", "39156-5", {"kg/m2": SAME}, (10, 100), usual=(16, 60), places=1),
        _kind("cholesterol", "2093-3", CHOLESTEROL, (40, 1000)),
        _kind("hdl", "2085-9", CHOLESTEROL, (5, 200)),
        _kind("ldl", "13457-7", CHOLESTEROL, (5, 600)),
        _kind("triglycerides", "2571-8", {"mg/dL": SAME, "mmol/L": _times("88.57")}, (10, 10000)),
    )
}


@dataclass(frozen=True)
class Checked:
    """A value in the kind's own unit; unusual: it may be right, and is worth a second look."""

    value: Decimal
    unusual: bool


def checked(kind: Kind, value: Decimal, unit: str) -> Checked:
    """Raises ValueError "unit" or "impossible". checked(KINDS["a1c"], Decimal(53), "mmol/mol").value == Decimal("7.0")"""
    if unit not in kind.units:
        raise ValueError("unit")
    turned = kind.units[unit](value).quantize(Decimal(1).scaleb(-kind.places), ROUND_HALF_UP)
    if not kind.possible[0] <= turned <= kind.possible[1]:
        raise ValueError("impossible")
    return Checked(turned, not kind.usual[0] <= turned <= kind.usual[1])


def bmi(kilograms: Decimal, centimeters: Decimal) -> Decimal:
    """bmi(80, 170) is 27.7."""
    return (kilograms / (centimeters / 100) ** 2).quantize(Decimal("0.1"), ROUND_HALF_UP)
