"""A researcher's day in Spanish and an administrator's, with a keyboard alone."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail

from peerline.jobs.services import drain
from peerline.outcomes import services as outcomes
from peerline.people import accounts
from peerline.people.access import PLATFORM
from peerline.people.models import Role
from peerline.programs.models import Enrollment
from tests.browser import sign_in
from tests.cast import sign_in as sign_in_client
from tests.pages.hands import Watched

pytestmark = [pytest.mark.browser]


@pytest.fixture
def hands(place, new_page, client, live_server):
    """hands("researcher", "es"): signed in, on the page that opens first."""

    def at(role, language):
        sign_in_client(client, place.who(role))
        page = new_page(language)
        sign_in(page, client, live_server)
        page.goto("/")
        return Watched(page, language)

    return at


@pytest.mark.req("S10", "S38", "S100")
def test_a_researcher_reads_calls_elements_and_scores_and_no_name(hands, place):
    answers(place)
    one = hands("researcher", "es")
    names_of_nobody(one)
    one.mark("Mostrar solo algunas llamadas")
    one.write("Cómo terminó", "Dej")
    one.press("Mostrar estas")
    assert "outcome=message" in one.page.url
    one.reach("Todas estas en un archivo")
    with one.page.expect_download() as file:
        one.page.keyboard.press("Enter")
    assert not re.search("Maple|Elm", file.value.path().read_text())
    one.press("Cifras")
    one.press("Los seis elementos")
    names_of_nobody(one)
    assert one.says(f"P{place.participant.pk}")
    one.press(place.program.name)
    names_of_nobody(one)
    one.press("Volver")
    one.press("Lo que dicen las respuestas")
    names_of_nobody(one)
    assert re.search(r"al comienzo\s+7(,0+)?\s+1\b", one.page.inner_text("main"))
    one.press("Volver")


def answers(place):
    """Elm's, to the one question at the beginning: 7 of 10."""
    row = Enrollment.objects.get(person=place.participant)
    sheet = outcomes.open_sheet(PLATFORM, enrollment_id=row.pk, occasion="baseline", instruments=["confidence"])
    outcomes.answer_all(PLATFORM, sheet_id=sheet.pk, values={("confidence", "sure"): 7}, door="web")


def names_of_nobody(one):
    assert not re.search("Maple|Elm|Rosa|Elias", one.page.inner_text("main"))


@pytest.mark.req("T21")
def test_a_new_administrator_sets_up_a_second_factor_and_nothing_else_opens_before(
    place, new_page, client, live_server
):
    account = accounts.account_for(place.who("administrator").pk)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    page = new_page("en")
    sign_in(page, client, live_server)
    page.goto("/staff/")
    one = Watched(page, "en")
    assert one.says("One more thing before you begin")
    one.press("Set up an app")
    one.write(page.locator("main label").inner_text(), code_of(page.locator("main b").inner_text().strip()))
    one.press("Finish")
    one.open("/keys/")
    one.press("See them")
    one.open("/staff/")
    assert one.says("Who works with Peerline")


def code_of(secret):
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.req("S10")
def test_an_administrator_checks_the_list_invites_a_colleague_and_looks_at_their_own_keys(hands, place):
    one = hands("administrator", "en")
    one.press("Going live")
    one.press("Send me a test mail")
    one.press("Staff")
    one.press("Add a colleague")
    one.write("First name", "Noor")
    one.write("Work e-mail", "noor@example.org")
    one.choose("nurse")
    one.press("Save")
    drain()
    assert Role.objects.latest("pk").person.first_name == "Noor" and mail.outbox[-1].to == ["noor@example.org"]
    one.press("My keys")
    assert one.page.locator("main").get_by_role("link").count()
    one.open("/programs/")
    one.press("Settings")
    one.press("Save")
    one.press("Going live")
    assert one.says("No backup was ever tried")
    one.press("Who did what")
    one.mark("Show only some of it")
    one.write("What?", "something c")
    one.press("Show these")
    assert one.says("changed the settings of a program") and one.says("“added you to the staff”")
