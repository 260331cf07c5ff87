"""Reads the words of a room out of its Python and its templates, as gettext would."""

import io
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation import templatize

KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "_": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def words_of(room: Path) -> set[tuple[str | None, str]]:
    """(context, message) of every translatable string; of a plural, its singular."""
    found = set()
    for path in [*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt")]:
        if "node_modules" in path.parts or "migrations" in path.parts:
            continue
        text = path.read_text()
        code = text if path.suffix == ".py" else _flat(templatize(text, origin=str(path)))
        for _line, message, _comments, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
            first = message[0] if isinstance(message, tuple) else message
            if first:
                found.add((context, first))
    return found


def _flat(code: str) -> str:
    """A templatized text without indentation, which means nothing there and troubles Python's tokenizer."""
    return "\n".join(line.strip() for line in code.splitlines())
