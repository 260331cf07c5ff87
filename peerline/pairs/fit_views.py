"""The page that shows what a program's own pairs say about its weights, beside Match. A suggestion, never more."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peerline.matching.learning import Learned
from peerline.matching.scoring import FEATURES
from peerline.pairs import cohorts, fit, match_words, proposals
from peerline.people.access import Request, allow, role
from peerline.programs import queries as programs
from peerline.programs.services import SETTLERS

settlers = role(*sorted(SETTLERS))
WARNINGS = {
    "few": gettext_lazy(
        "These are few pairs for so many features. With other pairs, something else may well come out."
    ),
    "unsure": gettext_lazy("No likeness goes with a better fit for certain: each of these effects may be nothing."),
    "alike": gettext_lazy("Some features are the same in all pairs, so nothing can be learned about them."),
}


@allow(settlers)
def learn(request: Request, program_id: int) -> HttpResponse:
    """The estimate with its intervals, the warnings, and one button that takes the weights."""
    program = programs.program_for(request.viewer, program_id, *SETTLERS)
    found = fit.learned(program.pk)
    if request.method == "POST" and found.weights:
        proposals.change_settings(request.viewer, program_id=program.pk, weights=found.weights)
        messages.success(request, _("The weights are taken. They count from the next match on."))
        return redirect("pairs:match", program.pk)
    now = cohorts.settings_of(program.pk).weights
    warnings = [WARNINGS[word] for word in found.warnings]
    context = {"program": program, "found": found, "rows": _rows(found, now), "warnings": warnings}
    return render(request, "pairs/match_learn.html", context)


def _rows(found: Learned, now: dict[str, int]) -> list[dict[str, Any]]:
    """Each feature with its weight now, the one suggested, and by how much of a hundred fit rises with it."""
    total = sum(now.values()) or 1
    return [
        {
            "label": match_words.FEATURES[name],
            "now": round(100 * now.get(name, 0) / total),
            "suggested": found.weights.get(name),
            "effect": _hundredths(found, name),
        }
        for name in FEATURES
    ]


def _hundredths(found: Learned, name: str) -> dict[str, int] | None:
    effect = found.effects.get(name)
    if effect is None:
        return None
    return {part: round(100 * getattr(effect, part)) for part in ("value", "low", "high")}
