"""A program's weeks, played from its first day on."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.life.house import House
from config.life.office import Office
from config.life.participants import Participants
from config.life.plans import Plans
from config.life.stage import Stage
from peerline.jobs.services import drain

HOME = ZoneInfo("America/Detroit")


def first_day(last: datetime, weeks: int) -> datetime:
    """The Monday from which so many weeks lead to the one of `last`: its midnight where the made-up clinic is."""
    day = last.astimezone(HOME).date()
    monday = day - timedelta(days=day.weekday(), weeks=weeks)
    return datetime.combine(monday, time(), HOME)


class Play:
    """Opened on the stage's first day, in a database that has the made-up clinic's program."""

    def __init__(self, stage: Stage, program_id: int, *, weeks: int) -> None:
        self.stage = stage
        with stage.running():
            self.office = Office(stage, program_id, HOME)
            self.participants = Participants(stage, program_id, weeks)
            self.plans = Plans(self.participants)
            self.office.match()
        stage.later(stage.at, House(stage, HOME).turn)
        for week in range(weeks + 1):
            stage.later(self.monday(week), self._week_begins(week))
        for day in range(7 * (weeks + 1)):
            stage.later(self._day(day), self.office.begin_day)

    def until(self, end: datetime) -> None:
        """Everything that happens before `end`, and what Peerline makes of it."""
        self.stage.play_until(end)
        with self.stage.running():
            drain()

    def monday(self, week: int) -> datetime:
        """When a week begins, counted from 0."""
        return self._day(7 * week)

    def _day(self, number: int) -> datetime:
        """Midnight at home of a day, counted from 0, also across a change of clocks."""
        return datetime.combine(self.stage.first.astimezone(HOME).date() + timedelta(days=number), time(), HOME)

    def _week_begins(self, number: int) -> Callable[[], object]:
        return lambda: (self.participants.begin_week(number), self.plans.begin_week(number))
