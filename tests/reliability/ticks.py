"""Eight processes tick at once, stall, and are killed at any line; what each thing that is due came to is counted.

    python -m tests.reliability.ticks THINGS KILLS SEED [FAULT]

What is done about a thing is a row of its own with a key of its own, in the transaction of the thing: done twice is two
rows. A killed process is followed by another.
"""

import json
import os
import random
import signal
import sys
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import django
from django.conf import settings

PROCESSES, MOST_SECONDS = 8, 400


def main(things: int, kills: int, seed: int, fault: str = "") -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    _found(things, fault)
    chance = random.Random(seed)
    connection.close()
    children = {_begin(chance.random()) for _ in range(PROCESSES)}
    until = time.monotonic() + MOST_SECONDS
    while _waiting() and time.monotonic() < until:
        time.sleep(chance.uniform(0.05, 0.4))
        if kills:
            kills -= 1
            children.add(_begin(chance.random()))
            _end(children, chance)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    print(json.dumps(_came_of_it(kills)))


def _end(children: set[int], chance: random.Random) -> None:
    child = chance.choice(sorted(children))
    children.discard(child)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _found(things: int, fault: str) -> None:
    """A program, and a duty with so many things, half of them calls."""
    from peerline.kernel.duties import Due, Duty
    from peerline.people import services as people
    from peerline.people.access import PLATFORM
    from peerline.programs import services as programs
    from peerline.programs import slots, timeline

    organization = people.make_organization(PLATFORM, name="Eastside")
    now = datetime.now(UTC)
    program = programs.make_program(PLATFORM, organization_id=organization.pk, name="Pairs", begins_on=now.date())
    at, until = now - timedelta(hours=1), now + timedelta(hours=1)
    timeline._duties.clear()
    settings.CALLS_A_SECOND, settings.LINES, slots.LEAST_A_QUARTER = 100, 10_000, 10_000  # room for all of them at once
    for number, rings in enumerate((False, True)):
        due = [Due(f"thing:{number}:{one}", "once", program.pk, at, until) for one in range(things // 2)]
        timeline.duty(
            Duty(f"test.{number}", lambda now, due=due: due, _act, lambda subject, facts: subject, rings=rings)
        )
    if fault:
        timeline._try = _careless


def _act(subject, facts, now):
    from peerline.jobs.services import enqueue
    from peerline.kernel.duties import DONE, Acted

    enqueue("test.did", str(uuid.uuid4()), at=now + timedelta(days=1), subject=subject)
    time.sleep(random.choice((0, 0, 0, 0, 0.01, 0.05)))
    return Acted(DONE)


def _careless(pk):
    """The planted fault: look first, and write afterwards."""
    from peerline.programs import timeline
    from peerline.programs.models import DueThing

    row = DueThing.objects.filter(pk=pk, state="waiting").first()
    if row is not None:
        time.sleep(0.01)
        timeline._act(row)
    return row is not None


def _begin(seed: float) -> int:
    """A process that ticks until it is killed."""
    child = os.fork()
    if child:
        return child
    random.seed(seed)
    from peerline.programs import timeline

    while True:
        try:
            timeline.tick()
        except Exception as reason:
            print(repr(reason), file=sys.stderr)
        time.sleep(random.uniform(0, 0.3))


def _waiting() -> bool:
    from django.db import connection

    from peerline.programs.models import DueThing

    rows = DueThing.objects.filter(duty__startswith="test.")
    found = not rows.exists() or rows.filter(state="waiting").exists()
    connection.close()  # no child is born with it
    return found


def _came_of_it(kills_left: int) -> dict:
    from peerline.jobs.models import Job
    from peerline.programs.models import DueThing

    did = Counter(job.args["subject"] for job in Job.objects.filter(kind="test.did"))
    states = Counter(DueThing.objects.filter(duty__startswith="test.").values_list("state", flat=True))
    return {"states": states, "subjects": len(did), "most": max(did.values()), "kills_left": kills_left}


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:4]), *sys.argv[4:])
