"""A coordinator makes a program from a protocol without code, and sees its calendar before it starts (S127)."""

import re
from datetime import date

import pytest

from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.programs import calendar, explaining, services, setting_up
from peerline.programs.models import Program
from peerline.programs.protocols import shelf
from tests import cast
from tests.programs.test_protocols import GOOD

BASICS = {"name": "Oak Street pairs", "begins_on_month": "11", "begins_on_day": "30", "begins_on_year": "2026"}


@pytest.fixture
def clinic(db):
    return cast.clinic()


@pytest.fixture
def coordinator(client, clinic):
    person = cast.somebody(clinic, "coordinator", first_name="Casey")
    cast.sign_in(client, person)
    return person


def text(response):
    assert response.status_code == 200, response
    return re.sub(r"\s+", " ", response.content.decode())


def protocol(key):
    return shelf.newest()[key].protocol


@pytest.mark.req("S127", "S21", "S111")
def test_from_a_protocol_to_a_running_program_in_three_pages(client, clinic, coordinator):
    site = people.make_site(PLATFORM, organization_id=clinic.pk, name="Oak Street")
    first = text(client.get("/programs/add/"))
    assert all(title in first for title in ("Pairs who talk weekly", "Peer calls only", "Starting insulin together"))
    assert "What will happen" not in text(client.get("/programs/add/insulin-start/"))
    basics = {**BASICS, "place": f"{clinic.pk}:{site.pk}", "led_by": coordinator.pk}
    page = text(client.post("/programs/add/insulin-start/", basics, follow=True))
    assert "After 5 days without a talk the line rings one of the two." in page
    assert "after 13 weeks" in page and "Nothing has started yet" in page
    assert not Program.objects.exists()
    page = text(client.post("/programs/add/insulin-start/calendar/", follow=True))
    program = Program.objects.get()
    assert (program.site, program.led_by, program.begins_on) == (site, coordinator, date(2026, 11, 30))
    assert (program.protocol_key, program.talks_a_week) == ("insulin-start", 2)
    assert "Recruit: write what people agree to" in page and "To do" in page


def test_the_draft_is_kept_to_be_changed_and_is_gone_after_the_start(client, clinic, coordinator):
    basics = {**BASICS, "place": f"{clinic.pk}:", "led_by": ""}
    client.post("/programs/add/peer-calls/", basics)
    assert "Oak Street pairs" in text(client.get("/programs/add/peer-calls/"))
    client.post("/programs/add/peer-calls/calendar/")
    assert client.get("/programs/add/peer-calls/calendar/").headers["Location"] == "/programs/add/peer-calls/"
    assert Program.objects.get().led_by is None


def test_a_name_that_is_taken_is_said_and_nothing_is_made_twice(client, clinic, coordinator):
    for _ in range(2):
        client.post("/programs/add/peer-calls/", {**BASICS, "place": f"{clinic.pk}:", "led_by": ""})
        response = client.post("/programs/add/peer-calls/calendar/", follow=True)
    assert "There is a program with this name already." in text(response)
    assert Program.objects.count() == 1


def test_a_protocol_that_is_refused_is_shown_with_its_lines(client, coordinator, settings, tmp_path):
    settings.PROTOCOLS = tmp_path
    (tmp_path / "mine.toml").write_text(GOOD.replace("version = 1", "version = 0"))
    page = text(client.get("/programs/add/"))
    assert "mine.toml cannot be used" in page and "mine.toml, line 2, version" in page
    assert client.get("/programs/add/walks/").status_code == 404


def test_all_of_it_is_in_spanish_too(client, clinic, coordinator):
    client.cookies["django_language"] = "es"
    client.post("/programs/add/reciprocal-pairs/", {**BASICS, "place": f"{clinic.pk}:", "led_by": ""})
    page = text(client.get("/programs/add/reciprocal-pairs/calendar/"))
    assert "Primera reunión con la enfermera" in page and "después de 13 semanas" in page
    assert not {"First session", "within", "after", "weeks"} & set(re.sub("<[^>]*>", " ", page).split())


def test_nobody_begins_a_program_where_they_may_not(clinic):
    other = cast.clinic("Other")
    stranger = viewer_of(cast.somebody(other, "coordinator").pk)
    facts = {"name": "X", "place": f"{clinic.pk}:", "led_by": None, "begins_on": date(2026, 11, 30)}
    with pytest.raises(NotThere):
        setting_up.start(stranger, "peer-calls", facts)
    with pytest.raises(NotThere):
        services.make_program(
            PLATFORM, organization_id=clinic.pk, name="X", begins_on=date(2026, 11, 30), led_by_id=stranger.person_id
        )


def test_the_checklist_follows_what_was_done(clinic):
    program = services.make_program(PLATFORM, organization_id=clinic.pk, name="X", begins_on=date(2026, 11, 30))
    before = [row["status"] for row in setting_up.to_do(program, protocol("reciprocal-pairs"))]
    services.write_consent(PLATFORM, program_id=program.pk, texts={"en": "We talk.", "es": "Hablamos."})
    after = [row["status"] for row in setting_up.to_do(program, protocol("reciprocal-pairs"))]
    assert before == ["To do", "To do", "By itself", "To do", "To do", "By itself"]
    assert after == ["Done", *before[1:]]


def test_the_calendar_marks_each_week_and_goes_on_after_its_end():
    pairs = protocol("reciprocal-pairs")
    lanes = {lane.name: lane for lane in calendar.lanes(pairs)}
    assert lanes["sessions"].weeks == [0, 4, 13, 26]
    assert lanes["sessions"].marks[0] == "session" and lanes["sessions"].marks[4] == "optional"
    assert lanes["plans"].weeks == list(range(0, 27, 2))
    assert len(lanes["talks"].weeks) == 27
    last = calendar.happenings(pairs, date(2026, 11, 30))[-1]
    assert (last.on, last.again_every_weeks) == (date(2028, 5, 29), 52)


def test_each_rule_is_a_sentence():
    sentences = dict(explaining.rules(protocol("insulin-start")))
    assert sentences["Who can take part"] == (
        "18 years or older, and no upper limit; a telephone at which they can be reached; one of these: takes the most "
        "diabetes pills there are and A1C of 8 percent or more, or insulin begins, or changes."
    )
    for key in ("reciprocal-pairs", "beside-a-class", "peer-calls", "insulin-start"):
        assert all(sentence.endswith(".") for _, sentence in explaining.rules(protocol(key)))


@pytest.mark.parametrize(("minutes", "said"), [(5, "within 5 minutes"), (60, "within 1 hour"), (4320, "within 3 days")])
def test_a_time_is_said_in_its_largest_whole_unit(minutes, said):
    assert explaining.within(minutes) == said


def test_a_newer_version_is_offered_on_the_programs_page_and_taken_by_one_button(
    client, clinic, coordinator, settings, tmp_path
):
    settings.PROTOCOLS = tmp_path
    (tmp_path / "walks.toml").write_text(GOOD)
    program = services.make_program(
        PLATFORM, organization_id=clinic.pk, name="X", begins_on=date(2026, 11, 30), protocol_key="walks"
    )
    page = f"/programs/{program.pk}/guide/"
    assert "There is a newer version" not in text(client.get(page))
    (tmp_path / "walks.toml").write_text(GOOD.replace("version = 1", "version = 2"))
    assert "Version 2 is here; this program begins people with version 1." in text(client.get(page))
    said = text(client.post(f"/programs/{program.pk}/newest-protocol/", follow=True))
    assert "begins with the newest version" in said and "There is a newer version" not in said
    program.refresh_from_db()
    assert program.protocol_version == 2


def test_the_trials_own_protocol_stands_first(client, coordinator):
    page = text(client.get("/programs/add/"))
    assert page.index("Pairs who talk weekly") < page.index("Peer calls only")
