"""The match pages: a coordinator's whole way, in both languages, by keyboard and without scripts; and who sees what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.audit.models import Line
from peerline.jobs.services import drain
from peerline.pairs import match_pages, mentors, proposals, services
from peerline.pairs.models import MatchRound, MatchSettings, Mentor, Pair, ProposedPair
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from peerline.programs import intake
from peerline.programs import services as programs
from tests import browser, cast
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture
from tests.pairs.matching import Waiting

PAGES = ["", "what-if/", "compare/", "settings/", "apart/", "mentors/"]


@pytest.fixture
def place(db):
    return Waiting()


@pytest.fixture
def proposed(place):
    """A round, as the coordinator found it."""
    proposals.propose(viewer_of(place.staff["coordinator"].pk), program_id=place.program.pk)
    return place


def address(place, page=""):
    return f"/match/{place.program.pk}/{page}"


def text(response):
    return " ".join(response.content.decode().split())


@pytest.mark.req("T1", "T5")
@pytest.mark.parametrize("role", ["coordinator", "nurse", "administrator", "researcher", "participant"])
def test_only_those_who_keep_records_see_a_match_and_only_those_who_settle_change_what_counts(proposed, client, role):
    cast.sign_in(client, proposed.who["Maple"] if role == "participant" else proposed.staff[role])
    may = role in ("coordinator", "nurse", "administrator")
    for page in PAGES:
        allowed = may and (page != "settings/" or role != "nurse")
        assert client.get(address(proposed, page)).status_code == (200 if allowed else 404), page
    row = ProposedPair.objects.first()
    assert client.post(f"/proposals/{row.pk}/", {"act": "lock"}).status_code == (302 if may else 404)
    assert client.post(address(proposed, "accept/"), {"which": "all"}).status_code == (302 if may else 404)
    assert Pair.objects.exists() == may


@pytest.mark.parametrize(("role", "shown"), [("coordinator", True), ("administrator", True), ("nurse", False)])
def test_the_ways_to_what_counts_stand_only_before_those_who_may_go_there(proposed, client, role, shown):
    cast.sign_in(client, proposed.staff[role])
    page = client.get(address(proposed, "")).content.decode()
    for there in ("settings/", "learn/"):
        assert (f'href="{address(proposed, there)}"' in page) == shown, there


@pytest.mark.req("S27", "S67")
def test_a_coordinator_sees_reasons_in_words_and_a_partner_never_sees_a_fact_of_the_other(proposed, client):
    cast.sign_in(client, proposed.staff["coordinator"])
    page = text(client.get(address(proposed)))
    for said in (
        "Maple &amp; Elm",
        "Hard for both: fear of the needle and food.",
        "Both take insulin.",
        "Close A1C: 8.0 and 8.2.",
        "For Maple, Elm is number 1 of",
        "It is proven that no other way",
        "a choice, not science",
    ):
        assert said in page, said
    client.post(address(proposed, "accept/"), {"which": "all"})
    drain()
    cast.sign_in(client, proposed.who["Elm"])
    mine = text(client.get("/my/"))
    assert "Maple" in mine
    assert not any(fact in mine for fact in ("8.0", "insulin", "needle", "Rosalind", "Quimby", "1960"))


def test_who_waits_and_has_not_agreed_and_who_gets_nobody_stand_on_the_page_with_the_reason(place, client):
    for name in ("Ceiba", "Linden", "Birch", "Pine", "Oak"):
        enrollment = place.who[name].enrollments.get()
        programs.pause(PLATFORM, enrollment_id=enrollment.pk)
    cast.sign_in(client, place.staff["coordinator"])
    client.post(address(place))
    page = text(client.get(address(place)))
    assert "Roble" in page and "Nobody else who waits speaks the language." in page


def test_accepting_needs_a_tick_or_the_word_all_and_tells_what_could_not_be_made(proposed, client):
    cast.sign_in(client, proposed.staff["coordinator"])
    page = text(client.post(address(proposed, "accept/"), {"which": "ticked"}, follow=True))
    assert "Tick the pairs you accept first." in page and not Pair.objects.exists()
    services.stop_taking_part(proposed.pk("Elm"))
    assert "Not up to date" in text(client.get(address(proposed)))
    page = text(client.post(address(proposed, "accept/"), {"which": "all"}, follow=True))
    assert "3 pairs begin." in page and "One of these people does not take part now." in page


def test_many_proposed_pairs_come_in_pages_and_all_are_accepted_at_once(proposed, client, monkeypatch):
    monkeypatch.setattr(match_pages, "A_PAGE", 3)
    cast.sign_in(client, proposed.staff["coordinator"])
    best_first = list(ProposedPair.objects.order_by("-points", "pk").values_list("pk", flat=True))
    assert len(best_first) == 4
    page = client.get(address(proposed))
    assert [card.row.pk for card in page.context["cards"]] == best_first[:3]
    assert "Here are pairs 1 to 3 of 4" in text(page)
    page = client.get(address(proposed), {"after": page.context["end"]})
    assert [card.row.pk for card in page.context["cards"]] == best_first[3:] and page.context["end"] == ""
    assert "Here are pairs 4 to 4 of 4" in text(page) and 'rel="next"' not in text(page)
    assert client.get(address(proposed), {"after": "9~x"}).status_code == 200
    client.post(address(proposed, "accept/"), {"which": "all"})
    assert Pair.objects.count() == 4


def test_a_page_of_proposed_pairs_costs_as_many_queries_as_another(
    proposed, client, monkeypatch, django_assert_max_num_queries
):
    cast.sign_in(client, proposed.staff["coordinator"])
    client.get(address(proposed))
    with CaptureQueriesContext(connection) as whole:
        client.get(address(proposed))
    monkeypatch.setattr(match_pages, "A_PAGE", 1)
    with django_assert_max_num_queries(len(whole)):
        client.get(address(proposed))


def test_what_if_says_the_cost_and_puts_two_together_only_when_no_rule_is_broken(proposed, client):
    cast.sign_in(client, proposed.staff["coordinator"])
    asked = {"first": proposed.pk("Maple"), "second": proposed.pk("Oak")}
    page = text(client.get(address(proposed, "what-if/"), asked))
    assert "All pairs together would lose at least" in page and "Put them together" in page
    client.post(address(proposed, "what-if/"), asked)
    assert ProposedPair.objects.filter(state="locked").count() == 1
    asked["second"] = proposed.pk("Ceiba")
    page = text(client.get(address(proposed, "what-if/"), asked))
    assert "They share no language." in page and "Put them together" not in page
    assert "A rule keeps these two apart." in text(client.post(address(proposed, "what-if/"), asked))


@pytest.mark.req("S27")
def test_somebody_who_just_came_is_shown_with_those_who_suit_best_of_all_who_wait_and_why(proposed, client):
    cast.sign_in(client, proposed.staff["coordinator"])
    page = client.get(address(proposed, "what-if/"), {"first": proposed.pk("Maple")})
    said, best = text(page), page.context["best"]
    assert "Who would suit Maple best" in said and "Close A1C: 8.0 and 8.2." in said
    assert [fit for _, fit, _ in best] == sorted((fit for _, fit, _ in best), reverse=True)
    assert best[0][0].nickname == "Elm" and "Ceiba" not in {one.nickname for one, _, _ in best}
    asked = f"?first={proposed.pk('Maple')}&amp;second={proposed.pk('Elm')}"
    assert asked in page.content.decode()
    seen = Line.objects.filter(verb="pairs.saw_match").values_list("subject_id", flat=True)
    assert set(seen) == {proposed.pk("Maple"), *(one.person_id for one, _, _ in best)}
    for nobody in ("0", "x", proposed.staff["coordinator"].pk):
        assert "best" not in client.get(address(proposed, "what-if/"), {"first": nobody}).context


def test_two_weightings_stand_side_by_side_and_nothing_is_kept(proposed, client):
    cast.sign_in(client, proposed.staff["coordinator"])
    for name, year in (("Elm", 1950), ("Oak", 1961)):
        people.change_facts(PLATFORM, person_id=proposed.pk(name), born_year=year)
    form = client.get(address(proposed, "compare/")).context["form"]
    by_age = {f"weight_{name.removeprefix('weight_')}": 0 for name in form.fields} | {"weight_age": 10}
    page = text(client.get(address(proposed, "compare/"), by_age))
    assert "Side by side" in page and "the same in both" in page and "Only with other weights" in page
    assert not MatchSettings.objects.exists() and MatchRound.objects.count() == 1
    by_age["weight_age"] = 0
    assert "At least one of these must count." in text(client.get(address(proposed, "compare/"), by_age))


def test_settings_are_saved_and_count_from_the_next_match_on(proposed, client):
    cast.sign_in(client, proposed.staff["administrator"])
    form = client.get(address(proposed, "settings/")).context["form"]
    given = {**form.initial, "weight_culture": 40, "style": "fair", "least_common_hours": 3, "same_site": ""}
    assert address(proposed, "mentors/") not in text(client.get(address(proposed)))
    assert client.post(address(proposed, "settings/"), {**given, "mentors": "on"}).status_code == 302
    assert f'href="{address(proposed, "mentors/")}"' in text(client.get(address(proposed)))
    row = MatchSettings.objects.get()
    assert (row.weights["culture"], row.style, row.least_common_hours) == (40, "fair", 3)


def test_two_are_kept_apart_and_allowed_again_on_their_page(proposed, client):
    cast.sign_in(client, proposed.staff["nurse"])
    given = {"first": proposed.pk("Maple"), "second": proposed.pk("Elm")}
    page = text(client.post(address(proposed, "apart/"), given, follow=True))
    assert "Elm &amp; Maple" in page or "Maple &amp; Elm" in page
    number = client.get(address(proposed, "apart/")).context["listed"][0][0]
    client.post(address(proposed, "apart/"), {"remove": number})
    assert client.get(address(proposed, "apart/")).context["listed"] == []


def test_who_mentors_is_said_on_their_page_and_whom_each_would_take_stands_there_with_reasons(place, client):
    cast.sign_in(client, place.staff["nurse"])
    there = address(place, "mentors/")
    assert "Nobody mentors yet" in text(client.get(there))
    page = text(client.post(there, {"person": place.pk("Maple"), "takes": 2}, follow=True))
    assert "2 of 2 places are taken." in page and "Close A1C: 8.2 and 8.0." in page and "They suit" in page
    assert "No mentor speaks the language." in page and "Nothing of this is kept" in page
    assert client.post(there, {"person": place.pk("Elm"), "takes": 0}).context["form"].errors["takes"]
    assert Mentor.objects.count() == 1 and not Pair.objects.exists()
    client.post(there, {"remove": Mentor.objects.get().pk})
    assert not Mentor.objects.exists() and client.post(there, {"remove": "9" * 30}).status_code == 404


@pytest.mark.req("S34")
def test_who_does_not_fit_the_rules_is_named_on_the_card_and_by_hand_and_is_not_kept_from_a_pair(place, client):
    row = place.who["Pine"].enrollments.get()  # A1C of 6.5, where the rules ask for 7.5
    assert intake.record(PLATFORM, enrollment_id=row.pk, how="staff").verdict == "not_eligible"
    intake.record(PLATFORM, enrollment_id=place.who["Maple"].enrollments.get().pk, how="staff")
    cast.sign_in(client, place.staff["coordinator"])
    client.post(address(place))
    page = text(client.get(address(place)))
    assert page.count("Does not fit the rules of the program: Pine.") == 1
    assert page.count("Does not fit the rules of the program") == 1
    there = f"/programs/{place.program.pk}/pair/"
    page = text(client.get(there))
    assert page.count("Pine (en): does not fit the rules of the program") == 2 and "Maple (en)<" in page
    client.post(there, {"first": place.pk("Pine"), "second": place.pk("Elm")})
    assert Pair.objects.count() == 1


def test_by_hand_a_pair_that_ended_is_made_again_only_when_that_is_said(place, client):
    both = [place.pk("Maple"), place.pk("Elm")]
    made = services.pair_up(PLATFORM, program_id=place.program.pk, people=both)
    services.end_pair(PLATFORM, pair_id=made.pk, reason="asked")
    cast.sign_in(client, place.staff["coordinator"])
    given = {"first": both[0], "second": both[1]}
    there = f"/programs/{place.program.pk}/pair/"
    assert "were a pair before" in text(client.post(there, given)) and Pair.objects.count() == 1
    client.post(there, {**given, "again": "on"})
    assert Pair.objects.count() == 2


@pytest.mark.req("R12")
@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_coordinator_matches_locks_and_accepts_with_the_keyboard_alone_and_no_scripts(
    place, client, new_page, live_server, language
):
    cast.sign_in(client, place.staff["coordinator"])
    page = new_page(language, java_script_enabled=False)
    browser.sign_in(page, client, live_server)
    page.goto("/match/")
    press(page, {"en": "Find the best pairs", "es": "Buscar las mejores parejas"}[language])
    assert page.locator("input[name=pair]").count() == 4
    page.locator("main summary").first.press("Enter")
    page.locator("main details[open]").first.wait_for()
    press(page, {"en": "Lock", "es": "Fijar"}[language])
    assert ProposedPair.objects.filter(state="locked").count() == 1
    page.locator("input[name=pair]").first.press("Space")
    press(page, {"en": "Accept those ticked below", "es": "Aceptar las marcadas abajo"}[language])
    assert Pair.objects.count() == 1
    press(page, {"en": "Accept all", "es": "Aceptar todas"}[language])
    assert Pair.objects.count() == 4


def press(page, label):
    """Enter on the button with this label, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator("main button", has_text=label).first.press("Enter")


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 390), ("es", 320)])
def test_every_match_page_is_clean_to_axe_and_fits_its_window(proposed, client, new_page, live_server, language, width):
    cast.sign_in(client, proposed.staff["coordinator"])
    for nickname, takes in (("Maple", 2), ("Ceiba", 5)):
        mentors.mark(PLATFORM, program_id=proposed.program.pk, person_id=proposed.pk(nickname), takes=takes)
    proposals.change_settings(PLATFORM, program_id=proposed.program.pk, mentors=True)
    page = new_page(language, viewport={"width": width, "height": 900})
    browser.sign_in(page, client, live_server)
    asked = f"?first={proposed.pk('Maple')}&second={proposed.pk('Oak')}"
    weights = "?" + "&".join(f"weight_{name}=5" for name in MatchRound.objects.get().weights)
    for there in [*PAGES, f"what-if/{asked}", f"what-if/?first={proposed.pk('Maple')}", f"compare/{weights}"]:
        page.goto(address(proposed, there))
        for summary in page.locator("main summary").all():
            summary.click()
        check_axe(page)
        check_no_sideways_scroll(page)
        check_targets(page)
        keep_picture(page, f"match-{there.split('/')[0]}{'-shown' if '?' in there else ''}-{language}-{width}")
