"""Writes, for the other rooms: send a message, remind somebody, wire a channel, choose ways."""

from peerline.messaging.channels import NotNow, Unsure
from peerline.messaging.inbox import Incoming, Taken, relays
from peerline.messaging.outbox import (
    DELIVER,
    address_of,
    ask_carriers,
    carries,
    deliver,
    noted,
    send,
    tells,
    unasked,
    wipe_expired_codes,
)
from peerline.messaging.queries import counts
from peerline.messaging.reminders import asks_first, forget_person, no_longer, remind
from peerline.messaging.rules import Text
from peerline.messaging.slots import hold_calls
from peerline.messaging.ways import choose, close, reopen, without

__all__ = [
    "DELIVER", "Incoming", "NotNow", "Taken", "Text", "Unsure", "address_of", "ask_carriers", "asks_first", "carries", "choose", "close", "counts",
    "deliver", "forget_person", "hold_calls", "no_longer", "noted", "relays", "remind", "reopen", "send", "tells", "unasked", "wipe_expired_codes", "without",
]  # fmt: skip
