import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation import trans_real

from tests.exchange.prompts.sources import ROOT


@pytest.fixture(scope="session", autouse=True)
def _compiled_catalogue():
    """The room's Spanish as the product sees it: catalogues are compiled at start and not committed."""
    source = ROOT / "peerline/exchange/locale/es/LC_MESSAGES/django.po"
    with source.open("rb") as words, source.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(words, locale="es"))
    trans_real._translations.clear()
