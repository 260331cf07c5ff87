import json
import os
import subprocess
import sys
import wave

import numpy as np
import pytest

from peerline.exchange.prompts import services, sound, speech, voice
from peerline.exchange.prompts.catalogue import prompt, prompts, sentences_of, text_of
from peerline.exchange.prompts.queries import sample_of
from peerline.exchange.prompts.values import kind_of
from peerline.kernel.dialogue import Spoken
from peerline.kernel.languages import LANGUAGES
from tests.exchange.prompts.waves import tone

LONGEST_SECONDS = 15
can_speak = pytest.mark.skipif(not voice.can_speak(), reason="py-nanotts has no build for this computer")


def share_below(samples: np.ndarray, hz: float) -> float:
    power = np.abs(np.fft.rfft(samples.astype(float))) ** 2
    return power[np.fft.rfftfreq(len(samples), 1 / sound.RATE) < hz].sum() / max(power.sum(), 1)


def level(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean((samples / 32768.0) ** 2)))


def faults(samples: np.ndarray) -> list[str]:
    """What a caller would mind about this sound."""
    found = []
    if level(samples) < 0.02:
        found.append("hard to hear")
    if not 0.49 < np.abs(samples.astype(int)).max() / 32767 < 0.51:
        found.append("peak is not -6 dB")
    if share_below(samples, 200) > 1e-4:
        found.append("energy below what a telephone carries")
    if not 0.3 < len(samples) / sound.RATE <= LONGEST_SECONDS:
        found.append("too short or too long")
    return found


@pytest.fixture(scope="module")
def spoken_prompts() -> dict[tuple[str, str], np.ndarray]:
    """Every prompt of both languages, really spoken, values and all."""
    made = {}
    for language in LANGUAGES:
        for one in prompts(language).values():
            path = speech.whole(sentences_of(sample_of(one)), language)
            made[language, one.key] = sound.read(path)
    return made


@can_speak
@pytest.mark.req("S17")
def test_every_prompt_can_be_heard_on_a_telephone(spoken_prompts):
    assert {key: found for key, samples in spoken_prompts.items() if (found := faults(samples))} == {}


def test_sound_that_a_caller_would_mind_is_noticed():
    hum = np.round(tone(8000, hz=120, level=0.5) * 32767).astype("<i2")
    assert faults(hum) == ["energy below what a telephone carries"]
    assert "hard to hear" in faults(sound.silence(1))
    assert "too short or too long" in faults(np.tile(hum, 20))


@can_speak
def test_the_two_languages_and_two_sentences_do_not_sound_the_same(spoken_prompts):
    texts = {(language, text_of(sample_of(prompt(key, language)))) for language, key in spoken_prompts}
    assert len({samples.tobytes() for samples in spoken_prompts.values()}) == len(texts) > 700


@can_speak
def test_a_prompt_is_eight_kilohertz_mono_sixteen_bit_and_holds_nothing_but_sound():
    path = speech.whole(("Hello.",), "en")
    with wave.open(str(path)) as file:
        assert file.getparams()[:3] == (1, 2, 8000)
        assert path.stat().st_size == 44 + 2 * file.getnframes()


@can_speak
def test_what_was_said_before_is_not_spoken_again(monkeypatch):
    first = speech.whole(("You have three new messages.", "Please wait."), "en")
    monkeypatch.setattr(speech.Speaker, "_ask", lambda *_: pytest.fail("spoken again"))
    assert speech.whole(("You have three new messages.", "Please wait."), "en") == first


@can_speak
def test_sentences_are_joined_with_a_breath_between_them():
    first, second = (sound.read(speech.clip(text, "en")) for text in ("One moment.", "Thank you."))
    joined = sound.read(speech.whole(("One moment.", "Thank you."), "en"))
    assert len(joined) == len(first) + len(second) + int(speech.PAUSE_SECONDS * sound.RATE)
    assert (joined[: len(first)] == first).all() and (joined[-len(second) :] == second).all()


@can_speak
def test_a_speaking_process_that_died_is_started_again(tmp_path):
    speaker = speech.Speaker()
    speaker.speak("Hello.", "en", tmp_path / "one.wav")
    speaker._child.kill()
    speaker._child.wait()
    speaker.speak("Hello.", "en", tmp_path / "two.wav")
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()
    speaker.close()


@can_speak
def test_work_ahead_of_time_leaves_the_processor_to_calls(tmp_path):
    ahead, now = speech.Speaker("gently"), speech.Speaker()
    for speaker in (ahead, now):
        speaker.speak("Hello.", "en", tmp_path / "hello.wav")
    yielding = [os.getpriority(os.PRIO_PROCESS, speaker._child.pid) for speaker in (now, ahead)]
    assert yielding[1] == min(19, yielding[0] + 10)
    ahead.close()
    now.close()


@can_speak
@pytest.mark.parametrize("text", ["", "…", "<>", "😀"])
def test_text_without_sound_is_an_error_and_leaves_no_file(text, tmp_path):
    speaker = speech.Speaker()
    with pytest.raises(speech.CannotSpeak):
        speaker.speak(text, "en", tmp_path / "nothing.wav")
    assert list(tmp_path.iterdir()) == []
    speaker.speak("Hello.", "en", tmp_path / "hello.wav")
    speaker.close()


@can_speak
def test_markup_in_a_text_is_read_out_and_not_obeyed():
    assert level(voice.speak("<volume level='0'>Hello</volume>", "en")) > 0.02


def test_the_cache_forgets_what_was_longest_unused(settings, tmp_path):
    settings.STATE = tmp_path
    for name in ("old", "used", "new"):
        sound.write(speech.folder() / "aa" / f"{name}.wav", sound.silence(1))
    for age, name in enumerate(("new", "used", "old")):
        path = speech.folder() / "aa" / f"{name}.wav"
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert speech.tidy(most_bytes=2 * 16_044) == 1
    assert {path.name for path in speech.folder().rglob("*.wav")} == {"new.wav", "used.wav"}


def test_a_disk_that_is_full_gives_a_tone_and_no_half_file(settings, tmp_path, monkeypatch, db):
    settings.STATE = tmp_path

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(speech.Speaker, "speak", full)
    assert services.audio_for(Spoken("en", "goodbye")) == services.TONE
    assert not list(tmp_path.rglob("*.wav"))


@pytest.mark.parametrize("spoken", [Spoken("en", "pair.nowhere"), Spoken("en", "messages.new")])
def test_a_prompt_that_can_not_be_said_is_a_tone_and_no_crash(spoken, db):
    assert services.audio_for(spoken) == services.TONE


@can_speak
def test_a_language_the_line_does_not_speak_is_english(db):
    assert services.audio_for(Spoken("fr", "goodbye")) == services.audio_for(Spoken("en", "goodbye")) != services.TONE
    assert services.text_of(Spoken("es-MX", "goodbye")) == services.text_of(Spoken("es", "goodbye"))


@can_speak
def test_a_clip_that_a_power_cut_left_empty_is_spoken_again():
    path = speech.clip("One moment.", "en")
    path.write_bytes(path.read_bytes()[:44])
    assert speech.clip("One moment.", "en") == path and len(sound.read(path)) > sound.RATE / 2


@can_speak
def test_the_longest_values_still_make_a_short_prompt():
    long = {"name": "Yellow-bellied Flycatcher of the Valley", "count": 888_888, "time": "23:57", "day": 2}
    for language in LANGUAGES:
        for one in prompts(language).values():
            given = [(name, long.get(str(kind_of(name)), value)) for name, value in sample_of(one).values]
            path = speech.whole(sentences_of(Spoken(language, one.key, tuple(given))), language)
            assert len(sound.read(path)) <= LONGEST_SECONDS * sound.RATE, one.key


def test_the_tone_is_a_sound_the_line_can_play():
    samples = sound.read(services.TONE)
    assert level(samples) > 0.1 and sound.RATE * 0.3 < len(samples) < sound.RATE


def test_a_computer_without_the_voice_says_so_in_one_sentence_and_plays_a_tone(monkeypatch, settings, tmp_path, db):
    settings.STATE = tmp_path
    monkeypatch.setitem(sys.modules, "py_nanotts", None)
    assert services.available().count(". ") == 0 and "py-nanotts" in services.available()
    assert services.warm() == services.available()
    assert services.audio_for(Spoken("en", "goodbye")) == services.TONE


@can_speak
def test_warming_speaks_every_fixed_sentence_once_and_shows_progress(settings, tmp_path, monkeypatch, db):
    settings.STATE = tmp_path
    few = {"en": ["Hello.", "Please wait."], "es": ["Hola."]}
    monkeypatch.setattr(services, "fixed_sentences", few.get)
    monkeypatch.setattr(services, "_join_fixed_prompts", lambda: None)
    seen = []
    assert services.warm(lambda done, total: seen.append((done, total))) == ""
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert len(list(speech.folder().rglob("*.wav"))) == 3


@can_speak
def test_the_voice_runs_without_django_and_ends_with_its_parent(tmp_path):
    asked = json.dumps({"text": "Hello.", "language": "en", "path": str(tmp_path / "hello.wav")})
    script = "import runpy, sys; runpy.run_module('peerline.exchange.prompts.voice', run_name='__main__'); "
    script += "assert 'django' not in sys.modules"
    done = subprocess.run(
        [sys.executable, "-c", script], input=asked + "\n", text=True, capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (0, "{}\n"), done.stderr
    assert (tmp_path / "hello.wav").exists()


def test_sound_is_cut_below_the_telephone_trimmed_and_set_to_its_peak():
    low_and_clear = tone(48_000, hz=100, level=0.5) + tone(48_000, hz=1000, level=0.05)
    padded = np.concatenate([np.zeros(48_000), low_and_clear, np.zeros(48_000)])
    samples = sound.for_telephone(padded, 48_000)
    assert faults(samples) == []
    assert len(samples) / sound.RATE == pytest.approx(1 + sound.LEAD_SECONDS + sound.TAIL_SECONDS, abs=0.05)


@can_speak
@pytest.mark.req("T5")
def test_what_a_person_wrote_about_themself_is_spoken_and_then_forgotten():
    path = services.audio_for(Spoken("en", "plan.step", (("step", "Walk around the block"),)))
    assert path != services.TONE and path.is_relative_to(speech.said())
    assert services.audio_for(Spoken("en", "arrive.hello", (("name", "Maple"),))).is_relative_to(speech.folder())
    assert speech.forget_said() == 0 and path.exists(), "it may be playing"
    assert speech.forget_said(after_seconds=-1) >= 1 and not list(speech.said().rglob("*.wav"))
