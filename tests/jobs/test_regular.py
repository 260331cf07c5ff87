"""Work that comes round: each turn once, in its time, and a fault of one holds up no other."""

from datetime import UTC, datetime, timedelta

import pytest

from peerline.jobs import services
from peerline.jobs.models import Regular
from peerline.kernel import clock

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def turns(monkeypatch):
    """What was done, by name; two works, one each minute and one each day."""
    done = []
    monkeypatch.setattr(services, "_regular", {})
    services.every("often", 60, lambda: done.append("often"))
    services.every("daily", 24 * 3600, lambda: done.append("daily"))
    return done


def run_at(minutes, **how):
    with clock.running_on(lambda: NOON + timedelta(minutes=minutes)):
        return services.run_regular(**how)


def test_each_comes_round_in_its_time(turns):
    assert [run_at(minutes) for minutes in (0, 0.5, 1, 2, 24 * 60)] == [2, 0, 1, 1, 2]
    assert turns == ["often", "daily", "often", "often", "often", "daily"]


def test_where_nothing_is_due_one_query_tells_so(turns, django_assert_num_queries):
    run_at(0)
    with django_assert_num_queries(1):
        run_at(0.5)


def test_some_can_be_left_for_later(turns):
    assert run_at(0, only=lambda work: work.seconds < 100) == 1
    assert turns == ["often"]
    assert run_at(0.5) == 1
    assert turns == ["often", "daily"]


def test_a_fault_is_written_down_and_holds_up_nobody(turns):
    services.every("often", 60, lambda: 1 / 0)
    assert run_at(0) == 2
    assert turns == ["daily"]
    assert "ZeroDivisionError" in Regular.objects.get(name="often").problem


def test_a_day_that_came_late_does_not_put_off_the_next(turns):
    for minutes in (0, 24 * 60 + 7, 48 * 60):
        run_at(minutes)
    assert turns.count("daily") == 3


class Killed(BaseException):
    """Nothing of the worker goes on."""


@pytest.mark.req("R1")
def test_what_its_worker_died_of_is_taken_again_soon_and_not_a_day_later(turns):
    def dies():
        turns.append("begun")
        if turns.count("begun") == 1:
            raise Killed

    services.every("daily", 24 * 3600, dies)
    with pytest.raises(Killed):
        run_at(0)
    for minutes in (9, 10, 11, 24 * 60):
        run_at(minutes)
    assert turns.count("begun") == 3, "killed, ten minutes later, and at its hour the next day"
