"""Every page of pairs, calls, care and home opens for whom it is meant, in both languages, and tells no secrets."""

import re

import pytest

from peerline.care import services as care
from peerline.care.models import Voicemail
from peerline.exchange.models import Call, VoiceMessage
from tests.cast import sign_in
from tests.exchange.conftest import ELM, ROSA

STAFF_PAGES = [
    "/desk/",
    "/voicemail/",
    "/voicemail/{voicemail}/",
    "/pairs/",
    "/pairs/{pair}/",
    "/pairs/{pair}/end/",
    "/programs/{program}/pair/",
    "/desk/pairs/{pair}/",
]
LOG_PAGES = ["/calls/", "/calls/live/", "/calls/{call}/", "/telephone/"]
MY_PAGES = ["/my/", "/my/messages/", "/my/stop/", "/me/", "/me/hours/"]


def fill(place, path):
    call = Call.objects.order_by("pk").first()
    return path.format(
        voicemail=Voicemail.objects.get().pk, pair=place.town.pair.pk, program=place.program.pk, call=call.pk
    )


@pytest.mark.req("S10", "S11", "S12", "S13", "S14", "S18")
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("role", ["coordinator", "nurse", "researcher", "administrator", "participant"])
def test_each_page_opens_for_its_roles_and_is_not_there_for_others(place, client, role, language):
    sign_in(client, place.who(role))
    client.cookies["django_language"] = language
    for path in STAFF_PAGES + LOG_PAGES + MY_PAGES:
        allowed = {
            "participant": MY_PAGES,
            "researcher": LOG_PAGES,
            "administrator": [page for page in STAFF_PAGES + LOG_PAGES if not page.startswith("/voicemail")],
        }.get(role, STAFF_PAGES + LOG_PAGES)
        response = client.get(fill(place, path))
        if path in ("/me/", "/me/hours/"):
            continue
        assert response.status_code == (200 if path in allowed else 404), path


@pytest.mark.req("S4", "S5", "T5")
def test_no_page_of_a_participant_holds_anything_of_the_partner_but_the_nickname(place, client):
    sign_in(client, place.participant)
    for path in MY_PAGES:
        page = client.get(path).content.decode()
        for secret in (ROSA, ROSA[2:], "555-0101", "5550101", "Rosa"):
            assert not re.search(rf"\b{re.escape(secret)}\b", page), f"{secret} on {path}"
    assert "Maple" in client.get("/my/").content.decode()


@pytest.mark.req("S4")
def test_that_search_for_secrets_finds_one_that_is_planted(place, client):
    sign_in(client, place.participant)
    assert (
        "555-0102" in client.get("/me/").content.decode()
    )  # one's own number is there, so the search would see another's


@pytest.mark.req("S11", "S12", "S13")
def test_the_call_log_says_who_placed_a_call_and_how_it_ended(place, client):
    sign_in(client, place.who("nurse"))
    page = client.get("/calls/").content.decode()
    assert "Maple" in page and "Left a message" in page
    assert ELM[2:] not in page and ROSA[2:] not in page


@pytest.mark.req("T12")
def test_the_export_is_text_to_every_spreadsheet_and_nameless_for_a_researcher(place, client):
    place.town.rosa.nickname = "=cmd()"
    place.town.rosa.save()
    sign_in(client, place.who("nurse"))
    text = b"".join(client.get("/calls/export.csv").streaming_content).decode()
    assert "'=cmd()" in text and ",=cmd()" not in text
    sign_in(client, place.who("researcher"))
    text = b"".join(client.get("/calls/export.csv").streaming_content).decode()
    assert "cmd" not in text and f"P{place.town.rosa.pk}" in text


@pytest.mark.req("S8")
def test_the_nurse_hears_the_voicemail_takes_it_and_handles_it(place, client):
    sign_in(client, place.who("nurse"))
    row = Voicemail.objects.get()
    sound = client.get(f"/voicemail/{row.pk}/sound/")
    assert (
        sound["Content-Type"] == "audio/wav" and sound.content[:4] == b"RIFF" and sound["Cache-Control"] == "no-store"
    )
    part = client.get(f"/voicemail/{row.pk}/sound/", headers={"range": "bytes=0-99"})
    assert part.status_code == 206 and len(part.content) == 100
    client.post(f"/voicemail/{row.pk}/take/")
    client.post(f"/voicemail/{row.pk}/", {"note": "Called her, all is well."})
    row.refresh_from_db()
    assert (row.owner, row.handled_by) == (place.who("nurse"), place.who("nurse"))
    assert row.heard_at and row.handled_at and row.note


@pytest.mark.req("T9")
def test_a_message_is_heard_by_nobody_it_was_not_for(place, client):
    voice = VoiceMessage.objects.get(to_person=place.town.elm)
    sign_in(client, place.town.rosa)
    assert client.get(f"/my/messages/{voice.pk}/sound/").status_code == 404
    sign_in(client, place.who("researcher"))
    assert client.get(f"/voicemail/{Voicemail.objects.get().pk}/sound/").status_code == 404
    sign_in(client, place.town.elm)
    assert client.get(f"/my/messages/{voice.pk}/sound/").status_code == 200


@pytest.mark.req("S14")
def test_a_pair_that_does_not_talk_is_on_the_desk_with_a_reason_until_somebody_saw_to_it(place, client, time_machine):
    from datetime import timedelta

    from peerline.kernel import clock

    later = clock.now() + timedelta(days=16)
    time_machine.move_to(later)
    care.notice()
    sign_in(client, place.who("coordinator"))
    page = client.get("/desk/").content.decode()
    assert "Maple &amp; Elm" in page and "No talk" in page and "They share" in page
    client.post(
        f"/desk/pairs/{place.town.pair.pk}/",
        {"did": "called", "note": "Both were away", "look_again_on": (later + timedelta(days=7)).date()},
    )
    care.notice()
    assert "Maple &amp; Elm" not in client.get("/desk/").content.decode()
    time_machine.move_to(later + timedelta(days=8))
    sign_in(client, place.who("nurse"))
    assert "Maple &amp; Elm" in client.get("/desk/").content.decode()


@pytest.mark.req("S15", "S121")
def test_a_participant_stops_on_the_website_and_is_out_at_once(place, client):
    sign_in(client, place.participant)
    response = client.post("/my/stop/", follow=True)
    assert response.status_code == 200
    place.town.pair.refresh_from_db()
    assert place.town.pair.ended_at


@pytest.mark.req("S3", "S16")
def test_ring_me_and_my_partner_rings_me_first_and_the_partner_only_when_i_pressed_one(place, client, settings):
    settings.ENGINE = "simulated"
    sign_in(client, place.participant)
    client.post(f"/my/call/{place.town.pair.pk}/")
    line = place.town.line
    line.settle()
    elm = line.ringing_at(ELM)
    assert [number for _, number in line.ring_log[-1:]] == [ELM]
    client.post(f"/my/call/{place.town.pair.pk}/")
    line.settle()
    assert [number for _, number in line.ring_log].count(
        ELM
    ) == 3  # twice before, once now: a second click rings nobody
    line.answer(elm)
    line.press(elm, "1")
    rosa = line.ringing_at(ROSA)
    line.answer(rosa)
    line.press(rosa, "1")
    assert line.rooms[elm.now.step.room] == {elm.leg_id, rosa.leg_id}


def test_the_rehearsal_telephone_plays_a_whole_call_and_leaves_nothing_behind(place, client):
    from peerline.exchange import voices
    from peerline.exchange.models import Effect, Leg
    from peerline.jobs.models import Job
    from peerline.people.models import Person

    tables = (Person, Leg, Call, Effect, Job, VoiceMessage)
    before = [table.objects.count() for table in tables], sorted(voices.folder().iterdir())
    sign_in(client, place.who("coordinator"))
    acts = [
        ("caller", "dial"),
        ("caller", "pin"),
        ("caller", "1"),
        ("partner", "answer"),
        ("partner", "1"),
        ("caller", "*"),
        ("caller", "1"),
        ("caller", "#"),
        ("caller", "1"),
    ]
    for phone, act in acts:
        page = client.post("/telephone/", {"phone": phone, "act": act}, follow=True)
        assert page.status_code == 200
    assert "They can hear each other now" in page.content.decode()
    assert (before[0], before[1]) == ([table.objects.count() for table in tables], sorted(voices.folder().iterdir()))
    assert (
        "dial the line"
        in client.post("/telephone/", {"phone": "caller", "act": "again"}, follow=True).content.decode().lower()
    )


def test_the_rehearsal_telephone_speaks_what_it_says_just_now(place, client):
    from peerline.exchange.prompts import services as prompts
    from peerline.exchange.prompts import sound
    from peerline.home import rehearsal

    sign_in(client, place.who("coordinator"))
    client.post("/telephone/", {"phone": "caller", "act": "dial"})
    assert "/telephone/caller/said.wav?" in client.get("/telephone/").content.decode()
    answer = client.get("/telephone/caller/said.wav")
    newest = rehearsal.play([["caller", "dial"]]).caller.newest
    parts = [sound.read(prompts.audio_for(one)).tobytes() for one in newest]
    assert answer["Content-Type"] == "audio/wav" and len(newest) > 1
    assert all(part in answer.content for part in parts)


@pytest.mark.req("S10")
def test_the_live_page_fetches_only_its_own_part_anew(place, client):
    sign_in(client, place.who("nurse"))
    part = client.get("/calls/live/", headers={"x-peerline-part": "1"}).content.decode()
    assert "<html" not in part and "<html" in client.get("/calls/live/").content.decode()
