"""Sentences in, sound files out: the cache, and the child process that fills it.

A clip lies under the hash of everything that shaped it, so it is never stale and never written twice differently.
Text that was never said before costs one child's start (about a third of a second) or a twentieth of one while it runs.
"""

import atexit
import hashlib
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from django.conf import settings

from peerline.exchange.prompts import sound, voice

PAUSE_SECONDS = 0.3
ANSWER_SECONDS = 20
HEADER_BYTES = 44
MOST_BYTES = 256 * 1024 * 1024
SAID_SECONDS = 600


class CannotSpeak(RuntimeError):
    """No sound could be made; says why in one sentence."""


class Speaker:
    """One child process that speaks. Safe to share between threads; started when first needed, again when it ended.

    manner: "gently" for work ahead of time, which must not take the processor from calls under way.
    """

    def __init__(self, manner: str = "at once") -> None:
        self._manner = manner
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def speak(self, text: str, language: str, path: Path) -> None:
        """Write the sound of `text` to `path`. Raises CannotSpeak."""
        wanted = json.dumps({"text": text, "language": language, "path": str(path)}).encode() + b"\n"
        with self._lock:
            try:
                answer = self._ask(wanted) or self._ask(wanted)  # a child that had just ended is started once more
            except OSError as reason:
                raise CannotSpeak(f"The speaking voice could not be started: {reason}.") from reason
            if answer is None:
                raise CannotSpeak("The speaking voice stopped while it spoke.")
        if "error" in answer:
            raise CannotSpeak(f"The speaking voice could not say this: {answer['error']}.")

    def close(self) -> None:
        if self._child and self._owner == os.getpid():
            self._child.kill()
            self._child.communicate()
        self._child = None

    def _ask(self, wanted: bytes) -> dict[str, str] | None:
        child = self._running()
        try:
            child.stdin.write(wanted)
            child.stdin.flush()
            with selectors.DefaultSelector() as watch:
                watch.register(child.stdout, selectors.EVENT_READ)
                line = child.stdout.readline() if watch.select(ANSWER_SECONDS) else b""
        except BrokenPipeError:
            line = b""
        if not line:
            self.close()
            return None
        return json.loads(line)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._owner != os.getpid() or self._child.poll() is not None:
            self._owner = os.getpid()  # a fork must not share its parent's child
            self._child = subprocess.Popen(
                [sys.executable, "-m", voice.__name__, self._manner],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=settings.ROOT,
                start_new_session=True,  # Ctrl-C is for the parent; the child ends when its input does
            )
        return self._child


_speaker = Speaker()
atexit.register(_speaker.close)


def folder() -> Path:
    return Path(settings.STATE) / "prompts" / "cache"


def said() -> Path:
    """Sentences in a person's own words: kept as long as they may be playing, and no longer."""
    return Path(settings.STATE) / "prompts" / "said"


def clip(sentence: str, language: str, speaker: Speaker = _speaker, home: Path | None = None) -> Path:
    """The sound of one sentence. Raises CannotSpeak."""
    path = _place("clip", language, sentence, home=home)
    if not _kept(path):
        if not voice.can_speak():
            raise CannotSpeak("The speaking voice (py-nanotts) has no build for this computer.")
        speaker.speak(sentence, language, path)
    return path


def whole(sentences: Sequence[str], language: str, speaker: Speaker = _speaker, home: Path | None = None) -> Path:
    """Several sentences as one file, a breath between them. home: `said` for a person's own words. Raises CannotSpeak, OSError."""
    if len(sentences) == 1:
        return clip(sentences[0], language, speaker, home)
    path = _place("whole", language, *sentences, home=home)
    if not _kept(path):
        clips = [sound.read(clip(each, language, speaker, home)) for each in sentences]
        breath = sound.silence(PAUSE_SECONDS)
        sound.write(path, np.concatenate([part for each in clips for part in (each, breath)][:-1]))
    return path


def tidy(most_bytes: int = MOST_BYTES) -> int:
    """Remove the clips longest unused until the cache is within `most_bytes`; returns how many went."""
    files = sorted(((path.stat(), path) for path in folder().rglob("*.wav")), key=lambda each: -each[0].st_mtime)
    kept, gone = 0, 0
    for stat, path in files:
        kept += stat.st_size
        if kept > most_bytes:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def forget_said(after_seconds: float = SAID_SECONDS) -> int:
    """Remove what was said in a person's own words and is heard by now; how many files."""
    old = [path for path in said().rglob("*.wav") if path.stat().st_mtime < time.time() - after_seconds]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _place(*parts: str, home: Path | None = None) -> Path:
    made_by = (voice.VERSION, voice.VOICES, voice.SPEED, voice.VOLUME, PAUSE_SECONDS, *parts)
    name = hashlib.sha256(json.dumps(made_by).encode()).hexdigest()
    return (home or folder()) / name[:2] / f"{name[2:34]}.wav"


def _kept(path: Path) -> bool:
    """Is it there, and more than a header? Marks it as used now, which is what tidy goes by."""
    try:
        os.utime(path)
        return path.stat().st_size > HEADER_BYTES
    except FileNotFoundError:
        return False
