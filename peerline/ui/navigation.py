"""The links at the top of every page. Rooms register theirs at start; each viewer sees those meant for them.

    register(_("Calls"), "monitoring:calls", shown=lambda viewer: viewer.has("coordinator", "nurse"), order=30)

`place` is "main" (the role's pages), "account" (sign in, my account, sign out: beside the language) or "demo" (in the
line that says this is a demonstration, and only there).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Link:
    """One registered link. `post` for acts such as signing out, which must not be a plain link."""

    label: Any
    url_name: str
    shown: Callable[[Any], bool]
    order: int = 50
    place: str = "main"
    post: bool = False


@dataclass(frozen=True)
class Shown:
    """A link as one page shows it."""

    label: Any
    url: str
    current: bool
    post: bool


_links: dict[tuple[str, str], Link] = {}


def register(
    label: Any, url_name: str, *, shown: Callable[[Any], bool], order: int = 50, place: str = "main", post: bool = False
) -> None:
    """Put a link into the navigation. Registering the same url_name in the same place again replaces it."""
    _links[place, url_name] = Link(label, url_name, shown, order, place, post)


def shown_to(viewer: Any, path: str, place: str = "main") -> list[Shown]:
    """The links of `place` this viewer sees on the page at `path`, in order. The longest address that begins the path
    is the current one; links whose address does not exist here are left out."""
    pairs = [(link, url) for link in _in_order(place, viewer) if (url := _address(link.url_name))]
    here = max((url for _, url in pairs if _begins(path, url)), key=len, default=None)
    return [Shown(link.label, url, url == here, link.post) for link, url in pairs]


def _in_order(place: str, viewer: Any) -> list[Link]:
    mine = [link for link in _links.values() if link.place == place and link.shown(viewer)]
    return sorted(mine, key=lambda link: link.order)


def _begins(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
