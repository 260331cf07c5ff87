"""A program with two people in a pair, one of the staff, and the steps of a plan."""

from datetime import UTC, date, datetime

import pytest

from peerline.kernel import clock
from peerline.pairs import services as pairs
from peerline.people.access import PLATFORM, viewer_of
from peerline.plans import services as plans
from peerline.programs import services as programs
from tests.cast import clinic, fresh_number, somebody

MONDAY = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)  # 10 in the morning in Detroit
STEP = {
    "domain": "exercise", "what": "Walk around the block", "how_much": "15 minutes", "at_when": "after lunch",
    "times_a_week": 3, "barrier": "Rain", "support": "My sister", "confidence": 8,
}  # fmt: skip


class Here:
    """Rosa and Elias, their program and its nurse; the clock stands until it is moved."""

    def __init__(self) -> None:
        self.now = MONDAY
        self.organization = clinic()
        self.program = programs.make_program(
            PLATFORM, organization_id=self.organization.pk, name="Pairs", begins_on=date(2026, 11, 1)
        )
        self.rosa, self.elias = self.participant("Rosa", "Maple"), self.participant("Elias", "Elm")
        self.pair = pairs.pair_up(PLATFORM, program_id=self.program.pk, people=[self.rosa.pk, self.elias.pk])
        self.nurse = somebody(self.organization, "nurse", email="dana@example.org", first_name="Dana")
        self.me = viewer_of(self.rosa.pk)
        self.enrollment_id = self.rosa.enrollments.get().pk

    def participant(self, first_name, nickname):
        person = somebody(
            self.organization, None, phone=fresh_number(), email=f"{first_name.lower()}@example.org",
            first_name=first_name, nickname=nickname,
        )  # fmt: skip
        programs.enroll(PLATFORM, program_id=self.program.pk, person_id=person.pk)
        return person

    def draft(self, **changes):
        """Rosa's draft with all its answers."""
        plan = plans.start(self.me, enrollment_id=self.enrollment_id)
        plans.write(self.me, plan_id=plan.pk, **{**STEP, **changes})
        return plan

    def plan(self, **changes):
        """Rosa's plan, under way."""
        return plans.begin(self.me, plan_id=self.draft(**changes).pk)


@pytest.fixture
def here(db):
    world = []
    with clock.running_on(lambda: world[0].now if world else MONDAY):
        world.append(Here())
        yield world[0]
