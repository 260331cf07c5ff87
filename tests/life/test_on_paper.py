"""Six months on paper: what is printed is sent out, what comes back is typed in on the pages of the staff, and nothing else is asked
of the person."""

from datetime import UTC, datetime, timedelta

import pytest

from config.life.house import NOT_PLAYED, OFTEN_SECONDS
from peerline.groups import training
from peerline.groups.models import Seat, Session
from peerline.jobs.services import drain, run_regular
from peerline.kernel import clock
from peerline.messaging.models import Message
from peerline.outcomes.models import Measure, Sheet
from peerline.pairs import queries as pairs
from peerline.people.access import PLATFORM, viewer_of
from peerline.plans import sheets
from peerline.plans.models import Plan
from peerline.programs import services as programs
from peerline.programs.models import Consent, Enrollment
from tests import cast

JANUARY = datetime(2026, 1, 12, 15, tzinfo=UTC)
STEP = {
    "begins": "", "about": "2", "what": "Vegetables at dinner", "how_much": "half the plate", "at_when": "at dinner",
    "times": "4", "barrier": "", "support": "", "sure": "8", "share": "1",
}  # fmt: skip
PARTLY = {"outcome": "2", "times_done": "5", "next": "1", "note": "Rain."}
CONSENT = {"en": "You will talk with a partner. You can stop at any time.", "es": "Usted hablará. Puede parar."}
MONTHS = {"month-1": 4, "month-3": 13, "month-6": 26}  # the protocol's sessions, and the week of each
SESSION_DAYS = {7 * week + 2: key for key, week in MONTHS.items()}
QUESTIONS = {"baseline": 0, "week-2": 2, "week-6": 6, "month-6": 26}


class Office:
    """A coordinator at a desk, an envelope, and somebody far away."""

    def __init__(self, client):
        self.client, self.now = client, JANUARY
        self.clinic = cast.clinic()
        self.program = programs.make_program(
            PLATFORM, organization_id=self.clinic.pk, name="Pairs", begins_on=JANUARY.date()
        )
        programs.write_consent(PLATFORM, program_id=self.program.pk, texts=CONSENT)
        staff = cast.somebody(self.clinic, "coordinator", first_name="Casey")
        self.me = viewer_of(staff.pk)
        cast.sign_in(client, staff)
        self.rosa, self.elm = (
            cast.somebody(self.clinic, first_name=first, nickname=name, language="en")
            for first, name in (("Rosa", "Maple"), ("Elias", "Elm"))
        )
        self.row, self.other = (
            programs.enroll(PLATFORM, program_id=self.program.pk, person_id=one.pk, state="invited")
            for one in (self.rosa, self.elm)
        )

    def prints(self, address, **asked):
        page = self.client.post(address, asked) if asked else self.client.get(address)
        assert page.status_code == 200, address
        return page.content.decode()

    def writes(self, address, **facts):
        """A form of the staff's pages, sent: it leads on, and does not come back with what was wrong in it."""
        page = self.client.post(address, facts)
        assert page.status_code == 302, (address, page.context["form"].errors)

    def types(self, kind, **row):
        """One sheet of the workbook, which came back."""
        numbered = {f"row1-{name}": text for name, text in row.items()}
        address = f"/plans/paper/{self.program.pk}/{kind}/"
        self.writes(address, **{"row1-sheet": sheets.sheet_number(self.row.pk), **numbered})

    def waits_until(self, day):
        """Every third day somebody looks what has fallen due."""
        while self.now < JANUARY + timedelta(days=day):
            self.now = min(self.now + timedelta(days=3), JANUARY + timedelta(days=day))
            drain()
            run_regular(lambda work: work.seconds <= OFTEN_SECONDS and work.name not in NOT_PLAYED)
            drain()


@pytest.fixture
def office(db, client):
    here = []
    with clock.running_on(lambda: here[0].now if here else JANUARY):
        here.append(Office(client))
        yield here[0]


@pytest.mark.req("S17", "S32", "S31", "S28", "S30", "S33")
def test_somebody_takes_part_on_paper_alone(office, training_counts):
    agrees_and_learns(office)
    gets_a_partner(office)
    writes_a_plan(office)
    for day in sorted({*range(15, 190, 15), *(7 * week + 5 for week in QUESTIONS.values()), *SESSION_DAYS}):
        office.waits_until(day)
        looks_back_when_two_weeks_are_over(office)
        answers_what_is_open(office)
        plans_the_session_that_the_desk_asks_for(office)
    comes_to_the_visit_of_the_sixth_month(office)
    everything_was_done_on_paper(office)


def agrees_and_learns(office):
    letter = office.prints(f"/people/{office.rosa.pk}/invite/", how="letter")
    assert "/join/" in letter
    assert "listen" in office.prints("/training/paper/").lower()
    for row in (office.row, office.other):
        office.writes(f"/enrollments/{row.pk}/agreed-on-paper/", how="paper")
        assert Consent.objects.get(enrollment=row).how == "paper"
    office.writes(f"/programs/{office.program.pk}/training/", person=[office.rosa.pk, office.elm.pk], how="paper")
    assert training.without(office.program.pk) == []
    office.row.refresh_from_db()
    assert office.row.state == "active"


def gets_a_partner(office):
    office.writes(f"/programs/{office.program.pk}/pair/", first=office.rosa.pk, second=office.elm.pk)
    assert len(pairs.pairs_of(office.rosa.pk)) == 1


def writes_a_plan(office):
    """The workbook names the person by nickname and each sheet by a number that finds them again."""
    workbook = office.prints(f"/plans/of/{office.row.pk}/workbook/")
    assert sheets.sheet_number(office.row.pk) in workbook and "Maple" in workbook and "Rosa" not in workbook
    office.types("plans", **STEP)
    assert Plan.objects.get(person=office.rosa).state == "active"


def looks_back_when_two_weeks_are_over(office):
    plan = Plan.objects.get(person=office.rosa, state="active")
    if plan.review_at <= office.now:
        office.types("reviews", **PARTLY)


def answers_what_is_open(office):
    """The platform opened it, and a letter said so: the paper goes out and comes back, the first answer ticked on every line."""
    for sheet in Sheet.objects.filter(person=office.rosa, state="open"):
        assert Message.objects.filter(to_person=office.rosa, channel="letter", kind="outcomes.questions").exists()
        assert "Maple" in office.prints(f"/sheets/{sheet.pk}/paper/")
        typing = office.client.get(f"/sheets/{sheet.pk}/type/").context["form"]
        ticked = dict.fromkeys(typing.questions, "1")
        office.writes(f"/sheets/{sheet.pk}/type/", how="paper", **ticked)


def plans_the_session_that_the_desk_asks_for(office):
    """Staff plan it, answer for her, bring her point, and tick her name on the sheet that lay at the door."""
    key = SESSION_DAYS.get((office.now - JANUARY).days)
    if key is None:
        return
    day = office.now.date() + timedelta(days=8)
    office.writes(
        f"/programs/{office.program.pk}/sessions/plan/?key={key}", day_month=day.month, day_day=day.day, day_year=day.year,
        time="14:00", time_zone="America/Detroit", minutes=90, way="place", place="Room 2", link="", seats=12, led_by_id="",
    )  # fmt: skip
    session = Session.objects.get(key=key)
    office.writes(f"/sessions/{session.pk}/seat/", person=office.rosa.pk, act="come")
    office.writes(f"/sessions/{session.pk}/point/", topic="", said="Eating at parties")
    assert "Maple" in office.prints(f"/sessions/{session.pk}/sheet/")
    office.now = session.begins_at
    office.writes(f"/sessions/{session.pk}/came/", person=office.rosa.pk, came="yes")
    office.now += timedelta(hours=2)
    office.writes(f"/sessions/{session.pk}/close/")
    seat = Seat.objects.get(session=session, person=office.rosa)
    assert (seat.came, seat.came_by) == (True, "place")


def comes_to_the_visit_of_the_sixth_month(office):
    """What was measured there is noted down with the day."""
    day = office.now.date()
    office.writes(
        f"/enrollments/{office.row.pk}/measure/", what="a1c %", value="7.4", lower="", measured_on_month=day.month,
        measured_on_day=day.day, measured_on_year=day.year, method="lab",
    )  # fmt: skip
    assert Measure.objects.filter(enrollment=office.row, kind="a1c").count() == 1


def everything_was_done_on_paper(office):
    asked = {sheet.occasion.partition("+")[0]: sheet for sheet in Sheet.objects.filter(person=office.rosa)}
    assert {name: sheet.state for name, sheet in asked.items()} == dict.fromkeys(QUESTIONS, "done")
    assert {answer.door for sheet in asked.values() for answer in sheet.answers.all()} == {"paper"}
    looked_back = Plan.objects.filter(person=office.rosa, state="reviewed")
    assert looked_back.count() >= 9 and {(plan.review.door, plan.review.times_done) for plan in looked_back} == {
        ("paper", 5)
    }
    assert Plan.objects.get(person=office.rosa, state="active").shared is True
    assert set(Seat.objects.filter(person=office.rosa, came=True).values_list("session__key", flat=True)) == set(MONTHS)
    assert set(Message.objects.filter(to_person=office.rosa).values_list("channel", flat=True)) == {"letter"}
    assert Enrollment.objects.get(pk=office.row.pk).state == "active"
