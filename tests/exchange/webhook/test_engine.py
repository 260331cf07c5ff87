"""The port's verbs at the carrier: dialed once and only where allowed, hung up for sure, looked after."""

import http.server
import threading

import pytest

from peerline.carrier.rest import CarrierAway, CarrierRefused
from peerline.exchange import services
from peerline.exchange.dialogues import FRONT_DOOR, dialogues, rescue
from peerline.exchange.effects import carry_out
from peerline.exchange.engines.webhook.causes import ending
from peerline.exchange.engines.webhook.rest import Rest
from peerline.exchange.models import Call, Effect, Leg, Room
from peerline.people.queries import number_hash
from tests.exchange.conftest import ELM, ROSA
from tests.exchange.test_talk import nobody_is_left_over
from tests.exchange.webhook.test_story import step_of, talking


def calls_placed(exchange):
    return [fields for method, path, fields in exchange.rest.asked if (method, path) == ("POST", "Calls.json")]


@pytest.mark.req("S2")
def test_a_ring_shows_the_lines_own_number_and_nothing_of_the_caller(exchange):
    rosa = exchange.dial()
    exchange.press(rosa, "1111111")
    [placed] = calls_placed(exchange)
    assert (placed["To"], placed["From"]) == ([ELM], ["+18005550142"])
    assert ROSA[1:] not in str(placed) and "Maple" not in str(placed) and "Rosa" not in str(placed)
    assert "MachineDetection" not in placed


@pytest.mark.req("S2")
def test_nothing_a_partner_gets_tells_of_the_other(exchange):
    """Every address and document that reaches the one who is rung: no number, name or id of the caller."""
    seen = []
    exchange.carrier.shown = lambda call, verbs: seen.append((call.sid, str(verbs)))
    rosa, elm = talking(exchange)
    exchange.press(rosa, "*2")
    got = " ".join(text for sid, text in seen if sid == elm.sid) + str(elm.fields)
    for word in (ROSA[1:], ROSA[2:], "Maple", "Rosa", rosa.sid, number_hash(ROSA)):
        assert word not in got
    assert "Elm" not in " ".join(text for sid, text in seen if sid == rosa.sid)


def test_a_machine_is_only_guessed_where_that_is_wanted(exchange, settings):
    settings.CARRIER = settings.CARRIER | {"guess_machines": True}
    rosa = exchange.dial()
    exchange.press(rosa, "1111111")
    assert calls_placed(exchange)[0]["AsyncAmd"] == ["true"]
    elm = exchange.ringing()
    exchange.answer(elm)
    fields = exchange.carrier._fields(elm) | {"AnsweredBy": "machine_start"}
    assert exchange.carrier.send(elm.fields["AsyncAmdStatusCallback"], fields).status == 204
    assert step_of(elm) == "pair.invited", "a guess decided something"


@pytest.mark.parametrize("rows", ["", "+1734555010*,carrier\n+17345550102,sip:elm@127.0.0.1\n"])
def test_what_the_table_does_not_send_to_the_carrier_is_not_dialed(exchange, settings, rows):
    settings.NUMBERS_FILE.write_text(rows)
    rosa = exchange.dial()
    exchange.press(rosa, "1111111")
    assert calls_placed(exchange) == []
    assert Leg.objects.get(inbound=False).cause == "unreachable"
    assert step_of(rosa) == "pair.message"


@pytest.mark.parametrize(("problem", "cause"), [(CarrierRefused(400), "unreachable"), (CarrierAway("away"), "failed")])
def test_a_ring_that_goes_wrong_is_told_and_never_tried_again(exchange, monkeypatch, problem, cause):
    tried = []

    def ring(self, **fields):
        tried.append(fields)
        raise problem

    monkeypatch.setattr(Rest, "ring", ring)
    rosa = exchange.dial()
    exchange.press(rosa, "1111111")
    carry_out(exchange.engine, again=True)
    assert len(tried) == 1
    assert Leg.objects.get(inbound=False).cause == cause
    assert step_of(rosa) == "pair.message"


def test_a_process_that_dies_while_it_rings_has_rung_once(exchange, monkeypatch):
    """The carrier rings, but the answer that says so is lost; the leg is known by the carrier's own news."""
    rosa = exchange.carrier.dial(ROSA, "+18005550142")
    exchange.settle()
    exchange.press(rosa, "111111")
    monkeypatch.setattr(services, "known_as", lambda leg_id, sid: (_ for _ in ()).throw(KeyboardInterrupt))
    exchange.carrier.press(rosa, "1")
    with pytest.raises(KeyboardInterrupt):
        carry_out(exchange.engine)
    carry_out(exchange.engine, again=True)
    exchange.settle()
    elm = exchange.ringing()
    assert Leg.objects.get(inbound=False).ref == "" and len(calls_placed(exchange)) == 1
    exchange.answer(elm)
    assert step_of(elm) == "pair.invited"


def test_a_leg_nobody_wants_any_more_when_the_carrier_has_dialed_is_hung_up(exchange, monkeypatch):
    proper = Rest.ring

    def slow(self, **fields):
        sid = proper(self, **fields)
        exchange.carrier.hang_up(rosa)
        for url, fields in exchange.carrier.news:
            exchange.carrier.send(url, fields)
        exchange.engine.hang(Leg.objects.get(inbound=False).pk, "cancelled")
        return sid

    rosa = exchange.dial()
    exchange.press(rosa, "111111")
    monkeypatch.setattr(Rest, "ring", slow)
    exchange.press(rosa, "1")
    exchange.settle()
    assert all(call.over for call in exchange.carrier.calls.values())
    nobody_is_left_over()


def test_hanging_up_while_it_rings_stops_the_ringing(exchange):
    rosa = exchange.dial()
    exchange.press(rosa, "1111111")
    elm = exchange.ringing()
    exchange.hang_up(rosa)
    assert elm.status == "canceled"
    assert Leg.objects.get(ref=elm.sid).cause == "cancelled"
    nobody_is_left_over()


def test_both_ring_each_other_at_once_and_are_joined(exchange):
    rosa, elm = exchange.dial(ROSA), exchange.dial(ELM)
    exchange.press(rosa, "111111")
    exchange.press(elm, "111111")
    exchange.carrier.press(rosa, "1")
    exchange.carrier.press(elm, "1")
    exchange.settle()
    assert exchange.carrier.hears(rosa) == [elm]
    assert [call for call in exchange.carrier.calls.values() if not call.inbound and not call.over] == []


@pytest.mark.parametrize(
    "number", ["", "anonymous", "Restricted", "+266696687", "+7378742833", "+86282452253", "sip:x@y"]
)
def test_a_withheld_number_is_no_number(exchange, number):
    exchange.carrier.dial(number, "+18005550142")
    leg = Leg.objects.get()
    assert (leg.telephone, leg.telephone_hash) == ("", "")


def test_an_end_the_carrier_never_told_is_found_and_told_to_the_other(exchange):
    rosa, elm = talking(exchange)
    exchange.carrier.faults.last_word_lost = lambda: True
    exchange.carrier.hang_up(rosa)
    exchange.carrier.news.clear()
    assert Leg.objects.get(ref=rosa.sid).state == "up"
    services.sweep("webhook", exchange.engine.alive())
    exchange.settle()
    assert Leg.objects.get(ref=rosa.sid).cause == "hangup"
    exchange.carrier.silence(elm)
    exchange.settle()
    nobody_is_left_over()


def test_while_the_carrier_is_away_nobody_is_given_up(exchange):
    talking(exchange)
    exchange.carrier.down = True
    services.sweep("webhook", exchange.engine.alive())
    assert Leg.objects.filter(state="up").count() == 2


def test_the_longest_call_ends(exchange):
    rosa, elm = talking(exchange)
    Leg.objects.update(due_at="2020-01-01T00:00:00Z")
    services.sweep("webhook", exchange.engine.alive())
    exchange.settle()
    assert Room.objects.filter(closed_at=None).count() == 0
    assert not exchange.carrier.members(rosa.conference or "none")
    del elm


def test_the_password_does_not_follow_a_redirect_to_another_host(exchange, settings):
    """Recordings may lie elsewhere; the account's password may not go there."""
    seen = []

    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.headers.get("Authorization"))
            self.send_response(200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"RIFF")

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    class Here(Elsewhere):
        def do_GET(self):
            self.send_response(307)
            self.send_header("Location", f"http://localhost:{server.server_port}/file.wav")
            self.end_headers()

    first = http.server.HTTPServer(("127.0.0.1", 0), Here)
    threading.Thread(target=first.serve_forever, daemon=True).start()
    settings.CARRIER = settings.CARRIER | {"url": f"http://127.0.0.1:{first.server_port}"}
    assert Rest().sound_of("RE1", 100) == b"RIFF"
    assert seen == [None]
    server.shutdown()
    first.shutdown()


@pytest.mark.parametrize(
    ("status", "code", "cause", "by"),
    [
        ("completed", "", "hangup", "them"), ("busy", "486", "busy", "them"), ("busy", "603", "declined", "them"),
        ("no-answer", "", "no_answer", ""), ("no-answer", "480", "no_answer", "them"), ("failed", "404", "unreachable", "them"),
        ("failed", "", "failed", ""), ("failed", "<x>", "failed", ""), ("canceled", "487", "no_answer", "them"),
    ],
)  # fmt: skip
def test_the_carriers_words_become_ours(status, code, cause, by):
    end = ending(status, code)
    assert (end.cause, end.by) == (cause, by)


def test_a_number_ended_with_a_needless_pound_key_does_not_answer_the_next_question(exchange):
    rosa = exchange.dial()
    exchange.press(rosa, "111111#")
    assert step_of(rosa) == "menu.main"
    assert Leg.objects.get().journal[-1][0][1] != "menu.main"
    exchange.press(rosa, "1")
    assert step_of(rosa) == "pair.talk"
    assert Call.objects.count() == 1 and not Effect.objects.filter(done_at=None).exists()


def test_a_dialogue_changed_under_a_call_ends_kindly(exchange, monkeypatch):
    rosa = exchange.dial()
    exchange.press(rosa, "111111")
    monkeypatch.setitem(dialogues, FRONT_DOOR, lambda telephone_hash: rescue())
    exchange.press(rosa, "1")
    assert step_of(rosa) == "rescue.wait"
    exchange.carrier.silence(rosa)
    exchange.settle()
    assert rosa.over
    nobody_is_left_over()
