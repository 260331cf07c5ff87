"""A passkey, from a real browser with a made-up fingerprint reader: added, asked for, and enough by itself."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator

from peerline.people import accounts
from peerline.people.access import PLATFORM
from tests import cast

PASSWORD = "a long enough pass phrase"
MAIL = "dana@example.org"
READER = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip
pytestmark = [pytest.mark.browser, pytest.mark.req("T21")]


class Reader:
    """The fingerprint reader of a page's browser."""

    def __init__(self, page) -> None:
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        added = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": READER})
        self.here = {"authenticatorId": added["authenticatorId"]}

    def knows(self, finger: bool) -> None:
        self.devtools.send("WebAuthn.setUserVerified", {**self.here, "isUserVerified": finger})


@pytest.fixture
def nurse(db):
    clinic = cast.clinic()
    cast.somebody(clinic, "administrator")
    person = cast.somebody(clinic, "nurse", nickname="Dana")
    accounts.give_account(PLATFORM, person_id=person.pk, email=MAIL)
    accounts.set_password(person.pk, PASSWORD)
    return person


@pytest.fixture
def page(new_page, nurse):
    """Dana, signed in for the first time: nothing is open but the page of keys. Then a passkey is added."""
    page = new_page()
    page.reader = Reader(page)
    by_password(page)
    page.wait_for_url("**/keys/")
    page.click("a:has-text('Add a passkey')")
    page.fill("input[name=password]", PASSWORD)  # once more, for who might sit down at an open page
    page.press("input[name=password]", "Enter")
    page.fill("input[name=name]", "My work computer")
    page.check("text=Sign me in with this passkey alone")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda address: not address.endswith("/add/"))
    assert Authenticator.objects.get(type="webauthn").user == nurse.account
    return page


def by_password(page) -> None:
    page.goto("/sign-in/staff/")
    page.fill("input[name=login]", MAIL)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()


def is_in(page) -> bool:
    page.goto("/desk/")
    return urlsplit(page.url).path == "/desk/"


def sign_out(page) -> None:
    page.context.clear_cookies()
    assert not is_in(page)


def test_with_a_passkey_added_the_pages_open_and_the_password_alone_does_not_open_them_again(page):
    assert is_in(page)
    sign_out(page)
    by_password(page)
    assert not is_in(page)
    page.goto("/sign-in/second/")
    page.click("text=Use my passkey or security key")
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    assert is_in(page)


def test_a_passkey_alone_signs_in_and_another_persons_finger_does_not(page):
    sign_out(page)
    page.reader.knows(finger=False)
    page.goto("/sign-in/staff/")
    problem = page.locator("[data-passkey-problem]")
    assert problem.is_hidden()
    page.click("#passkey_login")
    problem.wait_for(state="visible")
    assert not is_in(page)
    page.reader.knows(finger=True)
    page.goto("/sign-in/staff/")
    page.click("#passkey_login")
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    assert is_in(page)
