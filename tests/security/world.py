"""A world to break into: two organizations, two sites, four programs, and in each the same things.

`own` is where the visitor belongs; `program` is another program at the same site, `site` one at another site of the same
organization, `organization` one of somebody else's. `partner` is as `own`, but about the other half of the pair.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from peerline.care import flags, needs, notes, notices
from peerline.care.models import Voicemail
from peerline.entry import services as entry
from peerline.exchange import switchboard
from peerline.exchange.engines.simulated import Simulated
from peerline.exchange.models import Call, VoiceMessage
from peerline.groups import agenda, training
from peerline.groups import services as groups
from peerline.groups.models import Seat, Session
from peerline.jobs.services import drain
from peerline.kernel import clock
from peerline.messaging import relay
from peerline.messaging import services as messaging
from peerline.messaging.models import Written
from peerline.outcomes import measures
from peerline.outcomes import services as outcomes
from peerline.outcomes.measures import Typed
from peerline.outcomes.models import Sheet
from peerline.pairs import services as pairs
from peerline.pairs.models import MatchRound, ProposedPair, ProposedPartner
from peerline.people import merging
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.people.models import ContactPoint, Person, Role
from peerline.people.services import Place
from peerline.plans import services as plans
from peerline.programs import rosters
from peerline.programs import services as programs
from peerline.programs.models import Enrollment
from tests.cast import somebody

ROLES = ("coordinator", "nurse", "researcher", "administrator")
BOUNDS = ("organization", "site", "program")
REACHED = {  # which corners of the world a role reaches that holds there
    "organization": {"own", "partner", "program", "site"},
    "site": {"own", "partner", "program"},
    "program": {"own", "partner"},
}
ROSTER = b"First name,Telephone\nAda,734-555-0%d\n"
STEP = {"domain": "exercise", "what": "Walk", "times_a_week": 3, "confidence": 8}
CONSENT = {"en": "You may stop at any time.", "es": "Puede salir cuando quiera."}


@dataclass
class Corner:
    """One program with a pair that talked, their messages, somebody of the staff, and a list just uploaded."""

    place: Place
    ids: dict[str, int] = field(default_factory=dict)
    rosa: Any = None
    elm: Any = None

    def about_the_partner(self) -> dict[str, int]:
        return self.ids | {
            name: self.ids[f"partner_{name}"]
            for name in (
                "person_id",
                "enrollment_id",
                "voice_id",
                "written_id",
                "contact_id",
                "unproven_id",
                "plan_id",
                "begun_plan_id",
                "sheet_id",
            )
        }


class World:
    """Everything, and who visits it: `viewers` are the participant and each role in each of its three bounds."""

    def __init__(self) -> None:
        self.line = Simulated()
        self.line.open(switchboard.reporter("simulated"))
        self.numbers = iter(range(200, 399))
        here, there = (people.make_organization(PLATFORM, name=name) for name in ("Here", "There"))
        site, other, far = (
            people.make_site(PLATFORM, organization_id=one.pk, name=name)
            for one, name in ((here, "East"), (here, "West"), (there, "Far"))
        )
        self.corners = {
            name: self.corner(name, organization, place)
            for name, organization, place in (
                ("own", here, site), ("program", here, site), ("site", here, other), ("organization", there, far),
            )
        }  # fmt: skip
        own = self.corners["own"]
        self.ids = {name: corner.ids for name, corner in self.corners.items()} | {"partner": own.about_the_partner()}
        self.viewers = {("participant", ""): own.rosa}
        for role in ROLES:
            for bound in BOUNDS:
                self.viewers[role, bound] = self.staff(role, bound, own.place)

    def number(self) -> str:
        return f"+17345550{next(self.numbers)}"

    def staff(self, role: str, bound: str, place: Place) -> Person:
        where = {"site": {"site_id": place.site_id}, "program": {"program_id": place.program_id}}.get(bound, {})
        person = people.add_person(PLATFORM, place=Place(place.organization_id), first_name=f"{role} {bound}")
        people.give_role(PLATFORM, person_id=person.pk, role=role, place=Place(place.organization_id, **where))
        return person

    def corner(self, name: str, organization: Any, site: Any) -> Corner:
        program = programs.make_program(
            PLATFORM, organization_id=organization.pk, site_id=site.pk, name=name, begins_on=date(2026, 1, 5)
        )
        corner = Corner(Place(organization.pk, site.pk, program.pk))
        corner.rosa, corner.elm = self.participant(corner, "Rosa"), self.participant(corner, "Elias")
        waiting = [self.participant(corner, first) for first in ("Ida", "Otto")]
        for one in (corner.rosa, corner.elm):
            training.record(PLATFORM, person_id=one.pk, how="session")
        pair = pairs.pair_up(PLATFORM, program_id=program.pk, people=[corner.rosa.pk, corner.elm.pk])
        colleague = somebody(organization, "nurse", site_id=site.pk, program_id=program.pk, email=f"{name}@example.org")
        batch = rosters.bring(PLATFORM, program_id=program.pk, data=ROSTER % next(self.numbers), name="list.csv")
        loaded = rosters.bring(PLATFORM, program_id=program.pk, data=ROSTER % next(self.numbers), name="old.csv")
        rosters.load(PLATFORM, batch_id=loaded.pk)
        leaving = self.participant(corner, "Lev")
        programs.stop(PLATFORM, self.enrollment_of(leaving))
        kept, twice = (self.participant(corner, "Ode") for _ in range(2))  # one man, brought in twice, and made one
        programs.stop(PLATFORM, self.enrollment_of(twice))
        merge = merging.merge(PLATFORM, keep=kept.pk, gone=twice.pk)
        corner.ids = {"merge_id": merge.pk}
        corner.ids |= {"program_id": program.pk, "pair_id": pair.pk, "batch_id": batch.pk, "loaded_id": loaded.pk}
        corner.ids |= {"colleague_id": colleague.pk, "role_id": Role.objects.get(person=colleague).pk}
        corner.ids |= {"first_id": waiting[0].pk, "second_id": waiting[1].pk, "leaving_id": self.enrollment_of(leaving)}
        corner.ids |= {"proposed_id": self.proposed(program.pk, waiting), "need_id": self.need(corner).pk}
        corner.ids |= {"flag_id": self.flag(corner).pk}
        text = {one: {"subject": "A walk", "body": "We walk on Friday."} for one in CONSENT}
        written = notices.write(PLATFORM, program_id=program.pk, who="all", texts=text)
        corner.ids |= {"notice_id": written.pk}
        note = notes.write(PLATFORM, program_id=program.pk, person_id=corner.rosa.pk, words="A note")
        corner.ids |= {"note_id": note.pk}
        corner.ids |= self.of_person(corner.rosa)
        corner.ids |= self.sessions(corner)
        corner.ids |= {f"partner_{key}": value for key, value in self.of_person(corner.elm).items()}
        corner.ids |= self.calls(corner)
        programs.write_consent(PLATFORM, program_id=program.pk, texts=CONSENT)
        for row in Enrollment.objects.filter(program=program, state="invited"):
            programs.give_consent(PLATFORM, enrollment_id=row.pk, version=1, how="paper")
        programs.write_consent(
            PLATFORM, program_id=program.pk, texts=CONSENT
        )  # a new one, last: the line would read it to callers
        for one in waiting:  # who are paired
            programs.give_consent(PLATFORM, enrollment_id=self.enrollment_of(one), version=2, how="paper")
        return corner

    def participant(self, corner: Corner, first_name: str) -> Person:
        """With the role of the program only, as an enrollment gives it; and a number, an address, a PIN, a message."""
        person = people.add_person(PLATFORM, place=corner.place, first_name=first_name, last_name="Quill")
        programs.enroll(PLATFORM, program_id=corner.place.program_id or 0, person_id=person.pk)
        for kind, value in (("phone", self.number()), ("email", f"{first_name}{person.pk}@example.net")):
            point = people.set_contact(PLATFORM, person_id=person.pk, kind=kind, value=value)
            people.verify(PLATFORM, contact_id=point.pk, how="call")
        people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=self.number(), label="mobile")  # unproven
        messaging.send(
            to_person=person.pk, channel="email", kind="test", key=f"test:{person.pk}", subject="Hello", body="Hello"
        )
        return person

    @staticmethod
    def proposed(program_id: int, people: list[Person]) -> int:
        """A round of matching as if one had been searched, with one pair in it."""
        found = MatchRound.objects.create(program_id=program_id, made_at=clock.now(), style="pair")
        row = ProposedPair.objects.create(round=found, points=10, common_hours=5)
        for person in people:
            ProposedPartner.objects.create(proposed=row, person=person)
        return row.pk

    @staticmethod
    def need(corner: Corner) -> Any:
        """Something about Rosa that keepers of every role may see."""
        key = f"test:{corner.place.program_id}"
        place = {"program_id": corner.place.program_id, "person_id": corner.rosa.pk}
        return needs.arise(kind="plans.unsure", key=key, level="E3", **place)

    @staticmethod
    def flag(corner: Corner) -> Any:
        """Words of Rosa's that may mean danger."""
        place = corner.place.program_id
        return flags.read(flags.Text(f"test:{place}", "My chest hurts.", place, corner.rosa.pk))

    @staticmethod
    def enrollment_of(person: Person) -> int:
        return Enrollment.objects.get(person=person).pk

    def of_person(self, person: Person) -> dict[str, int]:
        home, mobile = ContactPoint.objects.filter(person=person, kind="phone").order_by("pk")
        ids = {"person_id": person.pk, "enrollment_id": self.enrollment_of(person)}
        ids |= self.answers_of(ids["enrollment_id"])
        return {**ids, "contact_id": home.pk, "unproven_id": mobile.pk, **self.plans_of(ids["enrollment_id"])}

    @staticmethod
    def answers_of(enrollment_id: int) -> dict[str, int]:
        """Questions that wait, others whose time went by, and a value that was measured."""
        asked = {"enrollment_id": enrollment_id, "instruments": ["phq2"]}
        sheet, missed = (outcomes.open_sheet(PLATFORM, occasion=name, **asked).pk for name in ("baseline", "missed"))
        Sheet.objects.filter(pk=missed).update(state="missed")
        typed, day = Typed("a1c", Decimal("8.1"), "%"), date(2026, 1, 5)
        (row,) = measures.measure(PLATFORM, enrollment_id=enrollment_id, values=[typed], measured_on=day, method="lab")
        return {"sheet_id": sheet, "missed_sheet_id": missed, "measure_id": row.pk}

    @staticmethod
    def plans_of(enrollment_id: int) -> dict[str, int]:
        """A plan under way, and another one that has all its answers and waits."""
        found = {}
        for name in ("begun_plan_id", "plan_id"):
            plan = plans.start(PLATFORM, enrollment_id=enrollment_id)
            plans.write(PLATFORM, plan_id=plan.pk, **STEP)
            found[name] = plan.pk
            if name == "begun_plan_id":
                plans.begin(PLATFORM, plan_id=plan.pk)
        return found

    def sessions(self, corner: Corner) -> dict[str, int]:
        """One to come in which Rosa has a seat, one that has begun, one she missed; and a point on the agenda."""
        program_id, now = corner.place.program_id or 0, clock.now()
        ids = {}
        for name, days in (("session_id", 20), ("begun_session_id", 1), ("missed_session_id", 2)):
            session = groups.plan(
                PLATFORM, program_id=program_id, begins_at=now + timedelta(days=days), way="place", place="Room",
                time_zone="America/Detroit", titles={"en": "Group", "es": "Grupo"},
            )  # fmt: skip
            groups.sign_up(PLATFORM, session_id=session.pk, person_id=corner.rosa.pk)
            ids[name] = session.pk
        ids["point_id"] = agenda.add_point(PLATFORM, session_id=ids["session_id"], topic="food").pk
        for name in ("begun_session_id", "missed_session_id"):
            Session.objects.filter(pk=ids[name]).update(begins_at=now - timedelta(days=1))
        groups.close(PLATFORM, session_id=ids["missed_session_id"])
        ids["seat_id"] = Seat.objects.get(session=ids["missed_session_id"]).pk
        return ids

    # --- by telephone ---

    def calls(self, corner: Corner) -> dict[str, int]:
        """They talk; Rosa leaves the nurse a message; then each leaves one for the other."""
        line, (rosa, elm) = self.line, (self.telephone(corner.rosa), self.telephone(corner.elm))
        line.press(self.dial(corner.rosa), "1")
        partner = line.ringing_at(elm)
        line.answer(partner)
        line.press(partner, "1")
        caller = [one for one in line.telephones.values() if one.number == rosa][-1]
        line.press(caller, "*1")
        line.speak(caller, 1)
        line.press(caller, "1")
        line.hang_up(caller)
        line.hang_up(partner)
        for one, other in ((corner.rosa, elm), (corner.elm, rosa)):
            self.leave_message(one, other)
        drain()
        return self.ids_of_calls(corner)

    def leave_message(self, person: Person, partners_number: str) -> None:
        telephone = self.dial(person)
        self.line.press(telephone, "1")
        self.line.refuse(self.line.ringing_at(partners_number), "no_answer", 408)
        self.line.press(telephone, "1")
        self.line.speak(telephone, 1)
        self.line.press(telephone, "1")
        self.line.hang_up(telephone)

    def dial(self, person: Person) -> Any:
        telephone = self.line.dial(self.telephone(person))
        self.line.press(telephone, entry.issue_pin(PLATFORM, person.pk))
        assert telephone.asked == "menu.main"
        return telephone

    @staticmethod
    def telephone(person: Person) -> str:
        return str(ContactPoint.objects.get(person=person, kind="phone", label="home").value)

    @staticmethod
    def written(corner: Corner, author: Person, to: Person) -> int:
        """Words that one wrote to the other."""
        relay.pass_on(author.pk, [to.pk], f"pair:{corner.ids['pair_id']}", f"Hello {to.pk}", by="web")
        return Written.objects.get(author=author, to_person=to).pk

    def ids_of_calls(self, corner: Corner) -> dict[str, int]:
        voices = VoiceMessage.objects.filter(state="kept")
        for plan_id, author in ((corner.ids["plan_id"], corner.rosa), (corner.ids["partner_plan_id"], corner.elm)):
            spoken = voices.filter(author=author)[0]
            plans.write(PLATFORM, plan_id=plan_id, voice_id=spoken.pk)
        return {
            "call_id": Call.objects.filter(placed_by=corner.rosa).order_by("pk")[0].pk,
            "voice_id": voices.get(to_person=corner.rosa).pk,
            "partner_voice_id": voices.get(to_person=corner.elm).pk,
            "written_id": self.written(corner, corner.elm, corner.rosa),
            "partner_written_id": self.written(corner, corner.rosa, corner.elm),
            "voicemail_id": Voicemail.objects.get(voice__author=corner.rosa).pk,
        }
