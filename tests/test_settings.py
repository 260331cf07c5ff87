"""Every setting a server's keeper may set is described, and nothing is described that does not exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SET_ELSEWHERE = {"PEERLINE_BACKUP_KEY", "PEERLINE_DEMO", "PEERLINE_STATE"}  # read by the commands, too


def described(text: str) -> set[str]:
    return set(re.findall(r"`(PEERLINE_[A-Z_]+)`", "\n".join(line for line in text.splitlines() if line[:2] == "| ")))


def read(text: str) -> set[str]:
    """The variables the settings read; a secret is named by its own name."""
    plain = set(re.findall(r"\"(PEERLINE_[A-Z_]+)\"", text))
    return plain | {f"PEERLINE_{name}" for name in re.findall(r"_secret\(\"([A-Z_]+)\"\)", text)}


def test_every_setting_is_described_and_every_described_one_exists():
    page = described((ROOT / "docs/reference/settings.md").read_text())
    assert page == read((ROOT / "config/settings.py").read_text()) | SET_ELSEWHERE


def test_a_setting_nobody_described_is_found():
    assert read('env("PEERLINE_PLANTED")') - described("| `PEERLINE_HTTP` | x |") == {"PEERLINE_PLANTED"}


def test_every_decision_and_document_that_is_named_exists():
    named: dict[str, Path] = {}
    for pattern in ("peerline/**/*.py", "config/*.py", "static/*.js", "docs/**/*.md", "*.md"):
        for path in ROOT.glob(pattern):
            found = re.findall(r"docs/[a-z]+/[\w.-]+\.(?:md|png)", path.read_text())
            named |= dict.fromkeys(found, path)
    assert {f"{path.name}: {name}" for name, path in named.items() if not (ROOT / name).exists()} == set()
