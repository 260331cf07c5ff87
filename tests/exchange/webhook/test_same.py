"""The same dialogues on the simulated engine and over a carrier: identical transcripts, tones, tables (F3)."""

import os

import pytest

from peerline.exchange.engines.webhook import views
from tests.exchange.scripts import Life, live
from tests.exchange.stages import SimulatedStage, WebhookStage
from tests.lengths import length

LIVES = length(1_000, 60)
ACTS = 24 if os.environ.get("PEERLINE_LONG") else 16


def differences(here: Life, there: Life) -> list[str]:
    found = [
        f"act {n} {act}: {a} / {b}"
        for n, (act, a, b) in enumerate(zip(here.acts, here.states, there.states, strict=False))
        if a != b
    ]
    pairs = zip(here.transcripts, there.transcripts, strict=False)
    found += [f"telephone {n}: {a} / {b}" for n, (a, b) in enumerate(pairs) if a != b]
    found += [
        f"{name}: {rows} / {there.tables[name]}" for name, rows in here.tables.items() if rows != there.tables[name]
    ]
    return found


def compared(town, exchange, seed: int) -> list[str]:
    here = live(SimulatedStage(town.line), seed=seed, length=ACTS)
    there = live(WebhookStage(exchange), acts=here.acts)
    return differences(here, there)


@pytest.mark.req("F3")
@pytest.mark.parametrize("part", range(4))
def test_a_carrier_and_the_simulated_engine_tell_the_same(town, exchange, part):
    for seed in range(part, LIVES, 4):
        found = compared(town, exchange, seed)
        assert not found, f"script {seed}: " + "\n".join(found[:4])


@pytest.mark.req("F3")
@pytest.mark.parametrize("fault", ["a key is dropped", "a tone is forgotten", "a prompt is left out"])
def test_a_planted_difference_is_found(town, exchange, monkeypatch, fault):
    if fault == "a key is dropped":
        proper = views.answer_in
        monkeypatch.setattr(views, "answer_in", lambda step, digits: proper(step, digits.replace("3", "")))
    elif fault == "a tone is forgotten":
        monkeypatch.setattr(type(exchange.engine), "tone", lambda self, room_id, name: None)
    else:
        monkeypatch.setattr("peerline.exchange.engines.webhook.replies._words", lambda perform: ())
    assert any(differs(town, exchange, seed) for seed in range(1, 60, 2))


def differs(town, exchange, seed: int) -> bool:
    """Also when the script cannot go on: somebody is to press keys who is not on the line any more."""
    try:
        return bool(compared(town, exchange, seed))
    except (AssertionError, LookupError, StopIteration):
        return True
