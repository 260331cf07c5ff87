"""Sound has no signature on it: its address is the key, nobody can guess one, and each runs out."""

import pytest

from peerline.exchange import voices
from peerline.exchange.engines.webhook import addresses
from peerline.exchange.models import Leg, VoiceMessage
from peerline.kernel import clock
from peerline.kernel.dialogue import Spoken
from tests.exchange.scripts import Clock


def fetched(exchange, address: str):
    return exchange.client.get(address.removeprefix("https://peerline.example"), headers={"Host": "peerline.example"})


@pytest.fixture
def leg(exchange):
    exchange.dial()
    return Leg.objects.get()


@pytest.fixture
def message(leg):
    recorder = voices.Recorder()
    recorder.write(b"\x10\x20" * 8000)
    return VoiceMessage.objects.create(file=recorder.keep().name, seconds=1, left_at=clock.now(), state="kept")


def test_a_fixed_prompt_has_one_address_for_the_day_and_is_a_wav(exchange, leg):
    address = addresses.sound_address(Spoken("en", "goodbye"), leg.pk)
    assert address == addresses.sound_address(Spoken("en", "goodbye"), leg.pk + 1)
    response = fetched(exchange, address)
    assert response.content[:4] == b"RIFF" and response.headers["Content-Type"] == "audio/wav"
    assert "max-age" in response.headers["Cache-Control"]


def test_a_name_or_a_message_has_another_address_each_time(exchange, leg):
    spoken = Spoken("en", "arrive.hello", (("name", "Maple"),))
    first, second = addresses.sound_address(spoken, leg.pk), addresses.sound_address(spoken, leg.pk)
    assert first != second and "Maple" not in first
    assert fetched(exchange, first).content[:4] == b"RIFF"


@pytest.mark.req("S9")
def test_a_message_is_heard_only_while_its_leg_is_on_the_line(exchange, leg, message):
    address = addresses.sound_address(Spoken("en", voice_id=message.pk), leg.pk)
    assert fetched(exchange, address).content == voices.wav(message.file)
    Leg.objects.filter(pk=leg.pk).update(state="over")
    assert fetched(exchange, address).status_code == 404


@pytest.mark.parametrize("spoken", [Spoken("en", "goodbye"), Spoken("en", "arrive.hello", (("name", "Maple"),))])
def test_an_address_runs_out(exchange, leg, spoken):
    timer = Clock()
    with clock.running_on(timer):
        address = addresses.sound_address(spoken, leg.pk)
        assert fetched(exchange, address).status_code == 200
        timer.tick(49 * 3600)
        assert fetched(exchange, address).status_code == 404


def test_an_address_cannot_be_made_up(exchange, leg, message):
    right = addresses.sound_address(Spoken("en", "goodbye"), leg.pk)
    sealed = addresses.sound_address(Spoken("en", voice_id=message.pk), leg.pk)
    for wrong in (
        right.replace("goodbye", "stop.done"), right.replace("/en/", "/es/"), right[:-6] + "0" + right[-5:],
        sealed[:-9] + "AAAA" + sealed[-5:], right.rpartition("/")[0] + "/.wav", sealed.rpartition("/")[0] + "/x.wav",
    ):  # fmt: skip
        if wrong != right:
            assert fetched(exchange, wrong).status_code == 404, wrong


def test_what_was_sealed_for_another_purpose_is_no_address(exchange):
    from peerline.vault.services import seal

    for other in (b"+17345550101", b"{}", b"[1]", b'{"until": 9e9, "leg": 0, "spoken": [1]}'):
        assert fetched(exchange, addresses.address("sound", seal(other).decode())).status_code == 404


def test_a_line_of_another_engine_plays_nothing_here(exchange, leg, settings):
    address = addresses.sound_address(Spoken("en", "goodbye"), leg.pk)
    settings.ENGINE = "embedded"
    assert fetched(exchange, address).status_code == 404
    assert fetched(exchange, addresses.address("tone_wav", "hold")).status_code == 404
