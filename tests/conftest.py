"""Fixtures every room's tests may use."""

import pytest
from django.core.management import call_command

from tests.browser import browser_page, chromium, new_page

__all__ = ["browser_page", "chromium", "new_page"]


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """Spanish, compiled into the test run's own state folder."""
    call_command("compile_catalogues")
