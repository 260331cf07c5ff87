"""The line's own process: the engine that holds the audio, and the switchboard it reports to."""

import logging
import time
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections

from peerline.exchange import services, voices
from peerline.exchange.effects import carry_out
from peerline.exchange.models import VoiceMessage
from peerline.exchange.port import Engine
from peerline.exchange.prompts import services as prompts
from peerline.exchange.switchboard import reporter
from peerline.kernel.dialogue import Spoken

log = logging.getLogger(__name__)

SWEEP_SECONDS = 5.0


def audio_for(spoken: Spoken) -> Path | bytes:
    """What to play: a prompt's WAV file, or a voice message, unsealed in memory only."""
    if not spoken.voice_id:
        return prompts.audio_for(spoken)
    return voices.wav(VoiceMessage.objects.values_list("file", flat=True).get(pk=spoken.voice_id))


def sink(_name: str) -> voices.Recorder:
    """Where the engine puts what is spoken: sealed, under a name of ours."""
    return voices.Recorder()


class Poll:
    """Called ten times a second and after every report: carry out effects, and now and then sweep."""

    def __init__(self) -> None:
        self._sweep_at = 0.0
        self._silent: set[int] = set()

    def __call__(self, engine: Engine) -> None:
        while carry_out(engine):
            pass
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + SWEEP_SECONDS
            close_old_connections()
            services.sweep(engine.name, engine.alive())
            self._silent = services.end_silent_legs(engine.name, engine.alive(), self._silent)


def run_line() -> None:
    """Be the embedded line until told to end. Calls that a former process took with it are closed first."""
    from peerline.exchange.engines import embedded  # only this process needs the SIP stack

    voices.drop_parts()
    lost = services.end_lost_legs("embedded", set())
    if lost:
        log.warning("%s legs of a line that died were closed", lost)
    log.info("the line listens on %s", settings.SIP_BIND)
    embedded.run(reporter("embedded"), audio_for, sink, Poll())
