"""Each thing that is due is done once, though eight processes tick at once, stall, and are killed (R6)."""

import json
import os
import subprocess
import sys

import pytest

from tests.reliability.test_both import database

__all__ = ["database"]
pytestmark = pytest.mark.database

THINGS, KILLS = (20_000, 200) if os.environ.get("PEERLINE_LONG") else (60, 8)


def ticked(environment, *words):
    command = [sys.executable, "-m", "tests.reliability.ticks", *map(str, words)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=500)
    return json.loads(done.stdout)


@pytest.mark.req("R6", "S7")
def test_each_thing_is_done_once_by_eight_processes_that_stall_and_are_killed(database):
    found = ticked(database, THINGS, KILLS, 1)
    assert (found["states"], found["subjects"], found["most"]) == ({"done": THINGS}, THINGS, 1)


@pytest.mark.req("R6")
def test_looking_first_and_writing_afterwards_would_do_some_twice(database):
    """The guard is seen to catch its fault."""
    assert ticked(database, 60, 0, 2, "careless")["most"] > 1
