"""Every word of these rooms has its Spanish, and no Spanish is kept for words that are gone."""

from pathlib import Path

import pytest

import peerline
from tests.ui.test_words import translated
from tests.ui.words import words_of

ROOMS = Path(peerline.__file__).parent


@pytest.mark.req("S47")
@pytest.mark.parametrize("room", ["people", "entry", "messaging", "programs"])
def test_the_spanish_of_the_room_is_complete(room):
    catalogue = ROOMS / room / "locale/es/LC_MESSAGES/django.po"
    assert words_of(ROOMS / room) == translated(catalogue)
