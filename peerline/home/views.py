"""The front page for visitors; everybody else goes to their own first page. The rehearsal telephone, and the checklist
of what is missing before real people are invited."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from peerline.exchange.prompts import services as prompts
from peerline.exchange.prompts.playing import sound_response
from peerline.home import checklist, rehearsal, services
from peerline.kernel.languages import LANGUAGES
from peerline.people.access import KEEPERS, Request, allow, anyone, require, role, staff

administrators = role("administrator")


@allow(anyone)
def front(request: Request) -> HttpResponse:
    viewer = request.viewer
    if viewer.has(*KEEPERS):
        return redirect("care:desk")
    if viewer.is_staff:
        return redirect("monitoring:calls")
    if viewer.is_participant:
        return redirect("pairs:my")
    return render(request, "home/front.html")


@allow(staff)
def telephone(request: Request) -> HttpResponse:
    """The try-it telephone: what callers hear and do, rehearsed; nothing is written and nobody is rung."""
    acts = rehearsal.acts_of(request.session.get("rehearsal", []))
    if request.method == "POST":
        acts = rehearsal.with_act(acts, request.POST.get("phone", ""), request.POST.get("act", ""))
        request.session["rehearsal"] = acts
        return redirect("home:telephone")
    scene = rehearsal.play(acts)
    speaks, last = not prompts.available(), acts[-1][0] if acts else ""
    return render(
        request, "home/telephone.html", {"scene": scene, "keys": rehearsal.KEYPAD, "speaks": speaks, "last": last}
    )


@allow(staff)
@require_GET
def said(request: Request, phone: str) -> HttpResponse:
    """What one of the two telephones says just now, spoken."""
    acts = rehearsal.acts_of(request.session.get("rehearsal", []))
    scene = rehearsal.play(acts)
    newest = (scene.partner if phone == "partner" else scene.caller).newest
    return sound_response(prompts.as_one(newest), request.headers.get("Range", ""))


@allow(administrators)
@never_cache
def ready(request: Request) -> HttpResponse:
    """What is missing before real people are invited, looked at anew each time."""
    points = checklist.points(request.viewer)
    missing = sum(point.state != "done" for point in points)
    return render(request, "home/ready.html", {"points": points, "missing": missing, "languages": LANGUAGES.items()})


@allow(administrators)
@require_POST
def test_mail(request: Request) -> HttpResponse:
    if services.send_test_mail(request.viewer):
        messages.success(request, _("The test mail is on its way. Look here again when it has come."))
    else:
        messages.error(request, _("You have no e-mail address here, or one was just sent."))
    return redirect("home:ready")


@allow(administrators)
@require_POST
def heard_all(request: Request, language: str) -> HttpResponse:
    require(language in LANGUAGES)
    services.heard_all(request.viewer, language)
    messages.success(request, _("Written down. It holds until a word or a recording changes."))
    return redirect("home:ready")
