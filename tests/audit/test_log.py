"""Whoever changes the audit log, takes a line out, swaps two, cuts its end or writes it anew is found out (T15)."""

import random
import threading

import pytest
from django.db import connection, transaction

from peerline.audit import services
from peerline.audit.commands import _audit
from peerline.audit.models import Line, Seal

LINES, A_SEAL = 120, 10


@pytest.fixture
def log(db):
    """So many lines, sealed ten by ten."""
    for number in range(LINES):
        services.record(number % 7, "people.saw", subject_id=number % 11, object=f"pair:{number}", fields=["a"])
        if number % A_SEAL == A_SEAL - 1:
            services.seal_new_lines()
    assert services.first_broken_seal() is None
    return list(Line.objects.order_by("pk"))


def edited(lines, chance):
    one = chance.choice(lines)
    column = chance.choice(["actor_id", "subject_id", "verb", "object", "door"])
    Line.objects.filter(pk=one.pk).update(**{column: 999 if column.endswith("_id") else "other"})
    return one


def removed(lines, chance):
    one = chance.choice(lines)
    Line.objects.filter(pk=one.pk).delete()
    return one


def swapped(lines, chance):
    one, other = chance.sample(lines, 2)
    Line.objects.filter(pk=one.pk).update(object=other.object)
    Line.objects.filter(pk=other.pk).update(object=one.object)
    return min(one, other, key=lambda line: line.pk)


def added(lines, chance):
    """A line slipped in between: its number was free because another was taken out."""
    one = chance.choice(lines)
    Line.objects.filter(pk=one.pk).delete()
    Line.objects.create(pk=one.pk, at=one.at, door="web", verb="people.saw")
    return one


@pytest.mark.req("T15")
@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("act", [edited, removed, swapped, added])
def test_a_change_is_found_and_its_place_is_named(log, act, seed):
    changed = act(log, random.Random(seed))
    seal = services.first_broken_seal()
    assert seal is not None and seal.first_line <= changed.pk <= seal.last_line


@pytest.mark.req("T15")
def test_an_end_that_was_cut_off_and_a_log_made_anew_show_by_the_seal_kept_outside(log, capsys):
    kept = services.anchor()
    assert services.holds(kept)
    last = Seal.objects.order_by("-last_line").first()
    Line.objects.filter(pk__gte=last.first_line).delete()
    Seal.objects.filter(pk=last.pk).delete()
    assert services.first_broken_seal() is None, "by itself the shorter log looks whole"
    assert not services.holds(kept)
    Seal.objects.all().delete()
    services.seal_new_lines()
    assert services.first_broken_seal() is None and not services.holds(kept)


def test_the_command_says_whether_the_log_stands(log, capsys):
    from argparse import Namespace

    assert _audit(Namespace(anchor=services.anchor())) == 0
    assert services.anchor() in capsys.readouterr().out
    assert _audit(Namespace(anchor="1-0000000000000000")) == 1
    Line.objects.filter(pk=log[3].pk).update(verb="other")
    assert _audit(Namespace(anchor="")) == 1
    assert f"lines {log[0].pk} to" in capsys.readouterr().out


@pytest.mark.req("T15")
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_a_line_whose_transaction_ends_after_that_of_a_later_one_breaks_no_seal():
    numbered, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            services.record(1, "people.saw", subject_id=1)
            numbered.set()
            may_end.wait(30)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert numbered.wait(30)
    services.record(2, "people.saw", subject_id=2)  # the higher number, there for all to see
    assert services.seal_new_lines() == 0, "the seal waits for whoever is still writing"
    may_end.set()
    writer.join()
    assert services.seal_new_lines() == 2
    assert services.first_broken_seal() is None
