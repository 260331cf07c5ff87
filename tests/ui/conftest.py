from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).parents[2] / "peerline/ui/locale/es/LC_MESSAGES/django.po"


@pytest.fixture(scope="session", autouse=True)
def spanish_is_compiled():
    """This room's own catalogue, so that its tests run alone."""
    with CATALOGUE.open("rb") as source, CATALOGUE.with_suffix(".mo").open("wb") as target:
        write_mo(target, read_po(source, locale="es"))


@pytest.fixture(autouse=True)
def pattern_page_is_there(settings):
    settings.ROOT_URLCONF = "tests.ui.urls"
    settings.DEMO = True
