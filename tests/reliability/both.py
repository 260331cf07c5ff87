"""Two processes take reports at the same instant: each partner asks for the other.

`python -m tests.reliability.both FOLDER RACES [FAULT]` prints what came of each race as a JSON list of words: joined, or what
was wrong. The town (town.py) is that of FOLDER, in the database that the environment names.
"""

import json
import multiprocessing
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.reliability import town


def at_the_menu(number: str, pin: str, ref: str) -> Any:
    """A call that has come as far as the main menu: what its telephone performs."""
    from peerline.exchange.port import Answer, Incoming
    from peerline.exchange.switchboard import take

    perform = take("simulated", Incoming(ref, number))
    assert perform is not None
    return take("simulated", Answer(perform.leg_id, perform.number, pin))


def ask(pipe: Any, barrier: Any) -> None:
    """One of the two processes: press 1 for the leg it is told, when the other does."""
    from peerline.exchange.port import Answer
    from peerline.exchange.switchboard import take

    for leg_id, step in iter(pipe.recv, None):
        barrier.wait()
        try:
            take("simulated", Answer(leg_id, step, "1"))
            pipe.send("")
        except Exception as reason:
            pipe.send(repr(reason))


def race(folder: Path, races: int) -> Iterator[str]:
    context = multiprocessing.get_context("fork")
    barrier, pipes = context.Barrier(2), [context.Pipe() for _ in range(2)]
    runners = [context.Process(target=ask, args=(far, barrier), daemon=True) for _, far in pipes]
    for runner in runners:
        runner.start()
    couples = town.read(folder).couples
    for number in range(races):
        both = couples[number % len(couples)]
        performs = [at_the_menu(one.number, one.pin, f"race-{number}-{one.person_id}") for one in both]
        for (near, _), perform in zip(pipes, performs, strict=True):
            near.send((perform.leg_id, perform.number))
        faults = [near.recv() for near, _ in pipes]
        yield next((fault for fault in faults if fault), "") or met([perform.leg_id for perform in performs])
        hang_up([perform.leg_id for perform in performs])
    for near, _ in pipes:
        near.send(None)


def met(legs: list[int]) -> str:
    """joined: both are in one room of one call, each as the caller they are, and nobody is still rung."""
    from peerline.exchange.models import Leg, Member

    places = list(Member.objects.filter(leg__in=legs).values_list("state", "room", "leg__call"))
    if len(places) != 2 or len(set(places)) != 1 or places[0][0] != "in":
        return f"not joined: {places}"
    rung = Leg.objects.filter(call=places[0][2], inbound=False)
    wanted = Member.objects.filter(leg__in=rung).exclude(state="gone").count()
    return f"{wanted} still rung" if wanted else "joined"


def hang_up(legs: list[int]) -> None:
    from peerline.exchange.models import Leg
    from peerline.exchange.port import Hung
    from peerline.exchange.switchboard import take

    for leg_id in [*legs, *Leg.objects.filter(inbound=False).exclude(state="over").values_list("pk", flat=True)]:
        take("simulated", Hung(leg_id, "hangup", by="them"))


def _a_room_of_their_own() -> None:
    from peerline.exchange import rooms

    rooms.key_of = lambda people: secrets.token_hex(8)


PLANTED = {"a room of their own": _a_room_of_their_own}

if __name__ == "__main__":
    import django

    django.setup()
    for fault in sys.argv[3:]:
        PLANTED[fault]()
    print(json.dumps(list(race(Path(sys.argv[1]), int(sys.argv[2])))))
