"""Whoever was taken out leaves no number behind: not in a row, sealed or plain, not in a file, not in a log (S15)."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps

from peerline.entry import codes
from peerline.exchange import switchboard
from peerline.jobs.services import drain
from peerline.kernel import clock
from peerline.pairs import services as pairs
from peerline.people.access import PLATFORM
from peerline.people.models import Person
from peerline.programs import services as programs
from peerline.programs.models import Enrollment
from tests.security.traces import Secrets
from tests.security.two import Two, leave_message

pytestmark = [pytest.mark.req("S15")]
NO_ADDRESS = ("first name", "last name", "id")  # of a person whose record stays


@pytest.fixture
def two(db, settings, tmp_path):
    settings.ENGINE, settings.STATE = "simulated", tmp_path
    return Two()


def everything(state: Path, log: str) -> Iterator[tuple[str, bytes]]:
    """All rows as the rooms read them, so with what is sealed opened; all files; what was logged."""
    for model in apps.get_models():
        for row in model._default_manager.values().iterator():
            yield model._meta.label, repr(row).encode()
    for path in state.rglob("*"):
        if path.is_file():
            yield path.name, path.name.encode() + path.read_bytes()
    yield "log", log.encode()


def numbers_in(secrets: Secrets, state: Path, log: str) -> list[str]:
    return [
        f"{where}: {trace}"
        for where, data in everything(state, log)
        for trace in secrets.found_in(data)
        if not trace.startswith(NO_ADDRESS)
    ]


def nobody_picks_up(two: Two, person: Person) -> None:
    two.line.settle()
    two.line.refuse(two.line.ringing_at(two.secrets[person.pk].number), "no_answer", 408)


def lives_and_leaves(two: Two) -> Secrets:
    """Calls both ways, messages, a code, a reminder; then the person stops, and staff complete it."""
    leaving, other = two.people
    leave_message(two, leaving, other)
    leave_message(two, other, leaving)
    pairs.ring_both(PLATFORM, pair_id=two.pair.pk, first_person_id=leaving.pk)
    nobody_picks_up(two, leaving)
    codes.ask("phone", two.secrets[leaving.pk].number)
    drain()
    nobody_picks_up(two, leaving)
    row = Enrollment.objects.get(person=leaving)
    pairs.stop_taking_part(leaving.pk)
    programs.complete_removal(PLATFORM, enrollment_id=row.pk)
    drain()
    return two.secrets[leaving.pk]


def test_a_day_later_a_number_that_was_taken_out_stands_nowhere_any_more(two, tmp_path, caplog, time_machine):
    caplog.set_level(logging.DEBUG)
    gone = lives_and_leaves(two)
    time_machine.move_to(clock.now() + timedelta(days=1, minutes=1))
    codes.forget_old()  # as the regular work does: who asked for a code is kept for a day
    assert numbers_in(gone, tmp_path, caplog.text) == []
    stays = two.secrets[two.people[1].pk]
    assert numbers_in(stays, tmp_path, caplog.text), "of whoever stays it is found, so the search sees one"


def test_a_leg_that_kept_its_number_is_found(two, tmp_path, caplog, monkeypatch):
    proper = switchboard.Leg.save

    def save(leg, *args, update_fields=None, **kwargs):
        proper(leg, *args, update_fields=[one for one in update_fields if one != "telephone"] if update_fields else None, **kwargs)  # fmt: skip

    monkeypatch.setattr(switchboard.Leg, "save", save)
    assert any(where.startswith("exchange.Leg") for where in numbers_in(lives_and_leaves(two), tmp_path, caplog.text))
