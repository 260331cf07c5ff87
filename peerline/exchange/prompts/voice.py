"""The machine's voice, in a process of its own: text in, telephone sound out.

The voice package holds Python's lock for up to 70 ms a sentence, which a live call would hear as a stutter, and it is
C code fed with names that people typed. So it runs as a child: `python -m peerline.exchange.prompts.voice` reads one
JSON line a sentence ({"text", "language", "path"}), writes the file whole or not at all, and answers {} or {"error"}.
It ends with its parent, or after a minute without work.
"""

import json
import os
import selectors
import sys
from pathlib import Path

from peerline.exchange.prompts.sound import for_telephone, write

VERSION = 1  # raise it when the same text comes to sound different: old clips are then not used again
VOICES = {"en": "en-US", "es": "es-ES"}
SPEED = 0.85  # about 150 words a minute
VOLUME = 0.5  # at its own full volume the package clips
RATE = 16_000
IDLE_SECONDS = 60


def can_speak() -> bool:
    """Is there a build of the voice for this computer?"""
    try:
        import py_nanotts  # noqa: F401
    except ImportError:
        return False
    return True


def speak(text: str, language: str):
    """`text` as telephone samples (see sound.for_telephone). Raises ImportError, ValueError when nothing is heard."""
    import numpy
    from py_nanotts import NanoTTS

    plain = text.replace("<", " ").replace(">", " ").replace("&", " ")  # it would take them for markup
    heard = NanoTTS().speak(plain, voice=VOICES[language], speed=SPEED, volume=VOLUME)
    return for_telephone(numpy.frombuffer(heard, "<i2").astype("float32") / 32768, RATE)


def answer(line: str) -> dict[str, str]:
    wanted = json.loads(line)
    try:
        write(Path(wanted["path"]), speak(wanted["text"], wanted["language"]))
    except (ImportError, ValueError, OSError, RuntimeError) as reason:
        return {"error": f"{type(reason).__name__}: {reason}"}
    return {}


def main() -> None:
    """With `gently`: work that can wait, so that calls under way keep the processor."""
    if "gently" in sys.argv[1:]:
        os.nice(10)
    watch = selectors.DefaultSelector()
    watch.register(sys.stdin, selectors.EVENT_READ)
    while watch.select(IDLE_SECONDS):
        line = sys.stdin.readline()
        if not line:
            return
        sys.stdout.write(json.dumps(answer(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
