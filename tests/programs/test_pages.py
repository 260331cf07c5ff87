"""The pages of people and programs: who may open them, what they show, and that each look is on record."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from peerline.audit import queries as audit
from peerline.audit.models import Line
from peerline.kernel import week
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people.access import PLATFORM
from peerline.people.models import Person, Role
from peerline.people.services import Place
from peerline.programs import demonstration, intake, pages, services
from peerline.programs.models import Enrollment, Program, RosterBatch
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(db):
    """The demonstration with six people only."""
    return Program.objects.get(pk=demonstration.load_demo(people=6))


@pytest.fixture
def as_role(client, program):
    def sign_in(role, **where):
        person = cast.somebody(program.organization, role, **where)
        client.viewer_id = person.pk
        return cast.sign_in(client, person)

    return sign_in


@pytest.fixture
def somebody(program):
    return Enrollment.objects.filter(program=program, person__language="en").first()


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def test_a_coordinator_opens_every_page_of_a_program_and_a_person(as_role, program, somebody):
    client = as_role("coordinator")
    person, pk = somebody.person_id, program.pk
    for page in [
        "/programs/", "/programs/add/", f"/programs/{pk}/", f"/programs/{pk}/settings/", f"/programs/{pk}/listening/",
        f"/programs/{pk}/consent/", f"/programs/{pk}/add/", f"/programs/{pk}/roster/", f"/people/{person}/",
        f"/people/{person}/hours/", f"/people/{person}/nickname/", f"/people/{person}/language/",
        f"/people/{person}/record/", f"/people/{person}/contact/", f"/people/{person}/contact/add/phone/",
        f"/people/{person}/contact/add/email/", f"/enrollments/{somebody.pk}/", f"/enrollments/{somebody.pk}/stop/",
        f"/people/{person}/pin/", "/me/hours/", "/me/nickname/", "/me/language/",
    ]:  # fmt: skip
        for language in ("en", "es"):
            client.cookies["django_language"] = language
            assert f'lang="{language}"' in text(client.get(page)), page


@pytest.mark.parametrize(
    ("how", "action"),
    [
        ("invited", "Invite them"),
        ("paused", "They go on"),
        ("stopped", "Complete the removal"),
        ("no intake", "Do the intake"),
        ("active", None),
    ],
)
def test_a_record_has_one_clear_next_action_and_the_rest_in_a_calm_list(as_role, program, somebody, how, action):
    row = services.enroll(
        PLATFORM, program_id=program.pk, person_id=cast.somebody(program.organization, None, phone=cast.fresh_number()).pk
    )  # fmt: skip
    if how != "invited":
        services.give_consent(PLATFORM, enrollment_id=row.pk, version=1, how="paper")
    if how not in ("no intake", "invited"):
        intake.record(PLATFORM, enrollment_id=row.pk, how="staff", barriers=[])
    if how == "paused":
        services.pause(PLATFORM, enrollment_id=row.pk)
    if how == "stopped":
        services.stop(PLATFORM, row.pk)
    page = text(as_role("coordinator").get(f"/people/{row.person_id}/"))
    card, _, more = page[page.index("Agreed to take part") :].partition("<details")
    buttons = re.findall(r'<(?:a|button)[^>]*class="pl-button([^"]*)"[^>]*>(.*?)</(?:a|button)>', card, re.S)
    loud = [re.sub(r"<.*?>", "", label).strip() for kind, label in buttons]
    assert loud[:1] == ([action] if action else []), loud
    if how != "stopped":
        assert "They want to stop" in more and "Change what matching needs" in more


def plain(response, url):
    """The page without its own address and the token of its forms."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode().replace(url, ""))


@pytest.mark.req("T1")
def test_every_page_of_these_rooms_is_not_there_for_people_of_another_clinic(client, somebody, program):
    stranger = cast.somebody(cast.clinic("Other"), "administrator")
    person_services.give_role(
        PLATFORM, person_id=stranger.pk, role="coordinator", place=Place(stranger.organization_id)
    )
    cast.sign_in(client, stranger)
    batch = RosterBatch.objects.get()
    role = Role.objects.filter(name="nurse", organization=program.organization).first()
    point = somebody.person.contact_points.first()
    ids = {"person_id": somebody.person_id, "program_id": program.pk, "enrollment_id": somebody.pk}
    ids["other_id"] = program.enrollments.exclude(pk=somebody.pk).first().person_id
    ids |= {"batch_id": batch.pk, "role_id": role.pk, "contact_id": point.pk, "kind": "phone", "token": "x", "pk": 1}
    checked = 0
    for room in ("people", "programs", "entry"):
        namespace = get_resolver().namespace_dict[room][1]
        for name, [(_, names)], *_rest in (
            (n, *v[0][:1]) for n, v in namespace.reverse_dict.lists() if isinstance(n, str)
        ):
            if not set(names) & {"person_id", "program_id", "enrollment_id", "batch_id", "role_id"}:
                continue
            url = reverse(f"{room}:{name}", kwargs={key: ids[key] for key in names})
            missing = reverse(f"{room}:{name}", kwargs={k: ids[k] if k == "kind" else 999999 for k in names})
            for method in (client.get, client.post):
                there, nowhere = method(url), method(missing)
                assert there.status_code in (404, 405) and there.status_code == nowhere.status_code, (url, method)
                pages_read = [plain(there, url), plain(nowhere, missing)]
                assert pages_read[0] == pages_read[1] or there.status_code == 405, (url, method)
            checked += 1
    assert checked >= 20


@pytest.mark.req("S10", "T1")
@pytest.mark.parametrize("role", ["participant", "researcher"])
def test_the_records_are_not_there_for_participants_and_researchers(as_role, program, somebody, role):
    client = as_role(role, program_id=program.pk)
    for page in (
        f"/programs/{program.pk}/",
        f"/people/{somebody.person_id}/",
        f"/people/{somebody.person_id}/contact/",
        "/staff/",
    ):
        assert client.get(page).status_code == 404


def test_each_look_at_a_record_or_at_numbers_is_one_line(as_role, somebody):
    client = as_role("nurse")
    before = audit.about(somebody.person_id).count()
    client.get(f"/people/{somebody.person_id}/")
    client.get(f"/people/{somebody.person_id}/contact/")
    lines = list(audit.about(somebody.person_id)[: audit.about(somebody.person_id).count() - before])
    assert [(line.verb, line.actor_id, line.door, line.detail["what"]) for line in lines] == [
        ("people.saw", client.viewer_id, "web", "numbers"),
        ("people.saw", client.viewer_id, "web", "record"),
    ]


@pytest.mark.req("S4", "S5")
def test_whole_numbers_stand_on_the_page_of_numbers_only(as_role, somebody, program):
    client = as_role("coordinator")
    number = people.number_to_dial(somebody.person_id)
    shown = f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    assert shown in text(client.get(f"/people/{somebody.person_id}/contact/"))
    for page in (f"/people/{somebody.person_id}/", f"/programs/{program.pk}/", "/programs/"):
        body = text(client.get(page))
        assert shown not in body and number not in body and number[2:] not in body


def test_the_list_finds_people_and_turns_its_pages_without_losing_or_repeating_one(
    as_role, program, somebody, monkeypatch
):
    monkeypatch.setattr(pages, "A_PAGE", 2)
    client = as_role("coordinator")
    assert somebody.person.nickname in text(client.get(f"/programs/{program.pk}/?q={somebody.person.first_name[:3]}"))
    seen, url = [], f"/programs/{program.pk}/"
    while url:
        body = text(client.get(url))
        seen += re.findall(r'<th scope="row"><a href="/people/(\d+)/">', body)
        after = re.search(r'href="(\?q=&amp;after=[^"]+)"', body)
        url = f"/programs/{program.pk}/{after.group(1).replace('&amp;', '&')}" if after else ""
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize(
    "junk", ["?after=~", "?after=x~99999999999999999999", "?after=%00~1", "?q=%00", "?q=" + "x" * 5000, "?q='--"]
)
def test_a_meddled_address_is_a_page_and_not_a_fault(as_role, program, junk):
    assert as_role("coordinator").get(f"/programs/{program.pk}/{junk}").status_code == 200


def test_the_number_of_queries_of_the_list_does_not_grow_with_the_program(
    as_role, program, django_assert_max_num_queries
):
    client = as_role("coordinator")
    with django_assert_max_num_queries(10):
        client.get(f"/programs/{program.pk}/")


def test_the_list_is_taken_out_as_a_file_with_names_and_without_numbers_and_that_is_on_record(
    as_role, program, somebody
):
    client = as_role("coordinator")
    found = b"".join(client.get(f"/programs/{program.pk}/people.csv").streaming_content).decode()
    lines = found.splitlines()
    assert lines[0].startswith("\ufeffNickname,First name") and len(lines) == 1 + program.enrollments.count()
    person = somebody.person
    assert any(line.startswith(f"{person.nickname},{person.first_name}") for line in lines[1:])
    assert not re.search(r"\d{7}", found), "no telephone number"
    assert audit.lines().filter(verb="programs.exported").count() == 1


def test_staff_correct_a_record_hours_and_nickname(as_role, somebody):
    client, person = as_role("coordinator"), somebody.person_id
    client.post(
        f"/people/{person}/record/", {"first_name": "Ana", "last_name": "Luz", "born_year": "1950", "gender": "woman"}
    )
    client.post(f"/people/{person}/hours/", {"blocked": ["0", "1"], "time_zone": "America/Chicago"})
    client.post(f"/people/{person}/nickname/", {"nickname": "Blue Heron"})
    client.post(f"/people/{person}/language/", {"language": "es"})
    found = Person.objects.get(pk=person)
    assert (found.full_name, found.nickname, found.language) == ("Ana Luz", "Blue Heron", "es")
    assert (found.blocked, found.time_zone) == (week.of_hours([0, 1]), "America/Chicago")


def test_a_taken_nickname_and_a_bad_number_get_a_sentence_and_change_nothing(as_role, program, somebody):
    client, person = as_role("coordinator"), somebody.person_id
    other = Enrollment.objects.filter(program=program).last().person.nickname
    assert "has this nickname" in text(client.post(f"/people/{person}/nickname/", {"nickname": other}))
    assert "area code" in text(client.post(f"/people/{person}/contact/add/phone/", {"value": "12", "label": "home"}))


def test_a_person_is_added_by_hand_and_the_number_proven(as_role, program):
    client = as_role("coordinator")
    response = client.post(
        f"/programs/{program.pk}/add/", {"first_name": "Eva", "language": "es", "phone": "734 555 0199"}
    )
    person = int(re.search(r"/people/(\d+)/", response["Location"]).group(1))
    assert people.number_to_dial(person) is None
    point = people.contact_points(Person.objects.get(pk=person))[0]
    client.post(f"/people/{person}/contact/{point.pk}/verify/")
    assert people.number_to_dial(person) == "+17345550199"


@pytest.mark.req("S15")
def test_stopping_by_staff_and_completing_the_removal_takes_the_number_out(as_role, somebody):
    client = as_role("nurse")
    number = people.number_to_dial(somebody.person_id)
    client.post(f"/enrollments/{somebody.pk}/stop/", {"reason": "moves away"})
    assert "Complete the removal" in text(client.get(f"/people/{somebody.person_id}/"))
    assert somebody.person.nickname in text(client.get("/programs/"))
    client.post(f"/enrollments/{somebody.pk}/remove/")
    assert people.is_removed(people.number_hash(number))


# --- The participant's own pages -----------------------------------------------------------------------------------


@pytest.fixture
def me(client, somebody):
    cast.sign_in(client, somebody.person)
    return client


def test_a_participant_reads_what_is_known_about_them_and_who_looked(me, somebody, program):
    nurse = people.made_up_people("nurse")[0]
    person_services.saw(people_viewer(nurse.person_id), somebody.person_id)
    body = text(me.get("/me/"))
    assert nurse.person.nickname in body and "looked at your record" in body
    assert somebody.person.first_name in body and str(somebody.a1c_percent) in body


def people_viewer(person_id):
    from peerline.people.access import viewer_of

    return viewer_of(person_id)


@pytest.mark.req("S6", "S121", "S15")
def test_a_participant_sets_hours_rests_goes_on_and_stops(me, somebody):
    me.post("/me/hours/", {"blocked-quick": ["nights"], "time_zone": "America/Detroit"})
    assert people.person_known(somebody.person_id).blocked
    for to, state in (("pause", "paused"), ("resume", "active")):
        me.post(f"/enrollments/{somebody.pk}/move/", {"to": to})
        assert Enrollment.objects.get(pk=somebody.pk).state == state
    assert me.post(f"/enrollments/{somebody.pk}/move/", {"to": "removed"}).status_code == 400
    me.post(f"/enrollments/{somebody.pk}/stop/", {"reason": ""})
    assert Enrollment.objects.get(pk=somebody.pk).state == "stopped"


def test_a_participant_reads_the_text_in_their_language_and_agrees_to_its_new_version(me, somebody, program):
    services.write_consent(PLATFORM, program_id=program.pk, texts={"en": "A new promise.", "es": "Una promesa nueva."})
    me.cookies["django_language"] = "es"
    assert "Una promesa nueva." in text(me.get(f"/enrollments/{somebody.pk}/agree/"))
    me.post(f"/enrollments/{somebody.pk}/agree/", {"version": "2"})
    assert somebody.consents.filter(version=2, how="web").exists()


@pytest.mark.req("T1")
def test_a_participant_reaches_nobody_elses_enrollment_or_page(me, somebody, program):
    other = Enrollment.objects.filter(program=program).exclude(pk=somebody.pk).first()
    for page in (
        f"/enrollments/{other.pk}/stop/",
        f"/enrollments/{other.pk}/agree/",
        f"/people/{other.person_id}/hours/",
    ):
        assert me.get(page).status_code == 404
        assert me.post(page, {"version": "1", "time_zone": "America/Detroit"}).status_code == 404
    assert Enrollment.objects.get(pk=other.pk).state == "active"


# --- The roster ----------------------------------------------------------------------------------------------------


def send(client, program, text_of_file):
    file = SimpleUploadedFile("list.csv", text_of_file.encode())
    return client.post(f"/programs/{program.pk}/roster/", {"roster": file})


def test_a_roster_is_looked_at_corrected_imported_and_undone(as_role, program):
    client = as_role("coordinator")
    place = send(client, program, "Wer,Tel\nRosa,734-555-0190\nEarl,12\n")["Location"]
    assert "holds the first name" in text(client.get(place))
    client.post(place, {"first_name": "0", "phone": "1"})
    body = text(client.get(place))
    assert "“12” is not a telephone number" in body and re.search(r'<th scope="row"[^>]*>3</th>', body)
    assert client.post(f"{place}import/")["Location"] == place and Enrollment.objects.count() == 6
    client.post(f"{place}import/", {"only_good": "yes"})
    assert Enrollment.objects.count() == 7
    client.post(f"{place}undo/")
    assert Enrollment.objects.count() == 6


@pytest.mark.parametrize("file", ["", "First name\n", "PK\0\0"])
def test_a_file_that_is_no_roster_gets_a_sentence(as_role, program, file):
    response = send(as_role("coordinator"), program, file)
    assert response.status_code == 200 and b"govuk-error" in response.content


def test_a_file_of_more_than_two_megabytes_is_refused(as_role, program):
    assert "larger than 2 MB" in text(send(as_role("coordinator"), program, "First name\n" + "Rosa\n" * 500_000))


# --- Settings and staff --------------------------------------------------------------------------------------------


def test_settings_hours_and_consent_are_saved(as_role, program):
    client = as_role("coordinator")
    form = {"name": "Talk", "weeks": "26", "talks_a_week": "2", "conversation_seconds": "60", "ring_seconds": "30"}
    form |= {"longest_call_minutes": "45", "voice_kept_days": "60", "nurse_answers_within_hours": "8"}
    form |= {"remind_after_days": "14"}
    form |= {"begins_on_month": "1", "begins_on_day": "5", "begins_on_year": "2026"}
    assert client.post(f"/programs/{program.pk}/settings/", form).status_code == 302
    assert client.post(f"/programs/{program.pk}/settings/", {**form, "ring_seconds": "5"}).status_code == 200
    program.refresh_from_db()
    assert (program.talks_a_week, program.ring_seconds, program.name) == (2, 30, "Talk")
    assert program.remind_after_days == 14
    client.post(
        f"/programs/{program.pk}/listening/",
        {"hours": ["10", "11"], "away_until_month": "12", "away_until_day": "26", "away_until_year": "2026"},
    )
    program.staff_hours.refresh_from_db()
    assert week.from_text(program.staff_hours.week) == week.of_hours([10, 11]) and program.staff_hours.away_until
    client.post(f"/programs/{program.pk}/consent/", {"en": "Yes.", "es": "Sí."})
    assert program.consent_texts.filter(version=2).count() == 2


def test_an_administrator_invites_a_colleague_for_one_program_and_ends_the_role(as_role, program):
    client = as_role("administrator")
    place = f"{program.organization_id}::{program.pk}"
    form = {"first_name": "Noor", "email": "noor@example.org", "role": "nurse", "place": place, "title": "Nurse"}
    assert client.post("/staff/add/", form).status_code == 302
    role = Role.objects.get(person__account__email="noor@example.org")
    assert (role.name, role.program_id) == ("nurse", program.pk)
    assert "Noor" in text(client.get("/staff/"))
    client.post(f"/staff/roles/{role.pk}/end/")
    role.refresh_from_db()
    assert role.ended_at
    assert client.post("/staff/add/", {**form, "place": "99::", "email": "x@example.org"}).status_code == 200
    assert Line.objects.filter(verb="people.role_ended", object=f"role:{role.pk}").exists()


@pytest.mark.req("T1")
@pytest.mark.parametrize("role", ["coordinator", "nurse", "researcher", "participant"])
def test_only_administrators_see_and_change_staff(as_role, role):
    client = as_role(role)
    nurse = people.made_up_people("nurse")[0]
    for page in ("/staff/", "/staff/add/", f"/staff/{nurse.person_id}/role/", f"/staff/roles/{nurse.pk}/end/"):
        assert client.get(page).status_code == client.post(page).status_code == 404


def test_every_view_of_these_rooms_says_who_may_come(db):
    from peerline.people.gate import rule_of

    for room in ("people", "programs", "entry", "messaging"):
        for pattern in get_resolver().namespace_dict[room][1].url_patterns:
            assert rule_of(pattern.callback), pattern
    from peerline.entry import second_factor

    assert all(rule_of(pattern.callback) for pattern in second_factor.urlpatterns)
