"""The XML verbs this engine may say to a carrier, and no others. The carriers' own libraries check nothing.

A document that a carrier does not understand ends the call in front of the caller; here it never leaves the house.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring


class NotInTheTable(ValueError):
    """No carrier would be sent this: an unknown verb, attribute or value, a verb in the wrong place, or never reached."""


class Verb(NamedTuple):
    """One verb of a reply, with what stands inside it."""

    name: str
    attributes: dict[str, str] = {}
    inside: tuple["Verb", ...] = ()
    text: str = ""


class Row(NamedTuple):
    """attributes: name → what its value looks like; inside: verbs it may hold; text: what its text looks like."""

    attributes: dict[str, str]
    inside: frozenset[str] = frozenset()
    text: str = ""


ADDRESS = r"https?://[^\s<>\"]{1,2000}"
NUMBER, YES_NO = r"[1-9]\d{0,3}", "true|false"
CALLED = {"action": ADDRESS, "method": "POST"}

TABLE = {
    "Play": Row({"loop": r"\d{1,2}"}, text=ADDRESS),
    "Pause": Row({"length": NUMBER}),
    "Gather": Row(
        CALLED | {"input": "dtmf", "numDigits": NUMBER, "timeout": NUMBER, "finishOnKey": "[0-9*#]?"}, frozenset({"Play"})
    ),
    "Record": Row(
        CALLED
        | {"maxLength": NUMBER, "timeout": NUMBER, "finishOnKey": "[0-9*#]{1,12}", "playBeep": YES_NO, "trim": "do-not-trim"}
        | {"recordingStatusCallback": ADDRESS, "recordingStatusCallbackMethod": "POST"}
        | {"recordingStatusCallbackEvent": "completed absent"}
    ),
    "Dial": Row(CALLED | {"hangupOnStar": YES_NO}, frozenset({"Conference"})),
    "Conference": Row(
        {"beep": YES_NO, "startConferenceOnEnter": YES_NO, "endConferenceOnExit": YES_NO, "participantLabel": r"\d+-\d+"}
        | {"waitUrl": ADDRESS, "waitMethod": "POST"}
        | {"statusCallback": ADDRESS, "statusCallbackMethod": "POST", "statusCallbackEvent": "join"},
        text="[0-9a-f]{32}",
    ),
    "Redirect": Row({"method": "POST"}, text=ADDRESS),
    "Hangup": Row({}),
}  # fmt: skip
LAST = {"Redirect", "Hangup", "Dial"}  # what stands after one of these is never reached
ALONE_INSIDE = {"Dial"}  # holds exactly one verb


def document(reply: Sequence[Verb]) -> bytes:
    """The reply as a document for the carrier. Raises NotInTheTable."""
    response = Element("Response")
    _fill(response, reply, frozenset(TABLE) - {"Conference"})
    return b'<?xml version="1.0" encoding="UTF-8"?>' + tostring(response)


def _fill(parent: Element, verbs: Sequence[Verb], allowed: frozenset[str]) -> None:
    for place, verb in enumerate(verbs, 1):
        if verb.name not in allowed:
            raise NotInTheTable(f"<{verb.name}> may not stand in <{parent.tag}>")
        if verb.name in LAST and place < len(verbs):
            raise NotInTheTable(f"nothing after <{verb.name}> would be reached")
        _check(verb)
        element = SubElement(parent, verb.name, verb.attributes)
        element.text = verb.text or None
        _fill(element, verb.inside, TABLE[verb.name].inside)


def _check(verb: Verb) -> None:
    row = TABLE[verb.name]
    for name, value in verb.attributes.items():
        if name not in row.attributes:
            raise NotInTheTable(f"<{verb.name}> has no attribute {name}")
        if not re.fullmatch(row.attributes[name], value):
            raise NotInTheTable(f"<{verb.name} {name}> may not be {value!r}")
    if not re.fullmatch(row.text, verb.text):
        raise NotInTheTable(f"<{verb.name}> may not hold {verb.text!r}")
    if verb.name in ALONE_INSIDE and len(verb.inside) != 1:
        raise NotInTheTable(f"<{verb.name}> holds exactly one verb")
