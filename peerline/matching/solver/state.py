"""What the search keeps: tables of records, in one form for plain Python and one for numba.

A **node** is a vertex (0 … n−1) or a blossom (n …): an odd ring of nodes. Nodes lie in each other like nested dolls.
A **group** is an outermost node seen from outside, and the only thing that takes part in the search: whether it is an
outer or inner member of a tree, whom it is matched with, how its vertices' duals move. A vertex knows its group and a
group its node, so that joining or parting dolls rewrites all vertices but those of the largest one.

Duals move without being touched: a label is the very direction in which they move (OUTER −1, INNER +1, ASIDE 0), the
true dual of a vertex is y + shift + label · now, and that of an outermost blossom z − 2 · label · now.
"""

from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from peerline.matching.solver.graph import Graph

OUTER, ASIDE, INNER = -1, 0, 1
NOBODY = -1
IN_RING = -2  # in place of a partner: matched half to each neighbor in an odd ring
NEVER = 1 << 61

# The dial: single numbers of the whole search.
NOW, FILLED, FLOOR, TREES, SPARE_GROUPS, SPARE_NODES, MARK, HERE, THERE, NOTED = range(10)
NO_FLOOR = -NEVER

# Kinds of promises.
GROW, MEET, OPEN, STOP = range(4)

# A record is its fields with what stands in them at first; those in WIDE have 64 bits, the others 32.
WIDE = {"y", "meet", "z", "shift", "key", "due"}
# meet: when this outer vertex can meet an outer one, over the edge `way`. next: in its node's list of vertices.
VERTEX = {"y": 0, "meet": NEVER, "group": 0, "next": NOBODY, "way": NOBODY}
# first … last: its vertices, `size` of them. child: one of its ring. inside: the blossom it is a child of; ring, back: the
# children beside it there; here, there: the pair that joins it to the next one.
NODE = {"z": 0, "first": 0, "last": 0, "size": 1, "child": NOBODY, "inside": NOBODY}
NODE |= {"ring": NOBODY, "back": NOBODY, "here": NOBODY, "there": NOBODY}
# key: no outer vertex gets at it before; then perhaps enter_out does, at enter_in, over the edge `way`. match_in,
# match_out: the matched pair, inside and outside. before, after: in the list of its tree.
GROUP = {"shift": 0, "key": NEVER, "node": 0, "label": ASIDE, "tree": NOBODY, "match_in": NOBODY, "match_out": NOBODY}
GROUP |= {"enter_in": NOBODY, "enter_out": NOBODY, "before": NOBODY, "after": NOBODY, "way": NOBODY, "mark": 0}
# due: when the first of its outer vertices, `lowest`, is down at the floor. first: of its groups.
TREE = {"due": NEVER, "first": NOBODY, "lowest": NOBODY}


class Search(NamedTuple):
    """All there is; the kernels call it s. Plain lists, or arrays for the compiled form."""

    start: Any  # vertex → its first edge; one more at the end
    to: Any  # edge → the other vertex
    gain: Any  # edge → 4 · weight
    vertex: Any
    node: Any
    group: Any
    tree: Any
    times: Any  # the heap
    whats: Any
    spare_groups: Any  # numbers that may be given out
    spare_nodes: Any
    stack: Any  # room for a kernel to note nodes in
    dial: Any


def new_search(graph: Graph, *, arrays: bool) -> Search:
    """A search in which nothing has happened yet: everybody alone and unmatched."""
    n, nodes = graph.n, graph.n + graph.n // 2
    room = 6 * n + 64
    vertex, node, group = _table(VERTEX, n, arrays), _table(NODE, nodes, arrays), _table(GROUP, n, arrays)
    _number(vertex, ("group",), n, arrays)
    _number(node, ("first", "last"), n, arrays)
    _number(group, ("node", "match_in"), n, arrays)
    lists = [np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(n, np.int32)]
    lists += [np.arange(nodes - 1, n - 1, -1, dtype=np.int32), np.zeros(nodes + 1, np.int32)]
    dial = np.zeros(NOTED + 1, np.int64)
    dial[SPARE_NODES], dial[FLOOR] = nodes - n, NO_FLOOR
    edges: list[Any] = [graph.start, graph.to, graph.gain]
    if not arrays:
        edges, lists, dial = [part.tolist() for part in edges], [part.tolist() for part in lists], dial.tolist()
    return Search(*edges, vertex, node, group, _table(TREE, n, arrays), *lists, dial)


def _table(record: dict[str, int], rows: int, arrays: bool) -> Any:
    if not arrays:
        return [SimpleNamespace(**record) for _ in range(rows)]
    table = np.empty(rows, np.dtype([(name, np.int64 if name in WIDE else np.int32) for name in record], align=True))
    for name, value in record.items():
        table[name] = value
    return table


def _number(table: Any, fields: tuple[str, ...], rows: int, arrays: bool) -> None:
    """Each of the first rows has its own number in these fields."""
    for field in fields:
        if arrays:
            table[field][:rows] = np.arange(rows)
        else:
            for at in range(rows):
                setattr(table[at], field, at)


def column(table: Any, field: str, arrays: bool) -> npt.NDArray[np.int64]:
    """One field of a whole table."""
    if arrays:
        return table[field].astype(np.int64)  # type: ignore[no-any-return]
    return np.array([getattr(record, field) for record in table], np.int64)
