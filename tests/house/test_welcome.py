"""What a start says and what it starts: where to look, a way in for each role, how to dial; and all else where SIP has no build."""

from datetime import timedelta

import pytest

from config import processes, welcome
from peerline.exchange.engines import embedded
from peerline.kernel import clock
from peerline.people.queries import made_up_people
from tests import cast

ROLES = ("participant", "coordinator", "nurse", "researcher", "administrator")


def said() -> str:
    return "\n".join([*welcome._where(), *welcome._sign_ins(), *welcome._telephone()])


@pytest.fixture
def demonstration(db, settings):
    settings.DEMO, settings.ENGINE = True, "embedded"
    organization = cast.clinic()
    for role in ROLES:
        cast.somebody(organization, role, made_up=True)


def test_a_start_says_where_to_look_how_to_sign_in_as_each_role_and_how_to_dial_and_be_rung(demonstration, settings):
    words = said()
    for one in (*ROLES, settings.PUBLIC_URL, str(settings.STATE), f"sip:line@{settings.SIP_BIND}", str(settings.NUMBERS_FILE), "./run call"):  # fmt: skip
        assert one in words, one


def test_a_start_after_the_program_says_that_its_weeks_are_over_and_how_to_see_the_seventh_again(demonstration):
    for days, over in ((7 * 26 + 4, False), (7 * 26 + 5, True)):
        made_up_people("coordinator").update(given_at=clock.now() - timedelta(days=days))
        assert ("start in a fresh folder" in said()) is over


def test_where_others_can_reach_the_server_it_names_no_made_up_way_in(demonstration, settings):
    settings.LOOPBACK_ONLY = False
    assert "none: this server can be reached from outside" in said() and "coordinator" not in said()


def test_where_sip_has_no_build_all_else_starts_and_a_sentence_says_what_to_do(demonstration, monkeypatch):
    assert [child.name for child in processes.children()] == ["website", "worker", "line"]
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)
    assert [child.name for child in processes.children()] == ["website", "worker"]
    assert embedded.ADVICE in said() and "sip:line@" not in said()
