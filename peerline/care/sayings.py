"""How each kind of need is told: its reason in a sentence, and where its work is done. config/wiring.py registers them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from peerline.care.models import Need

Facts = dict[str, Any]


@dataclass(frozen=True)
class Saying:
    """How a kind is told: its reason in a sentence, and where its work is done ("" : on the page of the need)."""

    words: Callable[[Facts], str]
    opens: Callable[[Facts], str] | None = None


_sayings: dict[str, Saying] = {}


def says(kind: str, words: Callable[[Facts], str], opens: Callable[[Facts], str] | None = None) -> None:
    """The sentence for a kind of need, from its facts, in the language in force; and where staff do its work."""
    _sayings[kind] = Saying(words, opens)


def why(need: Need) -> str:
    """The reason in a sentence."""
    saying = _sayings.get(need.kind)
    return saying.words(need.facts) if saying else _("Something needs a look.")


def where(need: Need) -> str:
    """The address where its work is done; "" when that is the page of the need."""
    saying = _sayings.get(need.kind)
    return saying.opens(need.facts) if saying and saying.opens else ""
