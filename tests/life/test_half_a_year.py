"""Half a year of a program, played: whatever people do, these laws hold; and each law notices a planted fault."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from config.life import laws
from peerline.exchange.models import Call
from peerline.groups.models import Training
from peerline.kernel import week
from peerline.pairs import duties
from peerline.pairs import queries as pairs
from peerline.pairs.models import Pair
from peerline.programs import outbound
from peerline.programs.models import DueThing, Enrollment
from tests.lengths import length


@pytest.mark.req("S7", "S18", "S15", "S6", "S28")
def test_half_a_year_breaks_no_law_and_is_full_of_life(play, training_counts):
    weeks = length(26, 4, least=4)
    life = play(weeks, people=60 if weeks == 26 else 24)
    life.until(life.monday(weeks))
    assert laws.broken(life.stage.at) == []
    trained = set(Training.objects.exclude(done_at=None).values_list("person_id", flat=True))
    assert trained >= {
        one for both in pairs.members_of(Pair.objects.values_list("pk", flat=True)).values() for one in both
    }, "no pair began untrained"
    outcomes = set(Call.objects.values_list("outcome", flat=True))
    assert {"talked", "no_answer", "message"} <= outcomes
    assert DueThing.objects.filter(duty="pairs.reminder", state="done").count() >= weeks
    assert Call.objects.filter(outcome="talked").count() > 2 * weeks
    if weeks == 26:
        assert Enrollment.objects.filter(state="removed").exists()
        assert set(Pair.objects.values_list("end_reason", flat=True)) >= {"", "no_contact", "stopped"}


@pytest.mark.req("S7")
def test_a_reminder_at_any_hour_would_be_noticed(play, monkeypatch):
    anywhere = ("UTC", week.as_text(week.NONE))  # planned as if they lived in Greenwich and had no hours of rest
    monkeypatch.setattr(outbound, "calling_weeks", lambda people: dict.fromkeys(people, anywhere))
    monkeypatch.setattr(duties, "_takes_calls", lambda person_id, now: True)
    life = play(2, people=12)
    everybody = life.participants.characters
    everybody.update({person: replace(one, calls=0, picks_up=0) for person, one in everybody.items()})
    life.until(life.monday(2))
    assert laws.each_contact_is_inside_hours(life.stage.at)


def test_a_second_call_for_one_reason_and_a_contact_after_the_end_would_be_noticed(play):
    life = play(2, people=12)
    life.until(life.monday(2))
    reminder = Call.objects.filter(way="reminder", label__startswith="pair:").first()
    leg = reminder.legs.first()
    assert laws.broken(life.stage.at) == []
    Enrollment.objects.filter(person_id=leg.person_id).update(stopped_at=leg.rang_at - timedelta(hours=1))
    assert laws.nobody_who_stopped_is_contacted(life.stage.at)
    reminder.pk, reminder._state.adding = None, True
    reminder.ended_at = None
    reminder.save()
    assert laws.no_reason_reminds_twice(life.stage.at)
    assert laws.nothing_hangs(life.stage.at)
    DueThing.objects.update(state="waiting", until=life.stage.at)
    assert laws.every_due_thing_has_an_end(life.stage.at)


def test_the_same_seed_lives_the_same_life_in_whatever_order_the_database_hands_its_rows_and_another_seed_another(play):
    def lived(seed, last_row_first=False):
        with handing_out(last_row_first), transaction.atomic():
            life = play(1, people=12, seed=seed)
            life.until(life.monday(1))
            calls = Call.objects.order_by("began_at")
            placed = list(calls.exclude(way="reminder").values_list("began_at", "way", "outcome", "talk_seconds"))
            got = Counter(calls.filter(way="reminder").values_list("began_at__date", "outcome"))
            transaction.set_rollback(True)
        return placed, got

    assert lived("one") == lived("one", last_row_first=True) != lived("two")


@contextmanager
def handing_out(last_row_first):
    """SQLite hands out rows that nobody asked an order of the other way around; elsewhere chance does now and then."""
    if last_row_first and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA reverse_unordered_selects = ON")
            try:
                yield
            finally:
                cursor.execute("PRAGMA reverse_unordered_selects = OFF")
    else:
        yield
