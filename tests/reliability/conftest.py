"""Evenings begin with a fixture and are always ended."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from peerline.exchange.engines.embedded import available
from tests.reliability.evening import Evening


@pytest.fixture
def evening(tmp_path: Path, settings: Any) -> Iterator[Any]:
    if missing := available():
        pytest.skip(missing)
    settings.STATE = tmp_path / "state"
    with ExitStack() as ends:

        def begin(*fault: str) -> Evening:
            made = Evening(tmp_path, *fault)
            ends.callback(made.close)
            return made

        yield begin
