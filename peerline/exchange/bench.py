"""`./run bench exchange`: what a key costs, alone and with its commit, and what the engines carry.

The caller is one of the demonstration's people and goes through the real front door; so looks, verdicts and menus are
those of a real call. The PIN's own step is left out: its hash is slow on purpose.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Line = dict[str, Any]

WEBHOOK = "peerline.exchange.engines.webhook.bench"
THERE_AND_BACK = "3*"  # into the settings and out again: two steps that a caller may take for ever


def register(benches: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = benches.add_parser("exchange", help="pairs held, set-ups a second, what a key costs, key press to prompt")
    parser.add_argument(
        "--seconds", type=float, default=10, help="how long each measurement of an engine lasts; 0: no engine"
    )
    parser.add_argument("--keys", type=int, default=2000, help="how many keys are decided and written")
    parser.add_argument("--pairs", type=int, nargs="*", default=[1, 10, 25, 50], help="how many pairs are held")
    parser.set_defaults(measure=measure, people=True)


def measure(args: argparse.Namespace) -> Iterator[Line]:
    """The decision, the decision with its commit, then each engine there is."""
    yield from keys(args.callers[0], args.keys)
    if args.seconds:
        yield from _embedded(args)
        yield from _webhook(args)


def _embedded(args: argparse.Namespace) -> Iterator[Line]:
    from peerline.exchange.engines import embedded

    if sentence := embedded.available():
        yield {"measure": "embedded", "left_out": sentence}
        return
    from peerline.exchange.engines.embedded.bench import bench

    for line in bench(args.seconds, tuple(args.pairs)):
        yield {"engine": "embedded", **line}


def _webhook(args: argparse.Namespace) -> Iterator[Line]:
    if find_spec(WEBHOOK.rpartition(".")[0]) and find_spec(WEBHOOK):
        for line in import_module(WEBHOOK).bench(args.seconds):
            yield {"engine": "webhook", **line}


def keys(caller: Any, most: int) -> Iterator[Line]:
    """Real calls of about 20 answers each: every key in a transaction of its own, then the last one's decision alone."""
    from peerline.exchange import switchboard
    from peerline.exchange.engines.simulated import Simulated
    from peerline.people.queries import number_to_dial

    clock = Stopwatch(switchboard.reporter("simulated"))
    engine = Simulated()
    engine.open(clock)
    number, leg_id = number_to_dial(caller.person_id) or "", 0
    while len(clock.seconds) < most:
        telephone = engine.dial(number)
        engine.press(telephone, caller.pin + "#")
        clock.running = True
        engine.press(telephone, THERE_AND_BACK * 8)
        clock.running = False
        leg_id = telephone.leg_id
        engine.hang_up(telephone)
    journal, decision, worked = _alone(leg_id, most)
    yield {"measure": "key decided", "answers_in_journal": journal, **spread(decision, 1e6, "us")}
    yield {"measure": "key decided, processor time", **spread(worked, 1e6, "us")}
    yield {"measure": "key decided and committed", **spread(clock.seconds[:most], 1e3, "ms")}


class Stopwatch:
    """A reporter that notes how long each report took, while it runs."""

    def __init__(self, report: Callable[[Any], Any]) -> None:
        self._report, self.running = report, False
        self.seconds: list[float] = []

    def __call__(self, report: Any) -> Any:
        began = time.perf_counter()
        answer = self._report(report)
        if self.running:
            self.seconds.append(time.perf_counter() - began)
        return answer


def _alone(leg_id: int, times: int) -> tuple[int, list[float], list[float]]:
    """How long the leg's journal is; how long the dialogue took each time to say what comes next, by the clock and as
    processor time, which a busy machine does not lengthen."""
    from peerline.exchange.models import Leg
    from peerline.exchange.switchboard import turn_of

    leg, took, worked = Leg.objects.get(pk=leg_id), [], []
    for _ in range(times):
        vars(leg).pop("turn", None)  # each key finds the leg as it was read, and replays its journal
        began, begun = time.perf_counter(), time.thread_time()
        turn_of(leg)
        worked.append(time.thread_time() - begun)
        took.append(time.perf_counter() - began)
    return len(leg.journal), took, worked


def spread(seconds: list[float], factor: float, unit: str) -> Line:
    """How many, the median and the 99th of a hundred, in this unit."""
    ordered = sorted(seconds)
    return {
        "times": len(ordered), f"p50_{unit}": round(factor * ordered[len(ordered) // 2], 2),
        f"p99_{unit}": round(factor * ordered[int(len(ordered) * 0.99)], 2),
    }  # fmt: skip
