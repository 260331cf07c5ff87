"""Whom to call in an emergency, by locale pack. Shown at the very top of every page and spoken first on the line.

Sources for "us": 988 Suicide & Crisis Lifeline, call or text in English and Spanish (for Spanish press 2, or text AYUDA);
Veterans Crisis Line, dial 988 then press 1; emergencies 911.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class CrisisPack:
    """Numbers as dialled; `note` says what else to press; `leave` is where "leave this page" goes."""

    emergency: str
    crisis: str
    crisis_takes_text: bool
    note: str | Promise
    leave: str


PACKS = {
    "us": CrisisPack(
        emergency="911",
        crisis="988",
        crisis_takes_text=True,
        note=_("Veterans press 1."),
        leave="https://www.weather.gov/",
    ),
}


def pack(name: str) -> CrisisPack:
    """The pack of that name. A name nobody knows is a mistake in the settings and stops the start: KeyError."""
    return PACKS[name]
