"""`./run bench` prints JSON lines, knows every room's bench, and never measures on real data."""

import argparse
import json
import os
import subprocess
import sys

import pytest

from config import bench


def measured(tmp_path, *arguments):
    """The lines of one bench, run as the command runs it."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PEERLINE_")}
    environment |= {"PEERLINE_STATE": str(tmp_path / "real"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "peerline", "bench", *arguments]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300)
    return [json.loads(line) for line in ran.stdout.splitlines()]


BENCHES = {"exchange": "exchange", "monitoring": "monitoring", "home": "pages", "programs": "timeline"}


def test_each_room_with_a_bench_has_its_subcommand():
    parser = argparse.ArgumentParser()
    bench.register(parser.add_subparsers())
    for path in bench.ROOMS.glob("*/bench.py"):
        room = path.parent.name
        assert parser.parse_args(["bench", BENCHES.get(room, room)]).measure, path


@pytest.mark.req("S12")
def test_pages_are_timed_at_two_lengths_of_the_log_and_the_kept_figures_are_those_of_a_recount(tmp_path):
    lines = measured(tmp_path, "monitoring", "--calls", "300", "900", "--rounds", "2")
    recounts = [line for line in lines if line["measure"] == "recount"]
    assert [line["differences"] for line in recounts] == [0] * 4
    assert all(line["made"] for line in recounts)
    pages = [line for line in lines if line["measure"] == "page"]
    assert {line["calls"] for line in pages} == {300, 900}
    assert all(line["cpu_p50_ms"] > 0 and line["times_the_shortest"] for line in pages)


def test_a_key_is_decided_and_committed_and_the_real_state_folder_is_not_touched(tmp_path):
    lines = measured(tmp_path, "exchange", "--keys", "40", "--seconds", "0")
    assert lines[0]["measure"] == "machine"
    assert lines[-1]["measure"] == "load"
    figures = {line["measure"]: line for line in lines[1:-1]}
    assert figures["key decided"]["answers_in_journal"] >= 20
    assert 0 < figures["key decided"]["p50_us"] < figures["key decided and committed"]["p50_ms"] * 1000
    assert not (tmp_path / "real").exists()


@pytest.mark.parametrize("numbers", [[3.0, 1.0, 2.0]])
def test_a_spread_is_the_median_and_the_slowest_of_a_hundred(numbers):
    from peerline.exchange.bench import spread

    assert spread([one / 1000 for one in numbers], 1e3, "ms") == {"times": 3, "p50_ms": 2.0, "p99_ms": 3.0}
