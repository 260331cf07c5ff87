"""Cohorts drawn from real survey rows: adults of NHANES 2017–18 who were told they have diabetes.

Age, gender, A1C, insulin and the years since the diagnosis are a row's own; language follows its ethnicity. What the
survey did not ask (hours, challenges, zone, wishes) is made up. The same seed draws the same cohort.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from peerline.kernel import week
from peerline.matching.cohort import Person
from peerline.programs.demo.draw import survey_rows
from peerline.programs.rules import CHALLENGES

ZONES = ("America/Detroit", "America/Chicago", "America/Denver", "America/Los_Angeles")
ZONE_SHARES = (0.47, 0.33, 0.07, 0.13)
# When people take calls: (from, until) on weekdays and at the weekend, and how often.
DAYS = (((17, 21), (10, 21)), ((9, 17), (9, 13)), ((19, 21), (9, 21)), ((8, 21), (8, 21)))
DAY_SHARES = (0.45, 0.2, 0.2, 0.15)
CROWD = 1 << 16  # people whose hours are drawn together: 88 MB
KEPT = 0.5  # of those hours, the share that is really free
CULTURES = {"Mexican American": "Mexican", "Other Hispanic": "Latino", "Non-Hispanic Asian": "Asian"}


def drawn_people(n: int, seed: int) -> list[Person]:
    """n people, named d0, d1, …"""
    columns = drawn_columns(n, seed)
    return [person(at, columns) for at in range(n)]


def drawn_columns(n: int, seed: int) -> dict[str, Any]:
    """What was drawn, an array each."""
    return _columns(np.random.default_rng(seed), n, len(survey()))


@cache
def survey() -> list[dict[str, Any]]:
    """Reading the survey takes a second, so once."""
    return [_facts(row) for row in survey_rows()]


def _facts(row: dict[str, str]) -> dict[str, Any]:
    age = int(float(row["AgeInYearsAtScreening"]))
    told = int(min(float(row["AgeWhenFirstToldYouHadDiabetes"] or age), age))
    origin = row["RacehispanicOriginWNhAsian"]
    return {
        "age": age,
        "gender": "woman" if row["Gender"] == "Female" else "man",
        "a1c_percent": float(row["Glycohemoglobin"]),
        "insulin": row["TakingInsulinNow"] == "1.0",
        "years": age - told,
        "culture": CULTURES.get(origin, ""),
        "hispanic": origin in ("Mexican American", "Other Hispanic"),
    }


def _columns(chance: np.random.Generator, n: int, rows: int) -> dict[str, Any]:
    weak = chance.normal(size=n)  # one hidden trait by which challenges come together
    often = np.linspace(-1.2, 0.2, len(CHALLENGES))
    return {
        "row": chance.integers(0, rows, n),
        "spanish": chance.random(n),
        "zone": chance.choice(len(ZONES), n, p=ZONE_SHARES),
        "blocked": _blocked(chance, n),
        "tags": chance.normal(size=(n, len(CHALLENGES))) + 0.5 * weak[:, None] < often[None, :],
        "same_gender": chance.random(n) < 0.25,
        "type_1": chance.random(n) < 0.12,
        "gives_culture": chance.random(n) < 0.6,
    }


def _blocked(chance: np.random.Generator, n: int) -> npt.NDArray[np.uint8]:
    """Hours of the week on the wall clock in which each takes no calls, packed. uint8[n, 21]"""
    shapes = np.zeros((len(DAYS), week.HOURS), bool)
    for at, (weekday, weekend) in enumerate(DAYS):
        for day in range(7):
            first, end = weekend if day >= 5 else weekday
            shapes[at, day * 24 + first : day * 24 + end] = True
    kinds = chance.choice(len(DAYS), n, p=DAY_SHARES)
    parts = [
        np.packbits(~(shapes[some] & (chance.random((len(some), week.HOURS)) < KEPT)), axis=1, bitorder="little")
        for some in np.split(kinds, range(CROWD, n, CROWD))
    ]
    return np.concatenate(parts)


def person(at: int, columns: dict[str, Any]) -> Person:
    """One of them."""
    row = survey()[columns["row"][at]]
    spanish = row["hispanic"] and columns["spanish"][at] < 0.7
    both = (row["hispanic"] and 0.4 < columns["spanish"][at] < 0.7) or columns["spanish"][at] > 0.97
    return Person(
        key=f"d{at}",
        languages=("en", "es") if both else ("es",) if spanish else ("en",),
        time_zone=ZONES[columns["zone"][at]],
        blocked=int.from_bytes(columns["blocked"][at].tobytes(), "little"),
        gender=row["gender"],
        wants=row["gender"] if columns["same_gender"][at] else "",
        age=row["age"],
        a1c_percent=row["a1c_percent"],
        insulin=row["insulin"],
        diabetes_type="type 1" if row["insulin"] and columns["type_1"][at] else "type 2",
        years=row["years"],
        challenges=tuple(np.array(CHALLENGES)[columns["tags"][at]].tolist()),
        culture=row["culture"] if columns["gives_culture"][at] else "",
    )
