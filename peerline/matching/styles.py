"""What "best" may mean: the highest total, the worst pair raised, or few pairs that would rather swap.

Whatever the style, as many people as possible get a partner; only then do points count.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from peerline.matching.candidates import Edges

STYLES = ("best", "fair", "steady")
FAIR_PER_MILLE = 999  # of the best total that the fair style keeps
STEADY_POWER = 4  # how sharply the steady style prefers the best-suited pairs

Mates = npt.NDArray[np.int32]
Solve = Callable[[Edges], Mates]


def worth(edges: Edges, mate: Mates) -> tuple[int, int, int]:
    """(pairs, their points, the fewest points of one) of a matching on these pairs."""
    points = edges.points[mate[edges.u] == edges.v]
    return len(points), int(points.sum()), int(points.min()) if len(points) else 0


def fair(edges: Edges, best: Mates, solve: Solve) -> Mates:
    """As many pairs as the best, at 999 ‰ of its points or more, and the worst pair as good as that allows.

    Pairs below a line are left out, and the highest line that still gives all that is found by halving. The higher
    the line, the fewer matchings are left, so nothing above the found line is missed.
    """
    pairs, total, worst = worth(edges, best)
    lines = np.unique(edges.points[edges.points > worst])
    found, low, high = best, 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        tried = solve(edges.where(edges.points >= lines[middle]))
        count, points, _ = worth(edges, tried)
        if count == pairs and points * 1000 >= total * FAIR_PER_MILLE:
            found, low = tried, middle + 1
        else:
            high = middle
    return found


def steady(edges: Edges, solve: Solve) -> Mates:
    """Points to the fourth power: whoever suits each other very well is rarely taken apart for the total's sake."""
    full = int(edges.points.max()) if len(edges) else 0
    unit = max(1, full**STEADY_POWER // 1_000_000)
    return solve(Edges(edges.u, edges.v, edges.points**STEADY_POWER // unit))
