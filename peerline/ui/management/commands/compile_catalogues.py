"""Compile every room's catalogue into one, in the state folder. Pure Python: no gettext is needed on the machine."""

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peerline.kernel.languages import LANGUAGES


def catalogues(language: str) -> list[Path]:
    """The .po files of all rooms for one language."""
    return sorted(settings.ROOT.glob(f"peerline/**/locale/{language}/LC_MESSAGES/django.po"))


def merged(language: str) -> Catalog:
    """All rooms' messages in one catalogue. Raises CommandError where two rooms translate one text in two ways."""
    whole = Catalog(locale=language)
    for path in catalogues(language):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if not message.id or not message.string or message.fuzzy:
                    continue
                before = whole.get(message.id, context=message.context)
                if before is not None and before.string != message.string:
                    raise CommandError(f"{path}: {message.id!r} is {before.string!r} in another room; choose one")
                whole.add(message.id, message.string, context=message.context, flags=message.flags)
    return whole


class Command(BaseCommand):
    help = "Compile the translations into the state folder."

    def handle(self, *args: Any, **options: Any) -> None:
        for language in LANGUAGES:
            target = settings.STATE / "locale" / language / "LC_MESSAGES" / "django.mo"
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                write_mo(file, merged(language))
