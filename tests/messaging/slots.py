"""Eight workers hand over reminders, stall past their lease, and are killed at any line; the carrier's own list tells the rest.

    python -m tests.messaging.slots REMINDERS KILLS MINUTES [FAULT]

They stall for up to so many minutes. The clock runs FASTER than ours, for all of them and for the carrier alike, so that
ten minutes take half a minute. A killed worker is followed by another.
"""

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

import django

WORKERS, PEOPLE, FASTER, MOST_SECONDS = 8, 20, 20, 3_000
NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)


def now() -> datetime:
    """Noon, and FASTER times what has gone by since the test began."""
    return NOON + timedelta(seconds=(time.time() - float(os.environ["SLOTS_BEGAN"])) * FASTER)


def main(how_many: int, kills: int, minutes: int, fault: str = "") -> None:
    django.setup()
    from peerline.kernel import clock

    chance = random.Random(5)
    with clock.running_on(now):
        _write(how_many)
        _planted(fault)
        children = {_begin(chance.random(), how_many, minutes) for _ in range(WORKERS)}
        until = time.monotonic() + MOST_SECONDS
        while (_waiting() or kills) and time.monotonic() < until:
            time.sleep(chance.uniform(0.1, 1))
            if kills:
                kills -= 1
                _end(children, chance.choice(sorted(children)))
                children.add(_begin(chance.random(), how_many, minutes))
        time.sleep(minutes * 60 / FASTER)  # whoever was stalled wakes up, and does harm if anybody does
    for child in list(children):
        _end(children, child)


def _write(how_many: int) -> None:
    """So many reminders, all due at once, for a few people with mobile telephones."""
    from django.core.management import call_command

    from peerline.messaging import services
    from peerline.people import services as people
    from peerline.people.access import PLATFORM

    call_command("migrate", verbosity=0)
    place = people.Place(people.make_organization(PLATFORM, name="Eastside").pk)
    for number in range(PEOPLE):
        person = people.add_person(PLATFORM, place=place, first_name="Rosa", nickname=f"Lark {number}", language="en")
        value = f"+17345550{number:03}"
        point = people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=value, label="mobile")
        people.verify(PLATFORM, contact_id=point.pk, how="staff")
        services.choose(PLATFORM, person_id=person.pk, first="sms")
        for turn in range(number, how_many, PEOPLE):
            words = services.Text("A note", f"Note number {turn}.")
            services.remind(
                person.pk, kind="test", key=f"k:{turn}", words=lambda _, words=words: words, not_after=NOON + timedelta(days=9)
            )  # fmt: skip


def _begin(seed: float, how_many: int, minutes: int) -> int:
    """A worker that goes on until it is killed."""
    from django.db import connection

    connection.close()  # no child is born with it
    child = os.fork()
    if child:
        return child
    _stalling(random.Random(seed), minutes, one_in=max(10, how_many // 20))
    from django.db import OperationalError

    from peerline.jobs.services import run_one
    from peerline.messaging import outbox, reminders

    while True:
        try:
            reminders.tick()
            outbox.ask_carriers()
            while run_one():
                pass
        except OperationalError:  # locked for too long: as a worker does, it tries again
            pass
        time.sleep(0.1)


def _stalling(chance: random.Random, minutes: int, one_in: int) -> None:
    """As if the machine stopped the worker: seldom, and for so many minutes at most, wherever that could do harm."""
    from peerline.jobs import services as jobs
    from peerline.messaging import outbox
    from peerline.messaging.channels import sms

    def stalls(act, *, before: float = 0):
        def stalled(*words):
            stall(before)
            found = act(*words)
            stall(minutes)
            return found

        return stalled

    def stall(most_minutes: float) -> None:
        if most_minutes and chance.randrange(one_in) == 0:
            time.sleep(chance.uniform(0, most_minutes) * 60 / FASTER)

    jobs.claim, outbox._take = stalls(jobs.claim), stalls(outbox._take)
    # Between its last look at the clock and the wire nobody can help it; what is asked of the carrier waits two minutes.
    sms.deliver = stalls(sms.deliver, before=0.5)


def _planted(fault: str) -> None:
    """A carrier that says it knows nothing when it is asked: what it has is then handed over again."""
    from peerline.messaging.channels import sms

    if fault:
        sms.ask = lambda letter, receipt, since: ("", "")


def _end(children: set[int], child: int) -> None:
    children.discard(child)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _waiting() -> bool:
    """Is there a reminder that has not left yet, or nobody knows whether it did?"""
    from django.db import connection

    from peerline.messaging.models import Message, Reminder

    found = Reminder.objects.filter(state="waiting").exists() or Message.objects.exclude(state="sent").exists()
    connection.close()
    return found


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:4]), *sys.argv[4:])
