"""The process tree: what is done aside takes its memory along, and says how it ended."""

import gc
import os
import sys

import pytest

from config import processes
from config.processes import Tree, aside

pytestmark = pytest.mark.skipif(not processes.LINUX, reason="nothing is forked here")


def test_what_is_done_aside_leaves_its_files_and_none_of_its_memory(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "this", raising=False)

    def work() -> None:
        sys.modules["this"] = sys
        (tmp_path / "done").write_text(str(os.getpid()))

    assert aside(work) == 0
    assert "this" not in sys.modules
    assert (tmp_path / "done").read_text() != str(os.getpid())


def test_work_that_fails_aside_is_not_taken_for_done(capfd):
    def work() -> None:
        raise RuntimeError("the disk is full")

    assert aside(work) == 1
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
