"""E-mail by the server in PEERLINE_MAIL_URL. Plain text; no pictures, no links that count readers.

The head names nobody: the sender is the line, the number of the mail is a keyed hash, and an answer goes to an address that
only this person can use. A mail server cannot be asked later, so what broke off while it was taken stays unsure.
"""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from peerline.messaging.addresses import answer_address
from peerline.messaging.channels import Letter, NeverThere, NotNow, Unsure
from peerline.vault.services import lookup_hash

PATIENCE_SECONDS = 8  # a mail server that hangs must not hold up the worker


def message_id(key: str) -> str:
    """The same for the same message, so that a repeat is seen as one and a bounce is known. Names neither machine nor person."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{lookup_hash(key, 'mail')[:32]}@{domain if '.' in domain else 'peerline.invalid'}>"


def deliver(letter: Letter) -> str:
    number = message_id(letter.key)
    headers = {"Message-ID": number, "Auto-Submitted": "auto-generated", "Content-Language": letter.language}
    connection = get_connection(timeout=PATIENCE_SECONDS)
    mail = EmailMessage(
        letter.subject,
        letter.body,
        settings.DEFAULT_FROM_EMAIL,
        [letter.address],
        headers={**headers, **_answers(letter)},
        connection=connection,
    )
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as reason:
        raise NotNow(f"the mail server cannot be reached: {type(reason).__name__}") from reason
    try:
        mail.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as reason:
        if _is_for_good(reason):
            raise NeverThere("the mail server refuses this address") from reason
        raise NotNow("the mail server asks to come back later") from reason
    except smtplib.SMTPResponseException as reason:
        raise NotNow(
            f"the mail server says {reason.smtp_code}"
        ) from reason  # an answer, and no "250": it was not taken
    except (OSError, smtplib.SMTPException) as reason:
        raise Unsure(f"the mail server broke off: {type(reason).__name__}") from reason
    finally:
        connection.close()
    return number


def _answers(letter: Letter) -> dict[str, str]:
    """Where an answer goes, and how a mail program ends such mail with one click (RFC 2369)."""
    address = answer_address(letter.answers_to)
    return {"Reply-To": address, "List-Unsubscribe": f"<mailto:{address}?subject=stop>"} if address else {}


def _is_for_good(reason: smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused) -> bool:
    """SMTP answers of 500 and more are final, those of the 400s are not (RFC 5321, 4.2.1)."""
    if isinstance(reason, smtplib.SMTPSenderRefused):
        return int(reason.smtp_code) >= 500
    return all(code >= 500 for code, _ in reason.recipients.values())
