"""Two clinics with programs and pairs, and calls by the thousand."""

from datetime import date, timedelta
from itertools import cycle

import pytest

from peerline.exchange.models import Call
from peerline.kernel import clock
from peerline.pairs import services as pairs
from peerline.people.access import PLATFORM
from peerline.programs import services as programs
from tests import cast

OUTCOMES = ("talked", "no_answer", "message", "declined", "ended")


class Clinic:
    """A clinic with two programs, a pair in each, and whatever calls a test wants."""

    def __init__(self, name):
        self.organization = cast.clinic(name)
        self.programs = [self._program(f"{name} {word}") for word in ("north", "south")]
        self.pairs = [self.pair(program) for program in self.programs]

    def _program(self, name):
        return programs.make_program(
            PLATFORM, organization_id=self.organization.pk, name=name, begins_on=date(2026, 1, 1)
        )

    def pair(self, program):
        two = [cast.somebody(self.organization, None, nickname=word, phone=cast.fresh_number()) for word in "AB"]
        for person in two:
            programs_enroll(program, person)
        return pairs.pair_up(PLATFORM, program_id=program.pk, people=[person.pk for person in two])

    def call(self, pair, at=None, *, outcome="talked", seconds=600, **facts):
        """A call of this pair that is over."""
        return Call.objects.create(**self.row(pair, at or clock.now(), outcome=outcome, seconds=seconds), **facts)

    def row(self, pair, at, *, outcome="talked", seconds=600):
        return {
            "began_at": at, "ended_at": at + timedelta(seconds=seconds + 30), "way": "dialed", "outcome": outcome,
            "placed_by_id": pair.partners.first().person_id, "organization_id": self.organization.pk,
            "program_id": pair.program_id, "label": f"pair:{pair.pk}", "talk_seconds": seconds,
        }  # fmt: skip

    def many_calls(self, count):
        """`count` calls of both pairs in turn, a minute apart, the newest just now, ending in every way."""
        rows = [self.row(pair, clock.now()) for pair in self.pairs]
        ends = cycle(OUTCOMES)
        Call.objects.bulk_create(
            Call(**{**row, "began_at": clock.now() - timedelta(minutes=number), "outcome": next(ends)})
            for number, row in zip(range(count), cycle(rows), strict=False)
        )


def programs_enroll(program, person):
    programs.enroll(PLATFORM, program_id=program.pk, person_id=person.pk)


@pytest.fixture
def clinic(db):
    return Clinic("Willow")


@pytest.fixture
def other_clinic(db):
    return Clinic("Oak")
