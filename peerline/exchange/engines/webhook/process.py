"""What the worker does for this engine, beside its own work: carry effects to the carrier, fetch recordings, look after legs.

In threads of their own, because a ring may not wait for a long job and one slow request of the carrier not for another.
More than one worker may do this at once: every row is taken by one of them.
"""

import logging
import threading
from collections.abc import Callable

from django.db import OperationalError, close_old_connections

from peerline.exchange import services
from peerline.exchange.effects import carry_out
from peerline.exchange.engines.webhook import recordings
from peerline.exchange.engines.webhook.engine import WebhookEngine
from peerline.exchange.switchboard import reporter

log = logging.getLogger(__name__)
HANDS = 4  # effects under way at once
EFFECT_SECONDS, FETCH_SECONDS, WATCH_SECONDS = 0.2, 0.3, 15.0


def begin(stop: threading.Event) -> list[threading.Thread]:
    """Start working until `stop`. What a worker that died took up and never finished is done again, rings excepted."""
    engine = WebhookEngine()
    engine.open(reporter(engine.name))
    turns: list[tuple[str, float, Callable[[], object]]] = [
        *((f"effects {hand}", EFFECT_SECONDS, lambda: carry_out(engine, most=1)) for hand in range(HANDS)),
        ("recordings", FETCH_SECONDS, lambda: recordings.fetch_due(engine.rest)),
        ("watch", WATCH_SECONDS, lambda: _watch(engine)),
    ]
    _turn("effects again", lambda: carry_out(engine, again=True))
    threads = [
        threading.Thread(target=_go_round, args=(stop, *turn), name=f"carrier {turn[0]}", daemon=True) for turn in turns
    ]
    for thread in threads:
        thread.start()
    return threads


def _watch(engine: WebhookEngine) -> None:
    services.sweep(engine.name, engine.alive())
    engine.listen()


def _go_round(stop: threading.Event, name: str, rest_seconds: float, work: Callable[[], object]) -> None:
    while not stop.is_set():
        if not _turn(name, work):
            stop.wait(rest_seconds)


def _turn(name: str, work: Callable[[], object]) -> bool:
    """Once round; whether there was something to do."""
    try:
        return bool(work())
    except OperationalError:
        log.warning("%s: the database did not answer; tried again", name)
    except Exception:
        log.exception("%s failed; tried again", name)
    finally:
        close_old_connections()
    return False
