"""`kill -9` of anybody at any time while telephones call: nothing they were told is lost or done twice (R1).

Everything is real but the callers' flesh: the process tree, SIP and sound, the database, the recordings. What was
promised is what the telephones heard (callers.py).
"""

import os
from pathlib import Path
from typing import Any

import pytest

from peerline.kernel import week
from tests.reliability.callers import Ledger
from tests.reliability.evening import LONG, SEED
from tests.reliability.reader import Reader
from tests.reliability.town import Visitor

NIGHTS, CALLS, KILLS = (4, 250, 50) if LONG else (1, 100, 20)


@pytest.mark.sip
@pytest.mark.req("R1")
@pytest.mark.parametrize("seed", range(NIGHTS))
def test_whoever_is_killed_no_confirmed_message_is_lost_and_nobody_is_rung_twice(evening: Any, seed: int) -> None:
    night = evening()
    night.chance.seed(SEED + seed)
    night.pass_by(CALLS, KILLS)
    wrong = list(night.wrong())
    said = {what: len(night.ledger.all(what)) for what in ("spoken", "confirmed", "asked", "rung", "talked", "marked")}
    print(f"\nkilled {night.house.killed}, {night.done} calls, {said}")
    assert wrong == []
    assert said["confirmed"] >= CALLS / 25, "the telephones must have got somewhere"
    assert said["marked"] >= KILLS, "the website must have been in use"


@pytest.mark.sip
def test_a_lost_message_and_a_forgotten_leg_are_noticed(evening: Any) -> None:
    night = evening("forget lost legs", "lose what was kept")
    night.pass_by(6, 0)
    for _ in range(3):
        night.callers.begin(night._called(99))
    for _ in range(20):
        night.callers.live(0.5)
        if night._sql("SELECT count(*) FROM exchange_leg WHERE state = 'up'")[0][0]:
            break
    os.kill(night.house._living()["line"][0], 9)
    wrong = list(night.wrong(patience_seconds=6))
    assert any("was confirmed and is there 0 times" in one for one in wrong), wrong
    assert any("stuck" in one for one in wrong), wrong


@pytest.mark.parametrize(
    ("noted", "kept", "says"),
    [(2, 3, []), (3, 3, []), (1, 3, ["were marked 1 times"]), (4, 3, ["were marked 4 times"]), (3, 1, ["1 are there"])],
)
def test_hours_that_were_confirmed_and_are_gone_are_noticed(
    tmp_path: Path, noted: int, kept: int, says: list[str]
) -> None:
    reader = Reader("nowhere:0", Visitor(7, "session"), Ledger(tmp_path / "ledger"))
    for what, number in (("marking", 1), ("marked", 1), ("marking", 2), ("marked", 2), ("marking", 3)):
        reader.ledger.note(what, number)
    wrong = list(reader.wrong(lambda query: [(noted,)] if "audit_line" in query else [(week.as_text(kept),)]))
    assert len(wrong) == len(says) and all(word in one for word, one in zip(says, wrong, strict=True)), wrong


def test_a_telephone_that_is_rung_twice_is_noticed(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    for what in ("asked", "rung", "asked", "asked", "rung", "rung"):
        ledger.note(what, 3)
    assert ledger.doubled() == [3]
