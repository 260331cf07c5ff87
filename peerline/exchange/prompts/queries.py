"""What the line says, and who says it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings

from peerline.exchange.models import PromptRecording
from peerline.exchange.prompts.catalogue import Prompt, prompt, prompts, text_of
from peerline.exchange.prompts.sections import name_of
from peerline.exchange.prompts.values import SAMPLES, kind_of
from peerline.kernel.dialogue import Spoken
from peerline.kernel.languages import LANGUAGES


@dataclass(frozen=True)
class Shown:
    """One prompt as staff see it: its words with sample values, and the recording, if there is one."""

    prompt: Prompt
    text: str
    recording: PromptRecording | None

    @property
    def spoken_by(self) -> str:
        """machine, person; or, while the machine speaks: waiting (nobody approved the recording yet) or outdated (its
        words are not those of the prompt any more)."""
        if self.recording is None:
            return "machine"
        if not is_of_these_words(self.recording):
            return "outdated"
        return "person" if self.recording.approved_at else "waiting"

    @property
    def section_name(self) -> str:
        return name_of(self.prompt.section)

    @property
    def recording_token(self) -> str:
        """Which recording this is: an approval names the one that was heard."""
        return Path(self.recording.path).stem if self.recording else ""


def sample_of(one: Prompt, count: int = 3) -> Spoken:
    """A prompt with sample values, to be shown or played outside a call."""
    samples: dict[str | None, Any] = {**SAMPLES[one.language], "count": count}
    values = ((name, samples.get(name, samples.get(kind_of(name)))) for name in sorted(one.asks_for))
    return Spoken(one.language, one.key, tuple(values))


def shown(key: str, language: str) -> Shown:
    """Raises NoSuchPrompt."""
    one = prompt(key, language)
    return Shown(one, text_of(sample_of(one)), PromptRecording.objects.filter(key=key, language=language).first())


def all_shown(language: str) -> list[tuple[str, list[Shown]]]:
    """Every prompt of a language, by the name of its section, in the order of the data file. One query."""
    recordings = {each.key: each for each in PromptRecording.objects.filter(language=language)}
    everything: Iterable[Shown] = (
        Shown(one, text_of(sample_of(one)), recordings.get(one.key)) for one in prompts(language).values()
    )
    return [
        (name_of(section), list(members)) for section, members in groupby(everything, lambda each: each.prompt.section)
    ]


def in_other_languages(key: str, language: str) -> list[tuple[str, str, str]]:
    """(language, its name, words) of the same prompt in the others."""
    others = [(other, name) for other, name in LANGUAGES.items() if other != language]
    return [(other, name, text_of(sample_of(prompt(key, other)))) for other, name in others]


def recordings_waiting() -> int:
    """How many recordings are not on the line because nobody approved them yet, or because the words have changed."""
    return sum(row.approved_at is None or not is_of_these_words(row) for row in PromptRecording.objects.all())


def recording_on_the_line(key: str, language: str) -> Path | None:
    """What callers hear of a person's voice: the approved recording of the words the prompt has today.

    Asks the disk, not the database: the exchange looks here before every prompt of every call.
    """
    path = place_on_the_line(prompt(key, language))
    return path if path.is_file() else None


def place_on_the_line(one: Prompt) -> Path:
    return folder_on_the_line() / one.language / f"{one.key}-{words_mark(one)}.wav"


def folder_on_the_line() -> Path:
    return Path(settings.STATE) / "prompts" / "on_the_line"


def words_mark(one: Prompt) -> str:
    """Eight signs that stand for the words of a prompt: a recording's file carries those it was made for."""
    return hashlib.sha256(one.forms["other"].encode()).hexdigest()[:8]


def is_of_these_words(recording: PromptRecording) -> bool:
    """Does it say what the prompt says now? A new version may have reworded it; nobody may hear the old words then."""
    one = prompts(recording.language).get(recording.key)
    return one is not None and Path(recording.path).stem.endswith(words_mark(one))


def file_of(recording: PromptRecording) -> Path:
    return Path(settings.STATE) / recording.path


def mark_of_all(language: str) -> str:
    """Stands for all that callers hear in a language, words and recordings: another one when anything of it changes."""
    words = "".join(sorted(key + "".join(one.forms.values()) for key, one in prompts(language).items()))
    recorded = PromptRecording.objects.filter(language=language).exclude(approved_at=None).order_by("key")
    return hashlib.sha256((words + "".join(recorded.values_list("path", flat=True))).encode()).hexdigest()[:16]
