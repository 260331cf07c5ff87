"""A real Chromium for the tests: `def test_…(browser_page): browser_page.goto("/…"); check_axe(browser_page)`.

Where no Chromium is found the tests are skipped, loudly; with CI set they fail.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the thread of the tests

CHROMIUM = os.environ.get("PEERLINE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = Path(__file__).resolve().parent.parent / "build" / "screenshots"
WIDTHS = (320, 390, 1280)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    if not Path(CHROMIUM).exists():
        missing = (
            f"NO CHROMIUM at {CHROMIUM}: the website was not looked at. Install chromium or set PEERLINE_CHROMIUM."
        )
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A function that opens a fresh page on the live server; its keywords are Playwright's (`color_scheme="dark"`,
    `viewport=…`, `java_script_enabled=False`) and `language`, "en" or "es"."""
    contexts = []

    def open_one(language: str = "en", **options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1280, "height": 900}, **options}
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def browser_page(new_page: Callable[..., Page]) -> Page:
    """A fresh page, 1280 px wide, in English."""
    return new_page()


def sign_in(page: Page, client: Any, live_server: Any) -> None:
    """Give `page` the session of a Django test client that has signed in (`client.force_login(account)`)."""
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def check_axe(page: Page) -> None:
    """No violation of axe's rules on the page as it stands now; else an AssertionError that says what and where."""
    found = Axe().run(page).response["violations"]
    said = [
        f"{rule['id']}: {rule['help']}\n    " + "\n    ".join(node["html"][:160] for node in rule["nodes"][:5])
        for rule in found
    ]
    assert not said, f"{page.url}\n" + "\n".join(said)


def check_no_sideways_scroll(page: Page) -> None:
    """The page is no wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the window"


SMALL_TARGETS = """() => {
  const seen = (e) => { const r = e.getBoundingClientRect(); const s = getComputedStyle(e);
    return r.width > 1 && r.height > 1 && s.visibility !== "hidden" && !e.closest(".govuk-visually-hidden, .govuk-skip-link"); };
  const inText = (e) => e.matches("a") && getComputedStyle(e).display === "inline" && e.closest("p, li, dd, td, label, .govuk-hint")
      && [...e.closest("p, li, dd, td, label, .govuk-hint").childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, audio")]
    .filter((e) => seen(e) && !inText(e))
    .map((e) => [e.outerHTML.slice(0, 140), Math.round(e.getBoundingClientRect().width), Math.round(e.getBoundingClientRect().height)])
    .filter(([, w, h]) => w < 44 || h < 44);
}"""


def check_targets(page: Page) -> None:
    """Whatever can be pressed is 44 px or more each way; links inside a sentence are excepted, as WCAG 2.5.5 does."""
    small = page.evaluate(SMALL_TARGETS)
    assert not small, f"{page.url}\n" + "\n".join(f"{w}×{h} {html}" for html, w, h in small)


def keep_picture(page: Page, name: str) -> Path:
    """A full-page screenshot, kept in build/screenshots for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
