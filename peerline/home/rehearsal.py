"""The rehearsal telephone: the same dialogues on the simulated engine, played anew from what was pressed so far.

A rehearsal is the list of what was done on two telephones, kept in the visitor's session. Each page plays the whole
list inside one transaction that is rolled back at the end, with two made-up partners made inside it. So nothing is ever
written, no job is left behind and nobody is rung; and two visitors cannot meet in one rehearsal.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from peerline.entry import services as entry
from peerline.entry.queries import DEMO_PIN
from peerline.exchange import switchboard, voices
from peerline.exchange.engines.simulated import Simulated, Telephone
from peerline.exchange.models import VoiceMessage
from peerline.exchange.prompts.catalogue import text_of
from peerline.groups import training
from peerline.kernel.dialogue import Record, Spoken
from peerline.pairs import services as pairs
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.programs import services as programs

KEYPAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"]
ACTS = {*KEYPAD, "dial", "answer", "silence", "hang", "pin", "again"}
NUMBERS = {"caller": "+17345550198", "partner": "+17345550199"}
MOST_ACTS = 80


@dataclass(frozen=True)
class Seen:
    """One telephone as the page shows it."""

    name: str
    state: str  # idle, ringing, up, over
    waits_for: str  # "" or record, pin
    step: int  # goes up with everything that is said
    lines: list[str]
    newest: list[Spoken]


@dataclass(frozen=True)
class Scene:
    caller: Seen
    partner: Seen
    talking: bool
    acts: int


def acts_of(kept: Any) -> list[list[str]]:
    """What the session holds, if it is a rehearsal at all."""
    return (
        [list(act) for act in kept if len(act) == 2 and act[0] in NUMBERS and act[1] in ACTS]
        if isinstance(kept, list)
        else []
    )


def with_act(acts: list[list[str]], phone: str, act: str) -> list[list[str]]:
    """The rehearsal with one more act; begun anew by "again", by a new dial, or when it has become too long."""
    if act == "again" or len(acts) >= MOST_ACTS:
        return []
    if phone not in NUMBERS or act not in ACTS:
        return acts
    return [["caller", "dial"]] if act == "dial" else [*acts, [phone, act]]


def play(acts: list[list[str]]) -> Scene:
    """Play it all and forget it."""
    with transaction.atomic():
        stage = _Stage()
        for phone, act in acts:
            stage.do(phone, act)
        scene = stage.scene(len(acts))
        files = list(VoiceMessage.objects.filter(call__in=stage.calls()).values_list("file", flat=True))
        transaction.set_rollback(True)
    voices.remove(files)
    return scene


class _Stage:
    """Two made-up partners and a line, for the time of one page."""

    def __init__(self) -> None:
        organization = people.make_organization(PLATFORM, name="Rehearsal")
        program = programs.make_program(
            PLATFORM, organization_id=organization.pk, name="Rehearsal", begins_on=date(2026, 1, 1)
        )
        both = [
            self._somebody(organization.pk, program.pk, name, NUMBERS[phone])
            for name, phone in (("Maple", "caller"), ("Elm", "partner"))
        ]
        pairs.pair_up(PLATFORM, program_id=program.pk, people=both)
        self.line = Simulated(text_of)
        self.line.open(switchboard.reporter("simulated"))

    @staticmethod
    def _somebody(organization_id: int, program_id: int, nickname: str, number: str) -> int:
        place = people.Place(organization_id, None, program_id)
        person = people.add_person(PLATFORM, place=place, first_name=nickname, nickname=nickname, made_up=True)
        point = people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=number)
        people.verify(PLATFORM, contact_id=point.pk, how="roster")
        programs.enroll(PLATFORM, program_id=program_id, person_id=person.pk)
        training.record(PLATFORM, person_id=person.pk, how="session")
        entry.give_demo_pin(person.pk)
        return person.pk

    def calls(self) -> list[int]:
        from peerline.exchange.models import Leg

        return list(Leg.objects.filter(pk__in=self.line.telephones).values_list("call_id", flat=True))

    def telephone(self, phone: str) -> Telephone | None:
        """The newest telephone of this one of the two."""
        mine = [one for one in self.line.telephones.values() if one.number == NUMBERS[phone]]
        return mine[-1] if mine else None

    def do(self, phone: str, act: str) -> None:
        if act == "dial":
            self.line.dial(NUMBERS[phone])
            return
        telephone = self.telephone(phone)
        if telephone is None or telephone.over:
            return
        with suppress(StopIteration):
            self._at(telephone, act)

    def _at(self, telephone: Telephone, act: str) -> None:
        if act == "hang":
            self.line.refuse(telephone, "declined") if telephone.ringing else self.line.hang_up(telephone)
        elif telephone.ringing:
            if act == "answer":
                self.line.answer(telephone)
        elif act == "silence":
            self.line.silence(telephone)
        elif act == "pin":
            self.line.press(telephone, DEMO_PIN)
        elif act in KEYPAD:
            self.line.press(telephone, act)

    def scene(self, acts: int) -> Scene:
        seen = {phone: self._seen(phone) for phone in NUMBERS}
        both = [self.telephone(phone) for phone in NUMBERS]
        talking = any(
            {one.leg_id for one in both if one} <= inside and len(inside) == 2 for inside in self.line.rooms.values()
        )
        return Scene(seen["caller"], seen["partner"], talking, acts)

    def _seen(self, phone: str) -> Seen:
        telephone = self.telephone(phone)
        name = "Maple" if phone == "caller" else "Elm"
        if telephone is None:
            return Seen(name, "idle", "", 0, [], [])
        state = "over" if telephone.over else "ringing" if telephone.ringing else "up"
        step = telephone.now.step if telephone.now else None
        waits = (
            "record"
            if isinstance(step, Record)
            else "pin"
            if step and step.name in ("arrive.pin", "arrive.own_pin")
            else ""
        )
        lines = [line for line in telephone.transcript if not line.startswith("[")]
        said = [one for one in telephone.now.said if one.prompt] if telephone.now else []
        return Seen(name, state, waits, len(telephone.transcript), lines[-14:], said)
