"""Trees: who belongs to one, the ways up to its root, and turning such a way around.

In a tree outer and inner groups alternate. An outer group hangs on its match, an inner one on the pair over which it was
entered; the root is an outer group that is not matched.
"""

from peerline.matching.solver.heap import push
from peerline.matching.solver.jit import kernel
from peerline.matching.solver.nest import dual, label_group, link, match_group
from peerline.matching.solver.state import FLOOR, INNER, MARK, NO_FLOOR, NOBODY, NOW, OPEN, OUTER, STOP


@kernel
def make_outer(s, g, t):
    label_group(s, g, OUTER)
    enlist(s, g, t)


@kernel
def make_inner(s, g, t, enter_in, enter_out):
    """It hangs on that pair now. A blossom loses dual as long as it is inner, and opens when there is none left."""
    label_group(s, g, INNER)
    enlist(s, g, t)
    s.group[g].enter_in, s.group[g].enter_out = enter_in, enter_out
    b = s.group[g].node
    if b >= len(s.group):
        push(s, s.node[b].z >> 1, 4 * b + OPEN)


@kernel
def enlist(s, g, t):
    group, first = s.group[g], s.tree[t].first
    group.tree, group.before, group.after = t, NOBODY, first
    if first != NOBODY:
        s.group[first].before = g
    s.tree[t].first = g


@kernel
def unlist(s, g):
    group = s.group[g]
    if group.before == NOBODY:
        s.tree[group.tree].first = group.after
    else:
        s.group[group.before].after = group.after
    if group.after != NOBODY:
        s.group[group.after].before = group.before


@kernel
def note_floor(s, v):
    """If this outer vertex will be the first of its tree to come down to the floor, the tree remembers."""
    if s.dial[FLOOR] == NO_FLOOR:
        return
    time = s.dial[NOW] + dual(s, v) - s.dial[FLOOR]
    tree = s.tree[s.group[s.vertex[v].group].tree]
    if time < tree.due:
        tree.due, tree.lowest = time, v
        push(s, time, 4 * s.group[s.vertex[v].group].tree + STOP)


@kernel
def above(s, g):
    """The next outer group towards the root, NOBODY above the root."""
    out = s.group[g].match_out
    if out == NOBODY:
        return NOBODY
    return s.vertex[s.group[s.vertex[out].group].enter_out].group


@kernel
def meeting_group(s, u, v):
    """Where the ways of two outer vertices of one tree to the root meet."""
    s.dial[MARK] += 1
    one, other = s.vertex[u].group, s.vertex[v].group
    while one == NOBODY or s.group[one].mark != s.dial[MARK]:
        if one != NOBODY:
            s.group[one].mark = s.dial[MARK]
            one = above(s, one)
        one, other = other, one
    return one


@kernel
def weave(s, u, v, top):
    """Link the ring that the edge u–v closes: from u up to the meeting group, down to v, and back to u."""
    _weave_up(s, u, top)
    at = s.vertex[v].group
    while at != top:
        here, there, over = _upwards(s, at)
        link(s, s.group[over].node, s.group[at].node, there, here)
        at = over
    link(s, s.group[s.vertex[v].group].node, s.group[s.vertex[u].group].node, v, u)


@kernel
def _weave_up(s, u, top):
    at = s.vertex[u].group
    while at != top:
        here, there, over = _upwards(s, at)
        link(s, s.group[at].node, s.group[over].node, here, there)
        at = over


@kernel
def _upwards(s, g):
    """The pair that joins a group to the one it hangs on, and that one."""
    group = s.group[g]
    here, there = group.match_in, group.match_out
    if group.label == INNER:
        here, there = group.enter_in, group.enter_out
    return here, there, s.vertex[there].group


@kernel
def turn(s, u, v):
    """The outer group of u is matched with v over u; all matches from it to the root move on by one."""
    more = True
    while more:
        g = s.vertex[u].group
        left = s.group[g].match_out
        match_group(s, g, u, v)
        more = left != NOBODY
        if more:
            h = s.vertex[left].group
            u, v = s.group[h].enter_out, s.group[h].enter_in
            match_group(s, h, v, u)
