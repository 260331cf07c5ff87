"""A time to talk on the website: one asks, the other chooses, both see it on their own clock; and what the timeline shows."""

from datetime import timedelta

import pytest

from peerline.kernel import clock
from peerline.pairs import talk_times
from peerline.pairs.models import TalkTime
from peerline.people.access import PLATFORM
from peerline.programs.models import DueThing
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture, sign_in
from tests.cast import sign_in as sign_in_client

WORDS = {"en": ("Ask my partner", "has not answered yet"), "es": ("Preguntar a mi pareja", "no ha contestado")}


def looked_at(page, name):
    for check in (check_axe, check_targets, check_no_sideways_scroll):
        check(page)
    keep_picture(page, name)


@pytest.mark.browser
@pytest.mark.req("S18")
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 390)])
def test_one_asks_for_a_time_and_the_other_chooses_it(place, client, new_page, live_server, language, width):
    pair, me = place.town.pair, place.participant
    sign_in_client(client, place.who("participant"))
    page = new_page(language, viewport={"width": width, "height": 900})
    sign_in(page, client, live_server)
    page.goto(f"/my/time/{pair.pk}/")
    looked_at(page, f"time-ask-{language}-{width}")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name=WORDS[language][0]).click()
    assert WORDS[language][1] in page.content()
    looked_at(page, f"time-waits-{language}-{width}")
    other = next(one.person_id for one in pair.partners.all() if one.person_id != me.pk)
    zone = other and TalkTime.objects.get().zone
    times = talk_times.offers(pair, zone, clock.now())[:3]
    talk_times.propose(PLATFORM, pair_id=pair.pk, person_id=other, times=times, weekly=True)
    page.goto("/my/")
    keep_picture(page, f"time-card-{language}-{width}")
    page.goto(f"/my/time/{pair.pk}/")
    looked_at(page, f"time-choose-{language}-{width}")
    page.locator("form button[value=agree]").first.click()
    assert TalkTime.objects.get(state="agreed").at == times[0]
    looked_at(page, f"time-agreed-{language}-{width}")


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 390)])
def test_the_timeline_says_what_is_coming_what_was_missed_and_what_was_done(
    place, client, new_page, live_server, language, width
):
    now = clock.now()
    for number, (state, put_off) in enumerate(
        [("waiting", 0), ("waiting", 2), ("missed", 0), ("done", 0), ("over", 0)]
    ):
        DueThing.objects.create(
            duty="pairs.reminder", subject=f"pair:{place.town.pair.pk}", occurrence=f"n{number}", program=place.program,
            facts={"days": 9 + number, "turn": 1}, due_at=now + timedelta(hours=number), until=now + timedelta(days=9),
            state=state, put_off=put_off, made_at=now, acted_at=None if state == "waiting" else now,
            slot_at=None if put_off else now + timedelta(hours=20), slot_place=number,
        )  # fmt: skip
    sign_in_client(client, place.who("coordinator"))
    page = new_page(language, viewport={"width": width, "height": 900})
    sign_in(page, client, live_server)
    page.goto(f"/programs/{place.program.pk}/timeline/")
    looked_at(page, f"timeline-{language}-{width}")
    assert page.locator("main").inner_text().count("9") > 0
