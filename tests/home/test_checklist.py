"""The checklist before real people are invited: each point is seen as missing, and then as done."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from peerline.exchange import queries as exchange
from peerline.exchange import services as exchange_services
from peerline.exchange.prompts import queries as prompts
from peerline.home import checklist, services
from peerline.home.models import Proof
from peerline.jobs import services as jobs
from peerline.kernel import clock, week
from peerline.messaging.models import Message
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.programs import services as programs
from tests import cast
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture
from tests.browser import sign_in as browser_sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return cast.clinic()


@pytest.fixture
def ada(clinic):
    return cast.somebody(clinic, "administrator", first_name="Ada", nickname="Ada", email="ada@example.org")


@pytest.fixture
def state(tmp_path, settings):
    """A state folder of its own: whether the line lives and who reads secrets is seen there."""
    settings.STATE = tmp_path
    return tmp_path


def point(ada, label: str) -> checklist.Point:
    return next(one for one in checklist.points(viewer_of(ada.pk)) if one.label.startswith(label))


def test_made_up_people_are_seen(ada, clinic):
    assert point(ada, "No demonstration").state == "done"
    cast.somebody(clinic, "nurse", made_up=True)
    assert point(ada, "No demonstration").state == "missing"


@pytest.mark.parametrize(
    ("url", "proxy", "good"),
    [
        ("http://127.0.0.1:8000", None, "missing"),
        ("http://peerline.example.org", ("X", "https"), "missing"),
        ("https://127.0.0.1", ("X", "https"), "missing"),
        ("https://peerline.example.org", None, "missing"),
        ("https://peerline.example.org", ("X", "https"), "done"),
    ],
)
def test_the_website_must_be_reached_by_https_through_a_web_server(ada, settings, url, proxy, good):
    settings.PUBLIC_URL, settings.SECURE_PROXY_SSL_HEADER = url, proxy
    assert point(ada, "Website").state == good


def test_a_secret_that_others_can_read_is_named(ada, state):
    (state / "secrets").mkdir(mode=0o700)
    key = state / "secrets" / "vault_keys"
    key.touch(mode=0o600)
    assert point(ada, "Secrets").state == "done"
    key.chmod(0o644)
    assert point(ada, "Secrets").state == "missing" and str(key) in point(ada, "Secrets").hint


def test_a_clock_that_nobody_keeps_right_is_seen(ada, monkeypatch):
    monkeypatch.setattr(checklist, "clock_is_kept", lambda: True)
    assert point(ada, "Clock").state == "done"
    monkeypatch.setattr(checklist, "clock_is_kept", lambda: False)
    assert point(ada, "Clock").state == "unsure"


def test_a_worker_that_sleeps_and_work_that_failed_for_good_are_seen(ada, time_machine, monkeypatch):
    monkeypatch.setattr(jobs, "_regular", {})
    assert point(ada, "Work").state == "missing"
    jobs.every("tests.nothing", 60, lambda: None)
    jobs.run_regular()
    assert point(ada, "Work").state == "done"
    jobs.enqueue("tests.unknown_work", "tests.unknown_work")
    begin = clock.now()
    for day in range(jobs.MOST_TRIES):
        time_machine.move_to(begin + timedelta(days=day))
        jobs.drain()
    jobs.run_regular()
    assert point(ada, "Work").state == "unsure" and "1 piece" in point(ada, "Work").hint


def test_the_line_gives_a_sign_of_life_and_is_missed_without_one(ada, state, settings):
    settings.ENGINE = "embedded"
    assert point(ada, "Telephone line").state == "missing"
    exchange_services.sweep("embedded", set())
    assert point(ada, "Telephone line").state == "done"
    old = clock.now().timestamp() - 600
    os.utime(exchange.line_sign(), (old, old))
    assert point(ada, "Telephone line").state == "missing"
    settings.ENGINE = "simulated"
    assert point(ada, "Telephone line").state == "missing"


@pytest.mark.parametrize(
    ("table", "good"),
    [
        (None, "missing"),
        ("number,address\n", "missing"),
        ("number,address\n+1*,carrier\n", "missing"),
        ("number,address\n+1*,carrier\nnonsense\n", "missing"),
        ("number,address\n+17345550101,sip:rosa@127.0.0.1:5071\n", "done"),
        ("number,address\n+1*,carrier\ncarrier,sip:{number}@sip.example.net\n", "done"),
    ],
)
def test_the_table_of_numbers_must_be_readable_and_lead_somewhere(ada, tmp_path, settings, table, good):
    settings.ENGINE, settings.NUMBERS_FILE = "embedded", tmp_path / "numbers.csv"
    if table:
        Path(settings.NUMBERS_FILE).write_text(table)
    assert point(ada, "Telephone carrier").state == good


@pytest.mark.req("S16")
@pytest.mark.parametrize(
    ("number", "state", "words"),
    [
        ("+18885550142", "done", "toll-free"),
        ("+17345550142", "unsure", "may have to pay"),
        ("+498005550142", "unsure", ""),
    ],
)
def test_people_pay_nothing_for_a_toll_free_line_and_are_told_so_only_then(ada, clinic, client, settings, number, state, words):  # fmt: skip
    settings.LINE_NUMBER = number
    seen = point(ada, "Calls cost people nothing")
    assert seen.state == state and words in seen.hint
    cast.sign_in(client, cast.somebody(clinic, "participant"))
    assert ("The call is free." in client.get("/my/").content.decode()) == (state == "done")


def test_mail_is_proven_by_a_test_mail_that_went_out(ada, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert point(ada, "E-mail").state == "missing"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert "Send yourself" in point(ada, "E-mail").hint
    cast.sign_in(client, ada)
    client.post("/ready/mail/")
    jobs.drain()
    assert point(ada, "E-mail").state == "done"
    Message.objects.filter(kind="home.test_mail").update(state="failed", problem="the mail server refuses this address")
    assert "refuses this address" in point(ada, "E-mail").hint


@pytest.mark.req("T21")
def test_staff_without_a_second_factor_are_named(ada, clinic, client):
    assert "Ada" in point(ada, "Second factors").hint
    cast.sign_in(client, ada)
    assert point(ada, "Second factors").state == "done"
    cast.somebody(clinic, "nurse", nickname="Nell")
    assert "Nell" in point(ada, "Second factors").hint and "Ada" not in point(ada, "Second factors").hint


def test_prompts_are_heard_until_a_word_changes(ada, client, monkeypatch):
    cast.sign_in(client, ada)
    assert point(ada, "What the line says: English").state == "missing"
    client.post("/ready/heard/en/")
    assert point(ada, "What the line says: English").state == "done"
    assert point(ada, "What the line says: Español").state == "missing"
    monkeypatch.setattr(prompts, "mark_of_all", lambda language: "other words")
    assert "changed" in point(ada, "What the line says: English").hint


def test_each_program_needs_words_to_agree_to_and_hours_in_which_somebody_listens(ada, clinic):
    assert point(ada, "A program").state == "missing"
    program = programs.make_program(PLATFORM, organization_id=clinic.pk, name="Talk", begins_on=date(2026, 1, 5))
    assert [point(ada, label).state for label in ("What people agree", "When somebody")] == ["missing", "missing"]
    programs.write_consent(PLATFORM, program_id=program.pk, texts={"en": "You talk.", "es": "Usted habla."})
    programs.set_staff_hours(PLATFORM, program_id=program.pk, hours=week.ALL, time_zone="America/Detroit")
    assert [point(ada, label).state for label in ("What people agree", "When somebody")] == ["done", "done"]


@pytest.mark.req("R12")
def test_a_backup_must_have_been_tried_lately(ada):
    assert point(ada, "A backup").state == "missing"
    services.prove(None, "backup", rows=3)
    assert point(ada, "A backup").state == "done"
    Proof.objects.update(at=clock.now() - timedelta(days=40))
    assert point(ada, "A backup").state == "missing"


def test_a_point_that_cannot_be_looked_at_holds_up_no_other(ada, monkeypatch):
    def falls_over(path):
        raise ZeroDivisionError

    monkeypatch.setattr(exchange, "numbers_routed", falls_over)
    found = checklist.points(viewer_of(ada.pk))
    assert [one.state for one in found if one.label == "numbers"] == ["unsure"] and len(found) > 9


@pytest.mark.parametrize("role", ["coordinator", "nurse", "researcher", "participant"])
def test_the_checklist_is_there_for_administrators_only(client, clinic, role):
    person = cast.somebody(clinic, role)
    cast.sign_in(client, person)
    for method, path in (("get", "/ready/"), ("post", "/ready/mail/"), ("post", "/ready/heard/en/")):
        assert getattr(client, method)(path).status_code == 404
    with pytest.raises(NotThere):
        services.heard_all(viewer_of(person.pk), "en")


@pytest.mark.req("S47")
@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 390)])
def test_the_page_is_clean_and_has_its_picture(transactional_db, client, live_server, new_page, language, width):
    clinic = cast.clinic()
    ada = cast.somebody(clinic, "administrator", nickname="Ada", email="ada@example.org", language=language)
    programs.make_program(PLATFORM, organization_id=clinic.pk, name="Talk", begins_on=date(2026, 1, 5))
    page = new_page(language, viewport={"width": width, "height": 900})
    browser_sign_in(page, cast.sign_in(client, ada), live_server)
    page.goto("/ready/")
    check_axe(page)
    check_no_sideways_scroll(page)
    check_targets(page)
    keep_picture(page, f"ready-{language}-{width}")
    page.get_by_role("button", name="English").last.click()
    assert page.locator(".pl-tag--ok").count() >= 2
