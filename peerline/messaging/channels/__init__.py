"""How messages leave. One folder a provider; each has `deliver(letter) -> str`, which returns the provider's receipt.

`deliver` raises NotNow when it may be tried again, NeverThere when the address can never be reached.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """A message as a channel gets it. key goes along as the provider's own once-only key."""

    key: str
    address: str
    language: str
    subject: str
    body: str


class NotNow(RuntimeError):
    """The provider is away or busy."""


class NeverThere(RuntimeError):
    """The provider says this address does not exist or refuses us."""


Deliver = Callable[[Letter], str]
