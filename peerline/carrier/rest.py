"""The carrier's REST interface, as far as every room needs it. Each request names its own account and password.

Small on purpose: the carrier's own library costs 12 MB in every process and follows redirects with the password in hand.
"""

import base64
import json
import socket
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

SECONDS = 8
NOT_TAKEN = (429, 503)  # it says so itself: too many at once, or closed


class CarrierRefused(Exception):
    """The carrier understood and said no. status: its HTTP status; code: its own number for why, 0 where it gave none."""

    def __init__(self, status: int, code: int = 0) -> None:
        super().__init__(f"the carrier answered {status}" + (f" ({code})" if code else ""))
        self.status, self.code = status, code


class CarrierAway(Exception):
    """No answer, or one that makes no sense. perhaps_done: nobody knows whether it did what it was asked."""

    def __init__(self, why: str, *, perhaps_done: bool = True) -> None:
        super().__init__(why)
        self.perhaps_done = perhaps_done


class _NoPasswordElsewhere(urllib.request.HTTPRedirectHandler):
    """A file may lie on another host; our password does not go there, and nothing but a GET is sent on."""

    def redirect_request(self, req: Any, *answer: Any) -> Any:
        if req.get_method() != "GET":
            return None
        again = super().redirect_request(req, *answer)
        if again is not None and urlsplit(again.full_url).netloc != urlsplit(req.full_url).netloc:
            again.remove_header("Authorization")
        return again


class Account:
    """One account at one carrier."""

    def __init__(self) -> None:
        carrier = settings.CARRIER
        self._base = f"{carrier['url'].rstrip('/')}/2010-04-01/Accounts/{quote(carrier['account'], safe='')}"
        word = base64.b64encode(f"{carrier['account']}:{carrier['token']}".encode()).decode()
        self._headers = {"Authorization": f"Basic {word}", "Accept": "application/json"}
        self._opener = urllib.request.build_opener(_NoPasswordElsewhere)

    def json(self, method: str, path: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the carrier answers. Raises CarrierRefused or CarrierAway."""
        with self.open(method, path, fields) as answer:
            try:
                return dict(json.loads(answer.read(1_000_000)))
            except (ValueError, OSError, HTTPException) as reason:
                raise CarrierAway("the carrier's answer makes no sense") from reason

    def open(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Any:
        """Raises CarrierRefused or CarrierAway; neither holds a number."""
        data = urlencode(fields, doseq=True).encode() if fields else None
        request = urllib.request.Request(f"{self._base}/{path}", data, self._headers, method=method)  # noqa: S310 - a setting
        try:
            return self._opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as refusal:
            raise _refusal(refusal) from None
        except (OSError, HTTPException) as reason:
            raise CarrierAway(type(reason).__name__, perhaps_done=not _never_reached(reason)) from None


def _refusal(answer: urllib.error.HTTPError) -> Exception:
    with answer:
        if answer.code == 429 or answer.code >= 500:
            return CarrierAway(f"the carrier answered {answer.code}", perhaps_done=answer.code not in NOT_TAKEN)
        try:
            return CarrierRefused(answer.code, int(json.loads(answer.read(10_000))["code"]))
        except (ValueError, KeyError, TypeError, OSError, HTTPException):
            return CarrierRefused(answer.code)


def _never_reached(reason: Exception) -> bool:
    """No connection came about, so that nothing was asked."""
    cause = reason.reason if isinstance(reason, urllib.error.URLError) else reason
    return isinstance(cause, ConnectionRefusedError | socket.gaierror)


def word(sid: str) -> str:
    """A carrier's word for a thing, safe inside an address."""
    return quote(sid, safe="")
