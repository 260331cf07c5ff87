"""The browser door of pairs, for participants: call my partner, hear my messages, stop. No number but the line's."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from peerline.exchange import queries as exchange
from peerline.exchange import services as exchange_services
from peerline.exchange.sound import wav_response
from peerline.kernel import clock
from peerline.pairs import queries, services, words, writing
from peerline.pairs.rules import PairError
from peerline.people.access import NotThere, Request, allow, anyone, participant
from peerline.people.queries import number_to_dial, person_known
from peerline.programs import queries as programs
from peerline.programs import rests
from peerline.ui.phrases import greeting_words


@allow(participant)
def home(request: Request) -> HttpResponse:
    """Talk with my partner: one large button, and how often we talked."""
    me = request.viewer.person_id
    rows = [queries.mine_shown(shown, me) for shown in queries.shown(queries.pairs_of(me))]
    new = exchange.voice_messages().filter(to_person_id=me, heard_at=None).count()
    person = person_known(me)
    context = {
        "greeting": greeting_words(clock.now().astimezone(ZoneInfo(person.time_zone)).hour, person.nickname),
        "rows": rows,
        "rests": rests.of_person(me),
        "new_messages": new,
        "can_ring": number_to_dial(me) is not None,
    }
    return render(request, "pairs/my.html", context)


@allow(participant)
@require_POST
def call(request: Request, pair_id: int) -> HttpResponse:
    """The line rings me, and when I press 1, my partner."""
    viewer = request.viewer
    try:
        services.ring_both(viewer, pair_id=pair_id, first_person_id=viewer.person_id)
        messages.success(request, _("Your telephone will ring in a moment. Pick up and press 1."))
    except PairError as reason:
        messages.error(request, words.SENTENCES[reason.word])
    return redirect("pairs:my")


@allow(participant)
@require_GET
def messages_page(request: Request) -> HttpResponse:
    """What was left for me, spoken and written, newest first; and a place to write."""
    me = request.viewer.person_id
    voices = [{"voice": one, "at": one.left_at} for one in exchange.voice_messages().filter(to_person_id=me)[:100]]
    written = [{"written": one, "at": one["at"]} for one in writing.shown(me)]
    items = sorted([*voices, *written], key=lambda item: item["at"], reverse=True)
    return render(request, "pairs/my_messages.html", {"items": items, "partners": writing.partners(me)})


@allow(participant)
def sound(request: Request, voice_id: int) -> HttpResponse:
    """One of my messages, unsealed for me alone; it counts as heard."""
    voice = exchange.voice_messages().filter(pk=voice_id, to_person_id=request.viewer.person_id).first()
    if voice is None:
        raise NotThere
    exchange_services.heard_by(request.viewer.person_id, voice.pk)
    return wav_response(request, voice.file)


@allow(participant)
@require_POST
def delete(request: Request, voice_id: int) -> HttpResponse:
    if exchange_services.drop_for(request.viewer.person_id, voice_id):
        messages.success(request, _("The message is deleted."))
    return redirect("pairs:my_messages")


@allow(participant)
def stop(request: Request) -> HttpResponse:
    """Out at once, for any reason; asked once, and nobody asks why."""
    if request.method == "POST":
        services.stop_taking_part(request.viewer.person_id)
        logout(request)
        return redirect("pairs:stopped")
    active = programs.enrolled(request.viewer.person_id, "active")
    rest = reverse("programs:rest", args=[active[0].enrollment_id]) if len(active) == 1 else reverse("programs:known")
    return render(request, "pairs/my_stop.html", {"rest": rest if active else ""})


@allow(anyone)
def stopped(request: Request) -> HttpResponse:
    return render(request, "pairs/stopped.html")
