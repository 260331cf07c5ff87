"""The front page for visitors; everybody else goes to their own first page. And the rehearsal telephone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from peerline.home import rehearsal
from peerline.people.access import KEEPERS, allow, anyone, staff


@allow(anyone)
def front(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.has(*KEEPERS):
        return redirect("care:desk")
    if viewer.is_staff:
        return redirect("monitoring:calls")
    if viewer.is_participant:
        return redirect("pairs:my")
    return render(request, "home/front.html")


@allow(staff)
def telephone(request: HttpRequest) -> HttpResponse:
    """The try-it telephone: what callers hear and do, rehearsed; nothing is written and nobody is rung."""
    acts = rehearsal.acts_of(request.session.get("rehearsal", []))
    if request.method == "POST":
        acts = rehearsal.with_act(acts, request.POST.get("phone", ""), request.POST.get("act", ""))
        request.session["rehearsal"] = acts
        return redirect("home:telephone")
    return render(request, "home/telephone.html", {"scene": rehearsal.play(acts), "keys": rehearsal.KEYPAD})
