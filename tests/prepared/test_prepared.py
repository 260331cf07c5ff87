"""A prepared question answers as its queryset does, and holds nothing of the moment in which it was first asked."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from peerline.jobs.models import Job
from peerline.kernel import clock
from peerline.people.models import Organization, Person
from peerline.prepared import everyone, prepared, prepared_change

NOW = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


@pytest.fixture
def jobs(db):
    return Job.objects.bulk_create(
        Job(kind=f"kind{number % 2}", key=f"{number}", args={"n": number}, run_at=NOW + timedelta(hours=number), made_at=NOW)
        for number in range(6)
    )  # fmt: skip


def due(kind: str, since: datetime) -> QuerySet[Job]:
    return Job.objects.filter(kind=kind, state="waiting", run_at__gte=since, tries__lt=3).order_by("-run_at", "pk")


def test_rows_are_the_same_objects_as_the_querysets_with_whatever_values(jobs):
    question = prepared(str, datetime)(due)
    for kind in ("kind0", "kind1", "none", "\ue0001"):
        for hours in (-1, 2, 9):
            wanted = list(due(kind, NOW + timedelta(hours=hours)))
            found = question(kind, NOW + timedelta(hours=hours))
            assert [vars(one) | {"_state": 0} for one in found] == [vars(one) | {"_state": 0} for one in wanted]
            assert question.first(kind, NOW + timedelta(hours=hours)) == (wanted[0] if wanted else None)
    (row, *_) = question("kind0", NOW)
    row.tries = 2
    row.save()
    assert question("kind0", NOW)[0].tries == 2, "it is asked again each time, and its rows can be saved"


def test_values_and_rows_of_two_tables_come_as_django_reads_them(db):
    clinic = Organization.objects.create(name="Elm Clinic")
    made = Person.objects.create(organization=clinic, first_name="Ada", nickname="Maple", created_at=NOW)
    person = prepared(int)(lambda pk: Person.objects.select_related("organization").filter(pk=pk).defer("title"))
    with CaptureQueriesContext(connection) as asked:
        found = person.first(made.pk)
        assert (found.first_name, found.organization.name, found.created_at) == ("Ada", "Elm Clinic", NOW)
    assert len(asked) == 1
    flat = prepared(int)(lambda pk: Person.objects.filter(pk=pk).values_list("nickname", flat=True))
    assert flat(made.pk) == ["Maple"]
    several = prepared(int)(lambda pk: Person.objects.filter(pk=pk).values_list("pk", "removed_at", "made_up"))
    assert several(made.pk) == [(made.pk, None, False)]


def test_any_number_of_numbers_can_be_meant(jobs):
    some = prepared(list, str)(lambda ids, kind: Job.objects.filter(pk__in=ids, kind=kind).order_by("pk"))
    for ids in ([], [jobs[0].pk], [one.pk for one in jobs] * 2, list(range(2000))):
        assert some(ids, "kind0") == list(Job.objects.filter(pk__in=ids, kind="kind0").order_by("pk"))
    with CaptureQueriesContext(connection) as asked:
        assert some([], "kind0") == []
    assert len(asked) == 0


def test_nothing_is_worked_out_twice_and_a_none_is_refused(jobs):
    times = []

    def counted(kind: str) -> QuerySet[Job]:
        times.append(kind)
        return Job.objects.filter(kind=kind)

    question = prepared(str)(counted)
    assert len(question("kind0")) == len(question("kind1")) == 3
    assert len(times) == 1
    with pytest.raises(ValueError, match="None"):
        question(None)


def test_a_change_changes_the_rows_meant_and_says_how_many(jobs):
    change = prepared_change(str, datetime, int)(
        lambda word, now, tries: (
            Job.objects.filter(kind="kind1", tries__lt=tries),
            {"problem": word, "leased_until": now, "tries": F("tries") + 1},
        )
    )
    assert change("later", NOW, 1) == 3
    assert change("again", NOW + timedelta(hours=1), 1) == 0, "their tries are one by now"
    assert set(Job.objects.values_list("kind", "problem", "leased_until", "tries")) == {
        ("kind0", "", None, 0), ("kind1", "later", NOW, 1)
    }  # fmt: skip


def worked_out_at(question, moment: datetime) -> object:
    with clock.running_on(lambda: moment):
        compiled = question.compiled()
    return compiled.sql, compiled.params


@pytest.mark.parametrize("question", everyone, ids=lambda one: f"{one.ask.__module__}.{one.ask.__qualname__}")
def test_no_question_holds_the_time_at_which_it_was_worked_out(question, db):
    assert worked_out_at(question, NOW) == worked_out_at(question, NOW + timedelta(days=400))


def test_one_that_held_the_time_would_be_noticed(db):
    holds = prepared(int)(lambda pk: Job.objects.filter(pk=pk, run_at__lt=clock.now()))
    assert worked_out_at(holds, NOW) != worked_out_at(holds, NOW + timedelta(days=400))
