"""The same graph, solved by others: for the bench only. Each says pairs, value and processor seconds, or None if it is not here."""

import shutil
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from peerline.matching.solver.graph import Edges

Outcome = tuple[int, int, float]
LEMON = Path(__file__).with_name("lemon.cpp")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it returns, and the processor seconds it took: those of a busy machine's clock would say little."""
    began = time.process_time()
    return work(), time.process_time() - began


def networkx(n: int, edges: Edges) -> Outcome | None:
    if not find_spec("networkx"):
        return None
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from(_rows(edges))
    found, seconds = timed(lambda: nx.max_weight_matching(graph, maxcardinality=True))
    return len(found), sum(graph[u][v]["weight"] for u, v in found), seconds


def rustworkx(n: int, edges: Edges) -> Outcome | None:
    if not find_spec("rustworkx"):
        return None
    import rustworkx as rx

    graph: Any = rx.PyGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(_rows(edges))
    found, seconds = timed(lambda: rx.max_weight_matching(graph, max_cardinality=True, weight_fn=int))
    return len(found), sum(graph.get_edge_data(u, v) for u, v in found), seconds


def _rows(edges: Edges) -> list[tuple[int, int, int]]:
    return list(zip(edges.u.tolist(), edges.v.tolist(), edges.weight.tolist(), strict=True))


def lemon(n: int, edges: Edges, folder: Path) -> Outcome | None:
    """Debian's liblemon-dev, compiled into the folder; the seconds are the program's own, with building its graph."""
    program = folder / "lemon"
    if not program.exists() and not _compile(program):
        return None
    said = subprocess.run([program], input=_words(n, edges).tobytes(), capture_output=True, check=True).stdout.split()
    return int(said[0]), int(said[1]), float(said[2])


def _compile(program: Path) -> bool:
    compiler = shutil.which("g++")
    if compiler is None or not Path("/usr/include/lemon/matching.h").exists():
        return False
    subprocess.run([compiler, "-O3", "-march=native", "-o", program, LEMON], check=True)
    return True


def _words(n: int, edges: Edges) -> npt.NDArray[np.int64]:
    words = np.empty(2 + 3 * len(edges.u), np.int64)
    words[:2] = n, len(edges.u)
    words[2::3], words[3::3], words[4::3] = edges
    return words
