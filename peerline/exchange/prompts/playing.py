"""A sound file as a web answer. Some browsers play nothing unless they may ask for a part of it (RFC 9110, 14.1)."""

import re
from pathlib import Path

from django.http import HttpResponse


def wave_response(path: Path, wanted: str = "") -> HttpResponse:
    """The file, or the one range of it that `wanted` (a Range header) names; 416 where there is no such part."""
    return sound_response(path.read_bytes(), wanted)


def sound_response(sound: bytes, wanted: str = "") -> HttpResponse:
    """The same for a sound that is in no file."""
    part = _part(wanted, len(sound))
    if part is None:
        return _answer(sound)
    first, last = part
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(sound)}"})
    answer = _answer(sound[first : last + 1], status=206)
    answer["Content-Range"] = f"bytes {first}-{last}/{len(sound)}"
    return answer


def _part(wanted: str, length: int) -> tuple[int, int] | None:
    """First and last byte; None for the whole: no range, several, or one that is not understood."""
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted)
    if not asked or asked[0] == "bytes=-":
        return None
    if not asked[1]:
        return max(0, length - int(asked[2])), length - 1
    return int(asked[1]), min(int(asked[2] or length - 1), length - 1)


def _answer(sound: bytes, status: int = 200) -> HttpResponse:
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, no-store"}
    return HttpResponse(sound, status=status, content_type="audio/wav", headers=headers)
