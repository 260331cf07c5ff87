"""The doors where a carrier fetches sound. No signature is on these requests: who has the address may hear it (addresses.py)."""

import io
import wave
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from peerline.exchange.engines.embedded import tones
from peerline.exchange.engines.webhook import addresses
from peerline.exchange.engines.webhook.addresses import Sound
from peerline.exchange.models import Leg, VoiceMessage
from peerline.exchange.prompts import services as prompts
from peerline.exchange.prompts.playing import wave_response
from peerline.exchange.sound import wav_response
from peerline.people.access import allow, anyone

TONES = ("ringing", "hold")


@allow(anyone)
@require_safe
def prompt(request: HttpRequest, language: str, prompt: str, until: int, mark: str) -> HttpResponse:
    """A fixed prompt. The carrier may keep it for the day."""
    response = _played(request, addresses.of_prompt(language, prompt, until, mark))
    if response.status_code < 400:
        response["Cache-Control"] = "private, max-age=86400"
    return response


@allow(anyone)
@require_safe
def sound(request: HttpRequest, token: str) -> HttpResponse:
    """Words with somebody's name in them, or a voice message: only while its leg is on the line."""
    return _played(request, addresses.of_sealed(token))


@allow(anyone)
@require_safe
def tone_wav(request: HttpRequest, name: str) -> HttpResponse:
    """Ringing, or "be right back". No secret."""
    if settings.ENGINE != "webhook" or name not in TONES:
        return _nothing_there()
    return HttpResponse(_tone(name), content_type="audio/wav", headers={"Cache-Control": "max-age=86400"})


def _played(request: HttpRequest, found: Sound | None) -> HttpResponse:
    if settings.ENGINE != "webhook" or found is None or not _may_be_heard(found):
        return _nothing_there()
    if not found.spoken.voice_id:
        return wave_response(prompts.audio_for(found.spoken), request.headers.get("Range", ""))
    file = VoiceMessage.objects.filter(pk=found.spoken.voice_id).values_list("file", flat=True).first()
    return wav_response(request, file) if file else _nothing_there()


def _may_be_heard(sound: Sound) -> bool:
    return not sound.leg_id or Leg.objects.filter(pk=sound.leg_id, engine="webhook", state="up").exists()


def _nothing_there() -> HttpResponse:
    """Without a page around it: no reader sees this."""
    return HttpResponse(status=404)


@cache
def _tone(name: str) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, tones.RATE, 0, "NONE", ""))
        file.writeframes(tones.loop(name).astype("<i2").tobytes())
    return out.getvalue()
