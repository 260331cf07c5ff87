"""A played life in the test's own database."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from config.life.play import Play, first_day
from config.life.stage import Stage
from peerline.programs.demonstration import load_demo

LAST = datetime(2026, 11, 23, 12, tzinfo=UTC)  # so that the weeks before cross the change of clocks on November 1


@pytest.fixture
def play(db):
    """play(weeks): a program opened on its first day, not played yet. set_up(stage) comes before everything."""

    def opened(weeks, people=60, seed="test", set_up=lambda stage: None):
        count_from_one()
        stage = Stage(first_day(LAST, weeks), seed)
        set_up(stage)
        with stage.running():
            program_id = load_demo(people)
        return Play(stage, program_id, weeks=weeks)

    return opened


def count_from_one():
    """Empty tables number their rows as in a new database, whatever test was before: days and seconds hang on numbers."""
    empty = {model._meta.db_table for model in apps.get_models() if not model._base_manager.exists()}
    with connection.cursor() as cursor:
        counters = [one for one in connection.introspection.sequence_list() if one["table"] in empty]
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), counters):
            cursor.execute(statement)
