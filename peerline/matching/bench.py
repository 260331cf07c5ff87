"""`./run bench matching`: how fast and how good, on people drawn from the survey, beside the rivals that can still run."""

import argparse
import logging
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date
from importlib.util import find_spec
from typing import Any

Line = dict[str, Any]
DAY = date(2026, 11, 24)  # the first of the weeks ahead
SCIPY_MOST = 10_000
KERNEL_PAIRS = 100_000_000  # a fifth of a second
RIVALS_MOST = 20_000  # people: beyond, a rival that had not lost its patience before would take hours


def register(benches: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = benches.add_parser("matching", help="seconds, memory and proof of matching so many people")
    parser.add_argument("--n", type=int, action="append", help="how many people; may be given again (1000)")
    parser.add_argument("--mentors", type=int, action="append", metavar="N", help="so many people to mentors (2000)")
    parser.add_argument("--seed", type=int, default=0, help="draws the cohort (0)")
    parser.add_argument("--patience", type=int, default=60, help="processor seconds that a rival is given (60)")
    parser.set_defaults(measure=measure)


def measure(args: argparse.Namespace) -> Iterator[Line]:
    from peerline.matching.warming import warm

    _tell_what_takes_long()
    yield {"measure": "compile the solver", **_timed(warm)[1]}
    rivals = Rivals(args.patience)
    for n in args.n or [1000]:
        yield from _of_cohort(n, args.seed, rivals)
    for people in args.mentors or [2000]:
        yield from _mentors(people, args.seed)


def _tell_what_takes_long() -> None:
    """On the error channel, so that the lines of figures stay what they are."""
    said = logging.StreamHandler()
    said.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log = logging.getLogger("peerline.matching")
    log.addHandler(said)
    log.setLevel(logging.INFO)
    log.propagate = False


def _timed(work: Callable[[], Any]) -> tuple[Any, Line]:
    began, cpu = time.perf_counter(), time.process_time()
    result = work()
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    return result, {"seconds": round(seconds, 4), "cpu_seconds": round(cpu_seconds, 4)}


def _of_cohort(n: int, seed: int, rivals: "Rivals") -> Iterator[Line]:
    from peerline.matching.crowd import drawn_cohort
    from peerline.matching.matching import Matcher, Wish
    from peerline.matching.scoring import Scorer

    cohort, built = _timed(lambda: drawn_cohort(n, seed, first_day=DAY))
    yield {"measure": "build the cohort", "people": n, **built}
    scorer = Scorer(cohort, Wish().weights, Wish().rules)
    scorer.tile(0, 1, 0, n)  # compiled before anything is measured
    yield _kernel(scorer, n)
    yield _newcomer(scorer, n)
    matcher, found = _timed(lambda: Matcher(cohort, Wish()))
    (mate, proof), solved = _timed(matcher.best)
    yield {
        "measure": "match", "people": n, "candidates": found, **_both(found, solved), "points": proof.points,
        "bound": proof.bound, "of_bound": round(proof.points / max(proof.bound, 1), 6), "couples": proof.couples,
        "left_out": int((mate < 0).sum()), "worst": _worst(matcher, mate),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip
    yield from rivals.lines(n, matcher.edges, proof.points)


def _both(one: Line, other: Line) -> Line:
    return {name: round(one[name] + other[name], 4) for name in one}


def _worst(matcher: Any, mate: Any) -> int:
    """The fewest points of a pair, as the solver was given them."""
    edges = matcher.edges
    return int(edges.points[mate[edges.u] == edges.v].min(initial=10_000))


def _kernel(scorer: Any, n: int) -> Line:
    """Both kernels on the same tile: pairs a second of processor time, on one core."""
    from peerline.matching.solver.pricing import COLUMNS, ROWS

    rows, columns = min(n, ROWS), min(n, COLUMNS)
    times = max(1, KERNEL_PAIRS // (rows * columns))
    _, fast = _timed(lambda: [scorer.tile(0, rows, 0, columns).shape for _time in range(times)])
    plain, slow = _timed(lambda: scorer._computed(0, rows, 0, columns))
    return {
        "measure": "kernel", "people": n, "pairs_per_second": round(times * rows * columns / fast["cpu_seconds"]),
        "numpy_pairs_per_second": round(rows * columns / max(slow["cpu_seconds"], 1e-6)),
        "same": bool((scorer.tile(0, rows, 0, columns) == plain).all()),
    }  # fmt: skip


def _newcomer(scorer: Any, n: int) -> Line:
    """One person's ten best among all, with their reasons."""
    from peerline.matching.newcomer import best_partners

    found, took = _timed(lambda: [best_partners(scorer, n - 1 - time) for time in range(min(n, 5))])
    return {"measure": "newcomer", "people": n, **{name: round(spent / len(found), 5) for name, spent in took.items()}}


class Rivals:
    """Other solvers on the same pairs: all of them up to some thousand people, beyond those that ours needed.

    Each gets so many processor seconds, in a process of its own. Who did not finish is not asked for more people.
    """

    def __init__(self, patience: int) -> None:
        self.patience, self.gave_up = patience, dict[str, int]()

    def lines(self, n: int, edges: Any, points: int) -> Iterator[Line]:
        from peerline.matching import proof

        if n > RIVALS_MOST:
            return
        proof.solved(n, edges)  # compiled before anything is measured
        _, ours = _timed(lambda: proof.solved(n, edges))
        yield {"measure": "solve", "people": n, "pairs": len(edges), **ours}
        for name, solve in {"rustworkx": _rustworkx, "networkx": _networkx}.items():
            yield {"measure": name, "people": n, **self._one(name, lambda: solve(n, edges, points), n, ours)}  # noqa: B023

    def _one(self, name: str, work: Callable[[], Line], n: int, ours: Line) -> Line:
        if name in self.gave_up:
            return {"not_run": f"did not finish {self.gave_up[name]} people in {self.patience} seconds"}
        if line := within(self.patience, work):
            return {**line, "times_ours": round(line["cpu_seconds"] / ours["cpu_seconds"], 1)}
        self.gave_up[name] = n
        return {"not_finished_in": self.patience, "times_ours_at_least": round(self.patience / ours["cpu_seconds"])}


def within(seconds: int, work: Callable[[], Line]) -> Line | None:
    """What a process of its own answers in so many processor seconds; None if it does not."""
    processes = multiprocessing.get_context("fork")
    here, there = processes.Pipe(duplex=False)
    process = processes.Process(target=_answer, args=(there, seconds, work))
    process.start()
    there.close()
    try:
        return here.recv()  # type: ignore[no-any-return]
    except EOFError:
        return None
    finally:
        process.join()


def _answer(there: Any, seconds: int, work: Callable[[], Line]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    there.send(work())


def _rustworkx(n: int, edges: Any, points: int) -> Line:
    import rustworkx

    graph = rustworkx.PyGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(_listed(edges))
    pairs, took = _timed(lambda: rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int))
    return {**took, "same": sum(graph.get_edge_data(*pair) for pair in pairs) == points}


def _networkx(n: int, edges: Any, points: int) -> Line:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from(_listed(edges))
    pairs, took = _timed(lambda: networkx.max_weight_matching(graph, maxcardinality=True))
    return {**took, "same": sum(graph.edges[pair]["weight"] for pair in pairs) == points}


def _listed(edges: Any) -> list[tuple[int, int, int]]:
    return list(zip(edges.u.tolist(), edges.v.tolist(), edges.points.tolist(), strict=True))


def _mentors(people: int, seed: int, *, compiled: bool = True) -> Iterator[Line]:
    """People drawn from the survey and a tenth as many mentors with room for 5 to 15 each."""
    from peerline.matching.solver.places import place
    from peerline.matching.solver.places_certificate import flaws

    points, room = _rooms(people, max(1, people // 10), seed)
    place(points[:1], room, compiled=compiled)  # before anything is measured
    placed, took = _timed(lambda: place(points, room, compiled=compiled))
    flawed, checked = _timed(lambda: flaws(points, room, placed))
    about = {"people": people, "mentors": len(room), "room": int(room.sum())}
    count = int((placed.mentor >= 0).sum())
    yield {
        "measure": "mentors", **about, **took, "placed": count, "points": placed.value, "flaws": flawed,
        "check_seconds": checked["cpu_seconds"],
    }  # fmt: skip
    if find_spec("scipy") and people <= SCIPY_MOST:
        seated, slow = _timed(lambda: by_seats(points, room))
        ratio = round(slow["cpu_seconds"] / max(took["cpu_seconds"], 1e-6), 1)
        yield {"measure": "scipy", **about, **slow, "same": seated == (placed.value, count), "times_ours": ratio}


def _rooms(people: int, mentors: int, seed: int) -> tuple[Any, Any]:
    """points[person, mentor] and the room of each mentor."""
    from datetime import date

    import numpy as np

    from peerline.matching.cohort import build
    from peerline.matching.draws import drawn_people
    from peerline.matching.matching import Wish
    from peerline.matching.scoring import Scorer

    wish, everybody = Wish(), build(drawn_people(people + mentors, seed), first_day=date(2026, 11, 24))
    points = Scorer(everybody, wish.weights, wish.rules).score_block(0, people, people, people + mentors)
    return points, np.random.default_rng(seed).integers(5, 16, mentors)


def by_seats(points: Any, room: Any) -> tuple[int, int]:
    """(points, placed) by SciPy's assignment: each mentor is as many columns as there is room, whoever has none pays."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    never = -(len(points) + 1) * (int(points.max(initial=0)) + 1)
    seats = np.repeat(np.where(points >= 0, points, never), room, axis=1).astype(float)
    rows, columns = linear_sum_assignment(seats, maximize=True)
    found = seats[rows, columns]
    return int(found[found >= 0].sum()), int((found >= 0).sum())
