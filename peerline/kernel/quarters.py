"""Many people's hours at once, in quarters of an hour of real time.

Every zone is whole quarters away from UTC, and every change of its clock falls on one, so inside a quarter of real time
nobody's hour of the week changes. The rule of week.py is kept: an instant is turned into local time first, then looked
up. What a loop over people asks of ZoneInfo again and again is asked here once a zone.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from peerline.kernel import week

QUARTER = timedelta(minutes=15)
A_DAY = 96
CHUNK = 50_000  # people looked at together: what is held at once stays small

Bits = npt.NDArray[np.uint8]


def quarter_of(instant: datetime) -> datetime:
    """The beginning of the quarter this instant is in, in UTC."""
    at = instant.astimezone(UTC)
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


@lru_cache(maxsize=4096)
def hours_of(zone: str, begins: datetime, quarters: int = A_DAY) -> tuple[int, ...]:
    """The hour of the week (0..167) on the clock of `zone` in each quarter from `begins` on."""
    return tuple(week.hour_of_week(begins + number * QUARTER, zone) for number in range(quarters))


def unpacked(weeks: Sequence[str]) -> Bits:
    """Weeks as tables keep them (week.as_text) → one row of 168 bits each, hour 0 first."""
    packed = np.frombuffer(bytes.fromhex("".join(weeks)), dtype=np.uint8).reshape(len(weeks), week.HOURS // 8)
    return np.unpackbits(packed, axis=1)[:, ::-1]


def free(
    people: Iterable[tuple[str, str]], begins: datetime, quarters: int = A_DAY, *, hours: int = week.ALL
) -> npt.NDArray[np.bool_]:
    """people: (zone, blocked week as text) each. Row by row: may this person be rung in quarter 0, 1, 2 … from `begins`?

    begins: the beginning of a quarter. hours: the week outside which nobody is rung, on each one's own clock.
    """
    rows = list(people)
    found = np.zeros((len(rows), quarters), dtype=np.bool_)
    shut = unpacked([week.as_text(week.ALL & ~hours)])[0]
    for first in range(0, len(rows), CHUNK):
        some = rows[first : first + CHUNK]
        found[first : first + CHUNK] = _free(some, begins, quarters, shut)
    return found


def _free(rows: list[tuple[str, str]], begins: datetime, quarters: int, shut: Bits) -> npt.NDArray[np.bool_]:
    """Zone by zone: the bits of the hours that its clock shows, one after another."""
    closed = unpacked([blocked for _zone, blocked in rows]) | shut
    numbers: dict[str, int] = {}
    zone_of = np.fromiter((numbers.setdefault(zone, len(numbers)) for zone, _ in rows), np.int64, len(rows))
    found = np.zeros((len(rows), quarters), dtype=np.bool_)
    for zone, number in numbers.items():
        here = np.flatnonzero(zone_of == number)
        found[here] = closed[here][:, hours_of(zone, begins, quarters)] == 0
    return found


def as_bits(table: npt.NDArray[np.bool_]) -> list[int]:
    """Each row of `free` as a whole number: bit 0 is quarter 0."""
    packed = np.packbits(table, axis=1, bitorder="little")
    size, held = packed.shape[1], packed.tobytes()
    return [int.from_bytes(held[first : first + size], "little") for first in range(0, len(held), size)]
