"""The heaviest matching of a general graph, with duals that prove it: Edmonds' blossoms, primal and dual, all trees at once.

`fractional.start` leaves a few free nodes. Each becomes the root of a tree, and from then on time runs: the duals of all
outer vertices fall by one a tick, those of inner ones rise, and an edge whose ends have just what it gains is *tight*.
Four things happen, each promised in the heap for its time:

    GROW  an outer vertex gets at a group that is aside: it becomes inner, and its partner outer
    MEET  two outer vertices get at each other: a ring closes and becomes a blossom (one tree), or the ways to both roots
          are turned around and one more pair is matched (two trees)
    OPEN  an inner blossom has no dual left: it falls apart into its children
    STOP  an outer vertex has come down to the floor: it may as well be the one who stays free

A tree whose root is matched is dissolved. All trees move together, so they meet halfway and stay small; and all roots'
duals are even or odd together, so halving what lies between two outer vertices leaves no fraction.

A promise is a lower bound: "nothing happens here before". When its time comes and what was promised is not there any
more, one looks afresh and promises anew. So a vertex needs one promise for all the outer vertices it may meet, and a
group one for all those that may get at it; dissolving a tree takes none back.

Is no promise left, then the free nodes cannot be matched by any means. Who of them is free is still to be chosen for the
weight: the floor is put below every dual, so low that no gain outweighs a pair, and the trees go down to it one by one.
"""

from peerline.matching.solver.fractional import start
from peerline.matching.solver.heap import can_open, drop_first, push
from peerline.matching.solver.jit import entry, kernel
from peerline.matching.solver.nest import dual, enclose, label_group, match_group, open_blossom
from peerline.matching.solver.state import (
    ASIDE,
    FILLED,
    FLOOR,
    GROW,
    INNER,
    MEET,
    NEVER,
    NOBODY,
    NOW,
    OPEN,
    OUTER,
    TREES,
)
from peerline.matching.solver.trees import make_inner, make_outer, meeting_group, note_floor, turn, unlist, weave


@entry
def search(s):
    """From nothing to the best matching and its duals."""
    start(s)
    _plant(s)
    while s.dial[TREES] > 0:
        if s.dial[FILLED] == 0:
            _put_floor(s)
        s.dial[NOW], what = s.heap[0].time, s.heap[0].what
        drop_first(s)
        _keep(s, what & 3, what >> 2)


@kernel
def _plant(s):
    """Every free node that is not down at the floor becomes a root."""
    s.dial[NOW] = s.dial[FILLED] = 0
    for v in range(len(s.group)):
        g = s.vertex[v].group
        if s.group[g].match_out == NOBODY and s.group[g].label == ASIDE and dual(s, v) > s.dial[FLOOR]:
            s.tree[s.dial[TREES]].first, s.tree[s.dial[TREES]].due = NOBODY, NEVER
            make_outer(s, g, s.dial[TREES])
            s.dial[TREES] += 1
    for v in range(len(s.group)):
        if s.group[s.vertex[v].group].label == OUTER:
            _reach_out(s, v)


@kernel
def _keep(s, kind, at):
    """The time of a promise has come: keep it, or see that it does not hold any more."""
    if kind == GROW:
        if s.group[at].key == s.dial[NOW]:
            _grow(s, at)
    elif kind == MEET:
        if s.vertex[at].meet == s.dial[NOW] and s.group[s.vertex[at].group].label == OUTER:
            _meet(s, at)
    elif kind == OPEN:
        if can_open(s, at) and s.node[at].z == 2 * s.dial[NOW]:
            _open_inner(s, at)
    elif s.tree[at].due == s.dial[NOW]:
        turn(s, s.tree[at].lowest, NOBODY)
        _dissolve(s, at, at)


# --- What a vertex or group can come to ------------------------------------------------------------------------------


@kernel
def _reach_out(s, u):
    """An outer vertex promises itself to the groups aside it can get at, and notes the outer vertex it can meet first."""
    note_floor(s, u)
    g, now, mine = s.vertex[u].group, s.dial[NOW], dual(s, u)
    meet, way = NEVER, NOBODY
    for edge in range(s.vertex[u].start, s.vertex[u + 1].start):
        v = s.edge[edge].to
        h = s.vertex[v].group
        group = s.group[h]
        if h == g or group.label == INNER:
            continue
        slack = mine + s.vertex[v].y + group.shift + group.label * now - s.edge[edge].gain
        if group.label == OUTER:
            if now + (slack >> 1) < meet:
                meet, way = now + (slack >> 1), edge
        elif now + slack < group.key:
            group.key, group.enter_in, group.enter_out, group.way = now + slack, v, u, edge
            push(s, group.key, 4 * h + GROW)
    s.vertex[u].meet, s.vertex[u].way = meet, way
    if meet < NEVER:
        push(s, meet, 4 * u + MEET)


@kernel
def _look_around(s, g):
    """A group that is aside finds the outer vertex that gets at it first."""
    group = s.group[g]
    group.key = NEVER
    node = s.node[group.node]
    v, more = node.first, True
    while more:
        _look_from(s, g, v)
        more = v != node.last
        v = s.vertex[v].next
    if group.key < NEVER:
        push(s, group.key, 4 * g + GROW)


@kernel
def _look_from(s, g, v):
    group, mine = s.group[g], dual(s, v)
    for edge in range(s.vertex[v].start, s.vertex[v + 1].start):
        u = s.edge[edge].to
        other = s.group[s.vertex[u].group]
        if other.label == OUTER:
            time = (
                mine + s.vertex[u].y + other.shift - s.edge[edge].gain
            )  # now + slack: the other's dual is less by now
            if time < group.key:
                group.key, group.enter_in, group.enter_out, group.way = time, v, u, edge


# --- What happens -----------------------------------------------------------------------------------------------------


@kernel
def _grow(s, g):
    """The group joins the tree of the vertex that got at it, and its partner with it; a free one ends the tree."""
    u, v = s.group[g].enter_out, s.group[g].enter_in
    if (
        u == NOBODY
        or s.group[s.vertex[u].group].label != OUTER
        or dual(s, u) + dual(s, v) > s.edge[s.group[g].way].gain
    ):
        _look_around(s, g)
        return
    out, t = s.group[g].match_out, s.group[s.vertex[u].group].tree
    if out == NOBODY:
        match_group(s, g, v, u)
        turn(s, u, v)
        _dissolve(s, t, t)
        _look_around(s, g)
        return
    make_inner(s, g, t, v, u)
    make_outer(s, s.vertex[out].group, t)
    _reach_out_all(s, s.group[s.vertex[out].group].node)


@kernel
def _reach_out_all(s, b):
    v, more = s.node[b].first, True
    while more:
        _reach_out(s, v)
        more = v != s.node[b].last
        v = s.vertex[v].next


@kernel
def _meet(s, u):
    """Two outer vertices on a tight edge: a blossom, or one more pair."""
    way = s.vertex[u].way
    v = s.edge[way].to
    one, other = s.group[s.vertex[u].group], s.group[s.vertex[v].group]
    if other.label == OUTER and s.vertex[u].group != s.vertex[v].group and dual(s, u) + dual(s, v) == s.edge[way].gain:
        if one.tree != other.tree:
            t, with_t = one.tree, other.tree
            turn(s, u, v)
            turn(s, v, u)
            _dissolve(s, t, with_t)
            return
        _shrink(s, u, v)
    _reach_out(s, u)


@kernel
def _shrink(s, u, v):
    """The ring over u–v becomes an outer blossom. Vertices that were inner reach out for the first time."""
    top = meeting_group(s, u, v)
    weave(s, u, v, top)
    match_in, match_out, t = s.group[top].match_in, s.group[top].match_out, s.group[top].tree
    child, inner = s.group[top].node, 0
    at, more = child, True
    while more:
        g = s.vertex[s.node[at].first].group
        if s.group[g].label == INNER:
            s.node[inner].noted = at
            inner += 1
        unlist(s, g)
        at = s.node[at].ring
        more = at != child
    g = enclose(s, child)
    match_group(s, g, match_in, match_out)
    make_outer(s, g, t)
    for i in range(inner):
        _reach_out_all(s, s.node[i].noted)


@kernel
def _open_inner(s, b):
    """An inner blossom falls apart. The even way from where it was entered to its base stays in the tree."""
    g = s.vertex[s.node[b].first].group
    t, enter_in, enter_out = s.group[g].tree, s.group[g].enter_in, s.group[g].enter_out
    unlist(s, g)
    label_group(s, g, ASIDE)
    base = open_blossom(s, b)
    _keep_even_way(s, t, base, enter_in, enter_out)
    at, more = base, True
    while more:
        h = s.vertex[s.node[at].first].group
        if s.group[h].label == OUTER:
            _reach_out_all(s, at)
        elif s.group[h].label == ASIDE:
            _look_around(s, h)
        at = s.node[at].ring
        more = at != base


@kernel
def _keep_even_way(s, t, base, enter_in, enter_out):
    """From the child that was entered, in turn inner and outer along matched pairs, to the base."""
    at = s.group[s.vertex[enter_in].group].node
    forward = _is_even_to(s, at, base)
    while at != base:
        make_inner(s, s.vertex[enter_in].group, t, enter_in, enter_out)
        at = s.node[at].ring if forward else s.node[at].back
        make_outer(s, s.vertex[s.node[at].first].group, t)
        if forward:
            enter_in, enter_out = s.node[at].there, s.node[at].here
            at = s.node[at].ring
        else:
            at = s.node[at].back
            enter_in, enter_out = s.node[at].here, s.node[at].there
    make_inner(s, s.vertex[enter_in].group, t, enter_in, enter_out)


@kernel
def _is_even_to(s, at, base):
    even = True
    while at != base:
        even = not even
        at = s.node[at].ring
    return even


@kernel
def _dissolve(s, t, with_t):
    """One or two trees are no more: their groups are aside, and others may get at them."""
    _lay_aside(s, t)
    s.dial[TREES] -= 1
    if with_t != t:
        _lay_aside(s, with_t)
        s.dial[TREES] -= 1
    if s.dial[TREES] > 0:
        _look_around_all(s, t)
        if with_t != t:
            _look_around_all(s, with_t)


@kernel
def _lay_aside(s, t):
    s.tree[t].due = NEVER
    g = s.tree[t].first
    while g != NOBODY:
        was_outer = s.group[g].label == OUTER
        label_group(s, g, ASIDE)
        if was_outer:
            _promise_twice(s, g)
        g = s.group[g].after


@kernel
def _promise_twice(s, g):
    """What could have met its vertices can now only get at them, in twice the time: no need to look before."""
    group, node = s.group[g], s.node[s.group[g].node]
    meet = NEVER
    v, more = node.first, True
    while more:
        meet = min(meet, s.vertex[v].meet)
        more = v != node.last
        v = s.vertex[v].next
    if meet < NEVER:
        group.key, group.enter_out = 2 * meet - s.dial[NOW], NOBODY
        push(s, group.key, 4 * g + GROW)


@kernel
def _look_around_all(s, t):
    """Those who were inner never looked for others."""
    g = s.tree[t].first
    while g != NOBODY:
        if s.group[g].key == NEVER:
            _look_around(s, g)
        g = s.group[g].after


@kernel
def _put_floor(s):
    """Below every dual, and so low that one more pair would outweigh all that can be gained by weight."""
    n = len(s.group)
    floor = 0
    for edge in range(len(s.edge)):
        floor = max(floor, abs(s.edge[edge].gain))
    floor = -(n + 1) * ((floor >> 1) + 2)
    for v in range(n):
        floor = min(floor, dual(s, v))
    s.dial[FLOOR] = floor
    for v in range(n):
        if s.group[s.vertex[v].group].label == OUTER:
            note_floor(s, v)


# --- At the end -------------------------------------------------------------------------------------------------------


@entry
def write_order(s, order):
    """All vertices so that every blossom's stand side by side: the lists of the outermost nodes, one after the other."""
    at = 0
    for root in range(len(s.group)):
        node = s.node[s.group[s.vertex[root].group].node]
        if node.first == root:
            v, more = root, True
            while more:
                order[at] = v
                at += 1
                more = v != node.last
                v = s.vertex[v].next


@entry
def open_all(s):
    """Until every vertex is outermost and knows its partner."""
    for v in range(len(s.group)):
        while s.group[s.vertex[v].group].node >= len(s.group):
            open_blossom(s, s.group[s.vertex[v].group].node)
