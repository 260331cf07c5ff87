"""What the tests of programs share."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english():
    """Whatever language a page of the test before was read in."""
    with translation.override("en"):
        yield
