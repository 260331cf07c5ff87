import io
import struct
import tracemalloc

import numpy as np
import pytest
from django.utils.translation import override

from peerline.exchange.prompts import uploads
from peerline.exchange.prompts.sound import RATE
from peerline.exchange.prompts.uploads import (
    BadUpload,
    Lies,
    NotAWave,
    NothingHeard,
    TooBig,
    TooLong,
    UnknownFormat,
    taken,
    telephone_sound,
)
from tests.exchange.prompts.waves import tone, wav


def loudest_hz(samples: np.ndarray) -> float:
    return float(np.fft.rfftfreq(len(samples), 1 / RATE)[np.abs(np.fft.rfft(samples)).argmax()])


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize(("bits", "tag"), [(8, 1), (16, 1), (24, 1), (32, 1), (32, 3), (64, 3)])
@pytest.mark.parametrize("channels", [1, 2])
def test_common_wav_files_come_out_as_telephone_sound(rate, bits, tag, channels):
    samples = telephone_sound(wav(tone(rate), rate=rate, bits=bits, tag=tag, channels=channels))
    assert samples.dtype == np.dtype("<i2")
    assert loudest_hz(samples) == pytest.approx(500, abs=3)
    assert np.abs(samples.astype(int)).max() == pytest.approx(0.5 * 32767, rel=0.01)


def test_an_extensible_header_and_chunks_before_the_sound_are_understood():
    told = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    assert len(telephone_sound(wav(extensible=True, before=told))) > RATE * 0.9


@pytest.mark.req("T13")
@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", NotAWave),
        (b"ID3\x04 this is an MP3 file", NotAWave),
        (b"RIFF\x04\0\0\0AVI ", NotAWave),
        (wav(data_says=0xFFFFFFFF), Lies),
        (wav(data_says=4_000_000_000, riff_says=4_000_000_036), Lies),
        (wav(riff_says=0xFFFFFFFF), Lies),
        (wav(data_says=32_002), Lies),
        (wav()[:-100], Lies),
        (wav(tone(seconds=30.1)), TooLong),
        (wav(tone(8000, seconds=31), rate=8000, bits=8), TooLong),
        (wav(np.zeros(16_000)), NothingHeard),
        (wav(np.zeros(0)), NothingHeard),
        (wav(tone(seconds=0.1)), NothingHeard),
        (wav(np.full(16_000, np.nan), bits=32, tag=3), UnknownFormat),
        (wav(np.full(16_000, np.inf), bits=32, tag=3), UnknownFormat),
        (wav(tag=0x55), UnknownFormat),
        (wav(tone(1000), rate=1000), UnknownFormat),
        (wav(tone(), rate=4_000_000_000 // 2), UnknownFormat),
        (wav(tone(seconds=0.1), channels=9), UnknownFormat),
        (b"RIFF\x04\0\0\0WAVE", UnknownFormat),
        (b"RIFF\x24\0\0\0WAVEfmt \x08\0\0\0" + b"\0" * 60, UnknownFormat),
        (wav(before=(b"junk" + b"\0" * 4) * 2000), UnknownFormat),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{len(value)}-bytes",
)
def test_a_file_that_is_no_good_recording_is_refused_with_its_reason(data, fault):
    with pytest.raises(fault):
        telephone_sound(data)


@pytest.mark.req("T13")
def test_a_file_beyond_five_megabytes_is_refused_unread():
    class Never(io.BytesIO):
        size = uploads.MOST_BYTES + 1

        def read(self, *_):
            pytest.fail("it was read")

    with pytest.raises(TooBig):
        taken(Never())
    with pytest.raises(TooBig):
        taken(io.BytesIO(b"\0" * (uploads.MOST_BYTES + 1)))


@pytest.mark.req("T13")
@pytest.mark.parametrize("bits", [8, 16, 24])
def test_the_largest_file_allowed_takes_a_fraction_of_the_memory_limit(bits):
    data = wav(tone(192_000, seconds=5 * 8 / bits), rate=192_000, bits=bits, channels=5)
    assert len(data) < uploads.MOST_BYTES
    tracemalloc.start()
    telephone_sound(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 128 * 1024 * 1024


@pytest.mark.req("T13")
def test_random_damage_is_refused_in_words_or_read_but_never_crashes():
    chance, good = np.random.default_rng(7), wav(tone(8000, seconds=0.5), rate=8000)
    for _ in range(400):
        broken = bytearray(good[: chance.integers(0, len(good) + 1)])
        for at in chance.integers(0, max(1, min(60, len(broken))), size=4):
            if broken:
                broken[at] = chance.integers(0, 256)
        try:
            telephone_sound(bytes(broken))
        except BadUpload as reason:
            assert str(reason).endswith(".")


def test_each_refusal_is_a_sentence_in_both_languages():
    for fault in BadUpload.__subclasses__():
        with override("en"):
            english = str(fault())
        with override("es"):
            spanish = str(fault())
        assert english.endswith(".") and spanish.endswith(".") and english != spanish
