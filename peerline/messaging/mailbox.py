"""Mail that comes in: handed over by a mail server (`./run mail-in`) or fetched from a mailbox each minute."""

import hashlib
import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from peerline.messaging import inbox, mail, outbox, queries
from peerline.people import queries as people

AT_ONCE = 50
SECONDS = 15


def take(raw: bytes) -> str:
    """One mail; what it was (models.Inbound.what, "again" for one that was taken before). Never raises for what is in it."""
    found = mail.read(raw)
    if found.bounced:
        return _bounced(found)
    if not found.sender:
        return "robot"
    incoming = inbox.Incoming(
        "email", found.ref.strip() or hashlib.sha256(raw).hexdigest(), found.sender, found.words, found.subject, found.token,
        found.dropped, automatic=found.automatic or found.forged,
    )  # fmt: skip
    taken = inbox.take(incoming)
    _answer(incoming, taken)
    return taken.what


def _bounced(found: mail.Mail) -> str:
    """Our mail came back for good: its reminder goes another way."""
    message = queries.bounced(found.bounced)
    if message is not None and found.status.startswith("5"):
        outbox.noted(message.pk, "undelivered", how="bounce", code=found.status)
    return "bounce"


def _answer(incoming: inbox.Incoming, taken: inbox.Taken) -> None:
    """Only to somebody we know: whoever forges a sender must not make us write to a stranger."""
    at_address = people.people_at_email(incoming.value_hash)
    if not (taken.answer and at_address):
        return
    with translation.override(taken.language):
        outbox.send(
            to_person=at_address[0].person_id, channel="email", address=incoming.address, subject=_("Your message"),
            body=taken.answer, kind=outbox.CONFIRMED if taken.what == "stop" else "messaging.answer",
            key=f"answer:{hashlib.sha256(incoming.ref.encode()).hexdigest()[:40]}", answers_to=incoming.token,
        )  # fmt: skip


def fetch() -> int:
    """Regular work: what is new in the mailbox of PEERLINE_MAIL_IN_URL; how many mails. One is marked as seen once it is taken."""
    if not settings.MAIL_IN_URL:
        return 0
    with _opened() as box:
        numbers = box.uid("search", "UNSEEN")[1][0].split()[:AT_ONCE]
        for number in numbers:
            _status, parts = box.uid("fetch", number, "(BODY.PEEK[])")
            take(next((part[1] for part in parts if isinstance(part, tuple)), b""))
            box.uid("store", number, "+FLAGS", "(\\Seen)")
    return len(numbers)


@contextmanager
def _opened() -> Iterator[imaplib.IMAP4]:
    """The mailbox, signed in and opened."""
    url = urlsplit(settings.MAIL_IN_URL)
    secure = url.scheme == "imaps"
    box = (imaplib.IMAP4_SSL if secure else imaplib.IMAP4)(
        url.hostname or "", url.port or (993 if secure else 143), timeout=SECONDS
    )
    try:
        box.login(unquote(url.username or ""), unquote(url.password or ""))
        box.select(unquote(url.path.strip("/")) or "INBOX")
        yield box
    finally:
        box.logout()
