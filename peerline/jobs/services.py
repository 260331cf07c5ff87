"""Enqueue, announce, claim and run."""

import logging
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from peerline.jobs.models import Job, Regular
from peerline.kernel import clock
from peerline.kernel.events import Event
from peerline.prepared import Changed, prepared, prepared_change

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MOST_TRIES = 8
TAKEN_AGAIN = timedelta(minutes=10)

_work: dict[str, Callable[..., None]] = {}
_outside: set[str] = set()
_listeners: dict[str, list[str]] = {}


class Differs(Exception):
    """Regular work found figures that were wrong, and has put them right; the sentence is kept for the server's keeper."""


@dataclass(frozen=True)
class Every:
    name: str
    seconds: int
    work: Callable[[], object]


_regular: dict[str, Every] = {}


def handles(kind: str, work: Callable[..., None], *, outside: bool = False) -> None:
    """Jobs of this kind call work(**args), in one transaction with the note that they are done.

    outside: work that speaks with another machine. It runs in no transaction, so that nobody waits for the database
    meanwhile; what it may not do twice it must note itself, in commits of its own.
    """
    _work[kind] = work
    if outside:
        _outside.add(kind)


def listens(event: type[Event], kind: str, work: Callable[..., None]) -> None:
    """Every such event becomes a job of this kind, work(**event). It may see the same event twice."""
    handles(kind, work)
    kinds = _listeners.setdefault(event.__name__, [])
    if kind not in kinds:
        kinds.append(kind)


def every(name: str, seconds: int, work: Callable[[], object]) -> None:
    """work() about every so many seconds, by one worker at a time."""
    _regular[name] = Every(name, seconds, work)


def enqueue(kind: str, key: str, /, *, at: datetime | None = None, **args: Any) -> None:
    """Write a job in the caller's transaction. No change when one with this key was ever written."""
    now = clock.now()
    _write([Job(kind=kind, key=key, args=args, run_at=at or now, made_at=now)])


def announce(event: Event) -> None:
    """One job for each listener, in the caller's transaction."""
    now, name, facts = clock.now(), type(event).__name__, event.payload()
    word = ":".join(str(value) for value in [*([now.isoformat()] if event.again else []), *facts.values()])
    _write(
        Job(kind=kind, key=f"{kind}:{name}:{word}"[:160], args=facts, run_at=now, made_at=now)
        for kind in _listeners.get(name, [])
    )


def _write(jobs: Iterable[Job]) -> None:
    """One query; those whose key was ever written are left out."""
    Job.objects.bulk_create(jobs, ignore_conflicts=True)


def claim() -> Job | None:
    """The job that has waited longest and that nobody holds, leased to us; None if there is none."""
    now = clock.now()
    for job in _claimable(now):
        if _lease(job.pk, job.tries, now, now + LEASE):
            job.tries += 1
            return job
    return None


@prepared(datetime)
def _claimable(now: datetime) -> QuerySet[Job]:
    return Job.objects.filter(_unleased(now), state="waiting", run_at__lte=now).order_by("run_at", "pk")[:8]


def _unleased(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=now)


@prepared_change(int, int, datetime, datetime)
def _lease(pk: int, tries: int, now: datetime, until: datetime) -> Changed:
    mine = Job.objects.filter(_unleased(now), pk=pk, state="waiting", tries=tries)
    return mine, {"leased_until": until, "tries": F("tries") + 1}


@prepared_change(int, datetime)
def _done(pk: int, now: datetime) -> Changed:
    return Job.objects.filter(pk=pk), {"state": "done", "done_at": now, "leased_until": None, "problem": ""}


def run_one() -> bool:
    """Claim one job and run it. False when there was none."""
    job = claim()
    if job is None:
        return False
    try:
        with nullcontext() if job.kind in _outside else transaction.atomic():
            _work[job.kind](**job.args)
            _done(job.pk, clock.now())
    except Exception as reason:
        log.exception("job %s failed", job.kind)
        _put_back(job, repr(reason))
    return True


def _put_back(job: Job, problem: str) -> None:
    """Later and later: 2, 4, 8 … minutes; after MOST_TRIES it waits for a person."""
    state = "failed" if job.tries >= MOST_TRIES else "waiting"
    later = clock.now() + timedelta(minutes=2**job.tries)
    Job.objects.filter(pk=job.pk).update(state=state, run_at=later, leased_until=None, problem=problem[:500])


def run_regular(only: Callable[[Every], bool] = lambda work: True) -> int:
    """Run whatever regular work is due now; how many turns. One query where nothing is.

    It keeps its times: what comes round every day comes at the same hour, however late it was yesterday. A turn whose worker
    was killed in the middle is taken again after TAKEN_AGAIN, not a whole day later.
    """
    turns = 0
    for work, due_at in _due_work({work.name for work in _regular.values() if only(work)}):
        now, period = clock.now(), timedelta(seconds=work.seconds)
        if _begun(work.name, now, now - min(period, TAKEN_AGAIN)):
            problem = _turn(work)
            _ended(work.name, now, clock.now(), _following(due_at, period, now), problem)
            turns += 1
    return turns


@prepared_change(str, datetime, datetime)
def _begun(name: str, now: datetime, dead_since: datetime) -> Changed:
    """Its row, if it is due and nobody is at it, or whoever was has been away too long to be alive."""
    rests = Q(last_began_at=None) | Q(last_ended_at__gte=F("last_began_at"))
    rows = Regular.objects.filter(rests | Q(last_began_at__lte=dead_since), name=name, next_at__lte=now)
    return rows, {"last_began_at": now}


@prepared_change(str, datetime, datetime, datetime, str)
def _ended(name: str, began_at: datetime, now: datetime, next_at: datetime, problem: str) -> Changed:
    mine = Regular.objects.filter(name=name, last_began_at=began_at)
    return mine, {"next_at": next_at, "last_ended_at": now, "problem": problem}


def _following(due_at: datetime, period: timedelta, now: datetime) -> datetime:
    """The first of its times after now: `due_at` and whole periods."""
    return due_at + (1 + (now - due_at) // period) * period


def _due_work(names: set[str]) -> list[tuple[Every, datetime]]:
    """What is due and since when, in the order it was registered; what was never run yet is due at once."""
    now = clock.now()
    next_at = dict(_times())
    for name in names - set(next_at):
        next_at[name] = Regular.objects.get_or_create(name=name, defaults={"next_at": now})[0].next_at
    return [(work, next_at[name]) for name, work in _regular.items() if name in names and next_at[name] <= now]


@prepared()
def _times() -> QuerySet[Regular, tuple[str, datetime]]:
    return Regular.objects.values_list("name", "next_at")


def _turn(work: Every) -> str:
    """One turn; the problem, if it had one."""
    try:
        work.work()
    except Exception as reason:
        log.exception("regular work %s failed", work.name)
        return repr(reason)[:500]
    return ""


def drain(most: int = 1000) -> int:
    """Run jobs until none is due (for tests and commands); how many."""
    done = 0
    while done < most and run_one():
        done += 1
    return done
