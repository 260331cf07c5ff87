"""It runs on a small machine (S117): what all of it takes in memory while nobody calls, by the same measure as `./run bench pages`.

Here everything a server loads is loaded once and shared by as many idle children as a server has; the bench starts a
whole server, voices and telephone line included, and holds it to 250 MB.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from peerline.home import bench

ROOT = Path(__file__).resolve().parents[2]
CHILDREN = 4
MOST_MB = 110
LOADED = f"""
import gc, os, sys, time
import django
django.setup()
from django.urls import get_resolver
from django.template.loader import get_template
import peerline.jobs.worker, peerline.exchange.engines.embedded, config.commands
get_resolver().url_patterns, get_template("home/front.html")
from peerline.exchange.prompts.catalogue import prompts
prompts("en"), prompts("es")
more = bytearray(os.urandom(1)) * int(sys.argv[1])
gc.collect(); gc.freeze()
for _ in range({CHILDREN}):
    if os.fork() == 0:
        break
else:
    print("ready", flush=True)
sys.stdin.read()
os._exit(0)
"""


def idle_mb(more_bytes: int = 0) -> float:
    """The memory of all processes together, each shared page counted once."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", LOADED, str(more_bytes)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return sum(bench._pss_mb(pid) for pid in bench.tree_of(process.pid))


pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory is counted elsewhere")


@pytest.mark.req("S117")
def test_all_that_a_server_loads_takes_little_memory_while_nobody_calls():
    assert 20 < idle_mb() <= MOST_MB


@pytest.mark.req("S117")
def test_a_library_of_sixty_megabytes_more_would_be_seen():
    assert idle_mb(60 * 2**20) > MOST_MB
