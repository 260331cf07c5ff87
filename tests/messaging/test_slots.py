"""Eight workers that stall past their lease and are killed hand over each reminder once, and none is missed (R6, R1)."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.carrier.texts import Texts
from tests.lengths import length
from tests.messaging import slots
from tests.reliability.test_both import database

__all__ = ["database"]
pytestmark = pytest.mark.database

ROOT = Path(__file__).resolve().parents[2]
REMINDERS, KILLS, MINUTES = length(100_000, 60, least=40), length(500, 8, least=6), length(10, 3, least=3)


def handed_over(environment, monkeypatch, reminders, kills, minutes, *fault):
    """How often each note reached the carrier."""
    began = str(time.time())
    monkeypatch.setenv("SLOTS_BEGAN", began)
    texts = Texts(slots.now)
    carrier = texts.settings()
    there = {
        "SLOTS_BEGAN": began, "PEERLINE_CARRIER_ACCOUNT": carrier["account"], "PEERLINE_CARRIER_TOKEN": carrier["token"],
        "PEERLINE_CARRIER_URL": texts.url, "PEERLINE_TEXTS_A_SECOND": "100000", "PEERLINE_DEMO": "0",
        "PEERLINE_ENGINE": "simulated", "PEERLINE_LOG": "CRITICAL",
    }  # fmt: skip
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.messaging.slots",
        *map(str, (reminders, kills, minutes)),
        *fault,
    ]
    try:
        subprocess.run(command, env=environment | there, cwd=ROOT, check=True, timeout=slots.MOST_SECONDS + 600)
        return Counter(text.body for text in texts.sent.values())
    finally:
        texts.close()


@pytest.mark.req("R6", "R1")
def test_each_reminder_is_handed_over_once_whatever_happens_to_the_workers(database, monkeypatch):
    found = handed_over(database, monkeypatch, REMINDERS, KILLS, MINUTES)
    assert (len(found), max(found.values())) == (REMINDERS, 1)


@pytest.mark.req("R6")
def test_a_worker_that_does_not_hear_the_carrier_doubles_some(database, monkeypatch):
    found = handed_over(database, monkeypatch, 40, 16, 2, "deaf")
    assert max(found.values()) > 1
