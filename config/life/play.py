"""A program's weeks, played from its first day on."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.life.events import Events
from config.life.house import House
from config.life.office import Office
from config.life.participants import Participants
from config.life.plans import Plans
from config.life.sessions import Sessions
from config.life.stage import Stage
from peerline.jobs.services import drain

HOME = ZoneInfo("America/Detroit")


BEFORE = timedelta(days=5)  # people have joined by the Wednesday before, and the first session is on the Saturday


def first_day(last: datetime, weeks: int) -> datetime:
    """When a life of so many weeks before the one of `last` opens: the Wednesday before the first Monday, at home."""
    day = last.astimezone(HOME).date()
    monday = day - timedelta(days=day.weekday(), weeks=weeks)
    return datetime.combine(monday - BEFORE, time(), HOME)


class Play:
    """Opened on the stage's first day, in a database that has the made-up clinic's program, or taken up again there on a later
    one (stage.since). Its weeks begin on Mondays."""

    def __init__(self, stage: Stage, program_id: int, *, weeks: int) -> None:
        self.stage = stage
        with stage.running():
            self.participants = Participants(stage, program_id)
            self.plans = Plans(self.participants)
            self.sessions = Sessions(self.participants, self.plans, program_id, HOME.key)
            self.events = Events(self.participants, self.plans, weeks, self.week_of(stage.since))
            self.office = Office(stage, self.sessions, program_id, HOME)
            if stage.since == stage.first:
                self._open()
            else:
                self._take_up()
        stage.later(stage.at, House(stage, HOME).turn)
        stage.later(self.monday(0), self.office.match)
        for week in range(weeks + 1):
            stage.later(self.monday(week), self._week_begins(week))
        for day in range(7 * (weeks + 1)):
            stage.later(self._day(day), self.office.begin_day)
        self.until(self.monday(0) + timedelta(minutes=1))

    def _open(self) -> None:
        self.participants.choose_ways()
        self.office.open(self._day(-2).replace(hour=10))

    def _take_up(self) -> None:
        """What the week, the day, and the people of before still have to come."""
        week = self.week_of(self.stage.since)
        self.stage.as_if(self.monday(week), self._week_begins(week))
        midnight = self.stage.since.astimezone(HOME).replace(hour=0, minute=0, second=0, microsecond=0)
        self.stage.as_if(midnight, self.office.begin_day)
        self.office.take_up()
        self.events.take_up()

    def week_of(self, at: datetime) -> int:
        """Counted from 0; before the first Monday, too."""
        return max(0, (at.astimezone(HOME).date() - self.monday(0).date()).days // 7)

    def until(self, end: datetime) -> None:
        """Everything that happens before `end`, and what Peerline makes of it."""
        self.stage.play_until(end)
        with self.stage.running():
            drain()

    def close(self) -> None:
        """The curtain: whoever still talks hangs up, so that no call of the play goes on for ever."""
        with self.stage.running():
            self.stage.line.engine.close()
            drain()

    def monday(self, week: int) -> datetime:
        """When a week begins, counted from 0."""
        return self._day(7 * week)

    def _day(self, number: int) -> datetime:
        """Midnight at home of a day, counted from 0 at the first Monday, also across a change of clocks."""
        day = self.stage.first.astimezone(HOME).date() + BEFORE + timedelta(days=number)
        return datetime.combine(day, time(), HOME)

    def _week_begins(self, number: int) -> Callable[[], object]:
        return lambda: [who.begin_week(number) for who in (self.participants, self.plans, self.sessions, self.events)]
