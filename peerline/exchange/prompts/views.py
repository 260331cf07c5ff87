"""The browser door: staff hear what the line says, and put their own voice in place of the machine's."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from peerline.exchange.prompts import queries, services
from peerline.exchange.prompts.access import may_change_prompts
from peerline.exchange.prompts.catalogue import NoSuchPrompt
from peerline.exchange.prompts.forms import RecordingForm
from peerline.exchange.prompts.playing import wave_response
from peerline.exchange.prompts.receiving import KeepsLittle
from peerline.exchange.prompts.uploads import BadUpload
from peerline.kernel.languages import LANGUAGES, known
from peerline.people.access import Request, allow


@allow(may_change_prompts)
@require_GET
def front(request: Request) -> HttpResponse:
    return redirect("prompts:shelf", known(get_language()))


@allow(may_change_prompts)
@require_GET
def shelf(request: Request, language: str) -> HttpResponse:
    if language not in LANGUAGES:
        raise Http404
    sections = queries.all_shown(language)
    shown = {
        "sections": sections,
        "waiting": [one for _name, members in sections for one in members if one.spoken_by in ("waiting", "outdated")],
        "spoken": language,
        "languages": LANGUAGES.items(),
        "silent": services.available(),
    }
    return render(request, "exchange/prompts/shelf.html", shown)


@allow(may_change_prompts)
@csrf_exempt  # _one protects it: the token is read with the file, which must be received by our own handler
def one(request: Request, language: str, key: str) -> HttpResponse:
    request.upload_handlers = [KeepsLittle(request)]
    return _one(request, language, key)


@csrf_protect
def _one(request: Request, language: str, key: str) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RecordingForm(*sent)
    if form.is_valid() and _recorded(request, language, key, form):
        messages.success(request, _("Your recording is here. Listen to it, then put it on the line."))
        return redirect("prompts:one", language, key)
    shown = {"shown": _shown(key, language), "form": form, "others": queries.in_other_languages(key, language)}
    return render(request, "exchange/prompts/one.html", shown)


@allow(may_change_prompts)
@require_POST
def approve(request: Request, language: str, key: str) -> HttpResponse:
    try:
        services.heard(request.viewer, key=key, language=language, token=request.POST.get("token", ""))
        messages.success(request, _("Callers now hear this recording."))
    except services.NotTheOneHeard:
        messages.error(request, _("The recording was changed meanwhile. Listen to it again."))
    return redirect("prompts:one", language, key)


@allow(may_change_prompts)
@require_POST
def restore(request: Request, language: str, key: str) -> HttpResponse:
    services.restore(request.viewer, key=key, language=language)
    messages.success(request, _("The recording is deleted. Callers hear the machine's voice."))
    return redirect("prompts:one", language, key)


@allow(may_change_prompts)
@require_GET
def on_the_line(request: Request, language: str, key: str) -> HttpResponse:
    """What callers hear now, with sample values."""
    path = services.audio_for(queries.sample_of(_shown(key, language).prompt))
    return wave_response(path, request.headers.get("Range", ""))


@allow(may_change_prompts)
@require_GET
def waiting(request: Request, language: str, key: str) -> HttpResponse:
    """The uploaded recording, whether approved or not."""
    recording = _shown(key, language).recording
    if recording is None or not queries.file_of(recording).is_file():
        raise Http404
    return wave_response(queries.file_of(recording), request.headers.get("Range", ""))


def _shown(key: str, language: str) -> queries.Shown:
    try:
        return queries.shown(key, language)
    except NoSuchPrompt:
        raise Http404 from None


def _recorded(request: Request, language: str, key: str, form: RecordingForm) -> bool:
    try:
        services.replace(request.viewer, key=key, language=language, upload=form.cleaned_data["recording"])
    except BadUpload as reason:
        form.add_error("recording", str(reason))
    except (NoSuchPrompt, services.CannotReplace):
        raise Http404 from None
    return form.is_valid()
