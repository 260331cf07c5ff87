"""The environment of processes that the reliability tests start."""

import os
from pathlib import Path


def surroundings(state: Path, **more: str) -> dict[str, str]:
    """Of a process that lives on this state folder and knows nothing of pytest."""
    state.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ours = {"PEERLINE_STATE": str(state), "DJANGO_SETTINGS_MODULE": "tests.settings", "PEERLINE_LOG": "ERROR"}
    return {**kept, **ours, **more}
