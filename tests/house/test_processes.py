"""The process tree: what is done beside it takes its memory along, and says how it ended."""

import gc
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from config import processes
from config.processes import Child, Tree, beside, passing
from peerline.exchange.telephone.handset import free_port
from peerline.matching.solver import jit

ROOT = Path(__file__).resolve().parents[2]
AT_WORK = "print('at work', flush=True) or __import__('time').sleep(100)"
SET_UP = f"beside(lambda: beside(lambda: {AT_WORK})())()"  # with something beside it, as the speaking of prompts
OPEN = f"Tree([Child('one', lambda: {AT_WORK})]).run()"

pytestmark = pytest.mark.skipif(not processes.LINUX, reason="nothing is forked here")


def test_what_is_done_beside_leaves_its_files_and_none_of_its_memory(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "this", raising=False)

    def work() -> None:
        sys.modules["this"] = sys
        (tmp_path / "done").write_text(str(os.getpid()))

    assert beside(work)() == 0
    assert "this" not in sys.modules
    assert (tmp_path / "done").read_text() != str(os.getpid())


def test_work_that_fails_beside_is_not_taken_for_done(capfd):
    def work() -> None:
        raise RuntimeError("the disk is full")

    assert beside(work)() == 1
    assert "the disk is full" in capfd.readouterr().err


def test_what_the_children_share_is_not_counted_over_by_them(monkeypatch):
    """Else each copies it, page by page: 160 MB idle became 170."""
    monkeypatch.setattr(processes.signal, "signal", lambda number, handler: None)
    tree = Tree([])
    tree.stopping.set()
    try:
        assert tree.run() == 0
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()


def test_a_child_that_has_something_to_do_once_is_not_started_again(tmp_path):
    def work() -> None:
        with (tmp_path / "done").open("a") as file:
            file.write("once\n")

    tree = Tree([Child("once", work, once=True)])
    tree._keep_alive(tree.wanted[0])
    tree.wanted[0].process.join(30)
    for _time in range(3):
        tree._keep_alive(tree.wanted[0])
    tree._end_all()
    assert (tmp_path / "done").read_text() == "once\n"


def test_the_solver_is_compiled_in_a_quiet_child_unless_that_was_done(tmp_path, monkeypatch):
    monkeypatch.setenv("PEERLINE_STATE", str(tmp_path))
    niceness = []
    monkeypatch.setattr(processes.os, "nice", niceness.append)
    monkeypatch.setattr(processes, "QUIET_SECONDS", 0)
    monkeypatch.setattr("peerline.matching.warming.warm", jit.note_cached)
    (child,) = passing()
    assert child.once
    child.work()
    assert niceness == [19] and passing() == []


def still_there(group: int) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False


def seconds_to_end(what: str, end) -> tuple[float, int]:
    """Until the parent and all its children were gone after Ctrl-C, and the parent's exit code."""
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # as at a terminal, wherever the tests run
    code = f"{heard}; import sys; from config.processes import *; from config.processes import beside; sys.exit({what})"
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)
    assert parent.stdout.readline() == b"at work\n"
    began = time.monotonic()
    end(parent.pid, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        parent.wait(30)
    while still_there(parent.pid) and time.monotonic() < began + 30:
        time.sleep(0.02)
    taken = time.monotonic() - began
    with suppress(ProcessLookupError):
        os.killpg(parent.pid, signal.SIGKILL)
    return taken, parent.wait(5)


@pytest.mark.parametrize("end", [os.killpg, os.kill])
@pytest.mark.parametrize(("what", "code"), [(SET_UP, processes.INTERRUPTED), (OPEN, 0)], ids=["set-up", "open"])
def test_ctrl_c_ends_everything_at_once_while_it_sets_up_and_when_it_is_open(what, code, end):
    """At a terminal everybody hears it; sent to the parent alone it is the same."""
    taken, ended_with = seconds_to_end(what, end)
    assert taken < 5
    assert ended_with == code


def test_a_child_that_would_be_waited_for_is_noticed():
    deaf = f"(__import__('signal').signal(2, 1), beside(lambda: {AT_WORK.replace('100', '6')})())[1]"
    assert seconds_to_end(deaf, os.kill)[0] > 5


def deaf_ones(group: int) -> dict[int, bool]:
    """Process of this group → does it ignore Ctrl-C? Without the first, which ends the others in order."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            if int(status.parent.name) != group == os.getpgid(int(status.parent.name)):
                ignored = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("SigIgn"))
                found[int(status.parent.name)] = bool(int(ignored, 16) >> (signal.SIGINT - 1) & 1)
    return found


def test_no_process_of_the_website_ends_by_itself_on_ctrl_c():
    port = free_port()
    code = "import django; django.setup(); from config.processes import *; Tree([Child('website', web)]).run()"
    settings = {"PEERLINE_HTTP": f"127.0.0.1:{port}", "DJANGO_SETTINGS_MODULE": "config.settings"}
    website = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **settings}, start_new_session=True
    )
    until = time.monotonic() + 60
    try:
        while (deaf := deaf_ones(website.pid)) is not None and not (len(deaf) == 2 and all(deaf.values())):
            assert time.monotonic() < until, deaf
            time.sleep(0.2)
        for _again in range(3):
            os.killpg(website.pid, signal.SIGINT)
        assert website.wait(30) == 0
        assert deaf_ones(website.pid) == {}
    finally:
        with suppress(ProcessLookupError):
            os.killpg(website.pid, signal.SIGKILL)
