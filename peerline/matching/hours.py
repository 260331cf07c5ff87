"""When two people can both be called: the hours of the week that are free on the world's clock.

Blocked hours are kept on a person's own wall clock (kernel/week.py), so what is free on the world's clock moves when
the clocks change. The coming weeks are walked day by day, and each way in which the cohort's clocks then stand to each
other is one season: when all of them are put forward by the same hour, nobody's common hours change. Two people suit each
other only when a week of every season gives them enough hours.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from peerline.kernel import week

WORDS = 3  # a week of 168 bits in words of 64
CROWD = 1 << 16  # people whose hours are unpacked together: 11 MB
Hours = npt.NDArray[np.uint64]
Season = dict[str, int]  # zone → minutes ahead of the world's clock


@lru_cache(maxsize=65536)
def _ahead(zone: str, instant: datetime) -> int:
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0


def seasons(zones: Sequence[str], first_day: date, weeks: int) -> list[Season]:
    """The different ways in which these zones' clocks stand to each other during so many weeks from that day on, in order.

    Detroit and Los Angeles have one all year; Detroit and Phoenix have two when its March or November is among the weeks.
    """
    named = sorted(set(zones))
    noon = datetime.combine(first_day, time(12), UTC)  # when no clock of the United States is just being changed
    days = [noon + timedelta(days=ahead) for ahead in range(max(1, weeks) * 7)]
    ways: dict[tuple[int, ...], tuple[int, ...]] = {}
    for way in dict.fromkeys(tuple(_ahead(zone, day) for zone in named) for day in days):
        ways.setdefault(_to_each_other(way), way)
    return [dict(zip(named, way, strict=True)) for way in ways.values()]


def _to_each_other(way: tuple[int, ...]) -> tuple[int, ...]:
    """The same whenever all clocks were moved by the same whole hours: the world's week is then only turned round."""
    moved = way[0] // 60 * 60 if way else 0
    return tuple(ahead - moved for ahead in way)


def free_hours(blocked: Sequence[int], zones: Sequence[str], standing: Sequence[Season]) -> Hours:
    """Which hours of the world's week are free all through, for each season and person. uint64[seasons, people, 3]"""
    raw = b"".join(one.to_bytes(week.HOURS // 8, "little") for one in blocked)
    return free_of(np.frombuffer(raw, np.uint8).reshape(-1, week.HOURS // 8), np.array(zones), standing)


def free_of(blocked: npt.NDArray[np.uint8], zones: npt.NDArray[np.str_], standing: Sequence[Season]) -> Hours:
    """The same from weeks of 21 bytes, a crowd at a time. blocked: [people, 21]"""
    found = np.zeros((len(standing), len(blocked), WORDS), np.uint64)
    for zone in np.unique(zones).tolist():
        everybody = np.flatnonzero(zones == zone)
        for rows in np.split(everybody, range(CROWD, len(everybody), CROWD)):
            marked = np.unpackbits(blocked[rows], axis=1, bitorder="little")
            for at, season in enumerate(standing):
                found[at, rows] = _words(_taken(marked, season[zone]) == 0)
    return found


def _taken(marked: npt.NDArray[np.uint8], ahead: int) -> npt.NDArray[np.uint8]:
    """Is any part of that hour of the world's week blocked on a clock so many minutes ahead? [people, 168]

    Nepal's clock is 5:45 ahead: an hour of the world's week then lies in two hours of its own.
    """
    whole, rest = divmod(ahead, 60)
    taken = np.roll(marked, -whole, axis=1)
    return taken | np.roll(taken, -1, axis=1) if rest else taken


def _words(free: npt.NDArray[np.bool_], words: int = WORDS) -> Hours:
    bits = np.packbits(free, axis=1, bitorder="little")
    found = np.zeros((len(free), words * 8), np.uint8)
    found[:, : bits.shape[1]] = bits
    return found.view(np.uint64)


def common_hours(free: Hours, rows: slice, columns: slice) -> npt.NDArray[np.int32]:
    """Hours a week that both have free, in the season that gives them least. int32[rows, columns]"""
    least = None
    for season in free:
        found = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.int32)
        for word in range(WORDS):
            found += np.bitwise_count(season[rows, word][:, None] & season[columns, word][None, :])
        least = found if least is None else np.minimum(least, found)
    assert least is not None
    return least


def packed(free: Hours) -> Hours:
    """The same weeks without the hours in which nobody at all is free: whoever is compared has as many in common."""
    kept = [np.flatnonzero(_hours_of(np.bitwise_or.reduce(season, axis=0, keepdims=True))[0]) for season in free]
    words = max(1, -(-max(map(len, kept), default=0) // 64))
    found = np.zeros((*free.shape[:2], words), np.uint64)
    for season, hours, to in zip(free, kept, found, strict=True):
        for at in range(0, len(season), CROWD):
            rows = slice(at, at + CROWD)
            to[rows] = _words(_hours_of(season[rows])[:, hours] != 0, words)
    return found


def _hours_of(free: Hours) -> npt.NDArray[np.uint8]:
    return np.unpackbits(np.ascontiguousarray(free).view(np.uint8), axis=1, bitorder="little")
