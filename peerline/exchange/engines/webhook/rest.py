"""The carrier's REST interface, as much of it as the engine needs. Every request names its own account and password.

Small on purpose: the carrier's own library costs 12 MB in every process and follows redirects with the password in hand.
"""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

SECONDS = 8
UNDER_WAY = ("queued", "ringing", "in-progress")


class CarrierRefused(Exception):
    """The carrier understood and said no. status: its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the carrier answered {status}")
        self.status = status


class CarrierAway(Exception):
    """No answer, or one that makes no sense: nobody knows whether it was done."""


class _NoPasswordElsewhere(urllib.request.HTTPRedirectHandler):
    """A file may lie on another host; our password does not go there, and nothing but a GET is sent on."""

    def redirect_request(self, req: Any, *answer: Any) -> Any:
        if req.get_method() != "GET":
            return None
        again = super().redirect_request(req, *answer)
        if again is not None and urlsplit(again.full_url).netloc != urlsplit(req.full_url).netloc:
            again.remove_header("Authorization")
        return again


class Rest:
    """One account at one carrier."""

    def __init__(self) -> None:
        carrier = settings.CARRIER
        self._base = f"{carrier['url'].rstrip('/')}/2010-04-01/Accounts/{quote(carrier['account'], safe='')}"
        word = base64.b64encode(f"{carrier['account']}:{carrier['token']}".encode()).decode()
        self._headers = {"Authorization": f"Basic {word}", "Accept": "application/json"}
        self._opener = urllib.request.build_opener(_NoPasswordElsewhere)

    # --- calls ---

    def ring(self, **fields: str | list[str]) -> str:
        """Place a call; its sid. Never tried twice."""
        return str(self._json("POST", "Calls.json", fields)["sid"])

    def send_to(self, sid: str, address: str) -> None:
        """This call goes on with what that address says."""
        self._json("POST", f"Calls/{_word(sid)}.json", {"Url": address, "Method": "POST"})

    def end(self, sid: str) -> None:
        """Hang up, ringing or not. A call that is over already is fine."""
        try:
            self._json("POST", f"Calls/{_word(sid)}.json", {"Status": "completed"})
        except CarrierRefused as refusal:
            if refusal.status not in (400, 404):
                raise

    def status(self, sid: str) -> str:
        """The carrier's word for how this call stands; "" for a call it does not know."""
        try:
            return str(self._json("GET", f"Calls/{_word(sid)}.json")["status"])
        except CarrierRefused as refusal:
            if refusal.status == 404:
                return ""
            raise

    def under_way(self) -> set[str]:
        """The calls that ring or talk now."""
        pages = (self._json("GET", f"Calls.json?{urlencode({'Status': word, 'PageSize': 1000})}") for word in UNDER_WAY)
        return {str(call["sid"]) for page in pages for call in page["calls"]}

    # --- conferences ---

    def in_conference(self, name: str) -> tuple[str, list[str]]:
        """The conference of this name that is not over and the calls in it; ("", []) where there is none."""
        page = self._json("GET", f"Conferences.json?{urlencode({'FriendlyName': name, 'PageSize': 20})}")
        going_on = [str(one["sid"]) for one in page["conferences"] if one["status"] != "completed"]
        if not going_on:
            return "", []
        members = self._json("GET", f"Conferences/{_word(going_on[0])}/Participants.json")["participants"]
        return going_on[0], [str(member["call_sid"]) for member in members]

    def hold(self, conference: str, sid: str, address: str) -> None:
        """This one hears what the address plays instead of the others; "" lets it hear them again."""
        fields = {"Hold": "true", "HoldUrl": address, "HoldMethod": "POST"} if address else {"Hold": "false"}
        self._json("POST", f"Conferences/{_word(conference)}/Participants/{_word(sid)}.json", fields)

    # --- recordings ---

    def recordings_of(self, sid: str) -> list[str]:
        """The recordings of a call, newest first."""
        page = self._json("GET", f"Calls/{_word(sid)}/Recordings.json")
        return [str(recording["sid"]) for recording in page["recordings"]]

    def sound_of(self, recording: str, most_bytes: int) -> bytes:
        """A recording's WAV file, cut off after so many bytes."""
        with self._open("GET", f"Recordings/{_word(recording)}.wav") as answer:
            wav = b"".join(_pieces(answer, most_bytes))
            promised = int(answer.headers.get("Content-Length") or 0)
        if len(wav) < min(promised, most_bytes):
            raise CarrierAway("the recording broke off")
        return wav

    def forget(self, recording: str) -> None:
        """The carrier's own copy is deleted. One that is gone already is fine."""
        try:
            self._open("DELETE", f"Recordings/{_word(recording)}.json").close()
        except CarrierRefused as refusal:
            if refusal.status != 404:
                raise

    # --- inside ---

    def _json(self, method: str, path: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
        with self._open(method, path, fields) as answer:
            try:
                return dict(json.loads(answer.read(1_000_000)))
            except (ValueError, OSError, HTTPException) as reason:
                raise CarrierAway("the carrier's answer makes no sense") from reason

    def _open(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Any:
        """Raises CarrierRefused or CarrierAway; neither holds a number."""
        data = urlencode(fields, doseq=True).encode() if fields else None
        request = urllib.request.Request(f"{self._base}/{path}", data, self._headers, method=method)  # noqa: S310 - a setting
        try:
            return self._opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as refusal:
            refusal.close()
            if refusal.code == 429 or refusal.code >= 500:
                raise CarrierAway(f"the carrier answered {refusal.code}") from None
            raise CarrierRefused(refusal.code) from None
        except (OSError, HTTPException) as reason:
            raise CarrierAway(type(reason).__name__) from None


def _word(sid: str) -> str:
    """A carrier's word for a thing, safe inside an address."""
    return quote(sid, safe="")


def _pieces(answer: Any, most_bytes: int) -> Iterator[bytes]:
    left = most_bytes
    try:
        while left > 0 and (piece := answer.read(min(65536, left))):
            left -= len(piece)
            yield piece
    except (OSError, HTTPException) as reason:
        raise CarrierAway("the recording broke off") from reason
