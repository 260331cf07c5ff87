"""The line's own addresses for mail: talk+TOKEN@…, where the token says who writes to whom, to us and to nobody else."""

import re

from django.conf import settings


def answer_address(token: str) -> str:
    """Where mail of this thread goes; the plain address for no thread, "" where nobody can write by mail."""
    local, _, domain = settings.MAIL_ANSWERS_TO.partition("@")
    if not domain:
        return ""
    return f"{local}+{token}@{domain}" if token else f"{local}@{domain}"


def token_in(addresses: str) -> str:
    """The token among the addresses of a mail's head; "" for none. Mail servers may write them in capitals."""
    local, _, domain = settings.MAIL_ANSWERS_TO.partition("@")
    if not domain:
        return ""
    found = re.search(rf"{re.escape(local)}\+([a-z0-9]{{20}})@{re.escape(domain)}", addresses, re.I)
    return found[1].lower() if found else ""
