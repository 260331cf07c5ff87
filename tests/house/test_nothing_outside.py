"""Everything Peerline writes is in the state folder: whoever deletes it has deleted all, whoever copies it has all."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from peerline.exchange.telephone.handset import free_port

ROOT = Path(__file__).resolve().parents[2]
CALLS = "openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat"
WRITES = re.compile(r"O_CREAT|O_WRONLY|O_RDWR|mkdir|rename|link")
NO_FILES = ("/dev/", "/proc/")


def strays(trace: str, state: Path) -> list[str]:
    """Paths outside `state` that were opened to be written, made or renamed; what failed is left out."""
    made = [line for line in trace.splitlines() if WRITES.search(line) and "= -1 " not in line]
    paths = {path for line in made for path in re.findall(r'"(/[^"]*)"', line)}
    return sorted(path for path in paths if not path.startswith((str(state), *NO_FILES)))


def answers(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(address, timeout=2):
        return True
    return False


def traced_start(state: Path, trace: Path) -> bool:
    """Open Peerline for real people, look at its first page, and end it. True when the page came."""
    port = free_port()
    settings = {
        "PEERLINE_STATE": str(state), "PEERLINE_HTTP": f"127.0.0.1:{port}", "PEERLINE_ENGINE": "simulated",
        "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPYCACHEPREFIX": str(state / "pycache"),
    }  # fmt: skip
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PEERLINE_", "PYTEST_", "SQLITE_"))}
    strace = ["strace", "-f", "-qq", "-e", f"trace={CALLS}", "-o", str(trace)]
    command = [*strace, sys.executable, "-m", "peerline", "start", "--real"]
    said = subprocess.DEVNULL
    peerline = subprocess.Popen(command, cwd=ROOT, env={**kept, **settings}, start_new_session=True, stdout=said)
    until = time.monotonic() + 300  # traced, and beside other tests
    try:
        while not (came := answers(f"http://127.0.0.1:{port}/sign-in/")) and time.monotonic() < until:
            time.sleep(0.3)
        return came
    finally:
        os.killpg(peerline.pid, signal.SIGINT)
        peerline.wait(60)


@pytest.mark.skipif(not shutil.which("strace") and not os.environ.get("CI"), reason="NO STRACE: apt-get install strace")
def test_a_whole_start_writes_into_its_state_folder_and_nowhere_else(tmp_path):
    state, trace = tmp_path / "state", tmp_path / "trace"
    assert traced_start(state, trace)
    assert "peerline.sqlite3" in trace.read_text() and (state / "peerline.sqlite3").exists()
    assert strays(trace.read_text(), state) == []


def test_a_stray_file_is_found():
    line = '12 openat(AT_FDCWD, "/var/tmp/etilqs_1", O_RDWR|O_CREAT, 0600) = 6'
    assert strays(line, Path("/srv/peerline")) == ["/var/tmp/etilqs_1"]
    assert strays(line.replace("/var/tmp", "/srv/peerline"), Path("/srv/peerline")) == []
