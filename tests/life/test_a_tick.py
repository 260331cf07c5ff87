"""The questions of a tick find their people by an index: a clinic of a million asks as little as one of ten."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.programs import timeline
from peerline.programs.models import Enrollment

MANY = (
    "programs_enrollment|people_person|pairs_pair|pairs_partner|plans_plan|outcomes_sheet|groups_seat|programs_duething"
)
WALKS = re.compile(rf"SCAN ({MANY})\b(?! USING COVERING INDEX by_beginning)")  # by which only the first one is read


def walked(ask) -> list[str]:
    """Which tables of people a question goes through from end to end, as SQLite plans it."""
    with CaptureQueriesContext(connection) as asked:
        list(ask())
    found = []
    for query in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            found += [f"{WALKS.search(row[3])[0]}: {query['sql'][:300]}" for row in cursor if WALKS.search(row[3])]
    return found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL walks a small table, whatever index there is")
@pytest.mark.req("S116")
def test_no_question_of_a_tick_goes_through_all_people(play):
    life = play(1, people=12)
    now, minute = life.stage.at, timedelta(minutes=3)
    for duty in timeline._duties.values():
        found = walked(lambda duty=duty: duty.between(now - minute, now) if duty.between else duty.falls_due(now))
        assert not found, (duty.name, found)
    assert walked(lambda: Enrollment.objects.filter(a1c_percent__gt=9)), "one that goes through them is noticed"
