"""The carrier's REST interface for calls, conferences and recordings (peerline/carrier/rest.py holds the account)."""

from collections.abc import Iterator
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from peerline.carrier.rest import Account, CarrierAway, CarrierRefused, word

UNDER_WAY = ("queued", "ringing", "in-progress")


class Rest(Account):
    """Calls at the carrier."""

    # --- calls ---

    def ring(self, **fields: str | list[str]) -> str:
        """Place a call; its sid. Never tried twice."""
        return str(self.json("POST", "Calls.json", fields)["sid"])

    def send_to(self, sid: str, address: str) -> None:
        """This call goes on with what that address says."""
        self.json("POST", f"Calls/{word(sid)}.json", {"Url": address, "Method": "POST"})

    def end(self, sid: str) -> None:
        """Hang up, ringing or not. A call that is over already is fine."""
        try:
            self.json("POST", f"Calls/{word(sid)}.json", {"Status": "completed"})
        except CarrierRefused as refusal:
            if refusal.status not in (400, 404):
                raise

    def status(self, sid: str) -> str:
        """The carrier's word for how this call stands; "" for a call it does not know."""
        try:
            return str(self.json("GET", f"Calls/{word(sid)}.json")["status"])
        except CarrierRefused as refusal:
            if refusal.status == 404:
                return ""
            raise

    def under_way(self) -> set[str]:
        """The calls that ring or talk now."""
        pages = (self.json("GET", f"Calls.json?{urlencode({'Status': one, 'PageSize': 1000})}") for one in UNDER_WAY)
        return {str(call["sid"]) for page in pages for call in page["calls"]}

    # --- conferences ---

    def in_conference(self, name: str) -> tuple[str, list[str]]:
        """The conference of this name that is not over and the calls in it; ("", []) where there is none."""
        page = self.json("GET", f"Conferences.json?{urlencode({'FriendlyName': name, 'PageSize': 20})}")
        going_on = [str(one["sid"]) for one in page["conferences"] if one["status"] != "completed"]
        if not going_on:
            return "", []
        members = self.json("GET", f"Conferences/{word(going_on[0])}/Participants.json")["participants"]
        return going_on[0], [str(member["call_sid"]) for member in members]

    def hold(self, conference: str, sid: str, address: str) -> None:
        """This one hears what the address plays instead of the others; "" lets it hear them again."""
        fields = {"Hold": "true", "HoldUrl": address, "HoldMethod": "POST"} if address else {"Hold": "false"}
        self.json("POST", f"Conferences/{word(conference)}/Participants/{word(sid)}.json", fields)

    # --- recordings ---

    def recordings_of(self, sid: str) -> list[str]:
        """The recordings of a call, newest first."""
        page = self.json("GET", f"Calls/{word(sid)}/Recordings.json")
        return [str(recording["sid"]) for recording in page["recordings"]]

    def sound_of(self, recording: str, most_bytes: int) -> bytes:
        """A recording's WAV file, cut off after so many bytes."""
        with self.open("GET", f"Recordings/{word(recording)}.wav") as answer:
            wav = b"".join(_pieces(answer, most_bytes))
            promised = int(answer.headers.get("Content-Length") or 0)
        if len(wav) < min(promised, most_bytes):
            raise CarrierAway("the recording broke off")
        return wav

    def forget(self, recording: str) -> None:
        """The carrier's own copy is deleted. One that is gone already is fine."""
        try:
            self.open("DELETE", f"Recordings/{word(recording)}.json").close()
        except CarrierRefused as refusal:
            if refusal.status != 404:
                raise


def _pieces(answer: Any, most_bytes: int) -> Iterator[bytes]:
    left = most_bytes
    try:
        while left > 0 and (piece := answer.read(min(65536, left))):
            left -= len(piece)
            yield piece
    except (OSError, HTTPException) as reason:
        raise CarrierAway("the recording broke off") from reason
