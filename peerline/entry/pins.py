"""The slow, keyed hash of a PIN.

Six digits are a million guesses: a slow hash alone would hold for hours. So the digits first go through the server's
look-up key, which is not in the database; only then through scrypt, in Django's own format, so that it can be made
slower later without asking anybody for a new PIN.
"""

import secrets

from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher

from peerline.entry.rules import PIN_DIGITS, is_pattern
from peerline.vault.services import lookup_hash


class PinHasher(ScryptPasswordHasher):
    """About 8 ms an attempt, of which `rules.CHECKS` are made: it runs inside a telephone call's transaction."""

    work_factor = 2**11
    block_size = 8
    parallelism = 1


def _hasher() -> PinHasher:
    hasher = PinHasher()
    hasher.work_factor = getattr(settings, "PIN_WORK_FACTOR", hasher.work_factor)
    return hasher


def _peppered(pin: str, person_id: int) -> str:
    return lookup_hash(f"{person_id}\0{pin}", "pin")


def hashed(pin: str, person_id: int) -> str:
    hasher = _hasher()
    return str(hasher.encode(_peppered(pin, person_id), hasher.salt()))


def is_right(pin: str, person_id: int, pin_hash: str) -> bool:
    return bool(_hasher().verify(_peppered(pin, person_id), pin_hash))


def in_vain(pin: str) -> bool:
    """The work of one comparison that finds nothing."""
    hasher = _hasher()
    hasher.encode(_peppered(pin, 0), "nobodynobodynobodynobody")
    return False


def fresh() -> str:
    """Six random digits that are no pattern. The first is not 0: by telephone that key calls the staff."""
    while True:
        pin = secrets.choice("123456789") + "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS - 1))
        if not is_pattern(pin):
            return pin
