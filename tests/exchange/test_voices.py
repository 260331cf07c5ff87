"""Recordings on disk: whole, or not there; and on a disk that is full (R4)."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from peerline.exchange import services, voices

LONG = bool(os.environ.get("PEERLINE_LONG"))
SOUND = bytes(range(256)) * 250  # four seconds
FULL = OSError(28, "No space left on device")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, settings) -> Path:
    settings.STATE = tmp_path
    voices.folder()
    return tmp_path


def kept() -> Path:
    recorder = voices.Recorder()
    recorder.write(SOUND)
    return recorder.keep()


def test_the_sweep_lets_a_recording_be_whose_row_is_on_its_way(db):
    path = kept()
    assert services.purge() == 0 and path.exists()
    os.utime(path, (0, 0))
    assert services.purge() == 1 and not path.exists()


def test_a_recording_that_failed_half_way_leaves_nothing_and_closes_nobody_elses_file(monkeypatch):
    recorder = voices.Recorder()
    recorder.write(SOUND)

    def fails(path, to):
        raise FULL

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError):
        recorder.keep()
    somebody_elses = os.open(__file__, os.O_RDONLY)  # gets the number that the recording had
    recorder.drop()
    os.close(somebody_elses)  # raises where it was closed already
    assert list(voices.folder().iterdir()) == []


class Disk:
    """The operating system as voices.py sees it, and a disk that is full from its nth write or sync on."""

    def __init__(self, full_from: int) -> None:
        self.left, self.full = full_from, False
        self.os = SimpleNamespace(**{name: getattr(os, name) for name in dir(os) if not name.startswith("__")})
        self.os.write, self.os.fsync = self.write, self.fsync

    def _turn(self) -> bool:
        self.left -= 1
        self.full = self.full or self.left == 0
        return self.full

    def write(self, handle: int, data: bytes) -> int:
        return os.write(handle, data[: len(data) // 2] if self._turn() else data)

    def fsync(self, handle: int) -> None:
        if self._turn():
            raise FULL


def recorded(seconds: int) -> bool:
    """Record this long, as the engine does. Whether it was kept."""
    recorder = voices.Recorder()
    try:
        for _ in range(seconds * 5):
            recorder.write(SOUND[:3200])
        recorder.keep()
    except OSError:
        recorder.drop()
        return False
    return True


@pytest.mark.req("R4")
def test_wherever_the_disk_becomes_full_nothing_is_half_kept_and_then_it_goes_on(monkeypatch):
    seconds = 150 if LONG else 20
    for place in range(1, 2 * seconds + 2):  # each second is a write and a sync; the last sync is the folder's
        disk = Disk(full_from=place)
        monkeypatch.setattr(voices, "os", disk.os)
        assert not recorded(seconds) and disk.full
        assert list(voices.folder().iterdir()) == [], f"something is left of the recording that failed at {place}"
        disk.full = False
        assert recorded(1)
        voices.remove(path.name for path in voices.folder().iterdir())


def test_a_recorder_that_leaves_its_pieces_is_noticed(monkeypatch):
    monkeypatch.setattr(voices.Recorder, "drop", lambda self: self._close())
    with pytest.raises(AssertionError):
        test_wherever_the_disk_becomes_full_nothing_is_half_kept_and_then_it_goes_on(monkeypatch)
