"""The escalation ladder, as pure rules: by when a need must be seen, and who is told next if nobody has seen it.

A program's protocol says for each level who owns it, how many minutes they have, who is told then, and whether the
clock rests in quiet hours. Where no protocol says otherwise the defaults hold. They are a proposal: a clinical lead
must approve them before a program begins.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from peerline.kernel import week

LEVELS = ("E0", "E1", "E2", "E3")
AT_ONCE = ("E0", "E1")  # these are told by telephone and e-mail as soon as they arise
LAST = "administrator"  # the end of every ladder
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """One level's rule. quiet_hours: the clock runs only while somebody of the staff is there."""

    level: str
    owner: str
    within_minutes: int
    then: str
    quiet_hours: bool

    def role_at(self, step: int) -> str:
        """Who is told at this step; "" past the last one."""
        steps = list(dict.fromkeys((self.owner, self.then, LAST)))
        return steps[step] if step < len(steps) else ""


DEFAULTS = {
    "E0": Rule("E0", "nurse", 10, "coordinator", quiet_hours=False),
    "E1": Rule("E1", "nurse", 60, "coordinator", quiet_hours=False),
    "E2": Rule("E2", "nurse", 24 * 60, "coordinator", quiet_hours=True),
    "E3": Rule("E3", "nurse", 3 * 24 * 60, "coordinator", quiet_hours=True),
}


@dataclass(frozen=True)
class Hours:
    """When the staff of a program are there: a week on the wall clock of a zone, none of it before `away_until`."""

    week: int
    zone: str
    away_until: datetime | None = None

    def open_from(self, at: datetime) -> datetime:
        """The first instant from `at` on at which somebody is there; `at` itself where nobody ever said."""
        begin = max(at, self.away_until) if self.away_until else at
        return week.next_free(week.ALL & ~self.week, begin, self.zone) or begin if self.week else begin

    def works_on(self, at: datetime) -> bool:
        """Is somebody there at any hour of this local day?"""
        day = at.astimezone(ZoneInfo(self.zone)).weekday()
        return bool(self.week >> day * 24 & (1 << 24) - 1)


def due_at(rule: Rule, since: datetime, hours: Hours | None) -> datetime:
    """By when it must be seen, and answered.

    Without quiet hours: so many minutes, whatever the hour. With them the clock begins when somebody is there, whole
    days are working days, and an end outside their hours moves to their next hour. Monday to Friday 9 to 5, three days,
    on Friday at noon: Wednesday at noon.
    """
    if not rule.quiet_hours or hours is None or not hours.week:
        return since + timedelta(minutes=rule.within_minutes)
    at, (days, minutes) = hours.open_from(since), divmod(rule.within_minutes, 24 * 60)
    for _ in range(days):
        at += DAY
        while not hours.works_on(at):
            at += DAY
    return hours.open_from(at + timedelta(minutes=minutes))
