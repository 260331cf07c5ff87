"""Every page there is, for every role that may open it, in both languages, looked at in a real Chromium."""

import os
import re
import time
from collections import defaultdict

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from peerline.people.access import Viewer, viewer_of
from peerline.people.gate import rule_of
from tests.browser import keep_picture, sign_in
from tests.cast import sign_in as sign_in_client
from tests.pages import rounds

pytestmark = [pytest.mark.browser]
ROLES = ("nobody", "participant", "coordinator", "nurse", "researcher", "administrator")
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|<title>.*?</title>|name="next" value="[^"]*"', re.S)
LONG = bool(os.environ.get("PEERLINE_LONG"))
WITHOUT_WORDS = {
    "care:sound",
    "pairs:my_sound",
    "plans:sound",
    "plans:workbook_pdf",
    "prompts:on_the_line",
    "prompts:waiting",
    "monitoring:export",
    "programs:people_file",
    "outcomes:export",
    "care:staff_time_file",
    "groups:my_ics",
    "groups:feed",
    "groups:certificate",  # the same
    "outcomes:paper",  # in the language of the person, whatever the visitor's
    "home:said",
    "healthz",
}
FOR_MACHINES = {"webhook"}  # addresses a carrier calls: no person ever sees them
# Open only in the middle of something, or on another server: each has its own test.
SEEN_ELSEWHERE = WITHOUT_WORDS | {
    "entry:first", "entry:code", "programs:add_calendar", "programs:join_answer", "programs:join_try", "programs:join_by_link", "mfa_authenticate", "mfa_login_webauthn", "mfa_activate_totp", "mfa_remove_webauthn",
    "account_reauthenticate", "mfa_reauthenticate_webauthn", "prompts:front", "pairs:match_home", "groups:learn", "ui:patterns",
}  # fmt: skip


def every_address(patterns=None, prefix="/", space=""):
    """(name, address, view) of the whole URL table."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(one.pattern)
        if isinstance(one, URLResolver) and one.namespace in FOR_MACHINES:
            continue
        if isinstance(one, URLResolver):
            yield from every_address(one.url_patterns, address, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield space + (one.name or str(one.pattern)), address, one.callback


def addresses_of(place):
    """(name, path, view) with every argument filled."""
    ordinary, exceptions = rounds.fillings(place), rounds.special(place)
    for name, address, view in every_address():
        yield name, rounds.filled(name, address, ordinary, exceptions), view


def just_signed_in(client, person):
    """Signed in this minute, so that the pages which ask again who it is do not ask."""
    sign_in_client(client, person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()


def unseen(pages, answered):
    """Names of pages that nobody saw: they answered neither with a page nor that they only take what is sent to them."""
    return [name for name, *_ in pages if name not in SEEN_ELSEWHERE and not answered[name] & {"page", 405}]


def is_page(answer) -> bool:
    return answer.status_code == 200 and "html" in answer["Content-Type"]


class Round:
    """One language: a page once for each role that may open it."""

    language = "en"
    axe_width = 1280

    @pytest.mark.req("S47", "S122", "S123")
    def test_every_page_is_sound_for_every_role(self, place, client, new_page, live_server):
        pages, names = list(addresses_of(place)), rounds.names_of(place)
        answered, said, self.seen = defaultdict(set), defaultdict(list), set()
        for role in ROLES:
            viewer = viewer_of(place.who(role).pk) if role != "nobody" else Viewer()
            browser = new_page(self.language)
            if role != "nobody":
                just_signed_in(client, place.who(role))
                sign_in(browser, client, live_server)
            for name, path, view in pages:
                if name in WITHOUT_WORDS or not rule_of(view)(viewer):
                    continue
                answer = client.get(path)
                if is_page(answer) and not self.known(answer.content.decode()):
                    self.open(browser, path, f"{name.replace(':', '-')}-{role}")
                    for fault in rounds.faults(browser, self.language, self.axe_width) + self.words(
                        answer, browser, names
                    ):
                        said[fault].append(role)
                answered[name].add("page" if is_page(answer) else answer.status_code)
        shut = [f"{name}: nobody could open it; say in rounds.py what stands in it" for name in unseen(pages, answered)]
        assert not said and not shut, "\n".join([*shut, *(f"{one} ({', '.join(said[one])})" for one in said)])

    def known(self, html):
        """Have both the head and the body of this page been looked at, be it for another role or on another page?"""
        parts = {part for part in re.split(r"<main ", CHANGING.sub("", html)) if part not in self.seen}
        self.seen |= parts
        return not parts

    def words(self, english, browser, names):
        if self.language == "en":
            return []
        return [
            f"{browser.url}: {one}" for one in rounds.untranslated(english.content.decode(), browser.content(), names)
        ]

    def open(self, browser, path, picture):
        """Go there; on a long run, keep pictures of it for people to look at."""
        browser.set_viewport_size({"width": 1280, "height": 900})
        browser.goto(path)
        for width in (1280, 390) if LONG else ():
            browser.set_viewport_size({"width": width, "height": 900})
            keep_picture(browser, f"{picture}-{self.language}-{width}")


class TestInEnglish(Round):
    pass


class TestInSpanish(Round):
    language, axe_width = "es", 390
