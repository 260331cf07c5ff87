"""The disk becomes full while people speak: they are told, nothing is lost in silence, and soon it goes on (R4).

A real, small file system holds everything; where this computer does not let us make one, the test is left out, loudly.
"""

import contextlib
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.callers import BEEP, NOT_KEPT, SENT, SORRY, Script, arrive, keys, leave_message, never, spoken
from tests.reliability.evening import LONG, Evening

MEGABYTES, TIMES = 24, 30 if LONG else 3
WHILE_FULL = "a page answered 500"  # said to whoever marks hours while not a byte is left; it is over with the space


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "state"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        missing = "NO SMALL DISK: only root may mount one, so a full disk was not tried with real calls."
        pytest.fail(missing) if os.environ.get("CI") and os.geteuid() == 0 else pytest.skip(missing)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=False)


def fill(folder: Path) -> Path:
    """Not a byte is left."""
    ballast = folder / "ballast"
    with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return ballast


def speak_while_it_fills(night: Evening, folder: Path, number: int) -> Script:
    """Somebody speaks, the disk fills, they send. What the line says to that goes to the ledger."""
    one, other = night.town.couples[number % len(night.town.couples)]
    phone = night.callers.call(one.number)
    if not (yield from arrive(phone, one.pin)):
        return
    yield from keys(phone, "0")
    beep, answer = phone.hears(BEEP), phone.hears(NOT_KEPT, SORRY, SENT)
    if (yield beep, 15):
        phone.say(spoken(number))
        yield never, night.chance.uniform(0.0, 1.4)
        fill(folder)
        yield never, 1.5
        night.may_ring(other)  # where nothing was kept, the 1 that was to send it is pressed in the main menu
        yield from keys(phone, "#1")
        heard = (yield answer, 10) and next(hz for hz in phone.tones if hz in (NOT_KEPT, SORRY, SENT))
        night.ledger.note({NOT_KEPT: "told", SORRY: "told", SENT: "confirmed", False: "nothing"}[heard], number)
    night.callers.leave(phone)


def call_again(night: Evening, number: int) -> Script:
    one, _ = night.town.couples[number % len(night.town.couples)]
    phone = night.callers.call(one.number)
    if (yield from arrive(phone, one.pin)):
        yield from keys(phone, "0")
        yield from leave_message(phone, night.ledger, number)
    night.callers.leave(phone)


def play(night: Evening, script: Script, seconds: float) -> None:
    until = time.monotonic() + seconds
    night.callers.begin(script)
    while night.callers.scripts and time.monotonic() < until:
        night.callers.live(0.06)


@pytest.mark.sip
@pytest.mark.req("R4")
def test_on_a_full_disk_the_caller_is_told_and_soon_after_it_goes_on(small_disk: Path, evening: Any) -> None:
    night = evening()
    for number in range(1, TIMES + 1):
        play(night, speak_while_it_fills(night, small_disk, number), 60)
        (small_disk / "ballast").unlink()
        freed, marked = time.monotonic(), len(night.ledger.all("marked"))
        while 1000 + number not in night.ledger.all("confirmed") and time.monotonic() < freed + 40:
            play(night, call_again(night, 1000 + number), 30)
        assert night.marks_again(marked), "the website goes on with the space"
    print(f"\n{ {what: len(night.ledger.all(what)) for what in ('told', 'confirmed', 'nothing')} }")
    assert [one for one in night.wrong() if one != WHILE_FULL] == [] and night.ledger.all("nothing") == []
    assert len(night.ledger.all("told")) >= TIMES / 2, "the disk must have been full while somebody spoke"
    assert {1000 + number for number in range(1, TIMES + 1)} <= set(night.ledger.all("confirmed"))
    with contextlib.closing(sqlite3.connect(small_disk / "peerline.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
