"""Whoever opens the website while Peerline is still being set up is told so, and how far it is, instead of finding nobody there.

The set-up runs in a process of its own and tells its steps through a pipe; here a thread answers every address with one
small page that looks again by itself. Its words are kept here in both languages: the catalogues are part of the set-up.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOKS_AGAIN_SECONDS = 3
WORDS = {
    "en": {
        "title": "Peerline is getting ready",
        "why": "The first start takes a minute or two. This page opens by itself when all is done.",
        "begun": "Making the tables and the pages.",
        "weeks": "Made-up people live through their first weeks: {done} of {total} are over.",
        "voices": "The telephone line learns what it says: {done} of {total}.",
        "again": "Look again now",
    },
    "es": {
        "title": "Peerline se está preparando",
        "why": "El primer inicio tarda uno o dos minutos. Esta página se abre sola cuando todo está listo.",
        "begun": "Se hacen las tablas y las páginas.",
        "weeks": "Personas inventadas viven sus primeras semanas: ya pasaron {done} de {total}.",
        "voices": "La línea telefónica aprende lo que dice: {done} de {total}.",
        "again": "Mirar otra vez ahora",
    },
}
STYLE = (
    "body{margin:0;font:20px/1.5 system-ui,sans-serif;color:#1d2b2f;background:#fbf7ef}main{max-width:34em;margin:auto;padding:2em 1em}"
    "h1{line-height:1.2}li{margin:.5em 0}a{display:inline-block;padding:.6em 0;color:#0d5c63}"
)
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="{seconds}"><title>{title}</title><style>{style}</style></head>
<body><main><h1>{title}</h1><p>{why}</p><ul>{steps}</ul><p><a href="">{again}</a></p></main></body></html>
"""


class Progress:
    """Prints what is being done, and tells the doorway how far it is. In the process that sets up, and its children."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self._told, self._tells = os.pipe()

    def far(self, what: str, done: int, total: int) -> None:
        """what: "weeks" or "voices". A line is written whole, also by two at once."""
        self.say(f"  {done} of {total}")
        with suppress(OSError):
            os.write(self._tells, f"{what} {done} {total}\n".encode())

    def steps(self) -> Iterator[tuple[str, int, int]]:
        """In the process of the doorway: each step, until everybody who tells is gone."""
        os.close(self._tells)
        with os.fdopen(self._told) as lines:
            for line in lines:
                what, done, total = line.split()
                yield what, int(done), int(total)


def page(language: str, far: dict[str, tuple[int, int]]) -> str:
    words = WORDS[language]
    steps = [words[what].format(done=done, total=total) for what, (done, total) in far.items()] or [words["begun"]]
    listed = "".join(f"<li>{escape(step)}</li>" for step in steps)
    return PAGE.format(language=language, seconds=LOOKS_AGAIN_SECONDS, steps=listed, style=STYLE, **{
        name: escape(words[name]) for name in ("title", "why", "again")
    })  # fmt: skip


def _language(accepted: str) -> str:
    """The first of the browser's languages that we have."""
    asked = [one.split(";")[0].strip()[:2].lower() for one in accepted.split(",")]
    return next((one for one in asked if one in WORDS), "en")


@contextmanager
def open_to(bind: str, progress: Progress) -> Iterator[None]:
    """Answers there until what is done inside is done. Where the address is taken, the website itself will say so."""
    far: dict[str, tuple[int, int]] = {}

    class Told(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page(_language(self.headers.get("Accept-Language", "")), far).encode()
            self.send_response(HTTPStatus.SERVICE_UNAVAILABLE)
            for name, value in {
                "Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), "Cache-Control": "no-store",
                "Retry-After": str(LOOKS_AGAIN_SECONDS), "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            }.items():  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            """The terminal is for the steps."""

    def listen() -> None:
        for what, done, total in progress.steps():
            far[what] = (done, total)

    threading.Thread(target=listen, daemon=True).start()
    host, port = bind.rsplit(":", 1)
    try:
        server = ThreadingHTTPServer((host.strip("[]"), int(port)), Told)
    except (OSError, ValueError):
        yield
        return
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    serving.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
