"""The moved clock, and what is still to come on it."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.conf import settings
from django.test.utils import override_settings

from config.life.chance import Chance
from config.life.line import Line
from peerline.kernel import clock

Act = Callable[[], object]


class Stage:
    """`at` is what time it is for everybody in the play; it never goes back. since: a life that was begun goes on from then;
    what would have been before is over."""

    def __init__(self, first: datetime, seed: int | str, since: datetime | None = None) -> None:
        self.first = first
        self.since = self.at = since or first
        self.chance = Chance(str(seed))
        self.line = Line(self)
        self._coming: list[tuple[datetime, int, Act]] = []
        self._turns = count()

    @property
    def day(self) -> date:
        """Which day it is; a new one begins at nine in the morning in Greenwich, when nobody in the play is up."""
        return (self.at.astimezone(UTC) - timedelta(hours=9)).date()

    def later(self, at: datetime, act: Act) -> None:
        """act() at that time, or now if it is over; acts of one time in the order they were put."""
        if max(at, self.at) >= self.since:
            heapq.heappush(self._coming, (max(at, self.at), next(self._turns), act))

    def after(self, act: Act, **time: float) -> None:
        """As timedelta takes it: after(hang_up, minutes=12)."""
        self.later(self.at + timedelta(**time), act)

    def as_if(self, at: datetime, act: Act) -> None:
        """act() as it was at that time: what it puts before `since` is over."""
        here, self.at = self.at, at
        act()
        self.at = here

    def play_until(self, end: datetime) -> None:
        """Everything that comes before `end`; then it is `end`."""
        with self.running():
            while self._coming and self._coming[0][0] < end:
                at, _, act = heapq.heappop(self._coming)
                self.at = max(self.at, at)  # what took long holds up what comes next
                act()
                self.line.settle()
            self.at = max(self.at, end)

    @contextmanager
    def running(self) -> Iterator[None]:
        """The clock is the stage's, what is rung is rung on the simulated line, and messages go no further than the screen."""
        with clock.running_on(lambda: self.at), nowhere():
            yield


def nowhere() -> override_settings:
    """Nothing rings outside the play, and no message leaves this machine."""
    return override_settings(
        ENGINE="simulated",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        CARRIER={**settings.CARRIER, "account": ""},
        PIN_WORK_FACTOR=2,  # the PIN of the made-up is the one everybody knows: no slow hash protects it
    )
