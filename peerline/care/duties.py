"""What falls due for the desk: once a month each program tries whether its ladder reaches somebody."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from peerline.care import needs
from peerline.care.ladder import Hours
from peerline.kernel import week
from peerline.kernel.duties import DONE, Acted, Due, Duty
from peerline.programs import queries as programs

FIRST_DAY, DAYS = 2, 20  # programs take turns over these days of the month
ANY_TIME = timedelta(days=5)


def drills(now: datetime) -> Iterable[Due]:
    """One a month and program with people in it, while somebody of the staff is there. Two queries, however many."""
    hours = {row.program_id: Hours(week.from_text(row.week), row.time_zone) for row in programs.all_staff_hours()}
    for program_id in programs.with_people():
        theirs = hours.get(program_id, Hours(week.NONE, "UTC"))
        local = now.astimezone(ZoneInfo(theirs.zone))
        day = local.replace(day=FIRST_DAY + program_id % DAYS, hour=10, minute=0, second=0, microsecond=0)
        at = theirs.open_from(day)
        if at <= now < at + ANY_TIME:
            yield Due(f"program:{program_id}", f"{day:%Y-%m}", program_id, at, at + ANY_TIME)


def hold(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    """A made-up need goes up the ladder like a real one, marked as a drill."""
    program_id = int(subject[8:])
    key = f"care.drill:{program_id}:{now:%Y-%m}"
    needs.arise(kind="care.drill", key=key, level="E1", program_id=program_id, drill=True)
    return Acted(DONE)


def why(subject: str, facts: dict[str, Any]) -> str:
    return _("The monthly drill: does an alarm reach somebody in time?")


DRILL = Duty("care.drill", drills, hold, why)
