"""Machine code of everything a large cohort needs, made once and kept for every process (solver/jit.py)."""

from datetime import date

from peerline.matching import solver
from peerline.matching.cohort import Person, build
from peerline.matching.rules import Rules
from peerline.matching.scoring import WEIGHTS, Scorer
from peerline.matching.solver import jit, places, pricing


def warm() -> None:
    """Compile what is not in the cache: some forty seconds of a core once, a second later on.

    Each compiled way is gone once, on the smallest cohort that takes it.
    """
    solver.warm()
    people = [Person(str(one), age=one % 60) for one in range(pricing.ROWS + 1)]  # one more than plain Python prices
    scorer = Scorer(build(people, first_day=date(2026, 1, 5), weeks=1), WEIGHTS, Rules())
    pricing.cheap_pairs(scorer.n, scorer.tile, solver.solve(scorer.n, [0], [1], [1]), threads=1)
    places.place([[1]], [1], compiled=True)
    jit.note_cached()
