"""Does the worker run, and did anything fail for good?"""

from datetime import datetime

from django.db.models import Max, Min

from peerline.jobs.models import Job, Regular


def last_turn_at() -> datetime | None:
    """When regular work last began; some of it comes round every minute."""
    last: datetime | None = Regular.objects.aggregate(last=Max("last_began_at"))["last"]
    return last


def failed() -> int:
    """Pieces of work that were given up and wait for a person."""
    return Job.objects.filter(state="failed").count()


def next_run_at() -> datetime | None:
    """When the next piece of work is to be done, if any waits."""
    following: datetime | None = Job.objects.filter(state="waiting").aggregate(next=Min("run_at"))["next"]
    return following
