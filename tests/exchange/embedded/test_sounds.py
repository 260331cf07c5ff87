"""Files into sound and sound into files: every broken one is survived."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from peerline.exchange.engines.embedded import sounds, tones
from peerline.exchange.engines.embedded.entry import Entered, entered
from peerline.exchange.engines.embedded.tape import head, plain_sink
from peerline.exchange.telephone.hearing import likeness, tone, tone_of, write_wav
from peerline.exchange.telephone.hearing import sounds as heard_sounds
from peerline.kernel.dialogue import Keys, Press, Secret

HUM = tone(440, 0.5)


def wav(rate: int = 8000, channels: int = 1, samples: np.ndarray = HUM) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * 2 * channels, 2 * channels, 16)
    data = np.repeat(samples, channels).astype("<i2").tobytes()
    return b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVE" + form + b"data" + struct.pack("<I", len(data)) + data


def test_a_telephone_wav_is_taken_as_it_is():
    assert sounds.pcm_of(wav()) == HUM.tobytes()


@pytest.mark.parametrize(("rate", "channels"), [(16000, 1), (44100, 2), (8000, 2), (48000, 1)])
def test_other_rates_and_channels_are_converted(rate: int, channels: int):
    instants = np.arange(rate // 2) / rate
    samples = (9000 * np.sin(2 * np.pi * 440 * instants)).astype(np.int16)
    pcm = np.frombuffer(sounds.pcm_of(wav(rate, channels, samples)), "<i2")
    assert abs(len(pcm) - 4000) < 20
    assert tone_of(pcm[400:-400], (350, 440, 880)) == 440


@pytest.mark.parametrize(
    "data",
    [b"", b"RIFF", b"no sound at all", b"RIFF\0\0\0\0WAVE", wav()[:30], wav(rate=1), wav().replace(b"data", b"dat "),
     wav()[:20] + b"\x03\x00" + wav()[22:]],
)  # fmt: skip
def test_what_is_no_sound_is_refused(data: bytes):
    with pytest.raises(sounds.BadSound):
        sounds.pcm_of(data)
    assert sounds.load(data) == b""


def test_a_wav_that_lies_about_its_length_is_played_as_far_as_it_goes():
    lying = bytearray(wav())
    lying[40:44] = b"\xff\xff\xff\x7f"
    assert sounds.pcm_of(bytes(lying)) == HUM.tobytes()


def test_a_missing_or_enormous_file_is_silence(tmp_path: Path):
    assert sounds.load(tmp_path / "nowhere.wav") == b""
    with (tmp_path / "huge.wav").open("wb") as file:
        file.truncate(sounds.MOST_BYTES + 1)
    assert sounds.load(tmp_path / "huge.wav") == b""


def test_a_changed_file_is_read_again(tmp_path: Path):
    path = write_wav(tmp_path / "prompt.wav", HUM)
    assert sounds.load(path) == HUM.tobytes()
    write_wav(path, HUM[:1000])
    assert sounds.load(path) == HUM[:1000].tobytes()


def test_a_tape_is_a_whole_wav_only_once_it_is_finished(tmp_path: Path):
    tape = plain_sink(tmp_path)("message")
    tape.write(HUM.tobytes())
    assert not list(tmp_path.glob("*.wav"))
    with wave.open(str(tape.keep())) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (8000, 1, 4000)
    assert not list(tmp_path.glob("*.part"))
    assert len(head(0)) == 44


@pytest.mark.parametrize("name", ["ringing", "hold"])
def test_a_tone_does_not_click_where_its_loop_begins_again(name: str):
    loop = tones.loop(name).astype(int)
    assert abs(loop[0]) < 50
    assert abs(loop[-1]) < 50
    assert np.abs(np.diff(loop)).max() < 6000
    assert np.abs(loop).max() < 16000


@pytest.mark.parametrize(
    ("step", "pressed", "answer"),
    [
        (Press("a"), "", None), (Press("a"), "5", "5"), (Press("a"), "#", "#"),
        (Keys("a", most=3), "1", None), (Keys("a", most=3), "123", "123"), (Keys("a", most=3), "12#", "12"),
        (Keys("a", most=3), "#", ""), (Keys("a", most=3), "*", "*"), (Keys("a", most=3), "0", "0"),
        (Keys("a", most=3), "10", None), (Keys("a", most=3), "1*", None),
        (Keys("a", most=3, lone="*"), "0", None), (Secret("a", "v", most=2), "12", "12"),
    ],
)  # fmt: skip
def test_keys_become_an_answer(step: Press | Keys | Secret, pressed: str, answer: str | None):
    assert entered(step, pressed).answer == answer


def test_the_end_key_after_a_full_entry_counts_for_nothing():
    assert entered(Keys("a", most=2), "12") == Entered("12", swallow="#")
    assert entered(Keys("a", most=2), "1#") == Entered("1")


# --- the telephone's own ears: each detector is seen to notice a planted fault ---------------------------------------


def test_a_tone_is_told_from_silence_noise_and_another_tone():
    noise = np.random.default_rng(1).normal(0, 3000, 800)
    known = (400, 440, 880)
    assert tone_of(tone(440, 0.1), known) == 440
    assert tone_of(np.zeros(800), known) == -1
    assert tone_of(noise, known) == 0
    assert tone_of(tone(620, 0.1), known) == 0


def test_what_was_heard_when():
    samples = np.concatenate([np.zeros(4000), tone(440, 1.0), np.zeros(2400), tone(880, 0.5)])
    assert [(s.hz, round(s.began, 1), round(s.ended, 1)) for s in heard_sounds(samples, (440, 880))] == [
        (-1, 0.0, 0.5), (440, 0.5, 1.5), (-1, 1.5, 1.8), (880, 1.8, 2.3),
    ]  # fmt: skip


def test_likeness_finds_the_shift_and_notices_a_lost_frame():
    spoken = np.random.default_rng(2).normal(0, 3000, 16000).astype(np.int16)
    heard = np.concatenate([np.zeros(1234, np.int16), (spoken * 0.5).astype(np.int16), np.zeros(500, np.int16)])
    found = likeness(spoken, heard)
    assert (found.shift, round(found.gain, 2)) == (1234, 0.5)
    assert found.snr_db > 60
    torn = np.delete(heard, range(9000, 9160))
    assert likeness(spoken, torn).snr_db < 10
