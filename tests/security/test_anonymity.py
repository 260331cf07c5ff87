"""Nothing that a participant or their telephone can see tells who the partner is: all of it is kept and searched (T5).

What the telephones' own packets hold is tests/exchange/embedded/test_privacy.py's part; here it is the words spoken on
both legs, messages, mail with its headers, pages with their headers, cookies and errors, and sound with its file's frame.
"""

import base64
import random
from typing import Any
from urllib.parse import quote

import pytest

from peerline.entry import codes
from peerline.exchange import voices
from peerline.exchange.engines.simulated import Telephone
from peerline.jobs.services import drain
from peerline.kernel import week
from peerline.kernel.dialogue import Enter, Keys, Press, Record, Secret
from peerline.messaging import services as messaging
from peerline.pairs import my
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.people.models import Person
from tests.cast import sign_in
from tests.lengths import length
from tests.security.crawler import Crawler
from tests.security.traces import Secrets
from tests.security.two import FAR_OFF, Two, leave_message

pytestmark = [pytest.mark.req("S4", "S5", "T5")]
EXCHANGES = length(10_000, 100)
ACTS = 14


class Walk:
    """One exchange: what two people might do at their telephones, in any order."""

    def __init__(self, two: Two, chance: random.Random) -> None:
        self.two, self.line, self.chance = two, two.line, chance

    def go(self) -> None:
        caller, other = self.chance.sample(self.two.people, 2)
        self.hours(other)
        self.line.dial(self.two.secrets[caller.pk].number)
        for _ in range(ACTS):
            live = [one for one in self.line.telephones.values() if not one.over]
            if not live:
                break
            self.act(self.chance.choice(live))
        for telephone in list(self.line.telephones.values()):
            if not telephone.over:
                self.line.refuse(telephone, "no_answer", 408) if telephone.ringing else self.line.hang_up(telephone)
        drain()

    def hours(self, person: Person) -> None:
        blocked = week.ALL if self.chance.random() < 0.15 else 0
        people.set_blocked_hours(PLATFORM, person.pk, blocked)

    def act(self, telephone: Telephone) -> None:
        if telephone.ringing:
            self.picked_up(telephone)
            return
        step = telephone.now.step if telephone.now else None
        if isinstance(step, Secret):
            self.line.press(telephone, self.two.pins[telephone.number] if self.chance.random() < 0.9 else "135790")
        elif isinstance(step, Record):
            self.line.speak(telephone, 1)
        elif isinstance(step, Enter):
            self.chance.choice([lambda: self.line.press(telephone, "*"), lambda: None])()
        elif isinstance(step, Press | Keys):
            self.key(telephone, step)

    def picked_up(self, telephone: Telephone) -> None:
        if self.chance.random() < 0.75:
            self.line.answer(telephone)
        else:
            self.line.refuse(telephone, *self.chance.choice([("busy", 486), ("declined", 603), ("no_answer", 408)]))

    def key(self, telephone: Telephone, step: Press | Keys) -> None:
        if self.chance.random() < 0.05:
            self.line.silence(telephone)
            return
        keys = (
            "1112"
            if step.name in ("menu.main", "pair.invited", "pair.message")
            else getattr(step, "keys", "") or "0123456789#"
        )
        key = self.chance.choice(keys)
        self.line.press(telephone, "2" if step.name == "stop.confirm" else key)


@pytest.fixture
def two(db, settings):
    settings.ENGINE = "simulated"
    return Two()


def crawled(client: Any, two: Two, person: Person, *, most: int = 80) -> list[tuple[str, bytes]]:
    """Everything the website gives this person, errors too, in both languages."""
    sign_in(client, person)
    crawler = Crawler(client)
    for address in (
        "/calls/",
        "/pairs/1/",
        f"/pairs/{two.pair.pk}/",
        "/my/messages/999999/sound/",
        "/my/call/x/",
        "/outbox/",
    ):
        crawler.visit("get", address)
    for address in ("/my/call/999999/", "/my/messages/999999/delete/", "/enrollments/999999/move/"):
        crawler.visit("post", address)
    client.cookies["django_language"] = "es" if person.language == "en" else "en"
    crawler.visit("get", "/my/")
    client.cookies["django_language"] = person.language
    crawler.crawl("/my/", "/my/messages/", "/me/", "/", most=most)
    return crawler.seen


def ask_for_a_code(two: Two, person: Person) -> None:
    """A letter goes out to them by a real mail path."""
    codes.ask("email", two.secrets[person.pk].email)
    drain()


def test_two_partners_never_learn_who_the_other_is_over_many_exchanges(two, client):
    chance = random.Random(5)
    for _ in range(EXCHANGES):
        Walk(two, chance).go()
        if len(two.line.telephones) > 400:
            two.line.telephones.clear()
    met = {prompt.split(" ")[0] for _, prompt in two.line.given}
    assert {
        "pair.whisper",
        "pair.calling",
        "talk.partner_gone",
        "pair.resting",
        "missed.busy",
    } <= met  # the walk went far
    assert {number for _, number in two.line.ring_log} == {one.number for one in two.secrets.values()}
    for person in two.people:
        ask_for_a_code(two, person)
        seen = two.sent_to(person) + crawled(client, two, person)
        kinds = {what.split(" ")[0] for what, _ in seen}
        assert {"spoken", "telephone", "message", "mail", "headers", "body", "cookies", "redirect"} <= kinds
        assert any(data[:4] == b"RIFF" for _, data in seen), "no voice message was heard on the website"
        assert two.leaks(person, seen) == []
        own = two.secrets[person.pk]
        assert any(own.found_in(data) for _, data in seen), (
            "one's own particulars are there, so the search would see another's"
        )


# --- Positive controls: a leak planted in each channel -----------------------------------------------------------------


def in_the_words(two, person, monkeypatch):
    Person.objects.filter(pk=two.partner_of(person).person_id).update(nickname=two.partner_of(person).first_name)
    two.line.press(caller := two.line.dial(two.secrets[person.pk].number), two.pins[two.secrets[person.pk].number])
    two.line.press(caller, "1")


def in_a_page(two, person, monkeypatch):
    Person.objects.filter(pk=two.partner_of(person).person_id).update(nickname="Call 313-555-9264 734-555-0187")


def in_a_header_and_a_cookie(two, person, monkeypatch):
    def render(request, template, context, before=my.render):
        response = before(request, template, context)
        response["X-Pair"] = two.partner_of(person).number[2:]
        response.set_cookie("partner", two.partner_of(person).email.encode().hex())
        return response

    monkeypatch.setattr(my, "render", render)


def in_sound(two, person, monkeypatch):
    before = voices.wav
    monkeypatch.setattr(voices, "wav", lambda name: before(name) + b"LIST" + two.partner_of(person).number.encode())


def in_a_message(two, person, monkeypatch):
    body = f"Your partner waits at {two.partner_of(person).number[5:]}."
    messaging.send(to_person=person.pk, channel="email", kind="test", key="planted", subject="Hello", body=body)
    drain()


PLANTED = {
    "spoken": in_the_words, "body of get /my/": in_a_page, "headers": in_a_header_and_a_cookie, "cookies": in_a_header_and_a_cookie,
    "body of get /my/messages": in_sound, "mail": in_a_message, "message": in_a_message,
}  # fmt: skip


@pytest.mark.parametrize("channel", PLANTED)
def test_a_leak_in_any_channel_is_found(two, client, monkeypatch, channel):
    person, other = two.people
    leave_message(two, other, person)
    PLANTED[channel](two, person, monkeypatch)
    leaks = two.leaks(person, two.sent_to(person) + crawled(client, two, person, most=40))
    assert any(leak.startswith(channel) for leak in leaks)


def test_every_way_of_writing_is_seen():
    secrets = Secrets(FAR_OFF + 1, "+13135559264", "Wilhelmina", "Featherstone", "minnie.f@plumemail.example")
    for text in (
        secrets.number,
        secrets.email,
        secrets.last_name,
        "(313) 555-9264",
        "313.555.9264",
        "555-9264",
        str(secrets.person_id),
    ):
        for written in (
            text, text.upper(), text[::-1], quote(text, safe=""), text.encode().hex(),
            *(base64.b64encode(b"x" * at + text.encode() + b"yy").decode() for at in range(3)),
        ):  # fmt: skip
            assert secrets.found_in(f"<p>{written}</p>".encode()), written
    assert secrets.found_in(b"five five five nine two six four") and secrets.found_in(
        b"cinco cinco cinco nueve dos seis cuatro"
    )
    assert not secrets.found_in(b"Olmo, seven three four, 734-555-0187, RIFF, mina")
