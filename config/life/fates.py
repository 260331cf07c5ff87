"""What meets people for certain: cards dealt over the weeks, so that no life of two weeks or more goes without any of it."""

from dataclasses import dataclass

from config.life.chance import Chance

HALF_A_YEAR = 26

# Each of these meets this share of the people in half a year, fewer in fewer weeks, and at least one of them.
SHARES = {
    "stops": 0.08,
    "rests": 0.05,
    "moves": 0.05,
    "quarrels": 0.04,
    "reports": 0.03,
    "no texts": 0.03,
    "danger": 0.04,
    "no danger": 0.03,
    "tells partner": 0.03,
    "asks nurse": 0.3,
}


@dataclass(frozen=True)
class Card:
    """It meets somebody in this week, counted from 0; whom, is seen when it comes: whoever it is possible for."""

    what: str
    number: int
    week: int


def dealt(chance: Chance, people: int, weeks: int) -> list[Card]:
    """Over weeks 1 to weeks - 1: nobody who has just begun stops."""
    if weeks < 2:
        return []
    part = people * min(1, weeks / HALF_A_YEAR)
    return [
        Card(what, number, int(chance.between(1, weeks, what, number)))
        for what, share in SHARES.items()
        for number in range(max(1, round(share * part)))
    ]
