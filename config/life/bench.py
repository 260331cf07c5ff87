"""`./run bench life --people 10000 --weeks 1`: a whole program's weeks, played, and whether they broke a law.

Everything of a life is in it: the questions, calls, messages, sessions and plans of so many people, and what the staff do.
The carrier grows with the clinic: for each sixty people one call and one text a second, and thirty lines.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any


def register(benches: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = benches.add_parser("life", help="seconds that a played week takes by the number of people, and its laws")
    parser.add_argument(
        "--people", dest="sizes", type=int, nargs="+", default=[60, 1_000], help="how many; each a life of its own"
    )
    parser.add_argument("--weeks", type=int, default=1, help="how many weeks after the days in which it opens (1)")
    parser.set_defaults(measure=measure, tables=True)


def measure(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    from django.core.management import call_command
    from django.test.utils import override_settings

    call_command("compile_catalogues")
    for people in args.sizes:
        size = max(1, people / 60)
        with override_settings(CALLS_A_SECOND=size, TEXTS_A_SECOND=size, LINES=int(30 * size)):
            for line in _played(people, args.weeks):
                yield {"people": people, **line}
        call_command("flush", verbosity=0, interactive=False)


def _played(people: int, weeks: int) -> Iterator[dict[str, Any]]:
    import resource  # which not every system has

    from config.life import laws
    from config.life.play import Play, first_day
    from config.life.stage import Stage
    from peerline.exchange.queries import calls
    from peerline.messaging.queries import everything
    from peerline.programs.demonstration import load_demo

    so_far = _stopwatch()
    stage = Stage(first_day(datetime.now(UTC), weeks), "1")
    with stage.running():
        program_id = load_demo(people)
    yield {"measure": "roster loaded", **so_far()}
    play = Play(stage, program_id, weeks=weeks)
    yield {"measure": "days of opening", **so_far()}
    for number in range(1, weeks + 1):
        play.until(play.monday(number))
        yield {"measure": "played", "weeks": number, **so_far()}
    broken = laws.broken(stage.at)
    yield {
        "measure": "laws", "calls": calls().count(), "messages": everything().count(), "broken": len(broken),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, **so_far(),
    }  # fmt: skip


def _stopwatch() -> Callable[[], dict[str, float]]:
    """Seconds by the clock, and of the processor: what can be trusted on a busy machine."""
    clock, processor = time.monotonic(), time.process_time()
    return lambda: {
        "seconds": round(time.monotonic() - clock, 1),
        "processor_seconds": round(time.process_time() - processor, 1),
    }
