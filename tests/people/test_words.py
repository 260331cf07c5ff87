"""Every word of these rooms has its Spanish, and no Spanish is kept for words that are gone."""

import ast
import re
from pathlib import Path

import pytest

import peerline
from peerline.messaging import relay
from peerline.people.words import DEEDS, LOOKS, WORK
from tests.ui.test_words import translated
from tests.ui.words import words_of

ROOMS = Path(peerline.__file__).parent


@pytest.mark.req("S47")
@pytest.mark.parametrize("room", ["people", "entry", "messaging", "programs"])
def test_the_spanish_of_the_room_is_complete(room):
    catalogue = ROOMS / room / "locale/es/LC_MESSAGES/django.po"
    assert words_of(ROOMS / room) == translated(catalogue)


TELLING = ("record_each", "_note", "_save", "_move")  # always about somebody


def deeds_on_record(whatever: bool = False) -> set[str]:
    """The verbs of every line that the rooms write into the audit log about a person; or about whatever."""
    found = set()
    for path in ROOMS.rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            of_somebody = name in TELLING or any(word.arg == "subject_id" for word in call.keywords)
            if name in ("record", *TELLING) and (of_somebody or whatever):
                words = (arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
                found |= {word for word in words if re.fullmatch(r"[a-z]+\.[a-z_]+", word)}
    return found


@pytest.mark.req("S10")
def test_whatever_is_done_to_or_seen_of_a_person_is_told_to_them_in_words():
    assert deeds_on_record() - set(DEEDS) == set()


@pytest.mark.req("S10")
def test_whatever_is_on_record_is_told_to_administrators_in_words():
    assert deeds_on_record(whatever=True) - {*DEEDS, *WORK} == set()
    assert {f"messaging.{how}" for how in relay.HOW} <= set(WORK) and not set(WORK) & set(DEEDS)
    assert {"people.saw", "care.heard_voicemail", "monitoring.exported_log"} <= set(LOOKS)


def test_that_search_finds_the_verbs_of_several_rooms():
    assert {"people.saw", "care.heard_voicemail", "pairs.began", "programs.stopped"} <= deeds_on_record()
