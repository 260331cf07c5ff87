"""Two people in a pair, and a simulated engine on the line."""

from datetime import date

import pytest

from peerline.entry import services as entry
from peerline.exchange import switchboard
from peerline.exchange.dialogues import answers
from peerline.exchange.engines.simulated import Simulated
from peerline.pairs import services as pairs
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.people.queries import number_hash
from peerline.programs import services as programs

ROSA, ELM, THIRD = "+17345550101", "+17345550102", "+17345550103"


class Town:
    """A program with Rosa and Elm paired, and somebody else nobody may reach."""

    def __init__(self) -> None:
        self.organization = people.make_organization(PLATFORM, name="Eastside")
        self.program = programs.make_program(
            PLATFORM, organization_id=self.organization.pk, name="Pairs", begins_on=date(2026, 11, 1)
        )
        self.rosa = self.somebody("Rosa", "Maple", ROSA)
        self.elm = self.somebody("Elias", "Elm", ELM)
        self.third = self.somebody("Tom", "Oak", THIRD)
        self.pair = pairs.pair_up(PLATFORM, program_id=self.program.pk, people=[self.rosa.pk, self.elm.pk])
        self.line = Simulated()
        self.line.open(switchboard.reporter("simulated"))

    def somebody(self, first_name, nickname, number, language="en"):
        person = people.add_person(
            PLATFORM,
            place=people.Place(self.organization.pk),
            first_name=first_name,
            nickname=nickname,
            language=language,
        )
        point = people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=number)
        people.verify(PLATFORM, contact_id=point.pk, how="staff")
        programs.enroll(PLATFORM, program_id=self.program.pk, person_id=person.pk)
        return person

    def trio(self):
        """Rosa, Elm and Oak together, in place of the pair."""
        pairs.end_pair(PLATFORM, pair_id=self.pair.pk, reason="new_match")
        everybody = [self.rosa.pk, self.elm.pk, self.third.pk]
        return pairs.pair_up(PLATFORM, program_id=self.program.pk, people=everybody)

    def identified(self, number=ROSA):
        """A telephone at the main menu."""
        telephone = self.line.dial(number)
        self.line.press(telephone, "111111")
        assert telephone.asked == "menu.main"
        return telephone

    def talking(self):
        """Rosa and Elm, in a conversation."""
        rosa = self.identified()
        self.line.press(rosa, "1")
        elm = self.line.ringing_at(ELM)
        self.line.answer(elm)
        self.line.press(elm, "1")
        return rosa, elm


@pytest.fixture
def town(db, monkeypatch):
    town = Town()
    by_hash = {
        number_hash(number): person for number, person in ((ROSA, town.rosa), (ELM, town.elm), (THIRD, town.third))
    }

    proper = entry.try_pin

    def try_pin(leg, keys, household):
        if keys != "111111":
            return proper(leg, keys, household)
        person = by_hash.get(household)
        return {"person_id": person.pk, "language": person.language, "nickname": person.nickname} if person else None

    monkeypatch.setattr("peerline.entry.services.try_pin", try_pin)
    assert answers
    return town
