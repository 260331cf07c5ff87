"""What the demonstration's people say at their intake: drawn from their place in the roster, so that it is always the same."""

import random
from typing import Any

from peerline.programs.models import Enrollment
from peerline.programs.rules import BARRIERS

SEED = "intake"
HIGH_A1C = 8.0


def said(row: Enrollment, place: int) -> dict[str, Any]:
    """The keywords of intake.record for the person at this place. Most have one or two barriers, some none."""
    chance = random.Random(f"{SEED}:{place}")
    return {
        "barriers": sorted(chance.sample(BARRIERS, chance.choice((0, 1, 1, 1, 2, 2)))),
        "confidence": chance.choice((3, 4, 5, 5, 6, 6, 7, 7, 8, 9)),
        "needs_interpreter": False,
        "medication": _medication(row, chance),
        "insulin_change": bool(row.insulin) and chance.random() < 0.3,
    }


def _medication(row: Enrollment, chance: random.Random) -> str:
    """In step with what the roster says of insulin and A1C."""
    if row.insulin:
        return "insulin"
    return "maximum_oral" if (row.a1c_percent or 0) >= HIGH_A1C else chance.choice(("none", "oral", "oral"))
