"""Does the worker run, and did anything fail for good?"""

from datetime import datetime

from django.db.models import Max, QuerySet

from peerline.jobs.models import Job, Regular
from peerline.prepared import prepared


def last_turn_at() -> datetime | None:
    """When regular work last began; some of it comes round every minute."""
    last: datetime | None = Regular.objects.aggregate(last=Max("last_began_at"))["last"]
    return last


def failed() -> int:
    """Pieces of work that were given up and wait for a person."""
    return Job.objects.filter(state="failed").count()


def next_run_at() -> datetime | None:
    """When the next piece of work is to be done, if any waits."""
    return _next_run_at.first()


@prepared()
def _next_run_at() -> QuerySet[Job, datetime]:
    return Job.objects.filter(state="waiting").order_by("run_at").values_list("run_at", flat=True)[:1]
