"""A program, two people in it, and one of each staff."""

from datetime import date

import pytest

from peerline.outcomes import services
from peerline.people.access import PLATFORM, viewer_of
from peerline.programs import services as programs
from tests.cast import clinic, fresh_number, somebody


class Place:
    def __init__(self) -> None:
        self.organization = clinic("Eastside")
        self.program = programs.make_program(
            PLATFORM, organization_id=self.organization.pk, name="Talk weekly", begins_on=date(2026, 11, 2)
        )
        self.rosa, self.elm = self.join("Maple"), self.join("Elm", language="es")
        self.staff = {
            role: somebody(self.organization, role, email=f"{role}@example.org", first_name=role.title())
            for role in ("coordinator", "nurse", "researcher", "administrator")
        }

    def join(self, nickname, **facts):
        """Somebody in the program, with a telephone."""
        person = somebody(self.organization, None, phone=fresh_number(), nickname=nickname, **facts)
        programs.enroll(PLATFORM, program_id=self.program.pk, person_id=person.pk)
        return person

    def enrollment(self, person):
        return person.enrollments.get().pk

    def sheet(self, person=None, instruments=("phq2", "confidence"), occasion="baseline", **more):
        enrollment_id = self.enrollment(person or self.rosa)
        return services.open_sheet(
            PLATFORM, enrollment_id=enrollment_id, occasion=occasion, instruments=instruments, **more
        )

    def say(self, sheet, door="web", **values):
        """Answers of one instrument by its items: say(sheet, phq2={"down": 1})."""
        viewer = viewer_of(sheet.person_id)
        for instrument, given in values.items():
            for item, value in given.items():
                services.answer(viewer, sheet_id=sheet.pk, instrument=instrument, item=item, value=value, door=door)


@pytest.fixture
def place(db):
    return Place()
