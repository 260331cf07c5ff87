"""The power goes at any moment: nothing that was promised is lost, and nothing half done is found afterwards (R2, R3).

A real day (day.py) is recorded with strace; then its files are rebuilt as a cut after any of its writes could have left
them, and Peerline is started on them (judge.py). SQLite's own matter: PostgreSQL keeps its files itself.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from peerline.exchange import voices
from tests.reliability import town
from tests.reliability.judge import Judge
from tests.reliability.powercut import Disk, cuts
from tests.reliability.recording import Deed, need_strace, record
from tests.reliability.surroundings import surroundings

LONG = bool(os.environ.get("PEERLINE_LONG"))
CUTS, CALLS = (3_000, 150) if LONG else (300, 24)
SEED = 20261124
Lived = tuple[Disk, list[Deed]]
pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif("PEERLINE_DATABASE_URL" in os.environ, reason="SQLite's own matter"),
]


def lived(folder: Path, calls: int, environment: dict[str, str], *fault: str) -> Lived:
    """A day on folder/state: how the disk was in the morning, and what was done to it."""
    (folder / "ledger").unlink(missing_ok=True)
    disk = Disk(folder / "state")
    command = [sys.executable, "-m", "tests.reliability.day", str(folder), str(calls), str(SEED), *fault]
    return disk, record(command, environment, folder / "trace")


def rebuilt(folder: Path, day: Lived, count: int) -> Iterator[tuple[str, list[bytes]]]:
    """In folder/left, what each cut leaves: (which cut, the lines of the ledger until then)."""
    left = folder / "left"
    for which, files, promises in cuts(*day, folder / "ledger", count, SEED):
        shutil.rmtree(left, ignore_errors=True)
        for name, content in files.items():
            if not name.endswith("-shm"):  # SQLite makes it anew; it is written through memory, unseen
                (left / name).parent.mkdir(parents=True, exist_ok=True)
                (left / name).write_bytes(content)
        yield which, promises


class Days:
    """One town, and what may befall it: each day begins anew with the same people."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, folder / "state"
        town.found(folder, surroundings(folder / "morning"), couples=3)
        self.judge = Judge(surroundings(folder / "left"))

    def lived(self, calls: int, *fault: str) -> Lived:
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.copytree(self.folder / "morning", self.state)
        return lived(self.folder, calls, surroundings(self.state), *fault)

    def found_wrong(self, day: Lived, count: int) -> list[str]:
        """What is wrong after so many cuts, each with the cut that did it."""
        return [
            f"{which}: {one}"
            for which, promises in rebuilt(self.folder, day, count)
            for one in self.judge.wrong_with(self.folder / "left", promises)
        ]


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    need_strace()
    days = Days(tmp_path_factory.mktemp("days"))
    yield days
    days.judge.close()


@pytest.mark.req("R2", "R3")
def test_whenever_the_power_goes_nothing_promised_is_lost(days: Days) -> None:
    day = days.lived(CALLS)
    promises = [deed for deed in day[1] if deed.path == str(days.folder / "ledger")]
    assert len(promises) > CALLS, "somebody must have been promised something"
    assert days.found_wrong(day, CUTS) == []


PLANTED = {
    "normal": "lost: ",
    "no file syncs": "a confirmed message is there 0 times",
    "no folder syncs": "a row without its file",
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_sync_that_is_left_out_is_noticed(days: Days, fault: str) -> None:
    wrong = days.found_wrong(days.lived(10, fault), count=20)
    assert any(PLANTED[fault] in one for one in wrong), wrong


def first_message_after(folder: Path, settings: Any, *fault: str) -> set[bool]:
    """After each of many cuts in a server's first minute: does a message that was confirmed open with the key that is left?"""
    environment = {name: value for name, value in surroundings(folder / "state").items() if "_KEY" not in name}
    day = lived(folder, 0, {**environment, "DJANGO_SETTINGS_MODULE": "config.settings"}, *fault)
    settings.STATE, found = folder / "left", set()
    for _, promises in rebuilt(folder, day, 400):
        if promises:
            key = folder / "left" / "secrets" / "vault_keys"
            settings.VAULT_KEYS = [key.read_text() if key.exists() else ""]
            found.add(json.loads(promises[0])["spoken"] in _sounds())
    return found


def _sounds() -> set[str]:
    with contextlib.suppress(OSError, voices.CannotOpen):
        names = [path.name for path in voices.folder().iterdir()]
        return {hashlib.sha256(b"".join(voices.sound(name))).hexdigest() for name in names}
    return set()


@pytest.mark.req("R2")
def test_what_is_sealed_never_outlives_its_key(tmp_path: Path, settings: Any) -> None:
    need_strace()
    assert first_message_after(tmp_path, settings) == {True}


def test_a_key_that_was_not_synced_is_noticed(tmp_path: Path, settings: Any) -> None:
    need_strace()
    assert False in first_message_after(tmp_path, settings, "no folder syncs")
