"""A voice message for a browser's player: unsealed in memory, never kept by anybody on the way."""

import re

from django.http import HttpRequest, HttpResponse

from peerline.exchange import voices

RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


def wav_response(request: HttpRequest, file: str) -> HttpResponse:
    """The whole WAV, or the part a player asks for (it does when somebody drags the bar)."""
    try:
        data = voices.wav(file)
    except (FileNotFoundError, voices.CannotOpen):
        return HttpResponse(status=410)
    response = HttpResponse(data, content_type="audio/wav")
    asked = RANGE.match(request.headers.get("Range", ""))
    if asked and any(asked.groups()):
        first, last = _bounds(asked, len(data))
        if first > last:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
        response = HttpResponse(data[first : last + 1], status=206, content_type="audio/wav")
        response["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "no-store"
    return response


def _bounds(asked: re.Match[str], size: int) -> tuple[int, int]:
    """First and last byte; "-500" is the last 500."""
    if not asked[1]:
        return max(0, size - int(asked[2])), size - 1
    return int(asked[1]), min(int(asked[2] or size - 1), size - 1)
