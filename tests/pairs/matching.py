"""A program whose people wait for a partner, made through the real services."""

from datetime import date

from peerline.kernel import week
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.people.services import Place
from peerline.programs import services as programs
from tests.cast import clinic, fresh_number, somebody

EVENINGS = week.ALL & ~week.of_days(range(7), 17, 21)
# nickname, language, born, gender, wishes, A1C, insulin, challenges
PEOPLE = [
    ("Maple", "en", 1960, "woman", "", 8.0, True, ["food", "fear_of_injection"]),
    ("Elm", "en", 1962, "man", "", 8.2, True, ["food", "fear_of_injection"]),
    ("Oak", "en", 1950, "man", "", 7.0, False, ["exercise", "low_mood"]),
    ("Linden", "en", 1953, "woman", "woman", 7.1, False, ["exercise"]),
    ("Birch", "en", 1955, "woman", "", 7.4, False, ["exercise", "food"]),
    ("Ceiba", "es", 1970, "woman", "", 9.0, True, ["cost_of_medicine"]),
    ("Roble", "es", 1974, "man", "", 9.3, True, ["cost_of_medicine", "food"]),
    ("Pine", "en", 1981, "man", "", 6.5, None, []),
]


class Waiting:
    """Eight people who wait, and one of each staff. who: nickname → person."""

    def __init__(self) -> None:
        self.organization = clinic("Eastside")
        self.program = programs.make_program(
            PLATFORM, organization_id=self.organization.pk, name="Talk weekly", begins_on=date(2026, 11, 2)
        )
        self.who = {row[0]: self.join(*row) for row in PEOPLE}
        self.staff = {
            role: somebody(self.organization, role, email=f"{role}@example.org", first_name=role.title())
            for role in ("coordinator", "nurse", "researcher", "administrator")
        }

    def join(self, nickname, language, born, gender, wishes, a1c, insulin, challenges, *, phone=None):
        """Somebody who takes calls in the evening, in the program."""
        person = people.add_person(
            PLATFORM, place=Place(self.organization.pk), first_name="Rosalind", last_name="Quimby", nickname=nickname,
            language=language, born_year=born, gender=gender,
        )  # fmt: skip
        point = people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=phone or fresh_number())
        people.verify(PLATFORM, contact_id=point.pk, how="call")
        people.set_blocked_hours(PLATFORM, person.pk, EVENINGS)
        programs.enroll(
            PLATFORM, program_id=self.program.pk, person_id=person.pk, a1c_percent=a1c, insulin=insulin,
            challenges=challenges, gender_preference=wishes, diabetes_type="type 2", diagnosed_year=2010,
        )  # fmt: skip
        return person

    def pk(self, nickname):
        return self.who[nickname].pk
