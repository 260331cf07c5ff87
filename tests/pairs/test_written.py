"""What partners write to each other by text and mail: passed on by the line, and nobody learns who the other is."""

import random
from datetime import UTC, datetime
from email import message_from_string
from email.message import EmailMessage

import pytest
from django.core import mail as sent_mail

from peerline.jobs.services import drain
from peerline.kernel import week
from peerline.messaging import mailbox, queries, relay, services
from peerline.messaging.anonymous import Cleaned
from peerline.messaging.models import Inbound, Message, Silence, Thread, Written
from peerline.pairs import services as pairs
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from tests import cast
from tests.lengths import length
from tests.messaging.conftest import texts, time  # noqa: F401
from tests.security.two import Two

pytestmark = pytest.mark.django_db
EXCHANGES = length(10_000, 60)


@pytest.fixture
def two(settings, time):  # noqa: F811
    settings.MAIL_ANSWERS_TO, settings.DEFAULT_FROM_EMAIL = "talk@line.example", "Peerline <peerline@line.example>"
    settings.ENGINE = "simulated"
    found = Two()
    drain()
    Message.objects.all().delete()
    sent_mail.outbox.clear()
    return found


def label(two) -> str:
    return f"pair:{two.pair.pk}"


def mail_from(two, person, words, token=None, **heads) -> bytes:
    """A mail as this person's program sends it, with all that gives them away in its head."""
    secrets = two.secrets[person.pk]
    token = relay.thread_of(person.pk, label(two)) if token is None else token
    found = EmailMessage()
    found["From"] = heads.pop("From", f"{secrets.first_name} {secrets.last_name} <{secrets.email}>")
    found["To"] = f"Peerline <talk+{token}@line.example>" if token else "peerline@line.example"
    found["Subject"] = heads.pop("Subject", f"Re: from {secrets.first_name}")
    found["Message-ID"] = heads.pop("ID", f"<{random.random()}@{secrets.email.split('@')[1]}>")
    found["Received"] = f"from {secrets.email.split('@')[1]} ([203.0.113.9])"
    for name, value in heads.items():
        found[name.replace("_", "-")] = value
    found.set_content(words)
    return found.as_bytes()


def post(two, person, words, **more) -> str:
    what = mailbox.take(mail_from(two, person, words, **more))
    drain()
    return what


def to(person_mail: str) -> list[str]:
    return [one.body for one in sent_mail.outbox if one.to == [person_mail]]


def mails_to(two, person):
    return to(two.secrets[person.pk].email)


@pytest.mark.req("S4", "T5")
def test_an_answer_by_mail_goes_to_the_partner_with_the_nickname_only(two):
    lark, olmo = two.people
    assert post(two, lark, "I walked today.\n\nOn Tue, Nov 24, 2026 at 6 PM Peerline <a@b> wrote:\n> old") == "passed"
    [got] = mails_to(two, olmo)
    assert f"{lark.nickname} " in got and "I walked today." in got and "old" not in got
    assert mails_to(two, lark) == []
    assert Written.objects.get().words == "I walked today."


def test_the_partner_answers_to_a_thread_of_their_own(two):
    lark, olmo = two.people
    post(two, lark, "Hello")
    head = sent_mail.outbox[0].extra_headers["Reply-To"]
    token = head.split("+")[1].split("@")[0]
    assert Thread.objects.get(token=token).person_id == olmo.pk
    assert post(two, olmo, "Hola", token=token) == "passed" and len(mails_to(two, lark)) == 1


def test_somebody_elses_thread_passes_nothing_on(two):
    lark, olmo = two.people
    assert post(two, lark, "Hello", token=relay.thread_of(olmo.pk, label(two))) == "nobody"
    assert not Written.objects.exists()
    assert post(two, lark, "Hello", From="stranger@example.com") == "unknown" and not Written.objects.exists()


def test_a_mail_whose_sender_is_not_who_they_say_is_not_taken(two):
    failed = "mx.line.example; spf=fail; dmarc=fail (p=reject) header.from=example.com"
    assert post(two, two.people[0], "Hello", Authentication_Results=failed) == "robot"
    assert not Written.objects.exists()


def test_the_writer_is_told_what_was_left_out_and_left_behind(two):
    lark, olmo = two.people
    raw = mail_from(two, lark, f"Call me: {two.secrets[lark.pk].number}")
    with_picture = EmailMessage()
    for name, value in message_from_string(raw.decode()).items():
        if name not in ("Content-Type", "Content-Transfer-Encoding", "MIME-Version"):
            with_picture[name] = value
    with_picture.set_content(f"Call me: {two.secrets[lark.pk].number}")
    with_picture.add_attachment(b"x", maintype="image", subtype="png")
    mailbox.take(with_picture.as_bytes())
    drain()
    [told] = mails_to(two, lark)
    assert ("número de teléfono" in told or "telephone number" in told) and "1 " in told
    assert "[…]" in mails_to(two, olmo)[0]


def test_the_same_mail_twice_is_passed_on_once(two):
    raw = mail_from(two, two.people[0], "Hello", ID="<same@x>")
    assert [mailbox.take(raw), mailbox.take(raw)] == ["passed", "again"]
    assert Written.objects.count() == 1


def test_by_text_it_goes_to_the_partner_and_a_telling_one_is_only_announced(two, texts, client):  # noqa: F811
    lark, olmo = two.people
    for person in two.people:
        point = person.contact_points.get(kind="phone")
        people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=point.value, label="mobile")
        services.choose(viewer_of(person.pk), person_id=person.pk, first="sms")
    number = two.secrets[lark.pk].number
    texts.write(client, number, "I walked today")
    drain()
    assert [one.body for one in texts.sent.values()] == [f"{lark.nickname}: I walked today"]
    texts.write(client, number, "My insulin was late")
    drain()
    last = list(texts.sent.values())[-1]
    assert "insulin" not in last.body and last.to == two.secrets[olmo.pk].number
    assert Written.objects.filter(to_person=olmo).count() == 2


def test_where_the_partner_has_nothing_but_a_telephone_the_writer_is_told(two):
    lark, olmo = two.people
    olmo.contact_points.filter(kind="email").delete()
    post(two, lark, "Hello")
    [told] = mails_to(two, lark)
    assert olmo.nickname in told and not Written.objects.exists()


def test_a_pair_that_ended_passes_nothing_on(two):
    lark, _olmo = two.people
    token = relay.thread_of(lark.pk, label(two))
    pairs.end_pair(PLATFORM, pair_id=two.pair.pk, reason="other")
    sent_mail.outbox.clear()
    assert post(two, lark, "Hello", token=token) == "nobody" and not Written.objects.exists()


# --- Mute, block, report -----------------------------------------------------------------------------------------------


def test_who_mutes_finds_it_on_the_website_only(two):
    lark, olmo = two.people
    assert post(two, olmo, "MUTE") == "mute"
    sent_mail.outbox.clear()
    post(two, lark, "Hello")
    assert mails_to(two, olmo) == [] and Written.objects.filter(to_person=olmo).count() == 1
    post(two, olmo, "unmute")
    post(two, lark, "Hello again")
    assert any("Hello again" in one for one in mails_to(two, olmo))


def test_who_blocks_gets_nothing_and_the_writer_is_told(two):
    lark, olmo = two.people
    post(two, olmo, "Bloquear")
    post(two, lark, "Hello")
    assert not Written.objects.exists() and olmo.nickname in mails_to(two, lark)[0]


@pytest.mark.req("S14")
def test_a_report_pauses_both_ways_and_the_staff_must_look(two, monkeypatch):
    lark, olmo = two.people
    told = []
    monkeypatch.setattr(relay, "announce", told.append)
    post(two, olmo, "REPORT")
    assert [(one.kind, one.level, one.person_id, one.program_id) for one in told] == [
        ("messaging.reported", "E1", olmo.pk, two.pair.program_id)
    ]
    for person in two.people:
        post(two, person, "Hello")
    assert not Written.objects.exists() and queries.is_paused(label(two))
    assert not relay.end_silence(olmo.pk, label(two))
    assert relay.settle_report(None, label(two)) == 1 and not queries.is_paused(label(two))
    assert post(two, lark, "Hello you") == "passed" and Written.objects.exists()


def test_a_report_is_never_softened_by_a_milder_word(two):
    person = two.people[0]
    assert relay.silence(person.pk, label(two), "report") and not relay.silence(person.pk, label(two), "mute")
    assert Silence.objects.get().how == "report"


# --- Robots (R10) ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("R10")
def test_two_robots_that_answer_each_other_do_not_go_round(two):
    """Neither says in its head that it is one. Each answers every mail it gets, at once."""
    hops = length(10_000, 300)
    post(two, two.people[0], "Hello")
    for hop in range(hops):
        if hop >= len(sent_mail.outbox):
            break
        got = sent_mail.outbox[hop]
        person = next(one for one in two.people if two.secrets[one.pk].email == got.to[0])
        post(
            two,
            person,
            "I am away until Monday.",
            token=got.extra_headers.get("Reply-To", "+@").split("+")[1].split("@")[0],
        )
    assert len(sent_mail.outbox) <= 4


@pytest.mark.req("R10")
def test_a_robot_that_says_so_is_never_answered_and_a_person_gets_one_automatic_mail_a_day(two):
    lark, _olmo = two.people
    for number in range(20):
        post(two, lark, f"I am away {number}", Auto_Submitted="auto-replied")
        post(two, lark, "HELP")
    assert len(sent_mail.outbox) == 1 and Inbound.objects.filter(what="robot").count() == 20


# --- Nobody learns who the other is (T5) -------------------------------------------------------------------------------------


def everything_sent(person_mail: str) -> list[tuple[str, bytes]]:
    """Each mail as the server gets it: head, body, source."""
    return [("mail", one.message().as_bytes()) for one in sent_mail.outbox if one.to == [person_mail]]


def chatter(two, chance: random.Random) -> None:
    """People who give themselves away in every usual manner: head, signature, number, link."""
    person = chance.choice(two.people)
    mine = two.secrets[person.pk]
    telling = [
        mine.number, f"{mine.number[2:5]}-{mine.number[5:8]}-{mine.number[8:]}", " ".join(mine.number[2:]), mine.email, mine.first_name,
        mine.last_name.upper(), f"https://pages.example/{mine.last_name}", ", ".join(mine.number[2:]),
    ]  # fmt: skip
    words = [chance.choice(["I walked", "How are you", "See you Sunday", "120 135 142"]) for _one in range(3)]
    words.insert(chance.randrange(4), chance.choice(telling))
    text = f"{' '.join(words)} {chance.random():.3f}\n\n-- \n{mine.first_name} {mine.last_name}\n{mine.number}"
    mailbox.take(mail_from(two, person, text, In_Reply_To=f"<1@{mine.email}>", Sender=mine.email))


@pytest.mark.req("S4", "T5", "R10")
def test_no_mail_tells_who_the_partner_is(two, monkeypatch):
    monkeypatch.setattr(relay, "MOST_A_DAY", 100_000)
    chance = random.Random(3)
    for _exchange in range(EXCHANGES):
        chatter(two, chance)
    drain(100_000)
    for person in two.people:
        seen = everything_sent(two.secrets[person.pk].email)
        assert len(seen) > EXCHANGES / 4
        assert two.leaks(person, seen) == []


@pytest.mark.parametrize("fault", ["words are not cleaned", "a head that names the sender", "names are not looked for"])
def test_a_leak_by_mail_is_found(two, monkeypatch, fault):
    if fault == "words are not cleaned":
        monkeypatch.setattr(relay, "cleaned", lambda words, names: Cleaned(words, frozenset()))
    elif fault == "names are not looked for":
        monkeypatch.setattr(relay.people, "names_of", lambda person_id: [])
    else:
        monkeypatch.setattr(
            "peerline.messaging.channels.smtp._answers", lambda letter: {"X-From": two.secrets[two.people[0].pk].email}
        )
    with pytest.raises(AssertionError):
        test_no_mail_tells_who_the_partner_is(two, monkeypatch)


@pytest.mark.req("S6")
@pytest.mark.parametrize("signs_in", [False, True])
def test_nobody_is_texted_who_takes_no_call_at_any_hour(two, texts, client, time, signs_in):  # noqa: F811
    lark, olmo = two.people
    for person in two.people:
        point = person.contact_points.get(kind="phone")
        people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=point.value, label="mobile")
        services.choose(viewer_of(person.pk), person_id=person.pk, first="sms")
    olmo.contact_points.filter(kind="email").delete()
    people.set_blocked_hours(PLATFORM, olmo.pk, week.ALL)
    if signs_in:
        cast.sign_in(client, olmo)
        client.get("/")
    time.at = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)  # three in the morning in Detroit
    texts.write(client, two.secrets[lark.pk].number, "I walked today")
    drain()
    assert two.secrets[olmo.pk].number not in {text.to for text in texts.sent.values()}
    assert [one.words for one in queries.written_to(olmo.pk)] == (["I walked today"] if signs_in else [])
