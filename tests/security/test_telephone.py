"""At the telephone: keyed numbers are never dialed (T7), a forged caller number opens nothing (T4), messages lie sealed (T9)."""

import os
import random
import stat

import pytest
from django.db.models import Q

from peerline.entry.models import Failure
from peerline.exchange import voices
from peerline.exchange.models import VoiceMessage
from peerline.kernel.dialogue import Record, Secret
from peerline.pairs.models import Pair
from peerline.people.models import Person
from peerline.programs.models import Enrollment
from tests.cast import sign_in, somebody
from tests.security.two import Two, leave_message

LONG = bool(os.environ.get("PEERLINE_LONG"))
COSTLY = ["1900", "1976", "1809", "1876", "1284", "01144", "01153", "00", "1734976", "1800", "911", "988", ""]


@pytest.fixture
def two(db, settings):
    settings.ENGINE = "simulated"
    return Two()


# --- Toll fraud ------------------------------------------------------------------------------------------------------


def keyed(chance: random.Random) -> str:
    """What somebody who wants to be put through keys: premium, abroad, emergency, codes of exchanges, anything."""
    number = chance.choice(COSTLY) + "".join(chance.choices("0123456789", k=chance.randint(4, 10)))
    return chance.choice([number, f"*72{number}", f"9{number}", f"{number}*{number}"])[:15].lstrip("*0") or "1"


@pytest.mark.req("T7")
def test_no_number_that_is_keyed_is_ever_dialed(two):
    chance, line, tried = random.Random(7), two.line, 0
    while tried < (10_000 if LONG else 250):
        stranger = line.dial("+13135550199")
        line.press(stranger, "1")  # for English
        for _ in range(3):
            if not stranger.over and isinstance(stranger.now.step, Secret):
                line.press(stranger, f"{keyed(chance)}#")
                tried += 1
        line.hang_up(stranger)
        Failure.objects.all().delete()  # or the line would close to strangers, and they could key nothing more
        line.telephones.clear()
    assert line.ring_log == []


@pytest.mark.req("T7")
def test_that_log_of_dialed_numbers_would_show_one(two):
    """Positive control: the partner's own number is dialed, and seen."""
    number = two.secrets[two.people[0].pk].number
    caller = two.line.dial(number)
    two.line.press(caller, two.pins[number])
    two.line.press(caller, "1")
    assert [dialed for _, dialed in two.line.ring_log] == [two.secrets[two.people[1].pk].number]


# --- A forged caller number ------------------------------------------------------------------------------------------


def all_that_could_change(person: Person) -> list[object]:
    """Settings, messages, pairs and enrollments of this person."""
    rows = [
        Person.objects.filter(pk=person.pk), Enrollment.objects.filter(person=person).order_by("pk"), Pair.objects.order_by("pk"),
        VoiceMessage.objects.filter(Q(to_person=person) | Q(author=person)).order_by("pk"),
    ]  # fmt: skip
    return [list(row.values()) for row in rows]


def press_about(two: Two, telephone: object, chance: random.Random, pin: str) -> None:
    """Key a PIN wherever one is asked for, and anything everywhere else, as a script of a thief does."""
    for _ in range(12):
        if telephone.over:
            return
        step = telephone.now.step
        if isinstance(step, Secret):
            two.line.press(telephone, pin or f"{chance.randrange(100_000, 1_000_000)}")
        elif isinstance(step, Record):
            two.line.hang_up(telephone)
        else:
            two.line.press(telephone, chance.choice("12339*#"))


@pytest.mark.req("T4")
def test_a_forged_number_without_the_pin_hears_no_message_and_changes_nothing(two):
    """A thousand calls in the long run; the registered telephone's own budget is spent, and staff's voicemail is all there is."""
    (rosa, other), chance = two.people, random.Random(4)
    leave_message(two, other, rosa)
    number, before = two.secrets[rosa.pk].number, all_that_could_change(rosa)
    rung, spoken = len(two.line.ring_log), len(two.line.given)
    for _ in range(1000 if LONG else 100):
        press_about(two, two.line.dial(number), chance, pin="")
    assert all_that_could_change(rosa) == before
    assert len(two.line.ring_log) == rung
    heard = {words.split(" ")[0] for _, words in two.line.given[spoken:]}
    assert not {
        one
        for one in heard
        if one.startswith(("messages.from", "menu.", "pair.", "arrive.hello", "hours.", "settings."))
    }
    assert VoiceMessage.objects.get(to_person=rosa).heard_at is None


@pytest.mark.req("T4")
def test_the_same_keys_with_the_pin_do_change_something(two):
    """Positive control."""
    (rosa, other), chance = two.people, random.Random(4)
    leave_message(two, other, rosa)
    number, before = two.secrets[rosa.pk].number, all_that_could_change(rosa)
    for _ in range(12):
        press_about(two, two.line.dial(number), chance, pin=two.pins[number])
    assert all_that_could_change(rosa) != before and two.line.ring_log


# --- Voicemail at rest -----------------------------------------------------------------------------------------------


@pytest.mark.req("T9")
def test_a_message_lies_sealed_under_a_name_that_says_nothing_and_nobody_else_can_read(two):
    first, second = two.people
    leave_message(two, second, first)
    leave_message(two, first, second)
    rows = list(VoiceMessage.objects.all())
    assert len({row.file for row in rows}) == 2 and all(len(row.file) >= 32 for row in rows)
    for row in rows:
        path = voices.folder() / row.file
        raw = path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(voices.folder().stat().st_mode) == 0o700
        assert b"RIFF" not in raw and b"\x10\x20" * 8 not in raw
        assert b"\x10\x20" * 8 in voices.wav(row.file)  # what was spoken, once it is opened


@pytest.mark.req("T9")
def test_no_address_leads_to_the_file_itself_and_none_outlives_the_sign_in(two, client):
    first, second = two.people
    leave_message(two, second, first)
    row = VoiceMessage.objects.get(to_person=first)
    for start in ("/media/", "/static/", "/static/../", "/voices/", "/static/%2e%2e/voices/", "/carrier/words/"):
        assert client.get(f"{start}{row.file}").status_code in (404, 405)
    sign_in(client, first)
    address = f"/my/messages/{row.pk}/sound/"
    assert client.get(address).status_code == 200
    client.post("/sign-out/")
    assert client.get(address)["Location"].startswith("/sign-in/")
    for stranger in (second, somebody(two.organization, "participant")):
        sign_in(client, stranger)
        assert client.get(address).status_code == 404
