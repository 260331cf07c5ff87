"""Partners are asked in the weeks of their pair, and what they answer re-estimates the program's weights (S39, S40)."""

from datetime import timedelta

import pytest

from peerline.jobs.services import drain
from peerline.kernel import clock
from peerline.outcomes import services as outcomes
from peerline.outcomes.models import Sheet
from peerline.pairs import cohorts, fit, services
from peerline.people.access import PLATFORM, viewer_of
from peerline.programs import services as programs
from peerline.programs import timeline
from tests import browser, cast
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture
from tests.pairs.matching import Waiting


def after(days):
    now = clock.now()
    return clock.running_on(lambda: now + timedelta(days=days))


@pytest.fixture
def place(db):
    return Waiting()


def paired(place, *names):
    return services.pair_up(PLATFORM, program_id=place.program.pk, people=[place.pk(name) for name in names])


def asked(occasion):
    return sorted(Sheet.objects.filter(occasion=occasion).values_list("person__nickname", "about"))


def say(pair, *answers):
    """Each partner's two answers."""
    for sheet, (learn, contribute) in zip(
        Sheet.objects.filter(about=f"pair:{pair.pk}").order_by("pk"), answers, strict=True
    ):
        viewer = viewer_of(sheet.person_id)
        for item, value in (("learn", learn), ("contribute", contribute)):
            outcomes.answer(viewer, sheet_id=sheet.pk, instrument="partner_fit", item=item, value=value, door="web")
        outcomes.finish(viewer, sheet_id=sheet.pk)


@pytest.mark.req("S39", "S40")
def test_partners_are_asked_two_and_six_weeks_after_their_pair_began_not_after_they_joined(place):
    with after(60):
        pair = paired(place, "Maple", "Elm")
        timeline.tick()
        assert asked("week-2") == []
        with after(15):
            timeline.tick()
            timeline.tick()
            assert asked("week-2") == [("Elm", f"pair:{pair.pk}"), ("Maple", f"pair:{pair.pk}")]
        with after(43):
            timeline.tick()
            assert len(asked("week-6")) == 2 and len(asked("week-2")) == 2


def test_a_partner_who_rests_is_not_asked_and_a_pair_that_ended_is_asked_nothing(place):
    first, second = paired(place, "Maple", "Elm"), paired(place, "Oak", "Birch")
    programs.pause(PLATFORM, enrollment_id=place.who["Elm"].enrollments.get().pk)
    with after(15):
        timeline.tick()
        assert [name for name, _about in asked("week-2")] == ["Birch", "Maple", "Oak"]
        services.end_pair(PLATFORM, pair_id=second.pk, reason="asked")
        drain()
        states = set(Sheet.objects.filter(about=f"pair:{second.pk}").values_list("state", flat=True))
        assert states == {"void"} and Sheet.objects.get(about=f"pair:{first.pk}").state == "open"


@pytest.mark.req("S40")
def test_the_pairs_that_suit_are_those_alike_in_what_is_hard_so_that_gets_the_weight(place):
    couples = {("Maple", "Elm"): 3, ("Oak", "Linden"): 2, ("Ceiba", "Roble"): 2, ("Birch", "Pine"): 0}
    pairs = {names: paired(place, *names) for names in couples}
    with after(15):
        timeline.tick()
        for names, value in couples.items():
            say(pairs[names], (value, value), (value, value))
        found = fit.learned(place.program.pk)
    assert found.pairs == 4 and "few" in found.warnings and sum(found.weights.values()) in range(97, 104)
    assert found.effects["challenges"].value > 0


def test_likeness_is_the_part_of_a_features_points_from_none_to_all(place):
    rows = cohorts.waiting(place.program.pk).people
    people = {one.key: one for one in rows}
    alike = fit._likeness([people[str(place.pk(name))] for name in ("Maple", "Elm")])
    assert alike["challenges"] == alike["insulin"] == alike["type"] == 1 and 0.8 < alike["a1c"] < 1
    unlike = fit._likeness([people[str(place.pk(name))] for name in ("Maple", "Oak")])
    assert unlike["challenges"] == unlike["insulin"] == 0 and unlike["a1c"] < alike["a1c"]
    assert all(0 <= part <= 1 for part in [*alike.values(), *unlike.values()])


def test_two_pairs_teach_nothing_and_the_page_says_so(place, client):
    pair = paired(place, "Maple", "Elm")
    with after(15):
        timeline.tick()
    say(pair, (3, 3), (2, 2))
    cast.sign_in(client, place.staff["coordinator"])
    page = " ".join(client.get(f"/match/{place.program.pk}/learn/").content.decode().split())
    assert "1 pair has answered" in page and "Take these weights" not in page
    assert client.post(f"/match/{place.program.pk}/learn/").status_code == 200
    assert cohorts.settings_of(place.program.pk).weights["challenges"] == 25


@pytest.mark.browser
@pytest.mark.req("S40")
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_suggestion_has_its_warning_and_one_button_takes_it(place, client, new_page, live_server, language):
    couples = {("Maple", "Elm"): 3, ("Oak", "Linden"): 3, ("Ceiba", "Roble"): 2, ("Birch", "Pine"): 0}
    pairs = {names: paired(place, *names) for names in couples}
    with after(15):
        timeline.tick()
    for names, value in couples.items():
        say(pairs[names], (value, value), (value, value))
    cast.sign_in(client, place.staff["coordinator"])
    page = new_page(language)
    browser.sign_in(page, client, live_server)
    page.goto(f"/match/{place.program.pk}/learn/")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        check_targets(page)
        check_no_sideways_scroll(page)
        keep_picture(page, f"pairs-learn-{language}-{width}")
    check_axe(page)
    page.get_by_role("button", name={"en": "Take these weights", "es": "Usar estos pesos"}[language]).click()
    page.wait_for_url(f"**/match/{place.program.pk}/")
    assert cohorts.settings_of(place.program.pk).weights == fit.learned(place.program.pk).weights
