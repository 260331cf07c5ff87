"""A program of the trial's protocol with a dozen people who joined four weeks ago, a coordinator, and a quiet clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from peerline.exchange import switchboard
from peerline.exchange.engines.simulated import Simulated
from peerline.groups import services
from peerline.messaging.models import Reminder
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from peerline.programs import services as programs
from peerline.programs import timeline
from tests.cast import somebody, viewer

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
JOINED = NOW - timedelta(weeks=4)
ZONE = "America/Detroit"


class Circle:
    """Everybody of these tests, and short ways to what they do."""

    def __init__(self, time_machine, people_count: int = 12) -> None:
        self.clock = time_machine
        self.at(JOINED)
        self.organization = people.make_organization(PLATFORM, name="Eastside")
        self.program = programs.make_program(
            PLATFORM, organization_id=self.organization.pk, name="Pairs", begins_on=date(2026, 10, 1)
        )
        self.people = [self.joins(number) for number in range(people_count)]
        self.staff = viewer(self.organization, "coordinator")
        self.line = Simulated()
        self.line.open(switchboard.reporter("simulated"))
        self.at(NOW)

    def at(self, instant: datetime) -> None:
        self.now = instant
        self.clock.move_to(instant, tick=False)

    def joins(self, number: int, language: str = "en"):
        person = somebody(
            self.organization, None, phone=f"+1734555{1000 + number}", nickname=f"Tree {number:02}", language=language
        )
        programs.enroll(PLATFORM, program_id=self.program.pk, person_id=person.pk)
        return person

    def plan(self, **changes):
        facts = {
            "begins_at": NOW + timedelta(days=14),
            "way": "place",
            "place": "Room 2",
            "time_zone": ZONE,
            "key": "month-1",
        }
        return services.plan(self.staff, program_id=self.program.pk, **{**facts, **changes})

    def tick(self) -> None:
        timeline.tick()

    def as_(self, person):
        return viewer_of(person.pk)

    def comes(self, session, *everybody):
        return [services.sign_up(self.staff, session_id=session.pk, person_id=one.pk) for one in everybody]

    def told(self, person, kind: str) -> int:
        return Reminder.objects.filter(person=person, kind=f"groups.{kind}").count()


@pytest.fixture
def circle(db, time_machine):
    return Circle(time_machine)
