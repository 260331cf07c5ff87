"""News becomes one job a listener, in one query, and the same news none again."""

import pytest

from peerline.jobs import services
from peerline.jobs.models import Job
from peerline.kernel.events import CallEnded, PairBegan

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_listen(monkeypatch):
    monkeypatch.setattr(services, "_listeners", {})
    for number in range(3):
        services.listens(CallEnded, f"test.listener_{number}", lambda **facts: None)


def test_all_listeners_cost_one_query_and_the_same_news_leaves_their_jobs_as_they_were(
    three_listen, django_assert_num_queries
):
    with django_assert_num_queries(1):
        services.announce(CallEnded(7))
    Job.objects.update(state="done")
    services.announce(CallEnded(7))
    assert [(job.kind, job.args, job.state) for job in Job.objects.order_by("pk")] == [
        (f"test.listener_{number}", {"call_id": 7}, "done") for number in range(3)
    ]


def test_news_nobody_listens_to_costs_nothing(three_listen, django_assert_num_queries):
    with django_assert_num_queries(0):
        services.announce(PairBegan(1))


def test_a_job_is_written_once_for_its_key(django_assert_num_queries):
    with django_assert_num_queries(1):
        services.enqueue("test.work", "a key", number=1)
    services.enqueue("test.work", "a key", number=2)
    assert Job.objects.get().args == {"number": 1}
