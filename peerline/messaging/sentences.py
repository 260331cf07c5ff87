"""What the line writes by itself to whoever wrote to it. No word tells what kind of program it is."""

from django.conf import settings
from django.utils.translation import gettext as _

from peerline.kernel.phone_numbers import for_reading


def _line() -> dict[str, str]:
    return {"line": for_reading(settings.LINE_NUMBER)}


def stopped(channel: str) -> str:
    if channel == "email":
        return (
            _("Peerline: you get no more mail from us. Answer START to get it again. Questions: call %(line)s.")
            % _line()
        )
    return (
        _("Peerline: you get no more texts from us. Answer START to get them again. Questions: call %(line)s.")
        % _line()
    )


def started(channel: str) -> str:
    if channel == "email":
        return _("Peerline: you get mail from us again. Answer STOP to end it.")
    return _("Peerline: you get texts from us again. Answer STOP to end them.")


def helping(channel: str) -> str:
    if channel == "email":
        return (
            _("This is Peerline. Call %(line)s and press 0 to reach the staff. Answer STOP to get no more mail.")
            % _line()
        )
    return (
        _("This is Peerline. Call %(line)s and press 0 to reach the staff. Answer STOP to get no more texts.") % _line()
    )


def nobody() -> str:
    """Nobody is known at this number or address, or nobody can be meant."""
    return (
        _("This is Peerline. Nobody reads what is written here. Call %(line)s and press 0 to reach the staff.")
        % _line()
    )
