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
WIDE = {"y", "meet", "start", "z", "shift", "key", "due", "gain", "time", "what"}
# meet: when this outer vertex can meet an outer one, over the edge `way`. next: in its node's list of vertices.
# Its edges begin at `start`, and end where the next one's begin.
VERTEX = {"y": 0, "meet": NEVER, "start": 0, "group": 0, "next": NOBODY, "way": NOBODY}
# first … last: its vertices, `size` of them. child: one of its ring. inside: the blossom it is a child of; ring, back: the
# children beside it there; here, there: the pair that joins it to the next one. spare: a node that may be made; noted: one
# that a kernel keeps in mind.
NODE = {"z": 0, "first": 0, "last": 0, "size": 1, "child": NOBODY, "inside": NOBODY}
NODE |= {"ring": NOBODY, "back": NOBODY, "here": NOBODY, "there": NOBODY, "spare": NOBODY, "noted": NOBODY}
# key: no outer vertex gets at it before; then perhaps enter_out does, at enter_in, over the edge `way`. match_in,
# match_out: the matched pair, inside and outside. before, after: in the list of its tree.
GROUP = {"shift": 0, "key": NEVER, "node": 0, "label": ASIDE, "tree": NOBODY, "match_in": NOBODY, "match_out": NOBODY}
GROUP |= {
    "enter_in": NOBODY,
    "enter_out": NOBODY,
    "before": NOBODY,
    "after": NOBODY,
    "way": NOBODY,
    "mark": 0,
    "spare": NOBODY,
}
# due: when the first of its outer vertices, `lowest`, is down at the floor. first: of its groups.
TREE = {"due": NEVER, "first": NOBODY, "lowest": NOBODY}
EDGE = {"gain": 0, "to": 0}
PROMISE = {"time": 0, "what": 0}


class Search(NamedTuple):
    """All there is; the kernels call it s. Each table a list of plain records, or an array of them for the compiled form."""

    vertex: Any  # and one more, only for its start
    node: Any
    group: Any
    tree: Any
    edge: Any
    heap: Any
    dial: Any


def new_search(n: int, edges: int, *, arrays: bool) -> Search:
    """A search in which nothing has happened yet: everybody alone and unmatched, and room for so many edges."""
    nodes = n + n // 2
    vertex, node, group = _table(VERTEX, n + 1, arrays), _table(NODE, nodes, arrays), _table(GROUP, n, arrays)
    edge, heap = _table(EDGE, 2 * edges, arrays), _table(PROMISE, 6 * n + 64, arrays)
    own = np.arange(n)
    for table, field, values in (
        *((vertex, "group", own), (node, "first", own), (node, "last", own), (node, "spare", np.arange(n, nodes))),
        *((group, "node", own), (group, "match_in", own)),
    ):
        _fill(table, field, values, arrays)
    dial = np.zeros(NOTED + 1, np.int64)
    dial[SPARE_NODES], dial[FLOOR] = nodes - n, NO_FLOOR
    return Search(vertex, node, group, _table(TREE, n, arrays), edge, heap, dial if arrays else dial.tolist())


def _table(record: dict[str, int], rows: int, arrays: bool) -> Any:
    if not arrays:
        return [SimpleNamespace(**record) for _ in range(rows)]
    kinds = np.dtype([(name, np.int64 if name in WIDE else np.int32) for name in record], align=True)
    return np.full(rows, np.array(tuple(record.values()), kinds), kinds)


def _fill(table: Any, field: str, values: npt.NDArray[Any], arrays: bool) -> None:
    """The first rows' field."""
    if arrays:
        table[field][: len(values)] = values
    else:
        for record, value in zip(table, values.tolist(), strict=False):
            setattr(record, field, value)


def column(table: Any, field: str, arrays: bool) -> npt.NDArray[np.int64]:
    """One field of a whole table."""
    if arrays:
        return table[field].astype(np.int64)  # type: ignore[no-any-return]
    return np.array([getattr(record, field) for record in table], np.int64)
