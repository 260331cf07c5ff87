"""The carrier's REST interface on a port of its own."""

import base64
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.carrier.carrier import Call, Carrier


class Refused(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Rest:
    """Answers over HTTP what the carrier knows; what it is told to do is left for whoever drives the carrier."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, fields: dict[str, list[str]], word: str) -> tuple[int, str, bytes]:
        carrier = self.carrier
        if word != base64.b64encode(f"{carrier.account}:{carrier.token}".encode()).decode():
            raise Refused(401)
        if carrier.down:
            raise Refused(503)
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        found = re.fullmatch(rf"/2010-04-01/Accounts/{carrier.account}/(.+)", parts.path)
        if not found:
            raise Refused(404)
        with carrier.lock:
            self.asked.append((method, found[1], fields))
            return self._route(method, found[1], query, fields)

    def _route(
        self, method: str, path: str, query: dict[str, str], fields: dict[str, list[str]]
    ) -> tuple[int, str, bytes]:
        routes: list[tuple[str, str, Any]] = [
            ("POST", r"Calls\.json", lambda: self._place(fields)),
            ("GET", r"Calls\.json", lambda: self._calls(query)),
            ("POST", r"Calls/(\w+)\.json", lambda sid: self._change(self._call(sid), fields)),
            ("GET", r"Calls/(\w+)\.json", lambda sid: _json(200, {"sid": sid, "status": self._call(sid).status})),
            ("GET", r"Calls/(\w+)/Recordings\.json", self._recordings),
            ("GET", r"Conferences\.json", lambda: self._conferences(query)),
            ("GET", r"Conferences/(\w+)/Participants\.json", self._participants),
            ("POST", r"Conferences/(\w+)/Participants/(\w+)\.json", lambda _, sid: self._hold(self._call(sid), fields)),
            ("GET", r"Recordings/(\w+)\.wav", self._sound),
            ("DELETE", r"Recordings/(\w+)\.json", self._delete),
        ]  # fmt: skip
        for its_method, pattern, work in routes:
            if method == its_method and (found := re.fullmatch(pattern, path)):
                return work(*found.groups())  # type: ignore[no-any-return]
        raise Refused(404)

    def _call(self, sid: str) -> Call:
        if sid not in self.carrier.calls:
            raise Refused(404)
        return self.carrier.calls[sid]

    def _place(self, fields: dict[str, list[str]]) -> tuple[int, str, bytes]:
        one = {name: values[0] for name, values in fields.items()}
        if not re.fullmatch(r"\+\d{7,15}", one.get("To", "")) or not one.get("Url"):
            raise Refused(400)
        call = Call(self.carrier.new_sid("CA"), one["To"], inbound=False, fields=one)
        self.carrier.calls[call.sid] = call
        return _json(201, {"sid": call.sid, "status": "queued"})

    def _calls(self, query: dict[str, str]) -> tuple[int, str, bytes]:
        found = [call for call in self.carrier.calls.values() if call.status == query.get("Status", call.status)]
        return _json(200, {"calls": [{"sid": call.sid, "status": call.status} for call in found]})

    def _change(self, call: Call, fields: dict[str, list[str]]) -> tuple[int, str, bytes]:
        if call.over:
            raise Refused(400)
        if fields.get("Status") == ["completed"]:
            self.carrier.todo.append(lambda: self.carrier.end(call))
        elif "Url" in fields:
            self.carrier.todo.append(lambda: self.carrier.redirect(call, fields["Url"][0]))
        return _json(200, {"sid": call.sid, "status": call.status})

    def _recordings(self, sid: str) -> tuple[int, str, bytes]:
        found = [
            one for one in self.carrier.recordings.values() if one.call == sid and one.sid not in self.carrier.dropped
        ]
        return _json(200, {"recordings": [{"sid": one.sid} for one in reversed(found)]})

    def _conferences(self, query: dict[str, str]) -> tuple[int, str, bytes]:
        name = query["FriendlyName"]
        status = "in-progress" if name in self.carrier.begun else "init"
        status = status if self.carrier.members(name) else "completed"
        found = {"sid": self.carrier.conference_sid(name), "friendly_name": name, "status": status}
        return _json(200, {"conferences": [found] if query.get("Status", status) == status else []})

    def _participants(self, sid: str) -> tuple[int, str, bytes]:
        inside = [
            call for call in self.carrier.calls.values()
            if call.conference and self.carrier.conference_sid(call.conference) == sid and not call.over
        ]  # fmt: skip
        return _json(200, {"participants": [{"call_sid": call.sid} for call in inside]})

    def _hold(self, call: Call, fields: dict[str, list[str]]) -> tuple[int, str, bytes]:
        if not call.conference:
            raise Refused(404)
        url = fields["HoldUrl"][0] if fields["Hold"] == ["true"] else ""
        self.carrier.todo.append(lambda: self.carrier.hold(call, url) if call.conference else None)
        return _json(200, {"call_sid": call.sid})

    def _sound(self, sid: str) -> tuple[int, str, bytes]:
        recording = self.carrier.recordings.get(sid)
        if recording is None or sid in self.carrier.dropped:
            raise Refused(404)
        recording.fetched += 1
        return 200, "audio/x-wav", recording.wav

    def _delete(self, sid: str) -> tuple[int, str, bytes]:
        if sid in self.carrier.dropped or sid not in self.carrier.recordings:
            raise Refused(404)
        self.carrier.dropped.add(sid)
        return 204, "application/json", b""


def _json(status: int, value: dict[str, Any]) -> tuple[int, str, bytes]:
    return status, "application/json", json.dumps(value).encode()


def _handler(rest: Rest) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            word = self.headers.get("Authorization", "").removeprefix("Basic ")
            try:
                status, kind, answer = rest.answer(self.command, self.path, parse_qs(body), word)
            except Refused as refusal:
                status, kind, answer = refusal.status, "application/json", b"{}"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_DELETE = _serve

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
