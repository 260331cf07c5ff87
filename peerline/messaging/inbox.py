"""What comes in by text and mail: taken once, STOP before everything else, and the rest to whoever it is for.

Numbered: 1. what was taken before is not taken again; 2. a robot is never answered; 3. STOP, START and HELP act in this very
commit; 4. anything else is for the room that knows what these two are to each other (`relays`), or nobody's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import translation

from peerline.kernel import clock
from peerline.messaging import keywords, queries, sentences, ways
from peerline.messaging.models import Inbound
from peerline.people import queries as people
from peerline.people.queries import Known
from peerline.vault.services import lookup_hash


@dataclass(frozen=True)
class Incoming:
    """What came. ref: the carrier's own number of it. address: E.164 or e-mail. automatic: no person wrote it.

    token: the thread that was answered. dropped: how many attachments were left behind. calm: answer nothing today.
    """

    channel: str
    ref: str
    address: str
    words: str
    subject: str = ""
    token: str = ""
    dropped: int = 0
    automatic: bool = False

    @property
    def value_hash(self) -> str:
        return people.contact_hash("email" if self.channel == "email" else "phone", self.address)


@dataclass(frozen=True)
class Taken:
    """what: as Inbound.what. answer: the sentence that goes back to the sender, "" for none."""

    what: str
    answer: str = ""
    language: str = "en"


Relay = Callable[[Incoming, list[Known]], Taken]
_relay: list[Relay] = []


def relays(relay: Relay) -> None:
    """Wire who takes what is no keyword: relay(incoming, people at that number or address)."""
    _relay[:] = [relay]


def take(incoming: Incoming) -> Taken:
    """One thing that came in. The same again changes nothing and is not answered."""
    try:
        with transaction.atomic():
            return _take(incoming)
    except IntegrityError:
        return Taken("again")


def quietly(incoming: Incoming) -> str:
    """Taken, while the carrier answers by itself."""
    take(incoming)
    return ""


def _take(incoming: Incoming) -> Taken:
    at_address = _who(incoming)
    row = Inbound.objects.create(
        channel=incoming.channel, ref=lookup_hash(incoming.ref, f"inbound {incoming.channel}"), what="unknown",
        value_hash=incoming.value_hash, at=clock.now(), person_id=at_address[0].person_id if len(at_address) == 1 else None,
    )  # fmt: skip
    taken = Taken("robot") if incoming.automatic else _understood(incoming, at_address)
    row.what, row.answered = taken.what, bool(taken.answer)
    row.save(update_fields=["what", "answered"])
    return taken


def _who(incoming: Incoming) -> list[Known]:
    at = people.people_at_email if incoming.channel == "email" else people.people_at_number
    return at(incoming.value_hash)


def _understood(incoming: Incoming, at_address: list[Known]) -> Taken:
    language = _language(incoming, at_address)
    word = keywords.keyword(incoming.words) or keywords.keyword(incoming.subject)
    with translation.override(language):
        if word:
            return Taken(word, _act(word, incoming), language)
        if _relay and at_address:
            return _relay[0](incoming, at_address)
        return Taken("unknown", _calmly(incoming, sentences.nobody()), language)


def _act(word: str, incoming: Incoming) -> str:
    """The sentence that confirms it, once."""
    if word == "stop":
        changed = ways.close(incoming.channel, incoming.value_hash, keywords.keyword(incoming.words) or "subject")
        return sentences.stopped(incoming.channel) if changed else ""
    if word == "start":
        return sentences.started(incoming.channel) if ways.reopen(incoming.channel, incoming.value_hash) else ""
    return _calmly(incoming, sentences.helping(incoming.channel))


def _calmly(incoming: Incoming, sentence: str) -> str:
    """An address that was answered today is not answered again, and one that said STOP is not answered at all."""
    if queries.is_closed(incoming.channel, incoming.value_hash):
        return ""
    return "" if queries.was_answered_lately(incoming.value_hash) else sentence


def _language(incoming: Incoming, at_address: list[Known]) -> str:
    """That of the keyword, else the one all people there share."""
    found = keywords.language_of(incoming.words) if keywords.keyword(incoming.words) else ""
    shared = {one.language for one in at_address}
    return found if found == "es" or not shared else shared.pop() if len(shared) == 1 else found or "en"
