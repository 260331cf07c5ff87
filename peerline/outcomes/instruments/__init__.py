"""Instruments as data. `of(key)` is the one way in."""

from peerline.outcomes.instruments.reading import BadInstrument, NoSuchInstrument, keys, made, of, with_words
from peerline.outcomes.instruments.shape import Alarm, Band, Instrument, Item, Option, Scale

__all__ = [
    "Alarm",
    "BadInstrument",
    "Band",
    "Instrument",
    "Item",
    "NoSuchInstrument",
    "Option",
    "Scale",
    "keys",
    "made",
    "of",
    "with_words",
]
