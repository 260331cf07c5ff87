"""A form that cannot be used says so at its top, has the focus there, leads to each field, and keeps what was typed."""

from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError

from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture, sign_in
from tests.cast import sign_in as sign_in_client
from tests.pages import rounds

pytestmark = [pytest.mark.browser]
# role, address, a field that is filled (and kept), what is typed into it
FORMS = [
    (None, "/sign-in/", "p-reach", "12"),
    ("coordinator", "/people/{person_id}/contact/add/phone/", "value", "12"),
    ("coordinator", "/people/{person_id}/contact/add/email/", "value", "elm at example"),
    ("coordinator", "/people/{person_id}/nickname/", "nickname", ""),
    ("coordinator", "/programs/{program_id}/add/", "last_name", "Brook"),
    ("coordinator", "/programs/{program_id}/settings/", "talks_a_week", "99"),
    ("coordinator", "/programs/{program_id}/roster/", "roster", None),
    ("coordinator", "/programs/{program_id}/pair/", "second", None),
    ("coordinator", "/pairs/{pair_id}/end/", "reason", None),
    ("coordinator", "/desk/pairs/{pair_id}/", "note", "They were away."),
    ("nurse", "/voicemail/{voicemail_id}/", "note", ""),
    ("administrator", "/staff/add/", "email", "nobody at example"),
    ("administrator", "/staff/{nurse_id}/role/", "role", None),
]
LOOK = """() => {
  const summary = document.querySelector(".govuk-error-summary");
  if (!summary) return { summary: false };
  const links = [...summary.querySelectorAll("a")].map((one) => one.getAttribute("href").slice(1));
  return { summary: true, focused: document.activeElement === summary, links, lost: links.filter((one) => !document.getElementById(one)),
    title: document.title, said: document.querySelectorAll(".govuk-error-message").length };
}"""


def faults_of(page, field, typed):
    """What is wrong with the page after a form came back."""
    with suppress(TimeoutError):  # a browser on a busy machine is late with the focus
        page.locator(".govuk-error-summary:focus").wait_for(timeout=3000)
    found = page.evaluate(LOOK)
    if not found["summary"]:
        return ["no summary of errors"]
    said = ["the summary has no focus"] * (not found["focused"]) + [
        f"a link leads nowhere: {one}" for one in found["lost"]
    ]
    said += ["no link to a field"] * (not found["links"]) + ["no words at the field"] * (not found["said"])
    said += ["the title does not say so"] * (not found["title"].startswith(("Error:", "Hay un error:")))
    if typed and page.locator(f"[name='{field}']").first.input_value() != typed:
        said.append(f"{typed!r} was not kept")
    return said


@pytest.mark.parametrize("scripts", [False, True], ids=["none", "scripts"])
def test_each_form_says_what_is_wrong_and_keeps_what_was_typed(place, client, new_page, live_server, scripts):
    place.town.somebody("Ida", "Willow", "+17345550104")
    values = {**rounds.fillings(place), "nurse_id": place.staff["nurse"].pk}
    said, pages = [], {}
    for role, address, field, typed in FORMS:
        if role not in pages:
            pages[role] = new_page(java_script_enabled=scripts)
            if role:
                sign_in_client(client, place.who(role))
                sign_in(pages[role], client, live_server)
        page = pages[role]
        page.goto(address.format(**values))
        if typed is not None:
            page.fill(f"[name='{field}']", typed)
        with page.expect_navigation():
            page.locator(f"form:has([name='{field}']) button").last.click()
        said += [f"{address}: {one}" for one in faults_of(page, field, typed)]
        if scripts:
            page.set_viewport_size({"width": 390, "height": 900})
            for check in (check_axe, check_targets, check_no_sideways_scroll):
                check(page)
            keep_picture(page, f"error{address.replace('/', '-')}390".replace("{", "").replace("}", ""))
    assert not said, "\n".join(said)


def test_a_form_that_only_comes_back_is_found(browser_page):
    browser_page.goto("/sign-in/")
    assert faults_of(browser_page, "p-reach", "12") == ["no summary of errors"]
