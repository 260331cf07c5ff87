"""A heap of promises: the earliest time at which something can happen, and to what.

Promises stand in the records of those they concern; the heap only says whose is next. They are never taken back: whoever
takes one looks whether it still holds. `what` is four times a number plus a kind (GROW, MEET, OPEN, STOP).
"""

from peerline.matching.solver.jit import kernel
from peerline.matching.solver.state import FILLED, GROW, INNER, MEET, NEVER, NOBODY, OPEN, OUTER, STOP


@kernel
def push(s, time, what):
    """Add a promise, which its record holds already."""
    heap = s.heap
    if s.dial[FILLED] == len(heap):
        refill(s)
        return
    at = s.dial[FILLED]
    s.dial[FILLED] = at + 1
    while at > 0 and heap[(at - 1) >> 1].time > time:
        above = (at - 1) >> 1
        heap[at].time, heap[at].what = heap[above].time, heap[above].what
        at = above
    heap[at].time, heap[at].what = time, what


@kernel
def drop_first(s):
    """Take away the earliest promise."""
    last = s.dial[FILLED] - 1
    s.dial[FILLED] = last
    if last > 0:
        sink(s, 0, last, s.heap[last].time, s.heap[last].what)


@kernel
def sink(s, at, filled, time, what):
    """Put a promise at a place whose children may be earlier, and let them rise."""
    heap = s.heap
    below = 2 * at + 1
    while below < filled:
        if below + 1 < filled and heap[below + 1].time < heap[below].time:
            below += 1
        if heap[below].time >= time:
            break
        heap[at].time, heap[at].what = heap[below].time, heap[below].what
        at = below
        below = 2 * at + 1
    heap[at].time, heap[at].what = time, what


@kernel
def refill(s):
    """Forget promises that no longer hold: write down anew those that stand in the records, four to a vertex at most."""
    s.dial[FILLED] = 0
    n = len(s.group)
    for at in range(n):
        if s.vertex[at].meet < NEVER and s.group[s.vertex[at].group].label == OUTER:
            _append(s, s.vertex[at].meet, 4 * at + MEET)
        if s.group[at].key < NEVER:
            _append(s, s.group[at].key, 4 * at + GROW)
        if s.tree[at].due < NEVER:
            _append(s, s.tree[at].due, 4 * at + STOP)
    for b in range(n, len(s.node)):
        if can_open(s, b):
            _append(s, s.node[b].z >> 1, 4 * b + OPEN)
    filled = s.dial[FILLED]
    for at in range((filled >> 1) - 1, -1, -1):
        sink(s, at, filled, s.heap[at].time, s.heap[at].what)


@kernel
def _append(s, time, what):
    s.heap[s.dial[FILLED]].time = time
    s.heap[s.dial[FILLED]].what = what
    s.dial[FILLED] += 1


@kernel
def can_open(s, b):
    """Is it an outermost inner blossom?"""
    node = s.node[b]
    return node.child != NOBODY and node.inside == NOBODY and s.group[s.vertex[node.first].group].label == INNER
