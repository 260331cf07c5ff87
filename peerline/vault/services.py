"""Seal, open, and hash for look-up."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotOpen(ValueError):
    """Sealed with a key this server does not have, or not sealed by us at all."""


def _key(secret: str) -> bytes:
    """Any passphrase as a Fernet key."""
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key(key)) for key in keys])


def seal(data: bytes) -> bytes:
    return _fernet(tuple(settings.VAULT_KEYS)).encrypt(data)


def unseal(data: bytes) -> bytes:
    """The bytes that were sealed. Raises CannotOpen."""
    try:
        return _fernet(tuple(settings.VAULT_KEYS)).decrypt(data)
    except InvalidToken as reason:
        raise CannotOpen("this was sealed with another key") from reason


def lookup_hash(value: str, purpose: str) -> str:
    """64 hexadecimal digits, the same for the same value and purpose; purpose keeps one table's hashes out of another's."""
    return hmac.new(settings.LOOKUP_KEY.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()
