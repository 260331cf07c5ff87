"""What somebody typed never runs: a corpus of payloads in every text field, on every page, in a real Chromium under our
own policy (T11). Nothing executes, the policy has nothing to report, and no payload becomes part of the page."""

import os
import re
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from peerline.messaging import services as messaging
from peerline.people.models import Person
from peerline.vault.fields import SealedText
from tests.browser import sign_in as give_session
from tests.cast import sign_in
from tests.security.doors import DOORS
from tests.security.test_matrix import url_of
from tests.security.world import World

pytestmark = pytest.mark.req("T11")
MARK = "data-planted"
PAYLOADS = [
    f"<img {MARK} src=x onerror=alert(1)>",
    f"<svg {MARK} onload=alert(2)>",
    f"<b {MARK} onclick=alert()>x",
    f"'\"><b {MARK} onfocus=alert()>",
    f"</title><b {MARK}>",
    f"</script><b {MARK}>",
    f"--><b {MARK}>",
    f"<script {MARK}>alert(3)</script>",
    f"\"><script {MARK}>alert(4)</script>",
    f"</textarea><script {MARK}>alert(5)</script>",
    f"<iframe {MARK} srcdoc='<script>parent.alert(6)</script>'>",
    f"<a {MARK} href='javascript:alert(7)'>press</a>",
    f"<math><mtext><table><mglyph><style><img {MARK} src=x onerror=alert(8)>",
    f"<meta {MARK} http-equiv=refresh content='0;url=javascript:alert(9)'>",
    f"<details {MARK} open ontoggle=alert(10)>",
    f"\" autofocus onfocus=alert(11) {MARK} x=\"",
    f"' onmouseover=alert(12) {MARK} x='",
    f"{{{{ 7*7 }}}}{{% debug %}}<i {MARK}>",
    f"\u2028<b {MARK}>\u202e",
    f"%3Cb {MARK}%3E&lt;b {MARK}&gt;",
]  # fmt: skip
TYPED = [
    "people.Organization.name", "people.Site.name", "people.Person.first_name", "people.Person.last_name", "people.Person.nickname",
    "people.Person.title", "people.Person.culture", "people.Person.registry_id", "programs.Program.name", "programs.ConsentText.text",
    "programs.RosterBatch.name", "programs.Enrollment.stop_reason", "care.Voicemail.note", "care.PairNote.note",
    "messaging.Message.subject", "messaging.Message.body", "messaging.Written.words", "groups.Session.place", "groups.Point.words",
    "groups.Record.reflections", "groups.Record.solved", "messaging.Reminder.subject", "messaging.Reminder.body",
    "plans.PlanReview.note", "care.Need.note", "care.RedFlag.words", "care.PersonNote.words", "care.PersonNote.answer",
]  # fmt: skip
WATCH = """
window.planted = [];
document.addEventListener("securitypolicyviolation", e => window.planted.push("policy: " + e.violatedDirective + " " + e.sample));
"""
LOOK = f"() => [...window.planted, ...[...document.querySelectorAll('[{MARK}]')].map(e => 'in the page: ' + e.outerHTML.slice(0, 80))]"


def fitting(field: models.Field, turn: int) -> str:
    """A payload that this column has room for; another one each turn."""
    room = field.max_length or 10_000
    short = [payload for payload in PAYLOADS if len(payload) <= room]
    return (
        short[turn % len(short)]
        if room < 400
        else " ".join([*PAYLOADS[turn % len(PAYLOADS) :], *PAYLOADS[: turn % len(PAYLOADS)]])
    )


def plant(turn: int) -> None:
    """A payload in every typed column of every row, the ones with unique names each their own."""
    for number, name in enumerate(TYPED):
        room, model, column = name.split(".")
        field = apps.get_model(room, model)._meta.get_field(column)
        for row in apps.get_model(room, model).objects.order_by("pk"):
            text = fitting(field, turn + number + row.pk)
            if field.unique or column in ("name", "registry_id"):
                text = f"{text[: (field.max_length or 200) - 4]}{row.pk}"
            setattr(row, column, text)
            row.save(update_fields=[column])


def roster() -> bytes:
    """Headers and cells of a list, too."""
    cells = ",".join('"' + payload.replace('"', '""') + '"' for payload in PAYLOADS[:8])
    return f"First name,Telephone,{cells}\n{cells}\n".encode()


def addresses_for(role: str, world: World) -> list[str]:
    """Each page that this role reads, over what is its own."""
    mine = role == "participant"
    lines = [(name, line) for name, line in DOORS.items() if "get" in (line.mine if mine and line.mine else line.by)]
    wanted = [
        (name, line)
        for name, line in lines
        if role in line.who.split() or "signed_in" in line.who or (mine and line.mine)
    ]
    found = [
        url_of(name, line, world.ids["own"])
        for name, line in wanted
        if not name.startswith(("mfa_", "account_", "prompts:"))
    ]
    return [url for url in found if not url.endswith((".csv", ".wav", ".pdf", "/sound/", "/calendar/", "/file/"))]


def opened(page: Any, urls: list[str]) -> list[str]:
    """What went wrong on these pages: an execution, a report of the policy, a payload that became part of the page."""
    faults: list[str] = []
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: (faults.append(f"executed: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    page.on(
        "request",
        lambda asked: (
            faults.append(f"asked {asked.url}")
            if "localhost" not in asked.url and not asked.url.startswith("data:")
            else None
        ),
    )
    for url in urls:
        response = page.goto(url, wait_until="load")
        assert response.status == 200, url
        faults += [f"{url}: {fault}" for fault in page.evaluate(LOOK)]
    return faults


@pytest.fixture
def sown(transactional_db, client, live_server):
    """The world with payloads in all its words, and a list of them just uploaded."""
    world = World()
    sign_in(client, world.viewers["coordinator", "site"])
    own = world.ids["own"]
    client.post(f"/desk/pairs/{own['pair_id']}/", {"did": "called", "note": "x"})
    client.post(f"/programs/{own['program_id']}/roster/", {"roster": as_upload()})
    notes = f"/people/{own['person_id']}/notes/"
    assert client.post(notes, {"words": "x", "program": own["program_id"]}).status_code == 302
    client.cookies.clear()
    messaging.send(to_person=own["person_id"], channel="letter", kind="test", key="planted", subject="x", body="x")
    return world


def as_upload() -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{PAYLOADS[2]}.csv", roster())


def visit(world: World, role: str, client: Any, page: Any, live_server: Any) -> list[str]:
    corner = world.corners["own"]
    person = corner.rosa if role == "participant" else world.staff(role, "organization", corner.place)
    client.cookies.clear()
    sign_in(client, Person.objects.get(pk=person.pk))
    give_session(page, client, live_server)
    return opened(page, addresses_for(role, world))


@pytest.mark.browser
@pytest.mark.parametrize("turn", range(len(PAYLOADS)) if os.environ.get("PEERLINE_LONG") else [0])
def test_no_payload_in_any_field_runs_on_any_page(sown, client, new_page, live_server, turn):
    plant(turn)
    for role in ("coordinator", "administrator", "participant"):
        assert visit(sown, role, client, new_page(), live_server) == []


@pytest.mark.browser
def test_words_that_are_not_escaped_are_found_and_run_only_without_the_policy(
    sown, client, new_page, live_server, monkeypatch, settings
):
    """Positive control: planted in the page, reported by the policy, and executed once there is none."""
    plant(0)
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    monkeypatch.setattr("tests.security.test_scripts.addresses_for", lambda role, world: ["/programs/", "/desk/"])
    faults = visit(sown, "coordinator", client, new_page(), live_server)
    assert any("in the page" in fault for fault in faults) and any("policy" in fault for fault in faults)
    assert not any("executed" in fault for fault in faults)
    settings.CONTENT_SECURITY_POLICY = {"EXCLUDE_URL_PREFIXES": ["/"]}
    faults = visit(sown, "coordinator", client, new_page(), live_server)
    assert any("executed" in fault for fault in faults)


LOOKS_TYPED = re.compile(r"name|note|text|title|reason|culture|subject|body|words|comment|answer|about")
CHOSEN_BY_CODE = {
    "jobs.Regular.name", "programs.DueThing.subject", "pairs.Pair.end_reason", "messaging.Message.answers_to",
    "messaging.Channel.name", "programs.KeptProtocol.text", "outcomes.Sheet.about",
}  # fmt: skip


def typed_and_not_sown(columns: list[str]) -> list[str]:
    known = {*TYPED, *CHOSEN_BY_CODE}
    return [name for name in columns if LOOKS_TYPED.search(name.split(".")[2]) and name not in known]


def text_columns() -> list[str]:
    """Every column of text in our own tables, as room.Model.column."""
    rooms = [one for one in apps.get_app_configs() if one.name.startswith("peerline.")]
    return [
        f"{one.label}.{model.__name__}.{column.name}"
        for one in rooms
        for model in one.get_models()
        for column in model._meta.fields
        if isinstance(column, models.CharField | models.TextField | SealedText) and not column.choices
    ]


def test_every_column_that_somebody_types_is_sown():
    assert typed_and_not_sown(text_columns()) == [], "add these to TYPED, or to CHOSEN_BY_CODE if nobody types them"


def test_a_new_column_that_is_not_sown_is_found():
    assert typed_and_not_sown([*text_columns(), "pairs.Pair.note"]) == ["pairs.Pair.note"]
