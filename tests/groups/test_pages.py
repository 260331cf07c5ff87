"""The pages of sessions, looked at as people see them: staff plan, tick and print; a participant answers and learns."""

from datetime import timedelta

import pytest

from peerline.groups import agenda, services
from peerline.groups.models import Point, Seat, Session
from peerline.groups.rules import SCREENS
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture, sign_in
from tests.cast import sign_in as sign_in_client
from tests.cast import somebody
from tests.groups.conftest import NOW, Circle


@pytest.fixture
def evening(db, time_machine):
    """Seven people on the list of a telephone session that begins in five minutes; two wait; three points."""
    circle = Circle(time_machine, 9)
    session = circle.plan(way="telephone", place="", begins_at=NOW + timedelta(days=2), seats=5)
    circle.tick()
    circle.comes(session, *circle.people[:7])
    for topic in ("food", "mood"):
        agenda.add_point(circle.staff, session_id=session.pk, topic=topic)
    own = agenda.add_point(
        circle.as_(circle.people[1]), session_id=session.pk, said="How to say no to a second helping"
    )
    for person in circle.people[2:5]:
        agenda.vote(circle.as_(person), session_id=session.pk, point_id=own.pk, wants=True)
    circle.session = session
    circle.nurse = somebody(circle.organization, "nurse", email="nurse@example.org")
    return circle


def test_attendance_is_one_tap_a_person(evening, client):
    evening.at(evening.session.begins_at)
    sign_in_client(client, evening.nurse)
    page = client.get(f"/sessions/{evening.session.pk}/").content.decode()
    assert page.count('name="came" value="yes"') == 9, "one for each of nine"
    for number, came in ((0, "yes"), (1, "no")):
        client.post(f"/sessions/{evening.session.pk}/came/", {"person": evening.people[number].pk, "came": came})
    assert list(Seat.objects.exclude(came=None).order_by("person").values_list("came", flat=True)) == [True, False]


def test_a_coordinator_plans_changes_and_cancels_by_page(evening, client):
    sign_in_client(client, evening.nurse)
    facts = {"day_month": "12", "day_day": "20", "day_year": "2026", "time": "14:00", "time_zone": "America/Detroit"}
    facts |= {"minutes": "90", "seats": "8", "way": "place"}
    plan = f"/programs/{evening.program.pk}/sessions/plan/?key=month-3"
    assert "Say where it is" in client.post(plan, facts).content.decode()
    client.post(plan, {**facts, "place": "Room 2"})
    session = Session.objects.get(key="month-3")
    assert f"{session.begins_at:%Y-%m-%d %H:%M}" == "2026-12-20 19:00"
    client.post(f"/sessions/{session.pk}/change/", {**facts, "place": "Room 3", "time": "15:00"})
    session.refresh_from_db()
    assert (session.place, f"{session.begins_at:%H:%M}") == ("Room 3", "20:00")
    client.post(f"/sessions/{session.pk}/cancel/")
    assert "This session was canceled" in client.get(f"/sessions/{session.pk}/").content.decode()


def test_several_trainings_are_recorded_in_one_action(evening, client):
    sign_in_client(client, evening.nurse)
    address = f"/programs/{evening.program.pk}/training/"
    client.post(address, {"person": [one.pk for one in evening.people[:8]], "how": "session"})
    assert client.get(address).content.decode().count('name="person"') == 1


@pytest.mark.req("S28", "S44")
def test_a_participant_answers_brings_wants_and_learns_by_page(evening, client):
    me = evening.people[7]
    sign_in_client(client, me)
    here = f"/my/sessions/{evening.session.pk}/"
    client.post(f"{here}answer/", {"come": "yes"})
    assert Seat.objects.get(person=me).state == "waiting"
    client.post(f"{here}point/", {"said": "My feet"})
    client.post(f"{here}want/", {"point": Point.objects.first().pk, "wants": "yes"})
    page = client.get("/my/sessions/").content.decode()
    assert "My feet" in page and "Not any more" in page and "waiting list" in page
    for number in range(1, SCREENS + 1):
        assert client.get("/my/training/", follow=True).request["PATH_INFO"] == f"/my/training/{number}/"
        client.post(f"/my/training/{number}/")
    assert "You are ready" in client.post("/my/training/end/", {"answer1": "2"}).content.decode()


PAGES = {
    "staff": ["/sessions/", "/sessions/{session}/", "/programs/{program}/sessions/plan/", "/programs/{program}/training/",
              "/sessions/{session}/sheet/", "/sessions/{session}/guide/", "/sessions/{session}/record/"],
    "mine": ["/my/", "/my/sessions/", "/my/training/1/", "/training/paper/"],
}  # fmt: skip


@pytest.mark.browser
@pytest.mark.req("S47", "S122")
@pytest.mark.parametrize("who", PAGES)
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 390)])
def test_each_page_is_clean(evening, client, new_page, live_server, who, language, width):
    evening.at(evening.session.begins_at - timedelta(minutes=5))
    person = evening.nurse if who == "staff" else evening.people[0]
    sign_in_client(client, person)
    page = new_page(language, viewport={"width": width, "height": 900})
    sign_in(page, client, live_server)
    for address in PAGES[who]:
        page.goto(address.format(session=evening.session.pk, program=evening.program.pk))
        check_axe(page)
        check_no_sideways_scroll(page)
        check_targets(page)
        name = address.strip("/").format(session="s", program="p").replace("/", "-")
        keep_picture(page, f"groups-{name}-{language}-{width}")


def test_the_list_of_sessions_asks_as_many_questions_for_many_as_for_few(
    evening, client, django_assert_max_num_queries
):
    sign_in_client(client, evening.nurse)
    for number in range(12):
        services.plan(
            evening.staff, program_id=evening.program.pk, begins_at=NOW + timedelta(days=30 + number), way="place",
            place="Room", time_zone="America/Detroit", titles={"en": f"Walk {number}", "es": f"Paseo {number}"},
        )  # fmt: skip
    with django_assert_max_num_queries(45):
        client.get("/sessions/")
