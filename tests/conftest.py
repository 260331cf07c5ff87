"""Fixtures every room's tests may use."""

from tests.browser import browser_page, chromium, new_page

__all__ = ["browser_page", "chromium", "new_page"]
