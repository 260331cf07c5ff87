"""Forged requests change nothing and learn nothing (T10); what is asked to be played, said or done is in the table."""

import json
import random
from urllib.parse import urlencode, urlsplit

import pytest

from peerline.carrier import signatures
from peerline.exchange.models import Call, CarrierNote, CarrierRecording, Effect, Leg, Member, Room, VoiceMessage
from tests.carrier.carrier import Reply, signature
from tests.carrier.faults import Unruly
from tests.exchange.webhook.conftest import ACCOUNT, TOKEN
from tests.lengths import length

FORGERIES = length(10_000, 1_000)
TABLES = (Call, Leg, Room, Member, Effect, VoiceMessage, CarrierRecording, CarrierNote)


def tables() -> str:
    """Everything the exchange knows."""
    return json.dumps([list(table.objects.order_by("pk").values()) for table in TABLES], default=str)


def knock(
    exchange, url: str, fields: dict[str, str], headers: dict[str, str], *, kind="application/x-www-form-urlencoded"
) -> Reply:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    body = json.dumps(fields) if kind == "application/json" else urlencode(fields)
    response = exchange.client.post(path, body, content_type=kind, headers={"Host": "peerline.example", **headers})
    return Reply(response.status_code, response.headers.get("Content-Type", ""), response.content)


def by(url: str, fields: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    return {"X-Twilio-Signature": signature(token, url, fields)}


def no_signature(exchange, chance, url, fields):
    return knock(exchange, url, fields, {})


def made_up_signature(exchange, chance, url, fields):
    return knock(exchange, url, fields, {"X-Twilio-Signature": "".join(chance.choices("abcdefgh", k=27)) + "="})


def old_token(exchange, chance, url, fields):
    return knock(exchange, url, fields, by(url, fields, "the token before this one"))


def another_account(exchange, chance, url, fields):
    """Somebody else's account at the same carrier, rightly signed by it."""
    fields = fields | {"AccountSid": "AC" + "9" * 32}
    return knock(exchange, url, fields, by(url, fields, chance.choice(["its own token", TOKEN])))


def swapped_body(exchange, chance, url, fields):
    other = {"Digits": "".join(chance.choices("123456789*#", k=6)), "CallStatus": "completed", "From": "+17345550102"}
    name = chance.choice(list(other))
    if fields.get(name) == other[name]:
        other[name] += "1"
    return knock(exchange, url, fields | {name: other[name]}, by(url, fields))


def one_more_field(exchange, chance, url, fields):
    return knock(exchange, url, fields | {"Extra": "1"}, by(url, fields))


def one_field_less(exchange, chance, url, fields):
    kept = {name: value for name, value in fields.items() if name != chance.choice(sorted(fields))}
    return knock(exchange, url, kept if kept != fields else {}, by(url, fields))


def another_door(exchange, chance, url, fields):
    return knock(
        exchange, url.replace("/carrier/", "/carrier/leg/1/1/").replace("//leg", "/leg"), fields, by(url, fields)
    )


def over_http(exchange, chance, url, fields):
    return knock(exchange, url, fields, by(url.replace("https://", "http://"), fields))


def as_json(exchange, chance, url, fields):
    """Signed over the address alone, as a carrier signs what is no form."""
    return knock(exchange, url, fields, by(url, {}), kind="application/json")


FORGERS = [
    no_signature, made_up_signature, old_token, another_account, swapped_body, one_more_field, one_field_less, another_door,
    over_http, as_json,
]  # fmt: skip


@pytest.fixture
def heard(exchange):
    """Every request of a whole call that is still going on."""
    exchange.carrier.faults = Unruly(random.Random(1))
    rosa = exchange.dial()
    exchange.press(rosa, "1111111")
    elm = exchange.ringing()
    exchange.answer(elm)
    exchange.press(elm, "1")
    exchange.press(rosa, "*1")
    return exchange.carrier.faults.past


@pytest.mark.req("T10")
def test_no_forged_request_is_accepted(exchange, heard):
    chance, before, accepted = random.Random(7), tables(), 0
    for number in range(FORGERIES):
        url, fields = chance.choice(heard)
        reply = FORGERS[number % len(FORGERS)](exchange, chance, url, fields)
        accepted += reply.status not in (403, 404)
    assert accepted == 0
    assert tables() == before


@pytest.mark.req("T10")
def test_an_old_request_word_for_word_changes_nothing(exchange, heard):
    before = tables()
    for url, fields in heard:
        knock(exchange, url, fields, by(url, fields))
    assert tables() == before


@pytest.mark.req("T10")
def test_after_a_call_its_requests_get_no_words_any_more(exchange, heard):
    for call in list(exchange.carrier.calls.values()):
        exchange.hang_up(call)
    before = tables()
    for url, fields in heard:
        assert b"<Play" not in knock(exchange, url, fields, by(url, fields)).body or "/tone/" in url or "/wait/" in url
    assert tables() == before


@pytest.mark.req("T10")
@pytest.mark.parametrize("fault", ["signatures are not looked at", "the body is not signed", "any account will do"])
def test_a_planted_hole_is_found(exchange, heard, monkeypatch, fault):
    if fault == "signatures are not looked at":
        monkeypatch.setattr(signatures, "is_from_carrier", lambda request: True)
    elif fault == "the body is not signed":
        some = {signature(TOKEN, url, fields) for url, fields in heard}
        monkeypatch.setitem(
            signatures.SIGNED_BY, "twilio", lambda request: request.headers.get("X-Twilio-Signature") in some
        )
    else:
        monkeypatch.setattr(signatures, "constant_time_compare", lambda given, ours: True)
    with pytest.raises(AssertionError):
        test_no_forged_request_is_accepted(exchange, heard)


@pytest.mark.req("T10")
def test_a_right_request_of_our_account_is_accepted(exchange):
    fields = {"AccountSid": ACCOUNT, "CallSid": "CA" + "5" * 32, "From": "+17345550101", "CallStatus": "ringing"}
    url = f"{exchange.carrier.public_url}/carrier/call/"
    assert knock(exchange, url, fields, by(url, fields)).status == 200
    assert Leg.objects.count() == 1


@pytest.mark.req("T10")
@pytest.mark.parametrize("missing", ["account", "token"])
def test_without_a_carrier_nobody_is_let_in(exchange, settings, missing):
    settings.CARRIER = settings.CARRIER | {missing: ""}
    fields = {"AccountSid": settings.CARRIER["account"], "CallSid": "CA1", "From": ""}
    url = f"{exchange.carrier.public_url}/carrier/call/"
    assert knock(exchange, url, fields, by(url, fields, settings.CARRIER["token"])).status == 403


def test_a_line_of_another_engine_has_no_such_doors(exchange, settings):
    settings.ENGINE = "embedded"
    fields = {"AccountSid": ACCOUNT, "CallSid": "CA1", "From": ""}
    url = f"{exchange.carrier.public_url}/carrier/call/"
    assert knock(exchange, url, fields, by(url, fields)).status == 404


def test_signalwire_signs_under_its_own_name(exchange, settings):
    settings.CARRIER = settings.CARRIER | {"kind": "signalwire"}
    fields = {"AccountSid": ACCOUNT, "CallSid": "CA" + "5" * 32, "From": "+17345550101"}
    url = f"{exchange.carrier.public_url}/carrier/call/"
    assert knock(exchange, url, fields, by(url, fields)).status == 403
    assert knock(exchange, url, fields, {"X-SignalWire-Signature": signature(TOKEN, url, fields)}).status == 200


def test_one_call_cannot_answer_for_another(exchange, heard):
    """Rightly signed, but asked by a call that is not that leg's."""
    url, fields = next((url, fields) for url, fields in reversed(heard) if url.endswith("/keys/"))
    stranger = fields | {"CallSid": "CA" + "8" * 32}
    assert knock(exchange, url, stranger, by(url, stranger)).status == 404
