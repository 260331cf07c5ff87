"""Machine code of everything a large cohort needs, made once and kept for every process (solver/jit.py)."""

from datetime import date

import numpy as np

from peerline.matching import overall, solver
from peerline.matching.cells import lay_out
from peerline.matching.cohort import Person, build
from peerline.matching.rules import Rules
from peerline.matching.scoring import WEIGHTS, Scorer
from peerline.matching.solver import jit, places


def warm() -> None:
    """Compile what is not in the cache: some forty seconds of a core once, a second later on.

    Each compiled way is gone once, on the smallest cohort that takes it.
    """
    solver.warm()
    people = [Person(str(one), age=one % 60) for one in range(overall.FEW + 1)]  # one more than plain Python looks at
    scorer = Scorer(build(people, first_day=date(2026, 1, 5), weeks=1), WEIGHTS, Rules())
    scorer.tile(0, 1, 0, 1)
    cells = lay_out(scorer, np.zeros(scorer.n, bool))
    pairs = overall.best_partners(cells)
    overall.cheap_pairs(cells, solver.solve(scorer.n, *pairs))
    places.place([[1]], [1], compiled=True)
    jit.note_cached()
