"""The house of these tests ends with them, also when a test, or its beginning, fails."""

import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.reliability import evening, house
from tests.reliability.house import House

STUBBORN = """
import os, signal, sys, time
child = os.fork()
if not child:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(60)
"""


def lives(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "zombie" not in status.read_text()


def test_nobody_of_a_house_lives_on_who_does_not_listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = tmp_path / "pid"
    popen = house.subprocess.Popen
    monkeypatch.setattr(
        house.subprocess, "Popen", lambda command, **how: popen([sys.executable, "-c", STUBBORN, str(noted)], **how)
    )
    made = House({"PEERLINE_HTTP": "127.0.0.1:1", "PEERLINE_SIP": "127.0.0.1:1"}, tmp_path / "log")
    until = time.monotonic() + 20
    while not (noted.exists() and noted.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    stubborn = int(noted.read_text())
    assert lives(stubborn)
    made.close(patience_seconds=2)
    until = time.monotonic() + 5
    while lives(stubborn) and time.monotonic() < until:
        time.sleep(0.02)
    assert not lives(stubborn)


@pytest.mark.parametrize("fails", ["house", "reader"])
def test_an_evening_that_does_not_begin_leaves_no_house_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    ended: list[str] = []

    def breaks() -> None:
        raise AssertionError("not up")

    def quiet(*_: Any) -> None:
        """Nothing to do."""

    built = SimpleNamespace(wait_until_up=breaks if fails == "house" else quiet, close=lambda: ended.append("house"))
    monkeypatch.setattr(evening.town, "found", lambda *_: SimpleNamespace(couples=[], visitor=None))
    monkeypatch.setattr(evening, "House", lambda *_: built)
    monkeypatch.setattr(evening, "Callers", lambda *_: SimpleNamespace(place="127.0.0.1:1"))
    monkeypatch.setattr(evening, "Reader", lambda *_: SimpleNamespace(begin=breaks, close=quiet))
    with pytest.raises(AssertionError, match="not up"):
        evening.Evening(tmp_path)
    assert ended == ["house"]
