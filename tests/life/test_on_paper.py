"""Six months on paper: what is printed is sent out, what comes back is typed in, and nothing else is asked of the person."""

from datetime import UTC, datetime, timedelta

import pytest

from peerline.entry import letters
from peerline.groups import services as groups
from peerline.groups import training
from peerline.groups.models import Seat
from peerline.kernel import clock
from peerline.messaging.models import Message
from peerline.outcomes import services as outcomes
from peerline.outcomes.models import Sheet
from peerline.people.access import PLATFORM, viewer_of
from peerline.plans import paper, sheets
from peerline.plans.models import Plan
from peerline.programs import services as programs
from peerline.programs.models import Consent, Enrollment
from tests import cast

JANUARY = datetime(2026, 1, 12, 15, tzinfo=UTC)
STEP = {"domain": "diet", "what": "Vegetables at dinner", "how_much": "half the plate", "at_when": "at dinner", "times_a_week": 4, "confidence": 8}  # fmt: skip
CONSENT = {"en": "You will talk with a partner. You can stop at any time.", "es": "Usted hablará. Puede parar."}


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
        self.rosa = cast.somebody(self.clinic, first_name="Rosa", nickname="Maple", language="en")
        self.row = programs.enroll(PLATFORM, program_id=self.program.pk, person_id=self.rosa.pk, state="invited")

    def prints(self, address):
        page = self.client.get(address)
        assert page.status_code == 200, address
        return page.content.decode()


@pytest.fixture
def office(db, client):
    here = []
    with clock.running_on(lambda: here[0].now if here else JANUARY):
        here.append(Office(client))
        yield here[0]


@pytest.mark.req("S17", "S32", "S31", "S28", "S30", "S33")
def test_somebody_takes_part_on_paper_alone(office, training_counts):
    agrees_and_learns(office)
    writes_a_plan_and_how_it_went(office)
    answers_the_questions(office)
    comes_to_a_session(office)
    assert set(Message.objects.filter(to_person=office.rosa).values_list("channel", flat=True)) <= {"letter"}


def agrees_and_learns(office):
    letter = letters.invite(office.me, person_id=office.rosa.pk)
    assert letter.code
    programs.give_consent(office.me, enrollment_id=office.row.pk, version=1, how="paper")
    assert Consent.objects.get(enrollment=office.row).how == "paper"
    assert "listen" in office.prints("/training/paper/").lower()
    office.client.post(f"/programs/{office.program.pk}/training/", {"person": [office.rosa.pk], "how": "paper"})
    assert training.without(office.program.pk) == []
    office.row.refresh_from_db()
    assert office.row.state == "active"


def writes_a_plan_and_how_it_went(office):
    """The workbook names the person by nickname and each sheet by a number that finds them again."""
    workbook = office.prints(f"/plans/of/{office.row.pk}/workbook/")
    number = sheets.sheet_number(office.row.pk)
    assert number in workbook and "Maple" in workbook and "Rosa" not in workbook
    typed = {"program_id": office.program.pk, "sheet": number}
    paper.enter_plan(office.me, **typed, shared=True, begins_on=None, step=STEP)
    office.now += timedelta(days=15)
    paper.enter_review(office.me, **typed, outcome="partly", times_done=5, next="continue", note="Rain.")
    first, following = Plan.objects.order_by("pk")
    assert (first.newest.door, first.review.times_done, following.state, following.shared) == (
        "paper",
        5,
        "active",
        True,
    )


def answers_the_questions(office):
    sheet = outcomes.open_sheet(
        office.me, enrollment_id=office.row.pk, occasion="six-months", instruments=["phq2", "satisfaction"]
    )
    assert "988" in office.prints(f"/sheets/{sheet.pk}/paper/")
    outcomes.answer_all(
        office.me, sheet_id=sheet.pk, values={("phq2", "interest"): 1, ("phq2", "down"): 0}, door="paper"
    )
    sheet = Sheet.objects.get(pk=sheet.pk)
    assert sheet.state == "done"
    assert {answer.door for answer in sheet.answers.all()} == {"paper"}


def comes_to_a_session(office):
    """Staff answer for her, bring her point, and tick her name on the sheet that lay at the door."""
    begins_at = office.now + timedelta(days=10)
    session = groups.plan(
        office.me, program_id=office.program.pk, key="month-1", way="place", place="Room 2", begins_at=begins_at,
        time_zone="America/Detroit",
    )  # fmt: skip
    groups.sign_up(office.me, session_id=session.pk, person_id=office.rosa.pk)
    assert "Maple" in office.prints(f"/sessions/{session.pk}/sheet/")
    office.now = begins_at
    office.client.post(f"/sessions/{session.pk}/came/", {"person": office.rosa.pk, "came": "yes"})
    office.now += timedelta(hours=2)
    groups.close(office.me, session_id=session.pk)
    seat = Seat.objects.get(session=session)
    assert (seat.came, seat.came_by) == (True, "place")
    assert Enrollment.objects.get(pk=office.row.pk).state == "active"
