"""A visitor who has a keyboard and nothing else: Tab to what is wanted, then type, Space or Enter.

Wherever Tab leads, the focus must be on the screen and be seen.
"""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser import check_axe, check_no_sideways_scroll

MOST_TABS = 150
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return { name: "", seen: true };
  const words = (other) => (other ? other.innerText || other.textContent : "").replace(/\\s+/g, " ").trim();
  const name = one.getAttribute("aria-label") || [...(one.labels || [])].map(words).join(" ") || words(one);
  const marked = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  const label = (one.labels || [])[0], beside = one.nextElementSibling;
  const shown = [getComputedStyle(one), label && getComputedStyle(label, "::before"), beside && getComputedStyle(beside), beside && getComputedStyle(beside, "::before")];
  const box = one.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return { name, seen: inside && shown.some((style) => style && marked(style)) };
}"""


class Hands:
    """Two hands on the keys of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, words: str) -> None:
        """Tab until what begins with these words has the focus."""
        passed = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            assert focused["seen"], f"nobody sees that the focus is on {focused['name']!r} on {self.page.url}"
            if focused["name"].startswith(words):
                return
            passed.append(focused["name"])
        raise AssertionError(f"{words!r} cannot be reached on {self.page.url}, only {list(dict.fromkeys(passed))}")

    def press(self, words: str) -> None:
        """Enter on a link or a button that leads to another page."""
        self.reach(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def mark(self, words: str) -> None:
        """Space on a box."""
        self.reach(words)
        self.page.keyboard.press("Space")

    def write(self, words: str, text: str) -> None:
        """Type into a field, or the first letters of a choice."""
        self.reach(words)
        self.page.keyboard.type(text)

    def choose(self, words: str) -> None:
        """The arrows inside a group of choices, until the one that begins with these words is chosen."""
        self.page.keyboard.press("Tab")
        while not self._is_choice():
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        first = self._name()
        while not self._name().startswith(words):
            self.page.keyboard.press("ArrowDown")
            assert self._name() != first, f"{words!r} is no choice on {self.page.url}"

    def _is_choice(self) -> bool:
        return bool(self.page.evaluate("document.activeElement.type === 'radio'"))

    def _name(self) -> str:
        return str(self.page.evaluate(FOCUSED)["name"])

    def says(self, words: str) -> bool:
        return words in self.page.inner_text("main")


class Watched(Hands):
    """Hands that look at every kind of page they pass: no violation of axe's rules, nothing wider than a small telephone,
    one heading, and the language it should be in."""

    def __init__(self, page: Page, language: str) -> None:
        super().__init__(page)
        self.language, self.passed = language, set()
        self.look()

    def press(self, words: str) -> None:
        super().press(words)
        self.look()

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def look(self) -> None:
        kind = re.sub(r"\d+", "0", urlsplit(self.page.url).path)
        if kind in self.passed:
            return
        self.passed.add(kind)
        assert self.page.evaluate("document.documentElement.lang") == self.language
        assert self.page.locator("h1").count() == 1, f"{self.page.url} has not one heading"
        check_axe(self.page)
        wide = self.page.viewport_size
        self.page.set_viewport_size({"width": 320, "height": 900})
        check_no_sideways_scroll(self.page)
        self.page.set_viewport_size(wide)
