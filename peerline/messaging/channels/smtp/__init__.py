"""E-mail by the server in PEERLINE_MAIL_URL. Plain text; no pictures, no links that count readers."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from peerline.messaging.channels import Letter, NeverThere, NotNow

PATIENCE_SECONDS = 8  # a mail server that hangs must not hold up the worker


def _message_id(key: str) -> str:
    """The same for the same message, so that a repeat is seen as one. Names neither this machine nor a person."""
    return f"<{key.replace(':', '.').replace('@', '.')}@peerline.invalid>"


def deliver(letter: Letter) -> str:
    message_id = _message_id(letter.key)
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated", "Content-Language": letter.language}
    mail = EmailMessage(
        letter.subject,
        letter.body,
        settings.DEFAULT_FROM_EMAIL,
        [letter.address],
        headers=headers,
        connection=get_connection(timeout=PATIENCE_SECONDS),
    )
    try:
        mail.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as reason:
        if _is_for_good(reason):
            raise NeverThere("the mail server refuses this address") from reason
        raise NotNow("the mail server asks to come back later") from reason
    except (OSError, smtplib.SMTPException) as reason:
        raise NotNow(f"the mail server cannot be used: {type(reason).__name__}") from reason
    return message_id


def _is_for_good(reason: smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused) -> bool:
    """SMTP answers of 500 and more are final, those of the 400s are not (RFC 5321, 4.2.1)."""
    if isinstance(reason, smtplib.SMTPSenderRefused):
        return int(reason.smtp_code) >= 500
    return all(code >= 500 for code, _ in reason.recipients.values())
