"""How messages leave. One folder a provider; each has `deliver(letter) -> str`, which returns the provider's receipt.

`deliver` raises NotNow when it surely was not taken and may be tried again, NeverThere when the address can never be
reached, Unsure when nobody knows. A folder that can be asked later has `ask(letter, receipt, since) -> (word, receipt)`:
the provider's word for how it stands (rules.RANK), "" for a message it does not have; NotNow when it cannot say now.
OURS = True: carried by a row of this database, in the commit that notes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """A message as a channel gets it. key goes along as the provider's own once-only key."""

    key: str
    address: str
    language: str
    subject: str
    body: str
    message_id: int = 0
    person_id: int = 0
    answers_to: str = ""  # the token of the thread an answer goes to


class NotNow(RuntimeError):
    """The provider is away or busy, and did not take it."""


class NeverThere(RuntimeError):
    """The provider says this address does not exist or refuses us."""


class Unsure(RuntimeError):
    """The provider broke off while it was taking it: perhaps it has it."""


Deliver = Callable[[Letter], str]
Ask = Callable[[Letter, str, datetime], tuple[str, str]]
