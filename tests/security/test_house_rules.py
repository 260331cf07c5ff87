"""What holds on every page and for everybody: the crisis line on top, no medical advice, titles that define nothing."""

from html.parser import HTMLParser

import pytest

from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from peerline.people.services import Place
from tests.cast import clinic, sign_in, somebody

pytestmark = pytest.mark.django_db
PAGES = {
    "": ["/", "/sign-in/", "/sign-in/forgot/", "/stopped/", "/nowhere/"],
    "coordinator": ["/desk/", "/programs/", "/calls/", "/voicemail/", "/pairs/", "/telephone/"],
    "administrator": ["/staff/", "/ready/", "/keys/"],
    "participant": ["/my/", "/my/messages/", "/me/", "/my/stop/"],
}


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and not given.get("href", "").startswith("#"):
            self.found.append(given.get("href", ""))


def first_link(page: str) -> str:
    links = Links()
    links.feed(page.split("<body", 1)[1])
    return links.found[0]


@pytest.mark.req("S122", "S123")
@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize(("language", "words"), [("en", "Not medical advice"), ("es", "médic")])
def test_every_page_begins_with_the_crisis_line_and_says_that_it_gives_no_medical_advice(client, role, language, words):
    organization = clinic()
    somebody(
        organization, "administrator", email="chief@example.org"
    )  # without one there is only the way in for the first
    if role:
        sign_in(client, somebody(organization, role, email="me@example.org"))
    client.cookies["django_language"] = language
    for address in PAGES[role]:
        page = client.get(address).content.decode()
        assert first_link(page) in ("tel:988", "tel:911", "sms:988"), address
        assert words in page, address


def test_a_page_that_begins_with_something_else_is_found():
    assert first_link('<body><a href="#main">Skip</a><a href="/">Home</a><a href="tel:988">988</a>') == "/"


@pytest.mark.req("S103")
@pytest.mark.parametrize("title", ["Promotora", "Chief Administrator", "Nurse (retired)", "Peer coach, level 2", ""])
def test_a_title_is_any_words_and_opens_nothing(client, title):
    organization = clinic()
    person = people.add_person(PLATFORM, place=Place(organization.pk), first_name="Rosa", title=title)
    people.give_role(PLATFORM, person_id=person.pk, role="participant", place=Place(organization.pk))
    before = viewer_of(person.pk)
    people.change_facts(PLATFORM, person_id=person.pk, first_name="Rosa", title=f"{title} of all")
    assert viewer_of(person.pk) == before and not before.is_staff
    sign_in(client, person)
    assert client.get("/staff/").status_code == client.get("/desk/").status_code == 404
