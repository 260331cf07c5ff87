"""What Peerline does by itself: regular work and jobs, in turns of played time instead of half a second."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.life.stage import Stage
from peerline.jobs.queries import next_run_at
from peerline.jobs.services import Every, drain, run_regular

NOT_PLAYED = ("exchange.warm_prompts", "audit.seal")  # about this machine's disk, not about anybody's life
OFTEN_SECONDS = 600  # what comes round more seldom (sweeps, recounts) is done in the first turn of a day
LOOKS = range(8, 22, 2)  # the hours at home in which the house looks: at night nobody may be called anyway


class House:
    """Looks at what is due every second hour of the day, and does each job when its time has come."""

    def __init__(self, stage: Stage, home: ZoneInfo) -> None:
        self.stage, self.home = stage, home

    def turn(self) -> None:
        """One look at what is due. Jobs come first, so that no count is checked before it is made."""
        drain()
        run_regular(self._is_played)
        self.work(until=self._next(self.stage.at))

    def work(self, until: datetime) -> None:
        """All jobs whose time has come; again at the next one's, and a whole turn at `until`."""
        drain()
        soonest = next_run_at()
        if soonest is not None and soonest < until:
            self.stage.later(soonest, lambda: self.work(until))
        else:
            self.stage.later(until, self.turn)

    def _is_played(self, work: Every) -> bool:
        often = work.seconds <= OFTEN_SECONDS or self.stage.at.astimezone(self.home).hour == LOOKS.start
        return often and work.name not in NOT_PLAYED

    def _next(self, now: datetime) -> datetime:
        """When it looks next, on the clock at home."""
        here = now.astimezone(self.home).replace(minute=0, second=0, microsecond=0)
        hours = [hour for hour in LOOKS if hour > here.hour]
        return here.replace(hour=hours[0]) if hours else (here + timedelta(days=1)).replace(hour=LOOKS.start)
