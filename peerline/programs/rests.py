"""Who takes a rest, and until when. A rest is a pause of all contact; it ends when they say so, or on the day they named."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from peerline.programs.models import Enrollment

WEEKS = (1, 2, 4)  # what people choose from; besides, until they say


class OfAZone(Protocol):
    @property
    def time_zone(self) -> str: ...


def today_of(person: OfAZone, now: datetime) -> date:
    return now.astimezone(ZoneInfo(person.time_zone)).date()


def day_back(person: OfAZone, weeks: int, now: datetime) -> date | None:
    """So many weeks from today on their clock; None for 0, until they say."""
    return today_of(person, now) + timedelta(weeks=weeks) if weeks else None


def mark(row: Enrollment) -> str:
    """What tells one rest of an enrollment from the next."""
    return row.rest_began_at.isoformat() if row.rest_began_at else ""


def over(now: datetime) -> list[int]:
    """Enrollments whose day has come on their person's clock. One query."""
    rows = Enrollment.objects.filter(state="paused", rests_until__lte=now.date() + timedelta(days=1))
    found = rows.select_related("person").order_by("pk")
    return [row.pk for row in found if row.rests_until and row.rests_until <= today_of(row.person, now)]


def resting(program_id: int, people: Iterable[int]) -> dict[int, date | None]:
    """Those of these people who rest from this program, each with the day they are back, as far as they said. One query."""
    rows = Enrollment.objects.filter(program_id=program_id, person_id__in=list(people), state="paused")
    return dict(rows.values_list("person_id", "rests_until"))


def is_resting(person: str, program: str) -> Exists:
    """A condition for a question about rows that name a person and a program in these columns."""
    rows = Enrollment.objects.filter(person=OuterRef(person), program=OuterRef(program), state="paused")
    return Exists(rows)


@dataclass(frozen=True)
class Rest:
    """The last rest of an enrollment. goes_on: it is not over; is_back: they take part again."""

    person_id: int
    program_id: int
    mark: str
    until: date | None
    goes_on: bool
    is_back: bool


def rest_of(enrollment_id: int) -> Rest | None:
    row = Enrollment.objects.filter(pk=enrollment_id).first()
    return row and Rest(
        row.person_id, row.program_id, mark(row), row.rests_until, row.state == "paused", row.state == "active"
    )


def of_person(person_id: int) -> list[dict[str, Any]]:
    """The rests of this person: enrollment, program and until when."""
    rows = Enrollment.objects.filter(person=person_id, state="paused").order_by("pk")
    return list(rows.values("id", "program__name", "rests_until"))
