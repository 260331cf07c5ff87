"""Blossoms: making one of an odd ring, and opening one into its children.

Who is matched with whom is kept for outermost nodes only. Inside a blossom it follows from where the blossom's own
match leaves it: that child is the base, and the others pair up around the ring. It is worked out on opening, so turning
a match around never descends into the dolls.
"""

from peerline.matching.solver.jit import kernel
from peerline.matching.solver.state import ASIDE, NEVER, NOBODY, NOW, SPARE_GROUPS, SPARE_NODES


@kernel
def dual(s, v):
    """The true dual of a vertex, now."""
    group = s.group[s.vertex[v].group]
    return s.vertex[v].y + group.shift + group.label * s.dial[NOW]


@kernel
def label_group(s, g, label):
    """From now on its duals move that way; up to now they moved the old one."""
    group = s.group[g]
    moved = (group.label - label) * s.dial[NOW]
    group.shift += moved
    s.node[group.node].z -= 2 * moved
    group.label = label
    group.key = NEVER


@kernel
def link(s, one, other, here, there):
    """`other` follows `one` in a ring, joined to it by the pair (here, there)."""
    s.node[one].ring = other
    s.node[one].here = here
    s.node[one].there = there
    s.node[other].back = one


@kernel
def enclose(s, child):
    """The ring this node lies in becomes one blossom with dual 0. Returns its group: that of the largest child."""
    largest = _largest(s, child)
    b = _new_blossom(s, child)
    kept = s.vertex[s.node[largest].first].group
    label_group(s, kept, ASIDE)
    at, more = child, True
    while more:
        g = s.vertex[s.node[at].first].group
        s.node[at].inside = b
        if at != largest:
            label_group(s, g, ASIDE)
            _move_into(s, at, g, kept)
            s.group[s.dial[SPARE_GROUPS]].spare = g
            s.dial[SPARE_GROUPS] += 1
        at = s.node[at].ring
        more = at != child
    s.group[kept].node = b
    return kept


@kernel
def _largest(s, child):
    """The largest node of a ring."""
    largest, at = child, s.node[child].ring
    while at != child:
        if s.node[at].size > s.node[largest].size:
            largest = at
        at = s.node[at].ring
    return largest


@kernel
def _new_blossom(s, child):
    """A blossom around a ring: its vertices are the children's, one list after the other."""
    s.dial[SPARE_NODES] -= 1
    b = s.node[s.dial[SPARE_NODES]].spare
    blossom = s.node[b]
    blossom.z, blossom.child, blossom.inside = 0, child, NOBODY
    blossom.first, blossom.last, blossom.size = s.node[child].first, s.node[child].last, s.node[child].size
    at = s.node[child].ring
    while at != child:
        s.vertex[blossom.last].next = s.node[at].first
        blossom.last = s.node[at].last
        blossom.size += s.node[at].size
        at = s.node[at].ring
    return b


@kernel
def _move_into(s, child, old, new):
    """The vertices of a node leave their group for another; both are aside, and no dual changes."""
    gap = s.group[old].shift - s.group[new].shift
    v, last = s.node[child].first, s.node[child].last
    while True:
        vertex = s.vertex[v]
        vertex.y += gap
        vertex.group = new
        if v == last:
            break
        v = vertex.next


@kernel
def open_blossom(s, b):
    """Its children become outermost, aside, and matched: the base outwards, the others in pairs around the ring.

    Returns the base. The blossom is aside and its dual is 0, or nobody minds.
    """
    g = s.vertex[s.node[b].first].group
    match_in, match_out = s.group[g].match_in, s.group[g].match_out
    child = s.node[b].child
    largest = _largest(s, child)
    at, more = child, True
    while more:
        s.node[at].inside = NOBODY
        if at != largest:
            _own_group(s, at, g)
        at = s.node[at].ring
        more = at != child
    s.group[g].node = largest
    s.node[b].child = NOBODY
    s.node[s.dial[SPARE_NODES]].spare = b
    s.dial[SPARE_NODES] += 1
    base = s.group[s.vertex[match_in].group].node
    match_around(s, base, match_in, match_out)
    return base


@kernel
def _own_group(s, child, old):
    """A child gets a group of its own, with duals as they are."""
    s.dial[SPARE_GROUPS] -= 1
    g = s.group[s.dial[SPARE_GROUPS]].spare
    group = s.group[g]
    group.node, group.shift, group.label, group.key = child, s.group[old].shift, ASIDE, NEVER
    _move_into(s, child, old, g)


@kernel
def match_around(s, base, match_in, match_out):
    """The base is matched outwards; from it the ring's other nodes pair up."""
    match_group(s, s.vertex[match_in].group, match_in, match_out)
    one = s.node[base].ring
    while one != base:
        here, there = s.node[one].here, s.node[one].there
        match_group(s, s.vertex[here].group, here, there)
        match_group(s, s.vertex[there].group, there, here)
        one = s.node[s.node[one].ring].ring


@kernel
def match_group(s, g, match_in, match_out):
    s.group[g].match_in = match_in
    s.group[g].match_out = match_out
