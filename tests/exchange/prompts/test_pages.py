import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from peerline.exchange.models import PromptRecording
from peerline.exchange.prompts import queries, sound
from peerline.exchange.prompts.catalogue import prompts
from tests import cast
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture, sign_in
from tests.exchange.prompts.waves import tone, wav

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.exchange.prompts.urls")]
GOODBYE = {"language": "en", "key": "goodbye"}


@pytest.fixture(autouse=True)
def _own_state(settings, tmp_path):
    settings.STATE = tmp_path


def sign_in_as(client, role: str):
    person = cast.somebody(cast.clinic(), role)
    cast.sign_in(client, person)
    return person


@pytest.fixture
def coordinator(client):
    return sign_in_as(client, "coordinator")


def address(name: str, **prompt: str) -> str:
    return reverse(f"prompts:{name}", kwargs=prompt or GOODBYE)


def upload(client, data: bytes, **prompt: str):
    file = SimpleUploadedFile("goodbye.wav", data, "audio/wav")
    return client.post(address("one", **prompt), {"recording": file}, follow=True)


@pytest.mark.parametrize("language", ["en", "es"])
def test_staff_find_every_prompt_with_its_words_its_sound_and_who_speaks_it(client, coordinator, language):
    page = client.get(address("shelf", language=language)).content.decode()
    for key, one in prompts(language).items():
        assert address("on_the_line", language=language, key=key) in page
        assert address("one", language=language, key=key) in page, one
    assert page.count("<audio controls") == len(prompts(language))


def test_the_page_of_all_prompts_asks_the_database_little(client, coordinator, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        client.get(address("shelf", language="en"))


def test_a_coordinator_uploads_hears_and_puts_a_recording_on_the_line(client, coordinator):
    page = upload(client, wav(tone())).content.decode()
    assert "Listen to it" in page and address("waiting") in page
    token = re.search(r'name="token" value="([\w.-]+)"', page)[1]
    page = client.post(address("approve"), {"token": token}, follow=True).content.decode()
    assert "Callers now hear this recording." in page and "a person speaks" in page
    heard = client.get(address("on_the_line"))
    assert heard.content == queries.file_of(PromptRecording.objects.get()).read_bytes()
    assert PromptRecording.objects.get().uploaded_by.person == coordinator
    page = client.post(address("restore"), follow=True).content.decode()
    assert "the machine speaks" in page and not PromptRecording.objects.exists()


@pytest.mark.req("T13")
def test_a_lying_file_is_refused_beside_its_field_and_changes_nothing(client, coordinator):
    page = upload(client, wav(data_says=4_000_000_000)).content.decode()
    assert "it says it holds more sound than it does" in page
    assert "govuk-error-summary" in page
    assert not PromptRecording.objects.exists()


@pytest.mark.req("T13")
def test_a_huge_file_is_refused_in_words_and_written_nowhere(client, coordinator, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "nowhere"
    page = upload(client, wav() + bytes(20 * 1024 * 1024)).content.decode()
    assert "larger than 5 MB" in page
    assert not PromptRecording.objects.exists()


def test_an_upload_without_its_token_is_refused(coordinator, client):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert upload(strict, wav()).status_code == 403
    for name in ("approve", "restore"):
        assert strict.post(address(name)).status_code == 403
    assert not PromptRecording.objects.exists()


def test_no_file_at_all_is_met_with_a_sentence(client, coordinator):
    assert "Choose a WAV file." in client.post(address("one"), {}).content.decode()


def test_an_approval_of_another_recording_is_refused_in_words(client, coordinator):
    upload(client, wav(tone()))
    page = client.post(address("approve"), {"token": "goodbye-0000"}, follow=True).content.decode()
    assert "The recording was changed meanwhile." in page
    assert PromptRecording.objects.get().approved_at is None


def test_what_is_played_is_telephone_sound(client, coordinator):
    answer = client.get(address("on_the_line", language="es", key="hours.open_day"))
    assert answer["Content-Type"] == "audio/wav"
    assert answer.content[:4] == b"RIFF" and len(answer.content) > 2 * sound.RATE


@pytest.mark.parametrize(
    ("wanted", "status", "content_range", "length"),
    [
        ("bytes=0-1", 206, "bytes 0-1/6444", 2),
        ("bytes=44-", 206, "bytes 44-6443/6444", 6400),
        ("bytes=-10", 206, "bytes 6434-6443/6444", 10),
        ("bytes=0-999999", 206, "bytes 0-6443/6444", 6444),
        ("bytes=9999-", 416, "bytes */6444", 0),
        ("bytes=5-2", 416, "bytes */6444", 0),
        ("bytes=0-1,5-6", 200, None, 6444),
        ("bytes=-", 200, None, 6444),
        ("", 200, None, 6444),
    ],
)
def test_a_browser_may_ask_for_a_part_of_the_sound(wanted, status, content_range, length):
    from peerline.exchange.prompts.playing import wave_response
    from peerline.exchange.prompts.services import TONE

    answer = wave_response(TONE, wanted)
    assert (answer.status_code, answer.get("Content-Range"), len(answer.content)) == (status, content_range, length)


@pytest.mark.req("T1")
@pytest.mark.parametrize("role", ["participant", "nurse", "researcher"])
def test_for_others_these_pages_are_not_there(client, role):
    sign_in_as(client, role)
    for name in ("one", "on_the_line", "waiting"):
        assert client.get(address(name)).status_code == 404
    assert client.get(address("shelf", language="en")).status_code == 404
    for name in ("one", "approve", "restore"):
        assert client.post(address(name), {"recording": io.BytesIO(wav())}).status_code == 404
    assert not PromptRecording.objects.exists()


@pytest.mark.parametrize(
    "prompt",
    [
        {"language": "en", "key": "pair.nowhere"},
        {"language": "fr", "key": "goodbye"},
        {"language": "en", "key": "..%2f"},
    ],
)
def test_a_prompt_that_does_not_exist_is_not_there(client, coordinator, prompt):
    assert client.get(address("one", **prompt)).status_code == 404
    assert client.get(address("on_the_line", **prompt)).status_code == 404
    assert upload(client, wav(), **prompt).status_code == 404


def test_a_prompt_with_a_name_in_it_offers_no_upload_and_takes_none(client, coordinator):
    hello = {"language": "en", "key": "arrive.hello"}
    assert "Only the machine can say this" in client.get(address("one", **hello)).content.decode()
    assert upload(client, wav(), **hello).status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_right_for_everyone(new_page, client, coordinator, live_server, language, width):
    upload(client, wav(tone()))
    page = new_page(language, viewport={"width": width, "height": 900})
    sign_in(page, client, live_server)
    for name, where in (("shelf", {"language": language}), ("one", GOODBYE)):
        page.goto(live_server.url + address(name, **where))
        check_axe(page)
        check_no_sideways_scroll(page)
        check_targets(page)
        keep_picture(page, f"prompts-{name}-{language}-{width}")


@pytest.mark.browser
def test_a_prompt_is_played_in_the_browser(new_page, client, coordinator, live_server):
    page = new_page()
    sign_in(page, client, live_server)
    page.goto(live_server.url + address("one"))
    length = page.evaluate(
        """() => new Promise((done) => { const a = document.querySelector("audio");
        a.onloadedmetadata = () => done(a.duration); a.onerror = () => done(-1); a.load(); a.preload = "metadata"; })"""
    )
    assert 1 < length < 15
