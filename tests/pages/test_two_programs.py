"""Where there are several programs, the way to matching asks which one."""

from datetime import date

import pytest

from peerline.people.access import PLATFORM
from peerline.programs import services as programs
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture, sign_in
from tests.cast import sign_in as sign_in_client


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 320)])
def test_the_choice_of_a_program_to_match_in_is_plain(place, client, new_page, live_server, language, width):
    programs.make_program(PLATFORM, organization_id=place.organization.pk, name="Second", begins_on=date(2026, 11, 2))
    sign_in_client(client, place.who("coordinator"))
    page = new_page(language, viewport={"width": width, "height": 900})
    sign_in(page, client, live_server)
    page.goto("/match/")
    assert page.get_by_role("link", name="Second").count() + page.get_by_text("Second").count() > 0
    for check in (check_axe, check_targets, check_no_sideways_scroll):
        check(page)
    keep_picture(page, f"match-which-{language}-{width}")
    page.goto(f"/programs/{place.program.pk}/timeline/")
    check_axe(page)
    keep_picture(page, f"timeline-{language}-{width}")
