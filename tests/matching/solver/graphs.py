"""Graphs of every shape a cohort can take, drawn from a seed."""

import random
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple


class Drawn(NamedTuple):
    name: str
    n: int
    edges: list[tuple[int, int, int]]

    @property
    def columns(self) -> tuple[list[int], list[int], list[int]]:
        u, v, weight = zip(*self.edges, strict=True) if self.edges else ((), (), ())
        return list(u), list(v), list(weight)


def _with(lots: random.Random, pairs: list[tuple[int, int]], least: int, most: int) -> list[tuple[int, int, int]]:
    return [(u, v, lots.randint(least, most)) for u, v in pairs]


def _pairs(lots: random.Random, n: int, density: float) -> list[tuple[int, int]]:
    return [pair for pair in combinations(range(n), 2) if lots.random() < density]


def sparse(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    return _with(lots, _pairs(lots, n, 2.5 / max(n, 3)), 0, 1000)


def dense(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    return _with(lots, _pairs(lots, n, 0.7), 0, 1000)


def complete(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    return _with(lots, _pairs(lots, n, 1), 0, 10_000)


def tied(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    return _with(lots, _pairs(lots, n, lots.choice([0.2, 0.5, 1])), 1, 3)


def all_the_same(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    return _with(lots, _pairs(lots, n, lots.choice([0.15, 1])), 5, 5)


def with_losses(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    return _with(lots, _pairs(lots, n, lots.choice([0.2, 0.5])), -20, 10)


def all_losses(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    return _with(lots, _pairs(lots, n, 0.4), -20, -1)


def disconnected(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    part = [lots.randrange(4) for _ in range(n)]
    return _with(lots, [(u, v) for u, v in _pairs(lots, n, 0.6) if part[u] == part[v]], 0, 100)


def star(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    rays = [(0, v) for v in range(1, n)]
    return _with(lots, rays + [pair for pair in _pairs(lots, n, 0.04) if 0 not in pair], 0, 50)


def odd_rings(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    """Triangles and fives hung on each other: nests of blossoms."""
    ring, at = [], 0
    while at + 2 < n:
        size = min(lots.choice([3, 3, 5]), n - at)
        ring += [(at + i, at + (i + 1) % size) for i in range(size)]
        at += size
    joins = {(u, v) for u, v in _pairs(lots, n, 0.12)} - set(ring) - {(v, u) for u, v in ring}
    return _with(lots, ring, 60, 100) + _with(lots, sorted(joins), 30, 100)


def near(lots: random.Random, n: int) -> list[tuple[int, int, int]]:
    """Points on a line, the nearer the better: what real cohorts look like."""
    at = [lots.randrange(1000) for _ in range(n)]
    return [(u, v, 1000 - abs(at[u] - at[v])) for u, v in _pairs(lots, n, 0.5)]


Shape = Callable[[random.Random, int], list[tuple[int, int, int]]]
SHAPES: list[Shape] = [
    sparse, dense, complete, tied, all_the_same, with_losses, all_losses, disconnected, star, odd_rings, near,
]  # fmt: skip


def drawn(how_many: int, *, least: int = 0, most: int = 22, seed: int = 0) -> Iterator[Drawn]:
    """So many graphs, every shape in turn, of `least` … `most` vertices."""
    for number in range(how_many):
        lots = random.Random(f"{seed} {number}")
        shape, n = SHAPES[number % len(SHAPES)], lots.randint(least, most)
        yield Drawn(f"{shape.__name__} {number}", n, shape(lots, n))
