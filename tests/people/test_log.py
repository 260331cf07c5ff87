"""An administrator reads who looked at what and who changed what, of their own clinic, and nobody else does."""

from datetime import timedelta

import pytest

from peerline.audit import queries as audit
from peerline.audit import services
from peerline.kernel import clock
from peerline.people import log
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from peerline.people.log import PLATFORM_ITSELF, Wanted
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, sign_in
from tests.cast import clinic, somebody, viewer
from tests.cast import sign_in as sign_in_client


class House:
    """Two clinics; in ours a nurse looked at Ana three times and took the calls out, and Peerline added her."""

    def __init__(self):
        self.here, self.there = clinic(), clinic("Another clinic")
        self.keeper = somebody(self.here, "administrator", email="ada@example.org")
        self.nurse = somebody(self.here, "nurse", email="dana@example.org", nickname="Dana")
        self.ana = somebody(self.here, "participant", first_name="Ana", nickname="Heron")
        self.stranger = somebody(self.there, "participant", nickname="Wren")
        audit.lines().delete()
        with clock.running_on(lambda: before - timedelta(days=9)):
            services.record(None, "people.added", subject_id=self.ana.pk)
        for _ in range(3):
            services.record(self.nurse.pk, "people.saw", subject_id=self.ana.pk)
        services.record(self.nurse.pk, "monitoring.exported_log")
        services.record(self.nurse.pk, "people.saw", subject_id=self.stranger.pk)
        services.record(None, "messaging.closed", object="channel:sms")
        self.viewer = viewer_of(self.keeper.pk)

    def found(self, **wanted):
        return [(line.who, line.deed, line.about) for line in log.page(self.viewer, Wanted(**wanted), "")[0]]


before = clock.now()
LOOK, FILE, ADDED = ("Dana", "“looked at your record”", "Heron"), ("Dana", "took the calls out as a file", ""), ("", "“added you”", "Heron")  # fmt: skip


@pytest.fixture
def house(db):
    return House()


@pytest.mark.req("S10", "T1")
def test_each_look_and_each_change_of_the_own_clinic_stands_there_newest_first(house):
    assert house.found() == [FILE, LOOK, LOOK, LOOK, ADDED]


@pytest.mark.req("S10")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"deed": "looks"}, [FILE, LOOK, LOOK, LOOK]),
        ({"deed": "changes"}, [ADDED]),
        ({"actor_id": PLATFORM_ITSELF}, [ADDED]),
        ({"about": "her"}, [LOOK, LOOK, LOOK, ADDED]),
        ({"about": "nobody"}, []),
        ({"last_day": (before - timedelta(days=5)).date()}, [ADDED]),
        ({"first_day": (before - timedelta(days=5)).date()}, [FILE, LOOK, LOOK, LOOK]),
    ],
)
def test_each_filter_keeps_what_it_says(house, wanted, expected):
    assert house.found(**wanted) == expected


def test_one_who_did_it_and_one_it_was_about(house):
    assert house.found(actor_id=house.nurse.pk) == [FILE, LOOK, LOOK, LOOK]
    assert house.found(person_id=house.ana.pk) == [LOOK, LOOK, LOOK, ADDED]
    assert house.found(person_id=house.stranger.pk) == []


@pytest.mark.req("S10")
def test_whoever_keeps_one_site_reads_of_its_people_only(house):
    site = people.make_site(PLATFORM, organization_id=house.here.pk, name="Eastside")
    keeper = viewer(house.here, "administrator", site_id=site.pk)
    ben = somebody(house.here, "participant", site_id=site.pk, nickname="Oak")
    services.record(house.nurse.pk, "people.saw", subject_id=ben.pk)
    found = log.page(keeper, Wanted(deed="looks"), "")[0]
    assert [line.about for line in found] == ["Oak"] and found[0].who == "Dana"


def test_pages_follow_each_other_without_gap_or_double(house, monkeypatch):
    monkeypatch.setattr(log, "A_PAGE", 2)
    found, place = [], ""
    for _ in range(9):
        lines, place = log.page(house.viewer, Wanted(), place)
        found += [(line.who, line.deed, line.about) for line in lines]
        if not place:
            break
    assert found == [FILE, LOOK, LOOK, LOOK, ADDED]


@pytest.mark.req("S10", "S47", "S122")
def test_the_page_is_clean_says_it_all_in_spanish_and_its_reading_is_on_record(house, client, new_page, live_server):
    sign_in_client(client, house.keeper)
    assert client.get("/log/?actor=x&first_day=never&before=nowhere").status_code == 200
    assert audit.lines().filter(verb="people.saw_log", actor_id=house.keeper.pk).count() == 1
    page = new_page("es", viewport={"width": 390, "height": 844})
    sign_in(page, client, live_server)
    page.goto("/log/?deed=looks")
    said = page.inner_text("main")
    assert "“miró su ficha”" in said and "sacó las llamadas en un archivo" in said and "looked" not in said
    for check in (check_axe, check_no_sideways_scroll, check_targets):
        check(page)
