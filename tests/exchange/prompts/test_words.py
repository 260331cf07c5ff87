"""Every word these pages show has its Spanish. The room's catalogue holds other words of the exchange too."""

import pytest

from peerline.exchange.prompts.catalogue import prompts
from peerline.exchange.prompts.sections import NAMES
from tests.exchange.prompts.sources import ROOT
from tests.ui.test_words import translated
from tests.ui.words import words_of

ROOM = ROOT / "peerline/exchange"


@pytest.mark.req("S47")
def test_every_word_of_the_prompt_pages_has_its_spanish():
    words = words_of(ROOM / "prompts") | words_of(ROOM / "templates/exchange/prompts")
    assert len(words) > 40
    assert words - translated(ROOM / "locale/es/LC_MESSAGES/django.po") == set()


def test_every_section_has_a_name_for_staff():
    assert {one.section for one in prompts("en").values()} <= set(NAMES)
