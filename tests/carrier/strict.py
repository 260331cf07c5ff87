"""Replies read as strictly as a carrier reads them (its errors 12100, document, and 12200, schema)."""

from dataclasses import dataclass, field
from xml.etree import ElementTree

ATTRIBUTES = {
    "Play": {"loop", "digits"},
    "Pause": {"length"},
    "Say": {"voice", "language", "loop"},
    "Gather": {
        "action", "method", "input", "timeout", "numDigits", "finishOnKey", "actionOnEmptyResult", "language", "hints",
        "speechTimeout", "bargeIn",
    },
    "Record": {
        "action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "trim", "recordingStatusCallback",
        "recordingStatusCallbackMethod", "recordingStatusCallbackEvent", "transcribe", "transcribeCallback",
    },
    "Dial": {
        "action", "method", "timeout", "timeLimit", "callerId", "hangupOnStar", "record", "answerOnBridge", "trim",
        "ringTone",
    },
    "Conference": {
        "muted", "beep", "startConferenceOnEnter", "endConferenceOnExit", "participantLabel", "waitUrl", "waitMethod",
        "maxParticipants", "record", "region", "coach", "trim", "statusCallback", "statusCallbackMethod",
        "statusCallbackEvent", "recordingStatusCallback", "eventCallbackUrl", "jitterBufferSize",
    },
    "Redirect": {"method"},
    "Hangup": set(),
    "Reject": {"reason"},
}  # fmt: skip
INSIDE = {"Response": set(ATTRIBUTES) - {"Conference"}, "Gather": {"Play", "Say", "Pause"}, "Dial": {"Conference"}}
WITH_TEXT = {"Play", "Say", "Redirect", "Conference"}
WHOLE_NUMBERS = {"loop", "length", "timeout", "numDigits", "maxLength", "timeLimit", "maxParticipants"}


class DocumentRefused(AssertionError):
    """The caller would hear "an application error has occurred" and be hung up."""


@dataclass
class Verb:
    name: str
    attributes: dict[str, str]
    text: str
    inside: list["Verb"] = field(default_factory=list)


def read(document: bytes, content_type: str) -> list[Verb]:
    if content_type.partition(";")[0] not in ("text/xml", "application/xml"):
        raise DocumentRefused(f"12300: content type {content_type}")
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError as reason:
        raise DocumentRefused(f"12100: {reason}") from reason
    if root.tag != "Response" or root.attrib:
        raise DocumentRefused("12102: the root is a bare Response")
    return [_verb(element, "Response") for element in root]


def _verb(element: ElementTree.Element, parent: str) -> Verb:
    if element.tag not in INSIDE.get(parent, set()):
        raise DocumentRefused(f"12200: <{element.tag}> in <{parent}>")
    if unknown := set(element.attrib) - ATTRIBUTES[element.tag]:
        raise DocumentRefused(f"12200: <{element.tag}> has no {sorted(unknown)}")
    for name in WHOLE_NUMBERS & set(element.attrib):
        if not element.attrib[name].isdigit():
            raise DocumentRefused(f"12200: {name}={element.attrib[name]!r}")
    text = (element.text or "").strip()
    if bool(text) != (element.tag in WITH_TEXT):
        raise DocumentRefused(f"12200: text in <{element.tag}>")
    return Verb(element.tag, dict(element.attrib), text, [_verb(inner, element.tag) for inner in element])
