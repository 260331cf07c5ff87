"""A clinic with a pair, calls, and voicemail, made by telephone on the simulated engine."""

import pytest

from peerline.jobs.services import drain
from peerline.people import services as people
from peerline.people.access import PLATFORM
from tests.cast import fresh_number, somebody
from tests.exchange.conftest import ELM, Town, town  # noqa: F401


class Clinic:
    """The town after a talk, a message to the nurse, and a message to a partner; with one of each staff."""

    def __init__(self, town: Town) -> None:  # noqa: F811
        self.town, self.organization, self.program = town, town.organization, town.program
        rosa, elm = town.talking()
        town.line.press(rosa, "*1")
        town.line.speak(rosa, 3)
        town.line.press(rosa, "1")
        town.line.hang_up(rosa)
        town.line.hang_up(elm)
        again = town.identified()
        town.line.press(again, "1")
        town.line.refuse(town.line.ringing_at(ELM), "no_answer", 408)
        town.line.press(again, "1")
        town.line.speak(again, 2)
        town.line.press(again, "1")
        town.line.hang_up(again)
        drain()
        self.staff = {
            role: somebody(
                self.organization, role, phone=fresh_number(), email=f"{role}@example.org", first_name=role.title()
            )
            for role in ("coordinator", "nurse", "researcher", "administrator")
        }
        self.participant = town.elm
        point = people.set_contact(PLATFORM, person_id=town.elm.pk, kind="email", value="elm@example.org")
        people.verify(PLATFORM, contact_id=point.pk, how="code")

    def who(self, role: str):
        return self.participant if role == "participant" else self.staff[role]


@pytest.fixture
def place(town):  # noqa: F811
    return Clinic(town)
