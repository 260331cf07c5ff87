"""A coordinator's day with a keyboard alone: from a new program to a pair, a session, a sheet of paper, and whoever missed."""

from datetime import timedelta

import pytest

from peerline.care.models import Need
from peerline.groups import services as groups
from peerline.groups.models import Seat, Session
from peerline.jobs.services import drain
from peerline.kernel import clock
from peerline.pairs.models import Pair
from peerline.people.access import PLATFORM, viewer_of
from peerline.plans.models import Plan
from peerline.plans.sheets import sheet_number
from peerline.programs.models import Enrollment, Intake, Program
from tests.browser import check_axe, sign_in
from tests.cast import sign_in as sign_in_client
from tests.pages.hands import Watched

pytestmark = [pytest.mark.browser]


@pytest.fixture
def hands(place, new_page, client, live_server):
    """hands(path): the coordinator, on that page."""

    def at(path):
        sign_in_client(client, place.who("coordinator"))
        page = new_page("en")
        sign_in(page, client, live_server)
        page.goto(path)
        return Watched(page, "en")

    return at


@pytest.mark.req("S34", "S114", "S127")
def test_from_a_protocol_to_somebody_invited_by_letter_whose_intake_is_done(hands, place):
    one = hands("/programs/")
    one.press("New program")
    one.press("Choose this one")
    one.write("What is it called?", " on Fridays")
    one.press("Show what will happen")
    one.press("Start this program")
    program = Program.objects.latest("pk")
    assert one.says("Recruit: write what people agree to")
    one.press("Recruit")
    one.write("What people agree to: English", "We talk every Friday.")
    one.write("What people agree to: Español", "Hablamos cada viernes.")
    one.press("Save")
    one.open(f"/programs/{program.pk}/")
    one.press("Add a person")
    one.write("First name", "Nora")
    one.write("Telephone number", "734 555 0188")
    one.press("Save")
    row = Enrollment.objects.get(program=program)
    one.open(f"/people/{row.person_id}/")
    one.press("Invite them")
    one.reach("Make the letter")
    with one.page.expect_popup() as opened:
        one.page.keyboard.press("Enter")
    check_axe(opened.value)
    assert "An invitation" in opened.value.inner_text("body")
    one.open(f"/people/{row.person_id}/")
    one.press("Do it")
    one.write("A1C, percent", "8.4")
    one.mark("money for medicine")
    one.press("Save")
    assert Intake.objects.get(enrollment=row).barriers == ["money"]
    assert one.says("What is missing: year of birth")
    one.press("Write down the year of birth")
    one.write("Year of birth", "1955")
    one.press("Save")
    one.press("Does it fit?")
    assert one.says("They can take part")


@pytest.mark.req("S26", "S27")
def test_a_match_is_found_and_accepted(hands, place):
    other = place.town.somebody("Ida", "Willow", "+17345550104")
    one = hands("/pairs/")
    one.press("Find the best pairs")
    one.press("Accept all")
    assert set(Pair.objects.latest("pk").partners.values_list("person_id", flat=True)) == {
        place.town.third.pk,
        other.pk,
    }


@pytest.mark.req("S29", "S32", "S33", "S55")
def test_a_session_is_planned_another_held_and_whoever_missed_it_is_called(hands, place):
    held = held_session(place)
    one = hands("/sessions/")
    one.press("A session for Pairs")
    one.write("What is it called?", "A walk")
    one.write("Month", "12")
    one.write("Day", "9")
    one.write("Year", "2026")
    one.write("At what time?", "0200PM")
    one.choose("In a room")
    one.write("Where is the room?", "Room 2")
    one.press("Plan it")
    assert Session.objects.latest("pk").title == "A walk" and one.says("The session is planned")
    one.open(f"/sessions/{held.pk}/")
    one.press("Print the sign-in sheet")
    assert "Elm" in one.page.inner_text("body")
    one.open(f"/sessions/{held.pk}/")
    one.press("Came Elm")
    one.press("Everybody is ticked")
    assert set(Seat.objects.filter(session=held).values_list("person", "came")) == {
        (place.participant.pk, True),
        (place.town.rosa.pk, False),
    }
    types_a_sheet(one, place)
    calls_whoever_missed(one, place, Seat.objects.get(session=held, came=False))


def types_a_sheet(one, place):
    """Elm made a plan on paper in the session."""
    number = sheet_number(Enrollment.objects.get(person=place.participant).pk)
    one.press("Plans")
    one.press("Sheets of Pairs")
    for label, text in {"Sheet, Row 1": number, "First day": f"{clock.now():%m/%d/%Y}", "About": 3, "What I will do": "Walk", "Times": 3, "How sure": 8}.items():  # fmt: skip
        one.write(label, str(text))
    one.press("Save these sheets")
    assert Plan.objects.get(person=place.participant, state="active").newest.door == "paper"


def calls_whoever_missed(one, place, seat):
    """Maple was told of other ways, and asked that the nurse tell what was said: that is on the list until it is done."""
    groups.choose_another(viewer_of(seat.person_id), seat_id=seat.pk, another="nurse")
    drain()
    need = Need.objects.get(kind="groups.wants_nurse", person=seat.person_id)
    assert need.closed_at is None
    one.press("Who needs me")
    one.press("Open Maple")
    one.write("What did you do?", "Told her all of it.")
    one.press("Done")
    need.refresh_from_db()
    assert (need.closed_how, need.closed_by_id, need.note) == (
        "done",
        place.who("coordinator").pk,
        "Told her all of it.",
    )


def held_session(place):
    """One that began two hours ago; Elm and Maple said they would come."""
    now = clock.now()
    with clock.running_on(lambda: now - timedelta(days=1)):
        facts = {
            "begins_at": now - timedelta(hours=2),
            "way": "place",
            "place": "Room 2",
            "time_zone": "America/Detroit",
        }
        session = groups.plan(PLATFORM, program_id=place.program.pk, key="month-1", seats=9, **facts)
        for person in (place.participant, place.town.rosa):
            groups.sign_up(PLATFORM, session_id=session.pk, person_id=person.pk)
    return session
