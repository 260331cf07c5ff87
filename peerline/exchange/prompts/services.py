"""What the line says, as sound; and a person's voice in place of the machine's."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any

import numpy as np
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext

from peerline.audit import services as audit
from peerline.exchange.models import PromptRecording
from peerline.exchange.prompts import sound, speech, uploads, voice
from peerline.exchange.prompts.access import may_change_prompts
from peerline.exchange.prompts.catalogue import FOLDER, Prompt, fixed_sentences, prompt, prompts, sentences_of, text_of
from peerline.exchange.prompts.queries import (
    file_of,
    folder_on_the_line,
    is_of_these_words,
    place_on_the_line,
    recording_on_the_line,
    words_mark,
)
from peerline.exchange.prompts.speech import forget_said
from peerline.exchange.prompts.values import is_own_words
from peerline.kernel import clock
from peerline.kernel.dialogue import Spoken
from peerline.kernel.languages import LANGUAGES, known
from peerline.people.access import Viewer, require

log = logging.getLogger(__name__)
TONE = FOLDER / "tone.wav"
PROCESSES = 2

__all__ = [
    "CannotReplace",
    "as_one",
    "audio_for",
    "available",
    "forget_said",
    "heard",
    "replace",
    "restore",
    "text_of",
    "warm",
]


class CannotReplace(ValueError):
    """A prompt that holds a name or a number has no one recording: the machine must speak it."""


class NotTheOneHeard(ValueError):
    """The recording was replaced since it was listened to."""


def available() -> str:
    """ "" when this computer can speak, else one sentence, in the reader's language, that says why not and what to do."""
    if voice.can_speak():
        return ""
    return gettext(
        "The speaking voice (py-nanotts) has no build for this computer, so the line plays a tone instead of words; "
        "upload recordings of the prompts, or run Peerline on Linux."
    )


def audio_for(spoken: Spoken) -> Path:
    """The sound of a prompt: an 8 kHz, mono, 16-bit WAV file that stays where it is while it is played.

    A person's approved recording if there is one, else the machine's voice, from the cache when it said this before.
    Never raises: where there is no sound to be had (no voice for this computer, disk full, an unknown key) it is
    logged, and a short tone takes the place of the words. May take a second, so never call it from an audio loop.
    """
    spoken = spoken._replace(language=known(spoken.language))
    try:
        recorded = None if spoken.values else recording_on_the_line(spoken.prompt, spoken.language)
        home = speech.said() if any(is_own_words(name) for name, _ in spoken.values) else None
        return recorded or speech.whole(sentences_of(spoken), spoken.language, home=home)
    except Exception:
        log.exception("no words for %s in %s: a tone is played", spoken.prompt, spoken.language)
        return TONE


def as_one(said: Iterable[Spoken]) -> bytes:
    """Several prompts after each other as one WAV file, a breath between them. Voice messages among them are left out."""
    clips = [sound.read(audio_for(one)) for one in said if one.prompt]
    breath = sound.silence(speech.PAUSE_SECONDS)
    return sound.wave_file(np.concatenate([breath, *(part for clip in clips for part in (clip, breath))]))


def warm(progress: Callable[[int, int], None] = lambda done, total: None) -> str:
    """Speak every fixed sentence and prompt ahead of the first call, and put approved recordings where the line looks.

    Idempotent; safe beside a running line, and what mends a recording that a crash left half way.
    progress(done, total) is called after each sentence, from one thread at a time. Two processes at most.
    Returns "" or the one sentence that says why this computer cannot speak.
    """
    _mend_the_line()
    if reason := available():
        return reason
    todo = [(each, language) for language in LANGUAGES for each in fixed_sentences(language)]
    own, speakers = local(), []

    def one(item: tuple[str, str]) -> None:
        if not hasattr(own, "speaker"):
            own.speaker = speech.Speaker("gently")
            speakers.append(own.speaker)
        speech.clip(*item, own.speaker)

    with ThreadPoolExecutor(PROCESSES) as pool:
        for done, _result in enumerate(pool.map(one, todo), 1):
            progress(done, len(todo))
    for speaker in speakers:
        speaker.close()
    _join_fixed_prompts()
    speech.tidy()
    return ""


def _join_fixed_prompts() -> None:
    for language in LANGUAGES:
        for one in prompts(language).values():
            if one.is_fixed:
                speech.whole(sentences_of(Spoken(language, one.key)), language)


def replace(actor: Viewer, *, key: str, language: str, upload: Any) -> PromptRecording:
    """Keep an uploaded WAV as the recording of this prompt. It goes on the line once `heard` approves it.

    Raises NotThere, NoSuchPrompt, CannotReplace, BadUpload. A bad upload changes nothing.
    """
    require(may_change_prompts(actor))
    one = prompt(key, language)
    if not one.is_fixed:
        raise CannotReplace(key)
    samples = uploads.telephone_sound(uploads.taken(upload))
    path = _place(one, samples)
    sound.write(Path(settings.STATE) / path, samples)
    with transaction.atomic():
        before = _locked(key, language)
        _take_off_the_line(key, language)
        row, _made = PromptRecording.objects.update_or_create(
            key=key,
            language=language,
            defaults={
                "path": path,
                "seconds": len(samples) / sound.RATE,
                "uploaded_by": get_user_model().objects.filter(person_id=actor.person_id).first(),
                "uploaded_at": clock.now(),
                "approved_at": None,
            },
        )
        _remove_file_after(before, unless=path)
        audit.record(actor.person_id, "prompts.recorded", object=f"prompt:{language}:{key}")
    return row


def heard(actor: Viewer, *, key: str, language: str, token: str) -> None:
    """The recording called `token` was listened to and is right: from now on the line plays it. Idempotent.

    Raises NotThere, NotTheOneHeard when it was replaced or removed meanwhile.
    """
    require(may_change_prompts(actor))
    with transaction.atomic():
        row = _locked(key, language)
        if row is None or Path(row.path).stem != token:
            raise NotTheOneHeard(key)
        if row.approved_at is None:
            row.approved_at = clock.now()
            row.save(update_fields=["approved_at"])
            audit.record(actor.person_id, "prompts.approved", object=f"prompt:{language}:{key}")
    _put_on_the_line(key, language)


def restore(actor: Viewer, *, key: str, language: str) -> None:
    """Let the machine speak this prompt again; the recording is deleted. Idempotent. Raises NotThere."""
    require(may_change_prompts(actor))
    with transaction.atomic():
        row = _locked(key, language)
        _take_off_the_line(key, language)
        if row is None:
            return
        _remove_file_after(row)
        row.delete()
        audit.record(actor.person_id, "prompts.restored", object=f"prompt:{language}:{key}")


def _locked(key: str, language: str) -> PromptRecording | None:
    return PromptRecording.objects.select_for_update().filter(key=key, language=language).first()


def _place(one: Prompt, samples: np.ndarray) -> str:
    sound_mark = hashlib.sha256(samples.tobytes()).hexdigest()[:16]
    return f"prompts/recordings/{one.language}/{one.key}-{sound_mark}-{words_mark(one)}.wav"


def _remove_file_after(row: PromptRecording | None, unless: str = "") -> None:
    """Once the change is safe. A call may be playing it: a removed file is heard to its end by whoever has it open."""
    if row and row.path != unless:
        path = file_of(row)
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _put_on_the_line(key: str, language: str) -> None:
    """Let callers hear the recording, if it is approved still: whoever takes it off holds the same lock."""
    with transaction.atomic():
        row = _locked(key, language)
        if row and row.approved_at and is_of_these_words(row) and file_of(row).is_file():
            sound.write(place_on_the_line(prompt(key, language)), sound.read(file_of(row)))


def _take_off_the_line(key: str, language: str) -> None:
    """Before the row changes: if the change fails, the machine speaks, never a recording that somebody took away."""
    for path in (folder_on_the_line() / language).glob(f"{key}-*.wav"):
        path.unlink(missing_ok=True)


def _mend_the_line() -> None:
    """The line plays the approved recordings and no others, whatever a crash or a restored backup left behind."""
    approved = [row for row in PromptRecording.objects.exclude(approved_at=None) if is_of_these_words(row)]
    wanted = {place_on_the_line(prompt(row.key, row.language)) for row in approved}
    for path in set(folder_on_the_line().rglob("*.wav")) - wanted:
        path.unlink(missing_ok=True)
    for row in approved:
        if not place_on_the_line(prompt(row.key, row.language)).is_file():
            _put_on_the_line(row.key, row.language)
