"""`./run protocol` teaches, checks a file with its lines, and shows what a good one would do (S127)."""

import pytest

from peerline.__main__ import main
from tests.programs.test_protocols import GOOD


@pytest.fixture
def mine(tmp_path, settings):
    settings.PROTOCOLS = tmp_path

    def put(text):
        path = tmp_path / "mine.toml"
        path.write_text(text)
        return str(path)

    return put


def test_everything_wrong_is_said_each_with_its_line(mine, capsys):
    path = mine(GOOD.replace("week = 4", "wek = 4").replace('kind = "group"', 'kind = "video"'))
    assert main(["protocol", "check", path]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "mine.toml, line 12, sessions[1].kind: “video” is none of these: group, telephone.",
        "mine.toml, line 19, sessions[2].week: It is missing.",
        "mine.toml, line 21, sessions[2].wek: Nothing of this name is known here. Did you mean “week”?",
    ]


def test_a_good_file_shows_its_calendar_and_rules(mine, capsys):
    assert main(["protocol", "check", mine(GOOD)]) == 0
    said = capsys.readouterr().out
    assert "Walks (walks, version 1): 26 weeks, 1 talk a week, 2 sessions." in said
    assert "Second (after 4 weeks; by telephone, led by the nurse, 90 minutes)" in said
    assert "Who can take part: 18 or older." in said


def test_every_shipped_protocol_can_be_shown_copied_and_checked(mine, capsys):
    assert main(["protocol", "list"]) == 0
    keys = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    for key in keys:
        assert main(["protocol", "show", key]) == 0
        assert main(["protocol", "check", mine(capsys.readouterr().out)]) == 0
        capsys.readouterr()
    assert len(keys) == 4


def test_what_is_not_there_is_said(capsys):
    assert main(["protocol", "check", "nowhere.toml"]) == 1
    assert main(["protocol", "show", "nothing"]) == 1
    assert "There is no protocol nothing." in capsys.readouterr().out


def test_help_teaches(capsys):
    with pytest.raises(SystemExit):
        main(["protocol", "--help"])
    assert "Begin with a copy of a shipped one" in capsys.readouterr().out


def test_the_guide_names_every_key_there_is():
    from dataclasses import fields
    from pathlib import Path

    from peerline.programs.protocols import shape

    guide = (Path(__file__).resolve().parents[2] / "docs/howto/write-a-protocol.md").read_text()
    kinds = (shape.Protocol, shape.PairRules, shape.PlanRules, shape.Session, shape.Assessment, shape.Phase, shape.Criterion, shape.Rung)  # fmt: skip
    names = {"is" if one.name == "equals" else one.name for kind in kinds for one in fields(kind)}
    assert {
        name for name in names if f"`{name}`" not in guide and f"[{name}]" not in guide and f"{name} =" not in guide
    } == set()
    assert {fact for fact in shape.FACTS if f"`{fact}`" not in guide} == set()
