"""What was spoken is safe here before anybody is told so, and gone at the carrier afterwards, whatever goes wrong between."""

import struct
from datetime import timedelta

import pytest

from peerline.carrier.rest import CarrierAway
from peerline.exchange import voices
from peerline.exchange.engines.webhook import recordings
from peerline.exchange.engines.webhook.waves import NoSound, samples_in
from peerline.exchange.models import CarrierRecording, Leg, VoiceMessage
from peerline.kernel import clock
from tests.carrier.carrier import SPEECH, wav_of
from tests.exchange.scripts import Clock
from tests.exchange.webhook.test_story import step_of

SINCE_EVER = timedelta(0)


def at_the_beep(exchange):
    """A stranger who gave up three times and may leave the staff a message."""
    call = exchange.dial("+17345550177")
    exchange.press(call, "1")
    for _ in range(3):
        exchange.carrier.silence(call)
        exchange.settle()
    assert step_of(call) == "messages.recording"
    exchange.press(call, "5")
    assert call.doing == "Record"
    return call


def header(*, size: int, tag: int = 1, channels: int = 1, rate: int = 8000, bits: int = 16) -> bytes:
    form = struct.pack(
        "<4sIHHIIHH", b"fmt ", 16, tag, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits
    )
    return b"RIFF" + struct.pack("<I", min(size + 36, 2**32 - 1)) + b"WAVE" + form + b"data" + struct.pack("<I", size)


@pytest.mark.req("S9")
def test_a_message_is_safe_before_the_next_question(exchange):
    call = at_the_beep(exchange)
    exchange.carrier.speak(call)
    assert step_of(call) == "messages.recording" and call.doing == "Pause"
    exchange.settle()
    assert step_of(call) == "messages.review"
    assert VoiceMessage.objects.get().seconds == 2.0
    assert set(exchange.carrier.recordings) == exchange.carrier.dropped


@pytest.mark.parametrize("lie", [0, 10, 2**31, 2**32 - 1])
def test_a_wav_that_lies_about_its_length_is_as_long_as_it_is(lie):
    wav = header(size=lie) + SPEECH
    expected = SPEECH[:lie] if lie < len(SPEECH) else SPEECH
    if not expected:
        with pytest.raises(NoSound):
            samples_in(wav, 60)
    else:
        assert samples_in(wav, 60) == expected


def test_no_more_is_kept_than_was_asked_for():
    assert len(samples_in(wav_of(SPEECH * 40), 10)) == 10 * 16_000


@pytest.mark.parametrize(
    "wav",
    [
        b"", b"RIFF", b"<html>not found</html>", header(size=8, tag=85) + SPEECH, header(size=8, bits=8) + SPEECH,
        header(size=8, channels=9) + SPEECH, header(size=8, rate=100) + SPEECH, header(size=0), wav_of(b"\0\0" * 9000),
        wav_of(b"\x01\x00" * 8000), b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_speech_is_not_kept(wav):
    with pytest.raises(NoSound):
        samples_in(wav, 60)


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (8000, 2), (44_100, 2)])
def test_other_kinds_of_wav_become_telephone_sound(rate, channels):
    sound = b"\x10\x20" * (2 * rate * channels)
    pcm = samples_in(header(size=len(sound), rate=rate, channels=channels) + sound, 60)
    assert abs(len(pcm) - 2 * 16_000) <= 4


def test_a_recording_with_nothing_in_it_is_asked_for_again(exchange):
    call = at_the_beep(exchange)
    exchange.speak(call, wav=b"not a sound")
    assert not VoiceMessage.objects.exists()
    assert step_of(call) == "messages.recording" and CarrierRecording.objects.filter(state="gone").count() == 1


def test_where_the_carrier_heard_nothing_it_is_asked_for_again(exchange):
    call = at_the_beep(exchange)
    exchange.carrier.say_nothing(call)
    exchange.settle()
    assert step_of(call) == "messages.recording"
    assert not VoiceMessage.objects.exists()


def test_a_full_disk_is_told_to_the_caller(exchange, monkeypatch):
    def full(self, pcm):
        raise OSError(28, "No space left on device")

    call = at_the_beep(exchange)
    monkeypatch.setattr(voices.Recorder, "write", full)
    exchange.speak(call)
    assert not VoiceMessage.objects.exists()
    assert not list(voices.folder().glob("*.part"))
    assert step_of(call) != "messages.review"


def test_whoever_hangs_up_while_speaking_has_left_a_message(exchange):
    call = at_the_beep(exchange)
    exchange.speak(call, ends="hangup")
    message = VoiceMessage.objects.get()
    assert (message.state, message.for_staff) == ("kept", True)
    assert Leg.objects.get().state == "over"


def test_an_end_waits_for_the_recording_and_a_lost_one_is_looked_for(exchange):
    """All the carrier's news but the end is lost: the recording is found by asking."""
    timer = Clock()
    with clock.running_on(timer):
        call = at_the_beep(exchange)
        exchange.carrier.faults.last_word_lost = lambda: True
        exchange.carrier.speak(call, ends="hangup")
        exchange.carrier.news = [one for one in exchange.carrier.news if "/status/" in one[0]]
        exchange.settle()
        assert Leg.objects.get().state == "up" and not VoiceMessage.objects.exists()
        timer.tick(3)
        exchange.settle()
        assert VoiceMessage.objects.get().state == "kept"
        assert Leg.objects.get().state == "over"


def test_hanging_up_before_the_beep_ends_the_call_though_no_recording_comes(exchange):
    timer = Clock()
    with clock.running_on(timer):
        call = at_the_beep(exchange)
        exchange.hang_up(call)
        for _ in range(6):
            timer.tick(2)
            exchange.settle()
        assert Leg.objects.get().state == "over"
        assert not VoiceMessage.objects.exists()


def test_a_carrier_that_is_away_is_asked_again_and_after_some_patience_the_call_goes_on(exchange):
    timer = Clock()
    with clock.running_on(timer):
        call = at_the_beep(exchange)
        exchange.carrier.down = True
        exchange.carrier.speak(call)
        for _ in range(30):
            exchange.settle_once()
            timer.tick(3)
        assert step_of(call) != "messages.recording", "the caller waits for ever"
        assert CarrierRecording.objects.get().state == "given_up"
        assert not exchange.carrier.dropped, "what never came must stay where it is"


def test_a_carrier_that_is_away_for_a_moment_loses_nothing(exchange):
    timer = Clock()
    with clock.running_on(timer):
        call = at_the_beep(exchange)
        exchange.carrier.down = True
        exchange.carrier.speak(call)
        exchange.settle_once()
        exchange.carrier.down = False
        timer.tick(5)
        exchange.settle()
        assert step_of(call) == "messages.review"


def test_a_crash_between_keeping_and_noting_leaves_one_message_and_no_stray(exchange, monkeypatch):
    call, before = at_the_beep(exchange), set(voices.strays(SINCE_EVER))
    proper = recordings._answer

    def dies(*_):
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(recordings, "_answer", dies)
    exchange.carrier.speak(call)
    with pytest.raises(RuntimeError):
        recordings.fetch_due(exchange.engine.rest)
    assert len(set(voices.strays(SINCE_EVER)) - before) == 1 and not VoiceMessage.objects.exists()
    monkeypatch.setattr(recordings, "_answer", proper)
    CarrierRecording.objects.update(next_at=clock.now() - timedelta(seconds=1))  # the lease runs out
    exchange.settle()
    assert VoiceMessage.objects.count() == 1 and step_of(call) == "messages.review"


def test_two_fetchers_keep_one_file(exchange, monkeypatch):
    """The slower one finds the step answered, and takes its own file away again."""
    call, before = at_the_beep(exchange), voices.strays(SINCE_EVER)
    exchange.carrier.speak(call)
    row = CarrierRecording.objects.get()
    value = recordings._sealed(wav_of(SPEECH), 60)
    exchange.settle()
    recordings._answer(row, value, "kept")
    assert voices.strays(SINCE_EVER) == before
    assert VoiceMessage.objects.count() == 1


def test_what_never_stops_coming_is_cut_off(exchange):
    call = at_the_beep(exchange)
    exchange.carrier.speak(call, wav=header(size=2**32 - 1) + SPEECH * 2000)
    row = CarrierRecording.objects.get()
    wav = exchange.engine.rest.sound_of(row.ref, 100_000)
    assert len(wav) == 100_000


def test_a_file_that_breaks_off_is_fetched_again(exchange, monkeypatch):
    call = at_the_beep(exchange)
    exchange.carrier.speak(call)
    row = CarrierRecording.objects.get()
    monkeypatch.setattr("peerline.exchange.engines.webhook.rest._pieces", lambda answer, most: [answer.read(100)])
    with pytest.raises(CarrierAway):
        exchange.engine.rest.sound_of(row.ref, 10_000_000)
