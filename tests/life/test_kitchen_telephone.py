"""Half a year with nothing but a kitchen telephone: no login, no e-mail, no text; everything by keys and voice."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest

from config.life.house import NOT_PLAYED, OFTEN_SECONDS
from config.life.stage import Stage
from peerline.care.models import Need
from peerline.entry import letters
from peerline.entry.queries import DEMO_PIN
from peerline.exchange.models import Call
from peerline.groups import services as groups
from peerline.groups import training
from peerline.groups.models import Seat
from peerline.jobs.services import drain, run_regular
from peerline.messaging.models import Message
from peerline.outcomes.models import Sheet
from peerline.pairs import proposals, queries
from peerline.people.access import PLATFORM
from peerline.plans.models import Plan
from peerline.programs import services as programs
from peerline.programs.models import Consent, Enrollment
from tests import cast

MONDAY = datetime(2026, 1, 12, 5, tzinfo=UTC)  # midnight in Detroit
ANA, ELM = "+17345550101", "+17345550102"
CONSENT = {"en": "You will talk with a partner. You can stop at any time.", "es": "Usted hablará. Puede parar."}
TRAINING = {"menu.main": "4", "menu.program": "2", "training.offer": "1", "training.screen": 6 * ["1"], "training.check": 3 * ["1"]}  # fmt: skip
MY_PIN = {"arrive.pin": DEMO_PIN}
PLAN = {
    "menu.main": "4", "menu.program": "1", "plan.menu": "1", "plan.about": "3", "plan.recording": "I walk after lunch.",
    "plan.spoken": "1", "plan.times": ["5", "2"], "plan.sure": ["5#", "8#"], "plan.easier": "1",
}  # fmt: skip
LOOK_BACK = {"menu.main": "4", "menu.program": "1", "plan.menu": "1", "plan.went": "2", "plan.times_done": "3#", "plan.next": "1"}  # fmt: skip
QUESTIONS = {
    "menu.main": "4", "menu.program": "3", "ask.choice": 40 * ["1"], "ask.number": 40 * ["2#"], "ask.confirm": 40 * ["1"],
}  # fmt: skip
COMES = {
    "menu.main": "4", "menu.program": "2", "groups.session": ["2", "3", "4"], "groups.bring": "1", "groups.topic": "2",
}  # fmt: skip
MONTHS = {"month-1": 4, "month-3": 13, "month-6": 26}  # the protocol's sessions, and the week of each
WHAT_TO_DO = {"plans.review": LOOK_BACK, "groups.invited": COMES}
DO_IT = {"reminder.ready": "1", "reminder.heard": "1", "arrive.own_pin": DEMO_PIN}


class Kitchen:
    """Ana and Elm, their staff, and the days that pass."""

    def __init__(self):
        self.stage = Stage(MONDAY, "kitchen")
        self.minds = {}
        self.stage.line.picks_up = self.mind
        self.stage.line.minutes = lambda person: 8
        with self.stage.running():
            self.clinic = cast.clinic()
            self.program = programs.make_program(
                PLATFORM, organization_id=self.clinic.pk, name="Pairs", begins_on=MONDAY.date()
            )
            programs.write_consent(PLATFORM, program_id=self.program.pk, texts=CONSENT)
            self.coordinator, self.nurse = cast.viewer(self.clinic, "coordinator"), cast.viewer(self.clinic, "nurse")
            self.ana = cast.somebody(self.clinic, first_name="Ana", nickname="Fern", phone=ANA)
            self.elm = cast.somebody(self.clinic, first_name="Elias", nickname="Elm", phone=ELM)

    def mind(self, person, dialogue):
        mind = self.minds.get((person, dialogue))
        return mind() if callable(mind) else mind

    def does_what_she_is_told_of(self):
        """One key, the PIN, and she does at once what the line has rung for."""
        rang = Message.objects.filter(to_person=self.ana, channel="voice").exclude(taken_at=None)
        rang_for = rang.latest("taken_at").kind
        return deepcopy({**DO_IT, **WHAT_TO_DO.get(rang_for, QUESTIONS)})

    def noon(self, day):
        return MONDAY + timedelta(days=day, hours=12)

    def lives_until(self, day, each=1):
        """Each day, or each other, to that one, about noon: whoever is rung has time to talk."""
        while (following := (self.stage.at - self.noon(0)).days + each) <= day:
            self.stage.at = self.noon(following)
            self.turn()
            self.stage.play_until(self.stage.at + timedelta(minutes=20))

    def at(self, day, hour=12):
        """That day comes, and an hour of it passes."""
        self.stage.at = MONDAY + timedelta(days=day, hours=hour)
        self.wait(60)

    def wait(self, minutes):
        for _ in range(minutes // 10):
            self.stage.play_until(self.stage.at + timedelta(minutes=10))
            self.turn()

    def turn(self):
        with self.stage.running():
            drain()
            run_regular(lambda work: work.seconds <= OFTEN_SECONDS and work.name not in NOT_PLAYED)
            self.stage.play_until(self.stage.at + timedelta(minutes=2))  # a call has its second
            drain()
            self.stage.line.settle()

    def calls(self, mind, number=ANA):
        """Ana calls the line with this in mind; then some minutes pass."""
        with self.stage.running():
            self.stage.line.dial(self.ana.pk, number, mind)
        self.wait(10)

    def do(self, service, *args, **facts):
        with self.stage.running():
            return service(*args, **facts)


@pytest.fixture
def kitchen(db):
    return Kitchen()


@pytest.mark.req("S17", "S42", "S121", "S28", "S30", "S31", "S55", "S7", "S15")
def test_somebody_with_a_kitchen_telephone_takes_part_in_all_of_it(kitchen, training_counts):
    joins_by_a_letter(kitchen)
    gets_a_partner_and_talks(kitchen)
    makes_a_plan_and_makes_it_smaller(kitchen)
    answers_what_the_protocol_asks(kitchen)
    is_reminded_to_look_back(kitchen)
    is_reminded_of_the_partner(kitchen)
    lives_through_six_months_and_comes_to_each_session(kitchen)
    has_looked_back_every_two_weeks_and_answered_all_that_was_asked(kitchen)
    stops_by_a_key_and_is_left_in_peace(kitchen)
    assert set(Message.objects.filter(to_person=kitchen.ana).values_list("channel", flat=True)) <= {"voice", "letter"}


def joins_by_a_letter(kitchen):
    """The letter's code, the text read aloud, a PIN of her own, and the training, in one call from the kitchen."""
    row = kitchen.do(
        programs.enroll, PLATFORM, program_id=kitchen.program.pk, person_id=kitchen.ana.pk, state="invited"
    )
    letter = kitchen.do(letters.invite, PLATFORM, person_id=kitchen.ana.pk)
    chooses = {"pin.choose": DEMO_PIN, "pin.once_more": DEMO_PIN}
    agrees = {"arrive.language": "1", "arrive.number": f"{letter.code}#", "consent.offer": "1", "consent.ask": "1"}
    kitchen.calls({**agrees, **chooses, **TRAINING}, number="+17345550188")
    row.refresh_from_db()
    assert (row.state, Consent.objects.get(enrollment=row).how) == ("active", "phone")
    assert training.without(kitchen.program.pk) == []


def gets_a_partner_and_talks(kitchen):
    other = kitchen.do(programs.enroll, PLATFORM, program_id=kitchen.program.pk, person_id=kitchen.elm.pk)
    kitchen.do(programs.give_consent, PLATFORM, enrollment_id=other.pk, version=1, how="paper")
    kitchen.do(training.record, kitchen.nurse, person_id=kitchen.elm.pk, how="paper")
    kitchen.do(proposals.propose, kitchen.coordinator, program_id=kitchen.program.pk)
    assert kitchen.do(proposals.accept, kitchen.coordinator, program_id=kitchen.program.pk) == (1, [])
    kitchen.minds[kitchen.ana.pk, "messaging.reminded"] = {**DO_IT, **QUESTIONS}
    kitchen.at(1)
    kitchen.minds[kitchen.elm.pk, "pairs.invited"] = {"pair.invited": "1"}
    kitchen.calls({**MY_PIN, "menu.main": "1"})
    assert Call.objects.filter(way="dialed", outcome="talked").count() == 1


def makes_a_plan_and_makes_it_smaller(kitchen):
    kitchen.calls({**MY_PIN, **PLAN})
    plan = Plan.objects.get(person=kitchen.ana)
    assert (plan.state, plan.newest.domain, plan.newest.times_a_week, plan.newest.confidence) == (
        "active",
        "exercise",
        2,
        8,
    )


def answers_what_the_protocol_asks(kitchen):
    """The line rang because questions wait; one key, the PIN, and she answered them."""
    kitchen.at(2)
    sheet = Sheet.objects.get(person=kitchen.ana, occasion="baseline")
    assert sheet.state == "done"
    assert {answer.door for answer in sheet.answers.all()} == {"phone"}


def is_reminded_to_look_back(kitchen):
    kitchen.minds[kitchen.ana.pk, "messaging.reminded"] = {**DO_IT, **LOOK_BACK}
    kitchen.at(16)
    first, following = Plan.objects.filter(person=kitchen.ana).order_by("pk")
    assert (first.review.outcome, first.review.times_done, following.state) == ("partly", 3, "active")


def is_reminded_of_the_partner(kitchen):
    """Neither called; the line rings one of them, and one key joins the two."""
    for person in (kitchen.ana.pk, kitchen.elm.pk):
        kitchen.minds[person, "pairs.reminded"] = {"pair.reminded": "1"}
        kitchen.minds[person, "pairs.invited"] = {"pair.invited": "1"}
    kitchen.at(20)
    kitchen.wait(120)
    assert Call.objects.filter(way="reminder", outcome="talked").count() == 1


def lives_through_six_months_and_comes_to_each_session(kitchen):
    """The days pass. The line tells of each session when its week has come, and she says by keys that she comes."""
    kitchen.minds[kitchen.ana.pk, "messaging.reminded"] = kitchen.does_what_she_is_told_of
    for person in (kitchen.ana.pk, kitchen.elm.pk):
        kitchen.minds[person, "groups.gathered"] = {"groups.gathered": "1"}
    for key, week in MONTHS.items():
        kitchen.lives_until(7 * week - 7, each=2)
        assert Need.objects.filter(kind="groups.no_session", key__contains=key).exists(), "the desk asked for it"
        session = kitchen.do(
            groups.plan, kitchen.coordinator, program_id=kitchen.program.pk, key=key, way="telephone",
            begins_at=kitchen.noon(7 * week + 3) + timedelta(hours=2), time_zone="America/Detroit",
        )  # fmt: skip
        kitchen.lives_until(7 * week + 2)
        kitchen.do(groups.sign_up, kitchen.nurse, session_id=session.pk, person_id=kitchen.elm.pk)
        kitchen.at(7 * week + 3, hour=14)
        seats = Seat.objects.filter(session=session)
        assert {(seat.state, seat.came, seat.came_by) for seat in seats} == {("coming", True, "telephone")}, key
        assert session.points.filter(person=kitchen.ana).exists(), "she said by a key what she wants to talk about"
        kitchen.do(groups.close, kitchen.nurse, session_id=session.pk)
    kitchen.lives_until(7 * 26 + 10, each=2)


def has_looked_back_every_two_weeks_and_answered_all_that_was_asked(kitchen):
    """At the start, after weeks 2 and 6 about the partner, and at the visit of the sixth month."""
    plans = Plan.objects.filter(person=kitchen.ana, state="reviewed")
    assert plans.count() >= 10 and {plan.review.door for plan in plans} == {"phone"}
    sheets = {sheet.occasion.partition("+")[0]: sheet for sheet in Sheet.objects.filter(person=kitchen.ana)}
    assert {name: sheet.state for name, sheet in sheets.items()} == dict.fromkeys(
        ("baseline", "week-2", "week-6", "month-6"), "done"
    )
    assert {answer.door for sheet in sheets.values() for answer in sheet.answers.all()} == {"phone"}
    assert Call.objects.filter(outcome="talked", label__startswith="pair:").count() > 12, "the two went on talking"


def stops_by_a_key_and_is_left_in_peace(kitchen):
    kitchen.calls({**MY_PIN, "menu.main": "3", "menu.settings": "3", "stop.confirm": "1"})
    assert Enrollment.objects.get(person=kitchen.ana).state == "stopped"
    assert queries.pairs_of(kitchen.ana.pk) == []
    rung, sent = (
        Call.objects.filter(legs__person=kitchen.ana).count(),
        Message.objects.filter(to_person=kitchen.ana).count(),
    )
    kitchen.lives_until(7 * 26 + 30, each=2)
    assert Call.objects.filter(legs__person=kitchen.ana).count() == rung
    assert Message.objects.filter(to_person=kitchen.ana).count() == sent
