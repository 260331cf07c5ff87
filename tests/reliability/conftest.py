"""Evenings begin with a fixture and are always ended."""

from collections.abc import Iterator
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
    begun: list[Evening] = []

    def begin(*fault: str) -> Evening:
        begun.append(Evening(tmp_path, *fault))
        return begun[-1]

    yield begin
    for one in begun:
        one.close()
