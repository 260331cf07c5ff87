"""Every word this room shows has its Spanish."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import peerline.ui
from tests.ui.words import words_of

ROOM = Path(peerline.ui.__file__).parent


def translated(catalogue_path: Path) -> set[tuple[str | None, str]]:
    with catalogue_path.open("rb") as file:
        catalogue = read_po(file, locale="es")
    keys = set()
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and all(forms) and not message.fuzzy:
            keys.add((message.context, message.id[0] if isinstance(message.id, tuple) else message.id))
    return keys


@pytest.mark.req("S47")
def test_every_word_of_the_room_has_its_spanish():
    assert not words_of(ROOM) - translated(ROOM / "locale/es/LC_MESSAGES/django.po")


def test_no_spanish_is_kept_for_words_that_are_gone():
    assert not translated(ROOM / "locale/es/LC_MESSAGES/django.po") - words_of(ROOM)


def test_the_guard_sees_a_word_without_spanish(tmp_path):
    (tmp_path / "page.html").write_text("{% load i18n %}{% translate 'A word nobody translated' %}")
    assert words_of(tmp_path) - translated(ROOM / "locale/es/LC_MESSAGES/django.po")
