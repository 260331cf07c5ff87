"""A played life in the test's own database."""

from datetime import UTC, datetime

import pytest

from config.life.play import Play, first_day
from config.life.stage import Stage
from peerline.programs.demonstration import load_demo

LAST = datetime(2026, 11, 23, 12, tzinfo=UTC)  # so that the weeks before cross the change of clocks on November 1


@pytest.fixture
def play(db):
    """play(weeks): a program opened on its first day, not played yet."""

    def opened(weeks, people=60, seed="test"):
        stage = Stage(first_day(LAST, weeks), seed)
        with stage.running():
            program_id = load_demo(people)
        return Play(stage, program_id, weeks=weeks)

    return opened
