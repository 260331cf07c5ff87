"""The mail door: a mail as bytes, however broken, becomes what somebody wrote, a bounce, or a robot's word. No effects.

Read by hand over the oldest and most forgiving of Python's policies: heads are bytes from anywhere, and a parser that
raises on one would let a stranger stop the post.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Any

from peerline.messaging.addresses import token_in
from peerline.messaging.replies import own_words

MOST_BYTES = 5_000_000
MOST_PARTS = 200
TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To")
ROBOTS = ("mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply", "do-not-reply")


@dataclass(frozen=True)
class Mail:
    """sender: the address alone. bounced: the number of the mail that came back, with its status ("5.1.1"). failed: who
    receives mail for us says that the sender is not who they say (DMARC)."""

    ref: str
    sender: str
    subject: str
    words: str
    token: str
    dropped: int
    automatic: bool
    bounced: str = ""
    status: str = ""
    forged: bool = False


def read(raw: bytes) -> Mail:
    """Never raises."""
    try:
        return _read(message_from_bytes(raw[:MOST_BYTES], policy=policy.compat32))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError):
        return Mail("", "", "", "", "", 0, automatic=True)  # made by nothing that a person writes mail with


def _read(mail: Message) -> Mail:
    parts = _parts(mail)
    words, dropped = _words(parts)
    sender = next((address for _, address in getaddresses([_head(mail, "From")]) if "@" in address), "")
    bounced, status = _bounce(mail, parts)
    return Mail(
        ref=f"{_head(mail, 'Message-ID')} {sender} {_head(mail, 'Date')}"[:600],
        sender=sender.strip().casefold()[:254],
        subject=_head(mail, "Subject")[:200],
        words=own_words(words),
        token=token_in(" ".join(_head(mail, name) for name in TO)),
        dropped=dropped,
        automatic=_is_automatic(mail, sender),
        bounced=bounced,
        status=status,
        forged=bool(re.search(r"\bdmarc=fail\b", _head(mail, "Authentication-Results"), re.I)),
    )


def _head(mail: Message, name: str) -> str:
    """All heads of that name, decoded as far as they can be."""
    found: list[str] = []
    for value in mail.get_all(name, [])[:20]:
        for piece, charset in decode_header(str(value)[:4000]):
            found.append(piece if isinstance(piece, str) else _decoded(piece, charset or "utf-8"))
    return " ".join("".join(found).split())


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _parts(mail: Message) -> list[Message]:
    """The parts that hold something, in order, without going on for ever."""
    found: list[Message] = []
    for part in mail.walk():
        if len(found) >= MOST_PARTS:
            break
        if not part.is_multipart() or part.get_content_type() == "message/delivery-status":
            found.append(part)
    return found


def _words(parts: list[Message]) -> tuple[str, int]:
    """The first text, plain before HTML, and how many other parts there are that somebody attached."""
    plain = next((part for part in parts if _is_text(part, "text/plain")), None)
    page = next((part for part in parts if _is_text(part, "text/html")), None)
    attached = [part for part in parts if part not in (plain, page) and not _is_text(part, "text/html")]
    if plain is not None and (words := _text(plain)).strip():
        return words, len(attached)
    return (_without_tags(_text(page)) if page is not None else ""), len(attached)


def _is_text(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _text(part: Message) -> str:
    data: Any = part.get_payload(decode=True)
    return _decoded(data if isinstance(data, bytes) else b"", str(part.get_content_charset() or "utf-8"))


class _Words(HTMLParser):
    """The words of a page, a line for each paragraph; what a mail program quotes stands in a blockquote and is left out."""

    BREAKS = ("p", "div", "br", "tr", "li", "h1", "h2", "h3")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in ("style", "script", "head", "blockquote")
        if tag in self.BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unread = max(0, self.unread - (tag in ("style", "script", "head", "blockquote")))

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.words.append(data)


def _without_tags(page: str) -> str:
    parser = _Words()
    parser.feed(page[:200_000])
    return re.sub(r"[ \t]+", " ", "".join(parser.words)).strip()


# --- Robots and bounces ----------------------------------------------------------------------------------------------


def _is_automatic(mail: Message, sender: str) -> bool:
    """No person wrote it (RFC 3834): an answer to it might go round for ever."""
    if _head(mail, "Auto-Submitted").split(";")[0].strip().lower() not in ("", "no"):
        return True
    if any(
        mail.get(name) for name in ("List-Id", "List-Post", "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
    ):
        return True
    if _head(mail, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    if _head(mail, "Return-Path") == "<>" or mail.get_content_type() == "multipart/report":
        return True
    return sender.split("@", maxsplit=1)[0].lower() in ROBOTS or not sender


def _bounce(mail: Message, parts: list[Message]) -> tuple[str, str]:
    """Of a report that a mail could not be delivered (RFC 3464): the mail's own number, and the status. ("", "") else."""
    if mail.get_content_type() != "multipart/report":
        return "", ""
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    said = "\n".join(str(block) for part in reports for block in _blocks(part))
    status = re.search(r"^Status:\s*(\d\.\d{1,3}\.\d{1,3})", said, re.M | re.I)
    if not re.search(r"^Action:\s*failed", said, re.M | re.I) or not status:
        return "", ""
    original = next((number for part in mail.walk() if (number := _original(part, mail))), "")
    return original, status[1]


def _blocks(part: Message) -> list[Any]:
    payload = part.get_payload()
    return list(payload) if isinstance(payload, list) else [payload]


def _original(part: Message, mail: Message) -> str:
    """The number of the mail that came back, from its own head inside the report."""
    if part.get_content_type() == "text/rfc822-headers":
        found = re.search(r"^Message-ID:\s*(<[^>\s]+>)", _text(part), re.M | re.I)
        return found[1] if found else ""
    inside = part is not mail and part.get_content_type() not in ("message/delivery-status", "message/rfc822")
    return str(part.get("Message-ID") or "") if inside else ""
