import io

import pytest

from peerline.audit.models import Line
from peerline.exchange.models import PromptRecording
from peerline.exchange.prompts import queries, services, sound
from peerline.exchange.prompts.catalogue import NoSuchPrompt
from peerline.exchange.prompts.uploads import Lies
from peerline.kernel.dialogue import Spoken
from peerline.people.access import Grant, NotThere, Viewer
from tests.exchange.prompts.waves import tone, wav

pytestmark = pytest.mark.django_db(transaction=True)
COORDINATOR = Viewer(None, (Grant("coordinator", 1, None, None),))
NURSE = Viewer(None, (Grant("nurse", 1, None, None),))
GOODBYE = Spoken("en", "goodbye")


@pytest.fixture(autouse=True)
def _own_state(settings, tmp_path):
    settings.STATE = tmp_path


def record(hz: float = 500, key: str = "goodbye", language: str = "en", actor: Viewer = COORDINATOR):
    upload = io.BytesIO(wav(tone(hz=hz)))
    return services.replace(actor, key=key, language=language, upload=upload)


def is_on_the_line(row: PromptRecording) -> bool:
    """Do callers hear just this recording?"""
    return services.audio_for(GOODBYE).read_bytes() == queries.file_of(row).read_bytes()


def approve(key: str = "goodbye", language: str = "en") -> None:
    token = queries.shown(key, language).recording_token
    services.heard(COORDINATOR, key=key, language=language, token=token)


def files(tmp_path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "prompts/recordings").rglob("*.wav"))


def test_a_recording_is_on_the_line_only_after_somebody_heard_it():
    row = record()
    assert not is_on_the_line(row)
    assert queries.recordings_waiting() == 1
    approve()
    assert is_on_the_line(row)
    assert queries.recordings_waiting() == 0
    assert sound.read(queries.file_of(row)).max() == pytest.approx(0.5 * 32767, rel=0.01)


def test_a_recording_speaks_its_own_language_only():
    row = record()
    approve()
    assert is_on_the_line(row)
    assert services.audio_for(Spoken("es", "goodbye")).read_bytes() != queries.file_of(row).read_bytes()


def test_a_new_recording_takes_the_old_ones_place_and_waits_again(tmp_path):
    record(500)
    approve()
    row = record(700)
    assert PromptRecording.objects.count() == 1
    assert files(tmp_path) == [queries.file_of(row).name]
    assert queries.shown("goodbye", "en").spoken_by == "waiting"


def test_the_same_file_twice_is_one_recording(tmp_path):
    record()
    record()
    assert len(files(tmp_path)) == 1


def test_approving_a_recording_that_was_replaced_meanwhile_is_refused():
    record(500)
    heard_token = queries.shown("goodbye", "en").recording_token
    record(700)
    with pytest.raises(services.NotTheOneHeard):
        services.heard(COORDINATOR, key="goodbye", language="en", token=heard_token)
    assert queries.shown("goodbye", "en").spoken_by == "waiting"


def test_restoring_gives_the_prompt_back_to_the_machine(tmp_path):
    record()
    approve()
    services.restore(COORDINATOR, key="goodbye", language="en")
    services.restore(COORDINATOR, key="goodbye", language="en")
    assert files(tmp_path) == []
    assert queries.shown("goodbye", "en").spoken_by == "machine"
    assert services.audio_for(GOODBYE).parent.parent.name == "cache"


def test_a_recording_whose_file_is_gone_leaves_the_prompt_to_the_machine():
    row = record()
    queries.file_of(row).unlink()
    approve()
    assert services.audio_for(GOODBYE).parent.parent.name == "cache"


def test_what_a_crash_left_half_way_is_mended(monkeypatch):
    row = record()
    monkeypatch.setattr(services, "_put_on_the_line", lambda *_: None)
    approve()
    assert not is_on_the_line(row)
    monkeypatch.undo()
    services._mend_the_line()
    assert is_on_the_line(row)
    PromptRecording.objects.all().delete()
    services._mend_the_line()
    assert services.audio_for(GOODBYE).parent.parent.name == "cache"


def test_the_line_finds_its_recordings_without_the_database(django_assert_num_queries):
    row = record()
    approve()
    with django_assert_num_queries(0):
        assert is_on_the_line(row)
        services.audio_for(Spoken("es", "goodbye"))


def test_when_the_database_fails_while_a_recording_is_taken_away_the_machine_speaks(monkeypatch):
    record()
    approve()
    monkeypatch.setattr(services.audit, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.restore(COORDINATOR, key="goodbye", language="en")
    assert services.audio_for(GOODBYE).parent.parent.name == "cache"
    assert PromptRecording.objects.exists()
    monkeypatch.undo()
    services._mend_the_line()
    assert "on_the_line" in str(services.audio_for(GOODBYE))


def test_a_recording_of_words_that_have_changed_is_heard_no_more(monkeypatch):
    row = record()
    approve()
    monkeypatch.setattr(queries, "words_mark", lambda one: "reworded")
    assert not is_on_the_line(row)
    assert queries.shown("goodbye", "en").spoken_by == "outdated"
    assert queries.recordings_waiting() == 1


def test_a_bad_upload_changes_nothing(tmp_path):
    row = record()
    approve()
    with pytest.raises(Lies):
        services.replace(COORDINATOR, key="goodbye", language="en", upload=io.BytesIO(wav(data_says=2**32 - 1)))
    assert is_on_the_line(row)
    assert len(files(tmp_path)) == 1


def test_a_prompt_that_speaks_a_name_or_number_can_not_be_one_recording():
    with pytest.raises(services.CannotReplace):
        record(key="arrive.hello")
    with pytest.raises(services.CannotReplace):
        record(key="messages.new")


def test_a_key_or_language_that_is_not_ours_is_refused():
    with pytest.raises(NoSuchPrompt):
        record(key="../../etc/passwd")
    with pytest.raises(NoSuchPrompt):
        record(language="../en")


@pytest.mark.parametrize("actor", [NURSE, Viewer(), Viewer(None, (Grant("participant", 1, None, None),))])
def test_only_those_who_keep_the_line_change_what_it_says(actor):
    record()
    for change in (
        lambda: record(actor=actor),
        lambda: services.heard(actor, key="goodbye", language="en", token="x"),
        lambda: services.restore(actor, key="goodbye", language="en"),
    ):
        with pytest.raises(NotThere):
            change()


def test_each_change_stands_in_the_audit_log():
    record()
    approve()
    services.restore(COORDINATOR, key="goodbye", language="en")
    assert [(line.verb, line.object) for line in Line.objects.order_by("id")] == [
        ("prompts.recorded", "prompt:en:goodbye"),
        ("prompts.approved", "prompt:en:goodbye"),
        ("prompts.restored", "prompt:en:goodbye"),
    ]
