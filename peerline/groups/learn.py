"""The browser door of the training: one screen a page, left off and gone on with at any time, three questions at the end."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from peerline.groups import content, training
from peerline.groups.rules import SCREENS
from peerline.people.access import NotThere, Request, allow, participant


@allow(participant)
def learn(request: Request) -> HttpResponse:
    """Where I left off; the first screen again once it is done."""
    row = training.reached(request.viewer.person_id)
    if row is None or row.done_at:
        return redirect("groups:learn_screen", 1)
    return redirect("groups:learn_screen", row.screen + 1) if row.screen < SCREENS else redirect("groups:look_back")


@allow(participant)
def screen(request: Request, number: int) -> HttpResponse:
    """One screen; going on notes that it was seen."""
    if not 1 <= number <= SCREENS:
        raise NotThere
    if request.method == "POST":
        training.seen(request.viewer.person_id, screen=number, how="web")
        return redirect("groups:learn_screen", number + 1) if number < SCREENS else redirect("groups:look_back")
    shown = content.screens(get_language() or "en")[number - 1]
    context = {"screen": shown, "number": number, "screens": SCREENS, "before": number - 1}
    return render(request, "groups/screen.html", context)


@allow(participant)
def look_back(request: Request) -> HttpResponse:
    """Three questions; each answer is met with the reason, nobody is marked."""
    me = request.viewer.person_id
    row = training.reached(me)
    if row is None or row.screen < SCREENS:
        return redirect("groups:learn")
    if request.method == "POST":
        training.finish(me, how="web")
    return render(request, "groups/look_back.html", {"checks": _answered(request), "done": request.method == "POST"})


def _answered(request: Request) -> list[dict[str, Any]]:
    """Each question with what was answered, if anything."""
    return [
        {"check": check, "name": f"answer{number}", "chosen": request.POST.get(f"answer{number}", "")}
        for number, check in enumerate(content.checks(get_language() or "en"), 1)
    ]
