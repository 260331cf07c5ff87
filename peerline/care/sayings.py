"""How each kind of need is told: its reason in a sentence, and where its work is done. config/wiring.py registers them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from peerline.care import words
from peerline.care.models import Need

log = logging.getLogger(__name__)
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
    """The reason in a sentence; where its facts lack something the sentence needs, what it is about."""
    saying = _sayings.get(need.kind)
    return _asked(saying.words if saying else None, need) or _about(need)


def _about(need: Need) -> str:
    room = words.ROOMS.get(need.kind.partition(".")[0])
    return _("%(what)s: something needs a look.") % {"what": room} if room else _("Something needs a look.")


def where(need: Need) -> str:
    """The address where its work is done; "" when that is the page of the need."""
    saying = _sayings.get(need.kind)
    return _asked(saying.opens if saying else None, need)


def _asked(ask: Callable[[Facts], str] | None, need: Need) -> str:
    """Facts that cannot be told hide neither the need nor the list it stands in: ""."""
    try:
        return ask(need.facts) if ask else ""
    except (LookupError, TypeError, ValueError, NoReverseMatch) as lack:
        log.warning("need %s (%s) cannot be told: its facts lack %s", need.pk, need.kind, lack)
        return ""
