"""Texts: STOP and HELP in two languages, receipts, forged requests."""

import pytest
from django.test import Client

from peerline.kernel import clock
from peerline.messaging import keywords, queries, services
from peerline.messaging.models import Closed, Inbound, Message, Receipt
from peerline.people import queries as people_queries
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from tests.carrier.carrier import signature
from tests.carrier.texts import PUBLIC_URL, TOKEN
from tests.lengths import length
from tests.messaging.conftest import MOBILE, work

pytestmark = pytest.mark.django_db
FORGERIES = length(10_000, 500)


def remind(person, key="k:1"):
    services.choose(viewer_of(person.pk), person_id=person.pk, first="sms")
    words = services.Text("A note", "Your two weeks are over.")
    until = clock.now().replace(hour=23)
    assert services.remind(person.pk, kind="test", key=key, words=lambda language: words, not_after=until)
    work()
    return Message.objects.filter(key__startswith=key).first()


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("STOP", "stop"), ("stop.", "stop"), ("Please stop texting me!", "stop"), ("Opt out", "stop"), ("opt-out please", "stop"),
        ("UNSUBSCRIBE", "stop"), ("quit", "stop"), ("End", "stop"), ("revoke", "stop"), ("Cancel", "stop"), ("No more texts", "stop"),
        ("ALTO", "stop"), ("Alto por favor", "stop"), ("parar", "stop"), ("CANCELAR", "stop"), ("Baja", "stop"),
        ("Darme de baja", "stop"), ("no más mensajes", "stop"), ("START", "start"), ("empezar", "start"), ("Help", "help"),
        ("AYUDA", "help"), ("Stop by at five tomorrow?", ""), ("I can not stop laughing", ""), ("no", ""), ("More texts", ""),
        ("The end of the month is better", ""), ("Tengo que cancelar lo del domingo", ""), ("", ""), ("help me with my plan", ""),
    ],
)  # fmt: skip
def test_a_keyword_is_known_with_a_polite_word_around_and_not_inside_a_sentence(words, meaning):
    assert keywords.keyword(words) == meaning


@pytest.mark.parametrize(("word", "answer"), [("STOP", "no more texts"), ("ALTO", "no recibirá más mensajes de texto")])
def test_stop_acts_at_once_and_is_confirmed_once(rosa, texts, client, word, answer):
    first = texts.write(client, MOBILE, word).content.decode()
    assert answer in first
    assert queries.closed_channels(rosa.pk) == {"sms"} and Closed.objects.get().word == "stop"
    assert answer not in texts.write(client, MOBILE, word).content.decode()
    remind(rosa)
    assert not texts.sent


def test_start_opens_again(rosa, texts, client):
    texts.write(client, MOBILE, "STOP")
    assert "texts from us again" in texts.write(client, MOBILE, "Start").content.decode()
    remind(rosa)
    assert len(texts.sent) == 1


def test_help_says_who_this_is_and_how_to_end_it(rosa, texts, client):
    people.set_language(PLATFORM, person_id=rosa.pk, language="es")
    page = texts.write(client, MOBILE, "AYUDA").content.decode()
    assert "Peerline" in page and "(800) 555-0142" in page and "STOP" in page and "oprima 0" in page


def test_the_same_text_twice_is_taken_once(rosa, texts, client):
    answers = [texts.write(client, MOBILE, "HELP", sid="SM1").content for _ in range(3)]
    assert b"Message" in answers[0] and answers[1:] == [b'<?xml version="1.0" encoding="UTF-8"?><Response/>'] * 2
    assert Inbound.objects.count() == 1


def test_a_stranger_is_told_once_a_day_that_nobody_reads_here(texts, client, db):
    assert b"Nobody reads" in texts.write(client, "+17345550111", "Who is this?").content
    assert b"Nobody reads" not in texts.write(client, "+17345550111", "Hello?").content


def test_where_the_carrier_answered_stop_itself_nothing_more_is_said(rosa, texts, client):
    assert b"Message>" not in texts.write(client, MOBILE, "STOP", OptOutType="STOP").content
    assert queries.closed_channels(rosa.pk) == {"sms"}


def test_a_short_code_is_a_robot(texts, client, db):
    assert texts.write(client, "72975", "Your parcel is here").status_code == 200 and not Inbound.objects.exists()


# --- What the carrier tells ------------------------------------------------------------------------------------------


@pytest.mark.req("R8")
def test_a_receipt_is_a_row_and_the_same_once_more_changes_nothing(rosa, texts, client):
    message = remind(rosa)
    [text] = texts.sent.values()
    for status in ("queued", "sent", "sent", "delivered", "delivered", "sent", "gone"):
        assert texts.knock(client, *texts.news_of(text, status)).status_code == 204
    message.refresh_from_db()
    assert message.word == "delivered" and message.receipt == text.sid
    assert set(Receipt.objects.values_list("word", flat=True)) == {"queued", "sent", "delivered"}


def test_a_text_that_said_stop_at_the_carrier_is_not_tried_again(rosa, texts):
    texts.refuse[MOBILE] = 21610
    message = remind(rosa)
    assert message.state == "failed" and message.problem == "the carrier says 21610"


# --- Forged -----------------------------------------------------------------------------------------------------------


def no_signature(chance, url, fields):
    return fields, ""


def another_token(chance, url, fields):
    return fields, signature("another", url, fields)


def another_body(chance, url, fields):
    return fields | {"Body": "STOP", "MessageStatus": "delivered", "x": "1"}, signature(TOKEN, url, fields)


def another_account(chance, url, fields):
    fields = fields | {"AccountSid": "AC" + "9" * 32}
    return fields, signature(TOKEN, url, fields)


def another_address(chance, url, fields):
    return fields, signature(TOKEN, url.replace("https", "http"), fields)


FORGERS = [no_signature, another_token, another_body, another_account, another_address]


def forge(texts, rosa) -> tuple[int, int]:
    """How many forged requests were let in, and how many rows they made or changed."""
    message, client = remind(rosa), Client()
    [text] = texts.sent.values()
    rows = (Inbound.objects.count(), Receipt.objects.count(), Closed.objects.count(), message.word)
    stop = {"AccountSid": "AC" + "0" * 32, "MessageSid": "SM7", "From": MOBILE, "Body": "STOP"}
    news = [texts.news_of(text, "undelivered"), (f"{PUBLIC_URL}/carrier/text/", stop)]
    let_in = 0
    for number in range(FORGERIES):
        url, fields = news[number % 2]
        forged, sign = FORGERS[number % len(FORGERS)](None, url, fields)
        let_in += texts.knock(client, url, forged, sign).status_code not in (403, 404)
    message.refresh_from_db()
    after = (Inbound.objects.count(), Receipt.objects.count(), Closed.objects.count(), message.word)
    return let_in, sum(one != other for one, other in zip(rows, after, strict=True))


@pytest.mark.req("T10", "R8")
def test_no_forged_text_or_receipt_is_let_in(rosa, texts):
    assert forge(texts, rosa) == (0, 0)


@pytest.mark.req("T10")
def test_a_hole_in_the_signature_is_found(rosa, texts, monkeypatch):
    monkeypatch.setattr("peerline.carrier.signatures.is_from_carrier", lambda request: True)
    let_in, changed = forge(texts, rosa)
    assert let_in and changed


def test_a_receipt_of_another_text_is_not_this_ones(rosa, texts, client):
    message = remind(rosa)
    [text] = texts.sent.values()
    url, fields = texts.news_of(text, "delivered")
    fields |= {"MessageSid": "SM" + "f" * 32}
    texts.knock(client, url, fields)
    message.refresh_from_db()
    assert message.word == ""


def test_people_at_one_number_stop_together(rosa, texts, client):
    from tests import cast
    from tests.messaging.conftest import with_mobile

    elm = cast.somebody(rosa.organization, nickname="Elm")
    with_mobile(elm, MOBILE)
    texts.write(client, MOBILE, "stop")
    assert queries.closed_channels(elm.pk) == queries.closed_channels(rosa.pk) == {"sms"}
    assert queries.is_closed("sms", people_queries.number_hash(MOBILE))
