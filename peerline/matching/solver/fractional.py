"""The start: good duals, and a matching in which only some odd rings are left over.

Everybody's dual begins at half of their best edge; then each takes theirs down to where an edge is tight. Who is left
free searches alone, in a tree of shortest ways that knows no blossoms: an odd ring that it closes is matched half and
half, and only at the end each such ring becomes a free blossom. This is cheap, and leaves two or three in a hundred.

Each vertex is a group of its own here, with all its dual in `shift`, and there is one tree at a time, tree 0. `match_out`
is the partner; `ring` and `back` are the neighbors in a ring.
"""

from peerline.matching.solver.heap import drop_first, push
from peerline.matching.solver.jit import kernel
from peerline.matching.solver.nest import enclose, label_group, match_around, match_group
from peerline.matching.solver.state import (
    ASIDE,
    FILLED,
    FLOOR,
    GROW,
    HERE,
    IN_RING,
    INNER,
    NEVER,
    NO_FLOOR,
    NOBODY,
    NOTED,
    NOW,
    OUTER,
    THERE,
)
from peerline.matching.solver.trees import make_inner, make_outer, meeting_group, turn, weave


@kernel
def start(s):
    """Duals that satisfy every edge, and a matching on tight edges; what is free then is single or a free blossom."""
    _first_duals(s)
    for v in range(len(s.group)):
        if s.group[v].match_out == NOBODY:
            _come_down(s, v)
    for v in range(len(s.group)):
        if s.group[v].match_out == NOBODY and s.group[v].shift > s.dial[FLOOR]:
            _seek(s, v)
    for v in range(len(s.group)):
        if s.group[s.vertex[v].group].match_out == IN_RING:
            _enclose_ring(s, v)


@kernel
def _first_duals(s):
    """Half of the best edge each: no edge gains more than its ends have together."""
    for v in range(len(s.group)):
        if s.vertex[v].start < s.vertex[v + 1].start:
            best = s.edge[s.vertex[v].start].gain
            for edge in range(s.vertex[v].start, s.vertex[v + 1].start):
                best = max(best, s.edge[edge].gain)
            s.group[v].shift = max(best >> 1, s.dial[FLOOR])


@kernel
def _come_down(s, v):
    """The vertex lowers its dual to its first tight edge, or the floor, and takes the partner there if that one is free."""
    least, partner, is_free, mine = NEVER, NOBODY, False, s.group[v].shift
    for edge in range(s.vertex[v].start, s.vertex[v + 1].start):
        other = s.edge[edge].to
        slack = mine + s.group[other].shift - s.edge[edge].gain
        if slack < least or (slack == least and not is_free):
            least, partner, is_free = slack, other, s.group[other].match_out == NOBODY
    if partner == NOBODY:
        return
    if mine - least < s.dial[FLOOR]:
        s.group[v].shift = s.dial[FLOOR]
        return
    s.group[v].shift = mine - least
    if is_free:
        match_group(s, v, v, partner)
        match_group(s, partner, partner, v)


@kernel
def _seek(s, root):
    """Grow a tree from a free vertex until the way to the nearest end is tight; then turn that way around."""
    s.dial[NOW] = s.dial[FILLED] = 0
    s.tree[0].first, s.tree[0].due = NOBODY, NEVER
    make_outer(s, root, 0)
    _seek_from(s, root)
    while s.dial[FILLED] > 0 and s.heap[0].time < s.tree[0].due:
        time, v = s.heap[0].time, s.heap[0].what >> 2
        drop_first(s)
        if s.group[v].key == time:
            s.dial[NOW] = time
            make_inner(s, v, 0, v, s.group[v].enter_out)
            make_outer(s, s.group[v].match_out, 0)
            _seek_from(s, s.group[v].match_out)
    _end(s)


@kernel
def _seek_from(s, u):
    """What this outer vertex can come to: a matched vertex, to grow over; or an end."""
    now = s.dial[NOW]
    mine = s.group[u].shift - now
    if s.dial[FLOOR] != NO_FLOOR:
        _offer_end(s, mine - s.dial[FLOOR], u, NOBODY)
    for edge in range(s.vertex[u].start, s.vertex[u + 1].start):
        v = s.edge[edge].to
        group = s.group[v]
        if group.label == INNER:
            continue
        slack = mine + group.shift + group.label * now - s.edge[edge].gain
        if group.label == OUTER:
            _offer_end(s, slack >> 1, u, v)
        elif group.match_out < 0:
            _offer_end(s, slack, u, v)
        elif now + slack < min(group.key, s.tree[0].due):
            _note(s, v)
            group.key, group.enter_out = now + slack, u
            push(s, group.key, 4 * v + GROW)


@kernel
def _note(s, v):
    """So that its key is taken away after the search."""
    if s.group[v].key == NEVER:
        s.node[s.dial[NOTED]].noted = v
        s.dial[NOTED] += 1


@kernel
def _offer_end(s, wait, u, v):
    """The search can end over this pair; v is NOBODY for ending at the floor."""
    if s.dial[NOW] + wait < s.tree[0].due:
        s.tree[0].due, s.dial[HERE], s.dial[THERE] = s.dial[NOW] + wait, u, v


@kernel
def _end(s):
    """Let time come to the end that was found, if any, settle the duals, and turn the way around."""
    u, v = s.dial[HERE], s.dial[THERE]
    found = s.tree[0].due < NEVER
    if not found:
        _settle(s)
        return
    s.dial[NOW] = s.tree[0].due
    if v != NOBODY and s.group[v].label == OUTER:
        _close_ring(s, u, v)
    else:
        if v != NOBODY:
            match_around(s, v, v, u) if s.group[v].match_out == IN_RING else match_group(s, v, v, u)
        turn(s, u, v)
    _settle(s)


@kernel
def _close_ring(s, u, v):
    """Everybody on the ring over u–v is matched half to each neighbor; the way from the ring to the root is turned."""
    top = meeting_group(s, u, v)
    weave(s, u, v, top)
    turn(s, top, IN_RING)
    at = s.node[top].ring
    while at != top:
        match_group(s, at, at, IN_RING)
        at = s.node[at].ring


@kernel
def _settle(s):
    """The tree is no more: its vertices' duals stay where they came to, and nobody has a key."""
    g = s.tree[0].first
    while g != NOBODY:
        label_group(s, g, ASIDE)
        g = s.group[g].after
    for i in range(s.dial[NOTED]):
        s.group[s.node[i].noted].key = NEVER
    s.dial[NOTED] = 0


@kernel
def _enclose_ring(s, v):
    """A ring of halves becomes a free blossom."""
    at = v
    while True:
        match_group(s, at, at, NOBODY)
        at = s.node[at].ring
        if at == v:
            break
    match_group(s, enclose(s, v), v, NOBODY)
