"""The addresses a carrier is given: where it asks, and where it fetches sound.

Sound has no signature of the carrier's on it, so its address is the key: nobody can guess one and each runs out. The
words of a fixed prompt keep one address for a day, so that the carrier may keep the file; words with a name or number in
them, and voice messages, have an address of their own each time, sealed, which works while that leg is on the line.
"""

import json
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from peerline.kernel import clock
from peerline.kernel.dialogue import Spoken
from peerline.vault.services import CannotOpen, lookup_hash, seal, unseal

DAY_SECONDS = 24 * 3600
SEALED_SECONDS = 15 * 60


class Sound(NamedTuple):
    """What an address stands for. leg_id 0: it may be fetched without a leg on the line."""

    spoken: Spoken
    leg_id: int = 0


def address(name: str, *args: Any) -> str:
    """The full address of one of this engine's doors, as the carrier sees it and signs it."""
    return f"{settings.PUBLIC_URL}{reverse(f'webhook:{name}', args=args)}"


def room_name(room_id: int) -> str:
    """What a conversation is called at the carrier: nothing about anybody, and not to be guessed."""
    return lookup_hash(f"room {room_id}", "carrier")[:32]


def sound_address(spoken: Spoken, leg_id: int) -> str:
    """Where the carrier fetches these words."""
    if not spoken.voice_id and not spoken.values:
        until = (_now() // DAY_SECONDS + 2) * DAY_SECONDS
        return address("prompt", spoken.language, spoken.prompt, until, _mark(spoken.language, spoken.prompt, until))
    facts = {"until": _now() + SEALED_SECONDS, "leg": leg_id, "spoken": list(spoken)}
    return address("sound", seal(json.dumps(facts).encode()).decode())


def of_prompt(language: str, key: str, until: int, mark: str) -> Sound | None:
    """The fixed prompt at this address; None when nobody gave it out, or it has run out."""
    if until < _now() or not constant_time_compare(mark, _mark(language, key, until)):
        return None
    return Sound(Spoken(language, key))


def of_sealed(token: str) -> Sound | None:
    """The words or voice message at this address; None when nobody gave it out, or it has run out."""
    try:
        facts = json.loads(unseal(token.encode()))
        language, prompt, values, voice_id = facts["spoken"]
        until, leg_id = facts["until"], facts["leg"]
    except (CannotOpen, ValueError, KeyError, TypeError):  # sealed by us, but not as an address
        return None
    if until < _now():
        return None
    return Sound(Spoken(language, prompt, tuple((name, value) for name, value in values), voice_id), leg_id)


def _mark(language: str, key: str, until: int) -> str:
    return salted_hmac("peerline.carrier.prompt", f"{language} {key} {until}", algorithm="sha256").hexdigest()[:32]


def _now() -> int:
    return int(clock.now().timestamp())
