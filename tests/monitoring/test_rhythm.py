"""How a program's pairs do, against the weekly target."""

from datetime import timedelta

import pytest

from peerline.exchange.models import Call
from peerline.jobs.services import drain
from peerline.kernel import clock
from peerline.monitoring import counting, rhythm, words
from peerline.pairs import services as pairs
from peerline.pairs.contacts import midnight, monday_of
from peerline.pairs.models import Pair
from tests import cast
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture, sign_in

pytestmark = pytest.mark.req("S10", "S18")


@pytest.fixture
def program(clinic):
    """North: its pair talked last week twice and this week not; a second pair tried in vain; a third had ended."""
    program, pair = clinic.programs[0], clinic.pairs[0]
    second, third = clinic.pair(program), clinic.pair(program)
    began = midnight(monday_of(clock.now())) - timedelta(weeks=3)
    Pair.objects.filter(program=program).update(began_at=began, silent_since=began)
    Pair.objects.filter(pk=third.pk).update(ended_at=began + timedelta(days=2))
    last_week = midnight(monday_of(clock.now())) - timedelta(days=3)
    for one, seconds, outcome in ((pair, 600, "talked"), (pair, 900, "talked"), (second, 0, "no_answer")):
        clinic.call(one, last_week, seconds=seconds, outcome=outcome)
    for call in Call.objects.all():
        pairs.call_ended(call.pk)
        counting.call_ended(call.pk)
    drain()
    return program


def test_each_week_says_how_many_pairs_there_were_and_how_many_talked(program):
    found = rhythm.of_program(program)
    facts = [(week.pairs, week.reached, week.talked, week.tries) for week in found.weeks]
    assert facts == [(3, 0, 0, 0), (2, 0, 0, 0), (2, 1, 1, 1), (2, 0, 0, 0)]
    assert [bar.value for bar in found.chart.bars[-2:]] == [50, 0]
    assert (found.calls, found.talks, found.middle_minutes) == (3, 2, 15)


def test_a_higher_target_is_reached_by_fewer(program):
    program.talks_a_week = 3
    week = rhythm.of_program(program).last
    assert (week.reached, week.talked) == (0, 1)


@pytest.mark.req("S23", "S149")
def test_what_became_of_every_try_is_counted_and_technical_trouble_is_said_by_itself(program, clinic, client):
    for outcome in words.OUTCOMES:
        clinic.call(clinic.pairs[0], clock.now() - timedelta(days=1), seconds=0, outcome=outcome)
    counting.recount(program.pk)
    found = rhythm.of_program(program)
    assert sum(times for _, times in found.ends) == found.calls == 3 + len(words.OUTCOMES)
    assert {str(end) for end, _ in found.ends} == {str(end) for end in words.OUTCOMES.values()}
    assert found.troubled == 1
    cast.sign_in(client, cast.somebody(program.organization, "coordinator"))
    page = " ".join(client.get(f"/calls/programs/{program.pk}/").content.decode().split())
    assert f"1 of {found.calls}" in page and "technical trouble" in page


@pytest.mark.parametrize(
    ("times", "value"), [({}, None), ({10: 1, 14: 2}, 14), ({3: 1}, 3), ({1: 2, 9: 2}, 9), ({1: 3, 9: 2}, 1)]
)
def test_the_middle_is_the_median(times, value):
    assert rhythm.middle(times) == value


def test_the_page_opens_for_staff_of_the_program_only(program, other_clinic, client):
    path = f"/calls/programs/{program.pk}/"
    for organization, role, status in (
        (program.organization, "researcher", 200), (program.organization, "participant", 404), (other_clinic.organization, "nurse", 404),
    ):  # fmt: skip
        cast.sign_in(client, cast.somebody(organization, role, email=f"{role}{status}@example.org"))
        assert client.get(path).status_code == status


@pytest.mark.browser
def test_the_page_is_clean(program, client, new_page, live_server):
    cast.sign_in(client, cast.somebody(program.organization, "coordinator", email="casey@example.org"))
    for language, width in (("es", 320), ("en", 390), ("en", 1280)):
        page = new_page(language, viewport={"width": width, "height": 844})
        sign_in(page, client, live_server)
        page.goto(f"/calls/programs/{program.pk}/")
        check_axe(page)
        check_no_sideways_scroll(page)
        check_targets(page)
        keep_picture(page, f"rhythm-{language}-{width}")
