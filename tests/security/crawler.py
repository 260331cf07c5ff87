"""A visitor who follows every link and sends every form, and keeps all that came back: bodies, headers, cookies."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

AT_THE_END = ("stop", "sign-out", "sign-in/leave")  # they end the visit


class Found(HTMLParser):
    """The addresses and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("method", "get").lower(), given.get("action", ""), {}))
        elif tag in ("input", "button", "select", "textarea") and self.forms and given.get("name"):
            self.forms[-1][2].setdefault(given["name"], given.get("value", ""))
        elif address := given.get("href") or (given.get("src") if tag in ("audio", "source", "img", "iframe") else ""):
            self.links.append(address)


class Crawler:
    """`seen`: (what it is, its bytes) of everything this visitor was ever sent."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen: list[tuple[str, bytes]] = []
        self._done: set[tuple[str, str]] = set()

    def crawl(self, *starts: str, most: int = 80) -> None:
        """Breadth first; what would end the visit comes last."""
        waiting: list[tuple[str, str, dict[str, Any]]] = [("get", start, {}) for start in starts]
        while waiting and len(self._done) < most:
            waiting.sort(key=lambda one: any(word in one[1] for word in AT_THE_END))
            method, address, fields = waiting.pop(0)
            if (method, address) not in self._done and address.startswith("/") and not address.startswith("/static/"):
                self._done.add((method, address))
                waiting += self._next(address, self.visit(method, address, fields))

    def visit(self, method: str, address: str, fields: dict[str, Any] | None = None) -> Any:
        response = getattr(self.client, method)(address, fields or {}, follow=True)
        for part in [response, *self._cookies()]:
            self._keep(method, address, part)
        return response

    def _keep(self, method: str, address: str, part: Any) -> None:
        what = f"{method} {address}"
        if isinstance(part, bytes):
            self.seen.append((f"cookies after {what}", part))
            return
        headers = "\n".join(f"{name}: {value}" for name, value in part.headers.items())
        body = b"".join(part.streaming_content) if part.streaming else part.content
        self.seen += [(f"headers of {what}", headers.encode()), (f"body of {what}", body)]
        self.seen += [(f"redirect of {what}", target.encode()) for target, _ in getattr(part, "redirect_chain", [])]

    def _cookies(self) -> Iterator[bytes]:
        yield self.client.cookies.output().encode()

    def _next(self, address: str, response: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
        if "html" not in response.headers.get("Content-Type", ""):
            return
        page = Found()
        page.feed(response.content.decode())
        here = response.redirect_chain[-1][0] if response.redirect_chain else address
        for link in page.links:
            yield "get", local(here, link), {}
        for method, action, fields in page.forms:
            yield method, local(here, action), fields


def local(here: str, link: str) -> str:
    """The path with its query on this server; "" for one that leads away."""
    parts = urlsplit(urljoin(f"http://testserver{here}", link))
    return (
        f"{parts.path}{'?' + parts.query if parts.query else ''}"
        if parts.netloc == "testserver" and parts.scheme == "http"
        else ""
    )
