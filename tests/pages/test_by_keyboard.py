"""The five main tasks with a keyboard alone and scripts off; on a long run, with scripts on as well."""

import os
import re

import pytest
from django.core import mail

from peerline.care.models import RedFlag, StaffMinutes, Voicemail
from peerline.jobs.services import drain
from peerline.pairs.models import Pair
from peerline.people.models import Person
from peerline.people.queries import number_to_dial, person_known
from tests.browser import check_no_sideways_scroll, sign_in
from tests.cast import sign_in as sign_in_client
from tests.exchange.conftest import ELM
from tests.pages.hands import Hands

SCRIPTS = [False, True] if os.environ.get("PEERLINE_LONG") else [False]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("scripts", SCRIPTS, ids=lambda on: "scripts" if on else "none"),
]


@pytest.fixture
def hands(place, new_page, client, live_server, settings, scripts):
    """hands("nurse", "/desk/"): signed in as that role, on that page. Without a role: a visitor."""
    settings.ENGINE = "simulated"

    def at(role, path):
        page = new_page(java_script_enabled=scripts)
        if role:
            sign_in_client(client, place.who(role))
            sign_in(page, client, live_server)
        page.goto(path)
        return Hands(page)

    return at


@pytest.mark.req("S3", "S16")
def test_a_participant_signs_in_by_a_code_and_calls_the_partner(hands, place):
    one = hands(None, "/")
    one.press("Sign in")
    one.write("Your telephone number or e-mail address", "elm@example.org")
    one.press("Send me a code")
    drain()
    one.write("Your code", "".join(re.search(r"(\d{3}) (\d{3})", mail.outbox[-1].body).groups()))
    one.press("Sign in")
    one.press("Call Maple now")
    assert one.says("Your telephone will ring in a moment")
    place.town.line.settle()
    assert place.town.line.ring_log[-1][1] == ELM


@pytest.mark.req("S8", "S13")
def test_a_nurse_hears_a_voicemail_takes_it_and_handles_it(hands, place):
    one = hands("nurse", "/desk/")
    one.press("Listen")
    with one.page.expect_response(lambda answer: answer.url.endswith("/sound/")):
        one.mark("Voicemail from Maple")
    one.press("I take it")
    one.write("What did you do?", "Called her, all is well.")
    one.press("Handled")
    row = Voicemail.objects.get()
    assert one.says("Written down as handled") and row.owner == row.handled_by == place.who("nurse")
    assert row.heard_at and row.note == "Called her, all is well."


@pytest.mark.req("S8", "S20", "S116")
def test_a_nurse_s_day_from_the_desk_to_a_red_flag_a_call_and_the_minutes(hands, place):
    one = hands("nurse", "/desk/")
    one.press("Listen")
    one.write("What did you do?", "Her chest hurts since last night.")
    one.press("Handled")
    assert one.says("Words that may mean danger") and one.says("chest pain")
    one.press("It is real")
    one.press("Call them through the line")
    assert one.says("Your telephone will ring in a moment")
    place.town.line.settle()
    assert place.town.line.ring_log[-1][1] == number_to_dial(place.who("nurse").pk)
    one.write("What did you do?", "Her doctor sees her today.")
    one.write("How many minutes did it take?", "2")
    one.press("Done")
    assert one.says("Nobody needs you just now")
    flag = RedFlag.objects.get()
    assert flag.verdict == "real" and flag.need.closed_by == place.who("nurse")
    assert StaffMinutes.objects.get(need=flag.need).minutes in (2, 12, 21)  # typed behind or before the guess


@pytest.mark.req("S27")
def test_a_coordinator_pairs_two_people(hands, place):
    other = place.town.somebody("Ida", "Willow", "+17345550104")
    one = hands("coordinator", "/pairs/")
    one.press("Pair two people")
    one.write("Who is the first?", "Oak")
    one.write("Who is the second?", "Willow")
    one.press("Make them a pair")
    assert set(Pair.objects.latest("pk").partners.values_list("person_id", flat=True)) == {
        place.town.third.pk,
        other.pk,
    }


def test_a_coordinator_imports_a_roster_and_takes_it_back(hands, place):
    before = Person.objects.filter(removed_at=None).count()
    one = hands("coordinator", "/programs/")
    one.press("People")
    one.press("Bring in a list")
    one.reach("The list")
    rows = b"first name,phone,language\nAna,734-555-0171,es\nBo,734-555-0172,en\n"
    one.page.set_input_files("input[type=file]", {"name": "list.csv", "mimeType": "text/csv", "buffer": rows})
    one.press("Look at the list")
    one.press("Import all")
    assert Person.objects.filter(removed_at=None).count() == before + 2
    one.press("Bring in a list")
    one.press("Undo")
    assert Person.objects.filter(removed_at=None).count() == before


@pytest.mark.req("S6", "S15")
def test_a_participant_changes_the_hours_and_stops(hands, place):
    one = hands("participant", "/my/")
    one.press("The hours when I take calls")
    one.mark("Every night")
    one.press("Save")
    assert person_known(place.participant.pk).blocked
    one.page.goto("/my/")
    one.press("Stop taking part")
    one.press("Stop now")
    assert one.says("You are out")
    place.town.pair.refresh_from_db()
    assert place.town.pair.ended_at


@pytest.mark.parametrize("path", ["/my/", "/me/hours/", "/desk/", "/voicemail/", "/pairs/", "/calls/", "/programs/"])
def test_letters_twice_as_large_lose_nothing(hands, path):
    page = hands("participant" if path.startswith("/m") else "nurse", path).page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    check_no_sideways_scroll(page)
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main *, header *, .pl-crisis *")].filter((one) => one.children.length === 0
          && one.textContent.trim() && !one.closest(".govuk-visually-hidden, .pl-scroll, svg") && one.getClientRects().length
          && getComputedStyle(one).overflow === "hidden" && one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML)"""
    )
    assert not cut


def test_a_focus_nobody_sees_is_found(hands):
    one = hands(None, "/")
    one.page.evaluate(
        """for (const each of document.querySelectorAll("a, button")) {
          each.style.setProperty("outline", "0", "important"); each.style.setProperty("box-shadow", "none", "important"); }"""
    )
    with pytest.raises(AssertionError, match="nobody sees"):
        one.reach("Sign in")
