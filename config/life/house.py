"""What Peerline does by itself: regular work and jobs, in turns of played time instead of half a second."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.life.stage import Stage
from peerline.jobs.services import drain, run_regular

NOT_PLAYED = ("exchange.warm_prompts", "audit.seal")  # about this machine's disk, not about anybody's life
DAY = range(7, 22)  # the hours at home in which the house looks often: at night nobody may be called anyway


class House:
    """Looks at what is due every so many minutes, and once at night."""

    def __init__(self, stage: Stage, home: ZoneInfo, *, minutes: int = 60) -> None:
        self.stage, self.home, self.minutes = stage, home, minutes

    def turn(self) -> None:
        """One look at what is due. Jobs come first, so that no count is checked before it is made."""
        drain()
        run_regular(besides=NOT_PLAYED)
        drain()
        self.stage.later(self._next(self.stage.at), self.turn)

    def _next(self, now: datetime) -> datetime:
        soon = (now + timedelta(minutes=self.minutes)).astimezone(self.home)
        if soon.hour in DAY:
            return soon
        days = 0 if soon.hour < DAY.start else 1
        return (soon + timedelta(days=days)).replace(hour=DAY.start, minute=0, second=0, microsecond=0)
