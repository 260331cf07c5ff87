"""Mail that comes in: whatever mail program wrote it, only somebody's own words are left; robots and bounces are known."""

import random
import time as wall
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerline.messaging import addresses, mail
from peerline.messaging.anonymous import cleaned
from peerline.messaging.replies import MARKER, own_words
from tests.lengths import length

FUZZED = length(100_000, 2_000)
FROM_US = f"{MARKER}\n\nElm writes:\n\nhello\n"
WORDS = {"en": "Thanks. I walked today.\n\nSee you Sunday!", "es": "Gracias. Hoy caminé.\n\n¡Nos vemos el domingo!"}
QUOTED = "> " + FROM_US.replace("\n", "\n> ")

# What each program puts under an answer, as each writes it in English and Spanish. Written by hand.
PROGRAMS = {
    "Gmail en": "On Tue, Nov 24, 2026 at 6:11 PM Peerline <peerline@line.example> wrote:\n\n" + QUOTED,
    "Gmail en, broken over lines": "On Tue, Nov 24, 2026 at 6:11 PM Peerline <\na.long.name.peerline@line.example> wrote:\n\n" + QUOTED,
    "Gmail es": "El mar, 24 nov 2026 a las 18:11, Peerline (<peerline@line.example>) escribió:\n\n" + QUOTED,
    "Outlook en": "________________________________\nFrom: Peerline <peerline@line.example>\nSent: Tuesday, November 24, 2026 6:11 PM\n"
    "To: Rosa Quill <rosa@example.org>\nSubject: A message from Elm\n\n" + FROM_US,
    "Outlook es": "De: Peerline <peerline@line.example>\nEnviado el: martes, 24 de noviembre de 2026 18:11\n"
    "Para: Rosa Quill <rosa@example.org>\nAsunto: Un mensaje de Elm\n\n" + FROM_US,
    "Outlook for phones en": "Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Peerline\n",
    "Outlook for phones es": "Obtener Outlook para Android<https://aka.ms/AAb9ysg>\n________________________________\nDe: Peerline\n",
    "Apple Mail en": "> On Nov 24, 2026, at 6:11 PM, Peerline <peerline@line.example> wrote:\n>\n" + QUOTED,
    "Apple Mail es": "> El 24 nov 2026, a las 18:11, Peerline <peerline@line.example> escribió:\n>\n" + QUOTED,
    "iPhone en": "Sent from my iPhone\n\n> On Nov 24, 2026, at 6:11 PM, Peerline <peerline@line.example> wrote:\n> hello",
    "iPhone es": "Enviado desde mi iPhone\n\n> El 24 nov 2026, a las 18:11, Peerline <peerline@line.example> escribió:\n> hello",
    "Yahoo en": "    On Tuesday, November 24, 2026 at 06:11:00 PM EST, Peerline <peerline@line.example> wrote:  \n \n hello",
    "Yahoo es": "    En martes, 24 de noviembre de 2026, 18:11:00 EST, Peerline <peerline@line.example> escribió:  \n \n hello",
    "the marker alone": FROM_US,
    "a signature": "-- \nRosa Quill\n734 555 0123",
    "nothing": "",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("language", WORDS)
def test_what_a_mail_program_puts_under_an_answer_is_cut(program, language):
    assert own_words(f"{WORDS[language]}\n\n{PROGRAMS[program]}") == WORDS[language]


@pytest.mark.parametrize(
    "words",
    [
        "On Sunday I wrote: nothing much.\nElm",
        "From: my heart\nthank you",
        "> you said so\nand I agree",
        "El 24 caminé.",
    ],
)
def test_what_somebody_wrote_themselves_is_not_cut(words):
    assert own_words(words) == words


@pytest.mark.parametrize(
    "text",
    ["On " + "a " * 20_000 + "wrote", "> x\n" * 9_000 + "y", "From: x\n" * 3_000, "_" * 50_000, "On Tue 2 <\n" * 6_000],
)
def test_no_text_takes_long(text):
    began = wall.monotonic()
    own_words(text)
    cleaned(text)
    assert wall.monotonic() - began < 2


# --- What tells who wrote ------------------------------------------------------------------------------------------------

TELLING = [
    "734 555 0123", "7345550123", "(734) 555-0123", "+1 734.555.0123", "555-0123", "7 3 4 5 5 5 0 1 2 3", "734/555/0123",
    "7, 3, 4, 5, 5, 5, 0, 1, 2, 3", "seven three four five five five zero one two three", "seven-three-four, 555, oh one two three",
    "siete tres cuatro cinco cinco cinco cero uno dos tres", "rosa@example.org", "rosa @ example.org", "rosa at example dot org",
    "rosa arroba example punto com", "https://example.org/rosa", "www.example.org", "example.org/rosa", "Rosa", "QUILL",
]  # fmt: skip


@pytest.mark.req("T5")
@pytest.mark.parametrize("telling", TELLING)
@pytest.mark.parametrize("around", ["{}", "Call me: {}. Bye", "I walked today\n{}\nand you?", "({})"])
def test_numbers_addresses_links_and_names_are_left_out(telling, around):
    found = cleaned(around.format(telling), ["Rosa", "Quill"])
    assert found.left_out and telling.casefold() not in found.text.casefold()
    assert not any(part in found.text for part in ("555", "0123", "example"))


@pytest.mark.parametrize(
    "words",
    ["My numbers were 120 135 142", "120/80 and 130/85", "98, 110, 102, 130", "On 2026-11-24 at 5", "I am at home. Come at five",
     "two or three eggs, one apple", "I took 2 of 500 at 8", "Rosas are red"],
)  # fmt: skip
def test_readings_dates_and_plain_words_stay(words):
    assert cleaned(words, ["Rosa"]) == (words, frozenset())


@given(st.text(max_size=300), st.sampled_from(["(734) 555-9264", "734 555 9264", "7345559264"]), st.text(max_size=300))
def test_a_number_is_left_out_wherever_it_stands_between_spaces(before, number, after):
    assert number not in cleaned(f"{before} {number} {after}").text


# --- Heads and parts -------------------------------------------------------------------------------------------------------


def written(**heads: str) -> EmailMessage:
    found = EmailMessage()
    found["From"] = heads.pop("From", "Rosa Quill <Rosa@Example.org>")
    found["To"] = heads.pop("To", "Peerline <talk+abcdefghijkmnpqrst23@line.example>")
    found["Subject"], found["Message-ID"] = heads.pop("Subject", "Re: Ein ünlesbares"), "<1@example.org>"
    for name, value in heads.items():
        found[name.replace("_", "-")] = value
    found.set_content("Hello Elm.\n")
    return found


@pytest.fixture(autouse=True)
def line_address(settings):
    settings.MAIL_ANSWERS_TO = "talk@line.example"


def test_the_thread_is_known_by_the_address_whatever_the_case():
    read = mail.read(written(To="TALK+ABCDEFGHIJKMNPQRST23@LINE.EXAMPLE").as_bytes())
    assert (read.token, read.sender, read.words) == ("abcdefghijkmnpqrst23", "rosa@example.org", "Hello Elm.")
    assert addresses.token_in(addresses.answer_address("a" * 20)) == "a" * 20


def test_a_page_is_read_as_words_and_pictures_are_counted_and_left():
    sent = EmailMessage()
    sent["From"] = "rosa@example.org"
    sent.set_content("<style>x</style><p>Hello</p><p>Elm</p><blockquote>hidden</blockquote>", subtype="html")
    sent.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="me.png")
    read = mail.read(sent.as_bytes())
    assert read.words.split() == ["Hello", "Elm"] and read.dropped == 1


@pytest.mark.req("R10")
@pytest.mark.parametrize(
    "heads",
    [{"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated; x"}, {"Precedence": "bulk"}, {"List_Id": "<a.b>"},
     {"X_Auto_Response_Suppress": "All"}, {"Return_Path": "<>"}, {"From": "MAILER-DAEMON@example.org"}, {"From": "noreply@a.example"}],
)  # fmt: skip
def test_a_robot_is_known_by_its_head(heads):
    assert mail.read(written(**heads).as_bytes()).automatic
    assert not mail.read(written(Auto_Submitted="no").as_bytes()).automatic


def report(number="<abc@line.example>", action="failed", status="5.1.1", inside="message/rfc822"):
    """A mail that came back, as mail servers write it (RFC 3464)."""
    original = f"Message-ID: {number}\nSubject: x\n"
    return (
        "From: MAILER-DAEMON@mx.example\nTo: peerline@line.example\nReturn-Path: <>\nMessage-ID: <9@mx.example>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\nMIME-Version: 1.0\n\n'
        "--b\nContent-Type: text/plain\n\nIt did not arrive.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; rosa@example.org\nAction: {action}\nStatus: {status}\n\n"
        f"--b\nContent-Type: {inside}\n\n{original}\nHi\n--b--\n"
    ).encode()


@pytest.mark.req("R10")
@pytest.mark.parametrize("inside", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_names_the_mail_that_came_back(inside):
    read = mail.read(report(inside=inside))
    assert (read.bounced, read.status, read.automatic) == ("<abc@line.example>", "5.1.1", True)
    assert mail.read(report(action="delayed", status="4.4.1")).bounced == ""


# --- Broken mail -------------------------------------------------------------------------------------------------------------

SEEDS = [written().as_bytes(), report(), report(inside="text/rfc822-headers")]
PIECES = [
    b"\x00", b"\xff\xfe", b"=?utf-8?q?=ff?=", b"=?x?b?!!!?=", b"\r\n\r\n", b"Content-Type: multipart/mixed; boundary=\"b\"\n", b"--b\n",
    b"Content-Transfer-Encoding: base64\n", b"charset=nonsense", b"From: <<<@>>\n", b"Content-Type: message/rfc822\n\n", b"<" * 50,
    b"Content-Type: multipart/report\n", b"filename*=utf-8''%ff", b"\n\n\n", b":" * 9, b"Message-ID: <", b"Subject:" + b" x" * 400,
]  # fmt: skip


def broken(chance: random.Random) -> bytes:
    raw = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(raw) + 1)
        act = chance.random()
        if act < 0.4:
            raw[at:at] = chance.choice(PIECES)
        elif act < 0.7:
            del raw[at : at + chance.randint(1, 60)]
        else:
            raw[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
    return bytes(raw)


@pytest.mark.req("R10", "F6")
def test_no_broken_mail_stops_the_post():
    chance = random.Random(11)
    for _ in range(FUZZED):
        raw = broken(chance)
        read = mail.read(raw)
        assert isinstance(read.words, str) and len(read.words) <= 20_000, raw


@pytest.mark.req("T13")
def test_a_mail_in_a_mail_in_a_mail_is_no_bomb():
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000))
    inside = b"Content-Type: message/rfc822\n\n" * 3_000
    for bomb in (nested, inside, b"From: a@b.c\n\n" + b"x" * 6_000_000, b"--b\n" * 100_000):
        began = wall.monotonic()
        mail.read(bomb)
        assert wall.monotonic() - began < 2


def test_a_parser_that_trusts_its_mail_is_found(monkeypatch):
    monkeypatch.setattr(mail, "_decoded", lambda data, charset: data.decode(charset))
    monkeypatch.setattr(mail, "read", lambda raw: mail._read(mail.message_from_bytes(raw, policy=mail.policy.compat32)))
    with pytest.raises((LookupError, ValueError)):
        test_no_broken_mail_stops_the_post()
