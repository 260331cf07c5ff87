"""How a program's pairs do: week by week against the weekly target (S18), how long talks are, how calls end."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peerline.kernel import clock
from peerline.monitoring import counting, words
from peerline.pairs import queries as pairs
from peerline.pairs.queries import ProgramWeek
from peerline.ui.charts import BarChart, bar_chart

WEEKS = 12
LATELY = timedelta(weeks=4)
TROUBLE = ("lost",)  # ends that are nobody's wish: the sound or a process was gone (S23)


@dataclass(frozen=True)
class Rhythm:
    """Oldest week first, the present one last, at most twelve. The figures without a week are of the last four weeks."""

    weeks: list[ProgramWeek]
    chart: BarChart
    middle_minutes: int | None
    calls: int
    talks: int
    staff_minutes: int
    troubled: int
    ends: list[tuple[Any, int]]

    @property
    def now(self) -> ProgramWeek:
        return self.weeks[-1]

    @property
    def last(self) -> ProgramWeek:
        """The last whole week."""
        return self.weeks[-2]


def of_program(program: Any) -> Rhythm:
    """Three queries, whatever the number of pairs and calls."""
    today = counting.day_of(clock.now())
    this_monday = today - timedelta(days=today.weekday())
    mondays = [this_monday - timedelta(weeks=ago) for ago in reversed(range(WEEKS))]
    weeks = _begun(pairs.program_weeks(program.pk, mondays, program.talks_a_week))
    days = list(counting.days(program.pk, today - LATELY))
    ends, lengths = (sum((Counter(getattr(day, name)) for day in days), Counter()) for name in ("outcomes", "lengths"))
    return Rhythm(
        weeks=weeks,
        chart=bar_chart([(date_format(week.monday, _("n/j")), percent(week)) for week in weeks], top=100, now=True),
        middle_minutes=middle({int(minutes): times for minutes, times in lengths.items()}),
        calls=sum(day.calls for day in days),
        talks=sum(day.talks for day in days),
        staff_minutes=round(sum(day.staff_seconds for day in days) / 60),
        troubled=sum(ends[outcome] for outcome in TROUBLE),
        ends=[(words.OUTCOMES.get(outcome, outcome), times) for outcome, times in ends.most_common()],
    )


def _begun(weeks: list[ProgramWeek]) -> list[ProgramWeek]:
    """From the first week with a pair on; the last two always."""
    first = next((n for n, week in enumerate(weeks) if week.pairs), WEEKS)
    return weeks[min(first, WEEKS - 2) :]


def percent(week: ProgramWeek) -> int:
    """Of its pairs, how many in a hundred talked as often as they aim."""
    return round(100 * week.reached / week.pairs) if week.pairs else 0


def middle(times: Mapping[int, int]) -> int | None:
    """The median of values that each came so many times, the upper one of two: middle({10: 1, 14: 2}) is 14."""
    half = sum(times.values()) // 2
    for value in sorted(times):
        if (half := half - times[value]) < 0:
            return value
    return None
