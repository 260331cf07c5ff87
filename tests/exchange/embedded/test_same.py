"""The same dialogues on the simulated engine and over real calls: identical transcripts, sounds, tables (F3).

A thousand scripts of 24 acts, the same thousand as over a carrier, about four seconds each; every day the first few.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from peerline.exchange.engines.embedded import available, causes
from peerline.exchange.engines.embedded.leg import Leg
from peerline.exchange.engines.embedded.line import Line
from peerline.exchange.engines.embedded.room import Room
from peerline.exchange.engines.embedded.steps import Steps
from peerline.groups import services as groups
from peerline.kernel import clock
from peerline.people.access import PLATFORM
from tests.exchange.conftest import ELM, ROSA, THIRD
from tests.exchange.embedded.house import REFUSALS
from tests.exchange.embedded.loopback import Loopback
from tests.exchange.embedded.stage import EmbeddedStage
from tests.exchange.embedded.told import be_patient
from tests.exchange.scripts import TALK, Act, Clock, live
from tests.exchange.stages import SimulatedStage
from tests.exchange.webhook.test_same import differences
from tests.lengths import length

pytestmark = [pytest.mark.sip, pytest.mark.skipif(bool(available()), reason=available())]
LIVES, ACTS, PARTS = length(1_000, 6), 24, length(40, 1)


@pytest.fixture(scope="module")
def _loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    loopback = Loopback(tmp_path_factory.mktemp("loopback"))
    yield loopback
    loopback.close()


@pytest.fixture
def loopback(_loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> Loopback:
    be_patient(_loopback.told, monkeypatch)
    return _loopback


def compared(town, loopback: Loopback, seed: int = 0, acts: list[Act] | None = None) -> list[str]:
    """What differs in the script of this seed, or in these acts."""
    here = live(SimulatedStage(town.line), seed=seed, length=ACTS, acts=acts)
    there = live(EmbeddedStage(loopback), acts=here.acts)
    return differences(here, there)


@pytest.mark.req("F3")
@pytest.mark.parametrize("part", range(PARTS))
def test_real_calls_and_the_simulated_engine_tell_the_same(town, loopback, part):
    for seed in range(part, LIVES, PARTS):
        found = compared(town, loopback, seed)
        assert not found, f"script {seed}: " + "\n".join(found[:4])
    print(f"\n{loopback.pressed} keys, {loopback.lost} lost", *loopback.losses, sep="\n")
    assert loopback.lost <= loopback.pressed / 1_000, "many keys are lost"


async def long_about_it(self: Line, leg: Leg, cause: str, proper=Line.hang) -> None:
    leg.ours = cause
    await asyncio.sleep(0.5)
    await proper(self, leg, cause)


def test_an_act_is_not_over_while_a_telephone_is_still_to_stop_ringing(town, loopback, monkeypatch):
    monkeypatch.setattr(Line, "hang", long_about_it)
    assert compared(town, loopback, acts=[*TALK[:3], Act(0, "hang_up")]) == []


def test_a_recording_that_the_line_ends_before_a_word_was_said_is_told_the_same(town, loopback):
    """Rosa is recorded for the nurse when she calls again, and asks for the partner who still waits for her."""
    acts = [*TALK, Act(0, "keys", "*"), Act(0, "keys", "1"), *(act._replace(who=2) for act in TALK[:3])]
    assert compared(town, loopback, acts=acts) == []


@pytest.mark.parametrize("cause", REFUSALS)
def test_a_refusal_is_told_the_same_and_another_word_for_it_is_found(town, loopback, monkeypatch, cause):
    acts = [*TALK[:3], Act(1, "refuse", cause)]
    assert compared(town, loopback, acts=acts) == []
    monkeypatch.setattr(causes, "WORDS", {"unreachable": {480, 486, 603}})
    assert compared(town, loopback, acts=acts) != []


def goes_in(who: int, number: str) -> list[Act]:
    """Somebody dials and enters the group session that is open now."""
    return [Act(who, "dial", number), *(Act(who, "keys", keys) for keys in ("111111", "4", "2", "1"))]


GATHERING = [*goes_in(0, ROSA), *goes_in(1, ELM), *goes_in(2, THIRD)]
ASIDE_AND_BACK = [Act(1, "keys", "*"), Act(1, "keys", "2")]


@pytest.mark.req("S21", "S33")
def test_three_telephones_in_a_group_session_hear_each_other_also_who_comes_late_or_comes_back(town, loopback):
    with clock.running_on(Clock()):
        session = groups.plan(
            PLATFORM, program_id=town.program.pk, begins_at=clock.now() + timedelta(minutes=5), way="telephone",
            place="", time_zone="America/Detroit", key="month-1", seats=30,
        )  # fmt: skip
        for person in (town.rosa, town.elm, town.third):
            groups.sign_up(PLATFORM, session_id=session.pk, person_id=person.pk)
    acts = [*GATHERING, *ASIDE_AND_BACK, Act(0, "hang_up")]
    here, there = live(SimulatedStage(town.line), acts=acts), live(EmbeddedStage(loopback), acts=acts)
    assert differences(here, there) == []
    heard = [[leg[3] for leg in state] for state in there.states]
    assert heard[9] == [[1], [0]]
    assert heard[14] == heard[16] == [[1, 2], [0, 2], [0, 1]]
    assert heard[15] == [[2], [], [0]], "one stepped aside"
    assert heard[17] == [[], [2], [1]], "one hung up"


def no_three(self: Leg, key: str, now: float, proper=Leg.press) -> None:
    if key != "3":
        proper(self, key, now)


async def all_but_the_first(self: Steps, leg: Leg, said, *, barge_in: bool = True, proper=Steps.say) -> None:
    await proper(self, leg, said[1:] or said, barge_in=barge_in)


FAULTS = {
    "a key is dropped": (Leg, "press", no_three),
    "a tone is forgotten": (Room, "set_tone", lambda self, name: None),
    "a prompt is left out": (Steps, "say", all_but_the_first),
    "voices go nowhere": (Room, "carry", lambda self, heard: ()),
}


@pytest.mark.req("F3")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_difference_is_found(town, loopback, monkeypatch, fault):
    monkeypatch.setattr(*FAULTS[fault])
    assert any(differs(town, loopback, seed) for seed in range(1, 60, 2))


def differs(town, loopback: Loopback, seed: int) -> bool:
    """Also when the script cannot go on: somebody is to press keys who is not on the line any more."""
    try:
        return bool(compared(town, loopback, seed))
    except (AssertionError, LookupError):
        return True
