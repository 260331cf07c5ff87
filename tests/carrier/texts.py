"""The same carrier's texts: takes them over real HTTP, tells how they do by signed requests, and can be out of order in the
ways carriers are. Written from the carrier's documentation; shares no code with Peerline."""

import base64
import itertools
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.carrier.carrier import signature

ACCOUNT, TOKEN, PUBLIC_URL = "AC" + "0" * 32, "the tests' own token", "https://peerline.example"


@dataclass
class Sent:
    """One text the carrier has. at: when, on its own clock."""

    sid: str
    to: str
    body: str
    callback: str
    at: datetime
    status: str = "queued"
    code: str = ""

    def facts(self) -> dict[str, str]:
        made = format_datetime(self.at)
        return {"sid": self.sid, "to": self.to, "body": self.body, "status": self.status, "date_created": made}


class Texts:
    """mode: "" takes texts; "503" and "429" say no; "500" breaks before taking, "500 after" after it; "hangs" takes them
    and never answers; "closed" has nobody listening."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.sent: dict[str, Sent] = {}
        self.mode, self.now, self.asked = "", now, 0
        self.refuse: dict[str, int] = {}  # number → the carrier's code why not
        self._numbers, self._lock = itertools.count(1), threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def settings(self) -> dict[str, Any]:
        return {"kind": "twilio", "account": ACCOUNT, "token": TOKEN, "url": self.url, "guess_machines": False}

    def take(self, fields: dict[str, str]) -> Sent:
        with self._lock:
            sid = f"SM{next(self._numbers):032x}"
            text = Sent(sid, fields["To"], fields["Body"], fields.get("StatusCallback", ""), self.now())
            self.sent[sid] = text
            return text

    def answer(self, method: str, path: str, query: dict[str, str], fields: dict[str, str]) -> tuple[int, Any]:
        if self.mode == "503" or self.mode == "429" or (self.mode.startswith("500") and method == "GET"):
            return int(self.mode[:3]), {}
        found = re.fullmatch(rf"/2010-04-01/Accounts/{ACCOUNT}/Messages(?:/(\w+))?\.json", path)
        if not found:
            return 404, {"code": 20404}
        if method == "POST":
            return self._post(fields)
        self.asked += 1
        if found[1]:
            one = self.sent.get(found[1])
            return (200, one.facts()) if one else (404, {"code": 20404})
        with self._lock:
            return 200, {"messages": [one.facts() for one in self.sent.values() if one.to == query.get("To")]}

    def _post(self, fields: dict[str, str]) -> tuple[int, Any]:
        if fields["To"] in self.refuse:
            return 400, {"code": self.refuse[fields["To"]], "message": "refused"}
        if self.mode == "500":
            return 500, {}
        text = self.take(fields)
        if self.mode == "500 after":
            return 502, {}
        if self.mode == "hangs":
            time.sleep(1.5)
        return 201, text.facts()

    # --- what it tells ---

    def news_of(self, text: Sent, status: str) -> tuple[str, dict[str, str]]:
        """The address and the fields of one status callback."""
        fields = {
            "AccountSid": ACCOUNT,
            "MessageSid": text.sid,
            "MessageStatus": status,
            "To": text.to,
            "From": "+18005550142",
        }
        return text.callback, fields | ({"ErrorCode": text.code} if text.code else {})

    @staticmethod
    def knock(client: Any, url: str, fields: dict[str, str], sign: str | None = None) -> Any:
        sign = signature(TOKEN, url, fields) if sign is None else sign
        return client.post(
            urlsplit(url).path, urlencode(fields), content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": sign, "Host": urlsplit(url).netloc},
        )  # fmt: skip

    def write(self, client: Any, number: str, body: str, sid: str = "", **more: str) -> Any:
        """Somebody texts the line."""
        sid = sid or f"SM{next(self._numbers):032x}"
        fields = {"AccountSid": ACCOUNT, "MessageSid": sid, "From": number, "To": "+18005550142", "Body": body, **more}
        return self.knock(client, f"{PUBLIC_URL}/carrier/text/", fields)


def _handler(texts: Texts) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._reply({name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()})

        def do_GET(self) -> None:
            self._reply({})

        def _reply(self, fields: dict[str, str]) -> None:
            wanted = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            right = self.headers.get("Authorization") == wanted
            status, facts = texts.answer(self.command, parts.path, query, fields) if right else (401, {})
            body = json.dumps(facts).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # whoever asked has gone

        def log_message(self, *_args: object) -> None:
            pass

    return Handler
