"""Both partners ring each other at the same instant, in two processes: they are joined, not both told busy."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability import town
from tests.reliability.surroundings import surroundings

pytestmark = pytest.mark.database
RACES = 300 if os.environ.get("PEERLINE_LONG") else 20


@pytest.fixture
def database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment with a database of its own, of the kind that this run is on."""
    environment, url = surroundings(tmp_path / "state"), os.environ.get("PEERLINE_DATABASE_URL", "")
    if not url:
        yield environment
        return
    name = f"both_{os.getpid()}"
    with _postgresql(url) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield {**environment, "PEERLINE_DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
    with _postgresql(url) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _postgresql(url: str) -> contextlib.AbstractContextManager:
    import psycopg

    return psycopg.connect(url, autocommit=True)


def raced(folder: Path, environment: dict[str, str], races: int, *fault: str) -> list[str]:
    town.found(folder, environment, couples=4)
    command = [sys.executable, "-m", "tests.reliability.both", str(folder), str(races), *fault]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=500)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


@pytest.mark.req("S3")
def test_two_who_ring_each_other_at_the_same_instant_are_joined(tmp_path: Path, database: dict[str, str]) -> None:
    assert raced(tmp_path, database, RACES) == ["joined"] * RACES


def test_two_who_are_not_joined_are_noticed(tmp_path: Path, database: dict[str, str]) -> None:
    found = raced(tmp_path, database, 2, "a room of their own")
    assert all(one.startswith("not joined") for one in found), found
