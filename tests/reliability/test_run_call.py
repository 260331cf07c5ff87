"""`./run call` on a line of its own: it ends well where all was heard, and not well where the nurse's message is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from peerline.exchange.engines.embedded import available
from peerline.exchange.telephone.handset import free_port
from tests.reliability import town
from tests.reliability.house import House
from tests.reliability.surroundings import surroundings

LONG = bool(os.environ.get("PEERLINE_LONG"))
PLACE = """
import json, sys
from config import call, demo
demo.callers = lambda: [call.Caller(*one) for one in json.loads(sys.argv[1])]
sys.exit(call.place_call(lambda line: print(line, flush=True)))
"""


@pytest.fixture
def call(tmp_path: Path):
    """call(*faults) → (exit code, what it told), on a house with two partners and these faults in it."""
    if missing := available():
        pytest.skip(missing)
    houses = []

    def place(*faults: str) -> tuple[int, str]:
        bound = {"PEERLINE_HTTP": f"127.0.0.1:{free_port()}", "PEERLINE_SIP": f"127.0.0.1:{free_port()}"}
        environment = surroundings(tmp_path / "state", **bound, PEERLINE_ENGINE="embedded")
        couple = town.found(tmp_path, environment, 1, "tones").couples[0]
        two = [(one.person_id, f"Elm{one.number[-4:]}", one.pin, free_port()) for one in couple]
        rows = [f"{one.number},sip:{name.lower()}@127.0.0.1:{port}" for one, (_, name, _, port) in zip(couple, two, strict=True)]  # fmt: skip
        (tmp_path / "state/numbers.csv").write_text("\n".join(["number,address", *rows]) + "\n")
        houses.append(House(environment, tmp_path / "log", "4", *faults))
        houses[-1].wait_until_up(120)
        command = [sys.executable, "-c", PLACE, json.dumps(two)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
        return done.returncode, done.stdout + done.stderr

    yield place
    for house in houses:
        house.close()


@pytest.mark.sip
@pytest.mark.req("S1", "S3", "S8", "S11", "S12", "S13")
def test_a_real_call_is_placed_heard_by_both_and_found_on_the_website(call):
    code, told = call()
    assert code == 0, told
    for words in ("hears the other (620 Hz)", "hears the other (440 Hz)", "presses star", "heard nothing of the message to the nurse",
                  "the voicemail holds just what was spoken", "they talked"):  # fmt: skip
        assert words in told, told


@pytest.mark.sip
@pytest.mark.skipif(not LONG, reason="a second whole call: ./run test --long")
def test_a_message_that_is_lost_ends_it_with_an_error(call):
    code, told = call("lose what was kept")
    assert code == 1 and "NOT AS IT SHOULD BE" in told, told
