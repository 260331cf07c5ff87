import pytest

from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pattern_page_has_no_axe_violation_and_fits(new_page, width, language, scheme):
    page = new_page(language, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto("/ui/")
    keep_picture(page, f"patterns-{width}-{language}-{scheme}")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    check_axe(page)
    check_no_sideways_scroll(page)
    check_targets(page)
