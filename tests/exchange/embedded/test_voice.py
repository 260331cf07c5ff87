"""Voice messages: what was spoken is what is kept, and nothing else."""

import errno
import time
from pathlib import Path

import numpy as np
import pytest

from peerline.exchange.engines.embedded.sounds import pcm_of
from peerline.exchange.engines.embedded.tape import PlainTape
from peerline.exchange.port import Perform
from peerline.exchange.telephone.handset import Telephone
from peerline.exchange.telephone.hearing import likeness, loudness, sounds, tone, write_wav
from peerline.kernel.dialogue import Enter, Record
from tests.exchange.embedded.conftest import Stage, words
from tests.exchange.embedded.test_rooms import ALICE_HZ, BOB_HZ, together

pytestmark = pytest.mark.sip
BEEP_HZ = 1000


def speech(seconds: float = 3.0, seed: int = 7) -> np.ndarray:
    """Something like speech: noise below 3 kHz that swells and fades, never the same twice."""
    random = np.random.default_rng(seed)
    noise = np.convolve(random.normal(size=int(seconds * 8000)), np.hanning(6) / 3, "same")
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 3 * np.arange(len(noise)) / 8000)
    return (4000 * noise * swell / np.std(noise)).clip(-32000, 32000).astype(np.int16)


def kept(value: dict) -> np.ndarray:
    return np.frombuffer(pcm_of(Path(value["path"]).read_bytes()), "<i2")


def leave_message(stage: Stage, phone: Telephone, step: Record) -> int:
    leg = stage.call_in(phone, words(587), step)
    phone.hear(BEEP_HZ)
    time.sleep(0.4)
    return leg


@pytest.mark.req("S8", "S9")
def test_a_message_is_sample_for_sample_what_was_spoken(stage: Stage):
    alice, spoken = stage.phone("alice"), speech()
    leg = leave_message(stage, alice, Record("message", 20, 6))
    alice.speak(write_wav(stage.folder / "speech.wav", spoken))
    time.sleep(3.6)
    alice.press("#")
    value = stage.answer(leg)
    found = likeness(spoken, kept(value))
    assert value["why"] == "key"
    assert 0.9 < found.gain < 1.1
    assert found.snr_db > 30, found  # PCMU itself leaves about 37 dB
    assert loudness(kept(value)[:2400], BEEP_HZ) < 10  # the line's own beep is not in it


@pytest.mark.req("S8")
def test_a_message_left_aside_holds_nothing_of_the_partner_who_hears_nothing_of_it(stage: Stage):
    alice, bob = stage.phone("alice"), stage.phone("bob")
    legs = together(stage, 21, "alice", "bob")
    alice.hear(BOB_HZ)
    bob.hear(ALICE_HZ)
    alice.press("*")
    stage.answer(legs[0])
    stage.engine.tone(21, "hold")
    stage.engine.perform(Perform(legs[0], 2, (), Record("message", 20, 6)))
    bob.hear(523)
    place = len(bob.heard())
    alice.hear(BEEP_HZ)
    time.sleep(2.5)
    alice.press("#")
    value = stage.answer(legs[0], 2)
    message, partner = kept(value), bob.heard()[place:]
    assert {sound.hz for sound in sounds(message[1600:-1600], (ALICE_HZ, BOB_HZ))} == {ALICE_HZ}
    assert loudness(message, BOB_HZ) < 15
    assert loudness(partner, ALICE_HZ) < 30
    stage.engine.tone(21, "")
    stage.engine.perform(Perform(legs[0], 3, (), Enter("talk", 21)))
    bob.hear(ALICE_HZ)  # the positive control: now it would be heard
    assert loudness(bob.heard()[-3200:], ALICE_HZ) > 300


def test_a_message_ends_after_silence_and_at_its_limit(stage: Stage):
    alice = stage.phone("alice")
    leg = leave_message(stage, alice, Record("message", 20, 2))
    alice.speak(write_wav(stage.folder / "short.wav", tone(440, 1.0)))
    silent = stage.answer(leg)
    assert silent["why"] == "silence"
    assert 2.5 < silent["seconds"] < 4.5
    alice.hum(440)
    stage.engine.perform(Perform(leg, 2, (), Record("message", 2, 6)))
    limit = stage.answer(leg, 2)
    assert limit["why"] == "time"
    assert limit["seconds"] == 2.0 == len(kept(limit)) / 8000


def test_a_caller_who_hangs_up_while_speaking_has_left_a_message(stage: Stage):
    alice = stage.phone("alice")
    alice.hum(440)
    leg = leave_message(stage, alice, Record("message", 20, 6))
    time.sleep(1.5)
    alice.tell("hang")
    value = stage.answer(leg)
    assert value["why"] == "hangup"
    assert value["seconds"] > 1
    assert {sound.hz for sound in sounds(kept(value)[:8000], (440,))} == {440}
    assert stage.hung(leg).cause == "hangup"


def test_a_message_in_which_nothing_was_said_is_not_kept(stage: Stage):
    alice = stage.phone("alice")
    before = set((stage.folder / "voice").glob("*"))
    leg = leave_message(stage, alice, Record("message", 20, 1))
    assert stage.answer(leg) == {"path": "", "seconds": 0.0, "why": "silence"}
    assert set((stage.folder / "voice").glob("*")) == before


@pytest.mark.req("S9")
def test_the_exchange_s_own_tape_is_sealed_on_disk_and_opens_to_what_was_spoken(stage: Stage):
    from peerline.exchange import process, voices

    stage.sink = process.sink
    alice, spoken = stage.phone("alice"), speech()
    leg = leave_message(stage, alice, Record("message", 20, 6))
    alice.speak(write_wav(stage.folder / "speech.wav", spoken))
    time.sleep(3.6)
    alice.press("#")
    path = Path(stage.answer(leg)["path"])
    opened = pcm_of(voices.wav(path.name))
    assert likeness(spoken, np.frombuffer(opened, "<i2")).snr_db > 30
    assert opened[20000:20032] not in path.read_bytes()


class FullDisk(PlainTape):
    """A disk with room for half a second."""

    def write(self, pcm: bytes) -> None:
        if self.length > 8000:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().write(pcm)


class FullAtTheEnd(PlainTape):
    def keep(self) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")


class FullFromTheStart(PlainTape):
    def __init__(self, path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("tape", [FullDisk, FullAtTheEnd, FullFromTheStart])
def test_a_disk_that_fills_up_is_said_and_nothing_is_left_behind(stage: Stage, tape: type[PlainTape], tmp_path: Path):
    stage.sink = lambda name: tape(tmp_path / "message.wav")
    alice = stage.phone("alice")
    alice.hum(440)
    leg = stage.call_in(alice, (), Record("message", 3, 6))
    assert stage.answer(leg) == {"path": "", "seconds": 0.0, "why": "full"}
    assert not list(tmp_path.iterdir())
    stage.engine.perform(Perform(leg, 2, words(587), Record("again", 1, 6)))
    alice.hear(587)  # the call goes on
