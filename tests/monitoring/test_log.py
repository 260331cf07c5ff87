"""The call log: whose calls, which page, and that no page costs more than another."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.exchange.models import Call
from peerline.kernel import clock
from peerline.monitoring import log
from peerline.monitoring.log import Wanted
from peerline.people.access import Grant, Viewer
from tests import cast

pytestmark = pytest.mark.req("S10", "S12")


def shown(viewer, wanted=Wanted(), before="", size=25):
    return log.page(log.streams(viewer, wanted), before, size)


def everything(viewer, wanted=Wanted(), size=7):
    return [call.pk for piece in log.whole(log.streams(viewer, wanted), size) for call in piece]


def test_each_viewer_sees_the_calls_of_the_own_programs_and_no_others(clinic, other_clinic):
    north, south = (clinic.call(pair) for pair in clinic.pairs)
    elsewhere = other_clinic.call(other_clinic.pairs[0])
    nobodys = Call.objects.create(began_at=clock.now(), way="dialed", organization_id=clinic.organization.pk)
    whole = cast.viewer(clinic.organization, "coordinator")
    single = cast.viewer(clinic.organization, "nurse", program_id=clinic.programs[1].pk)
    assert set(everything(whole)) == {north.pk, south.pk, nobodys.pk}
    assert set(everything(single)) == {south.pk}
    assert elsewhere.pk not in everything(whole)
    for viewer, call in ((whole, elsewhere), (single, north), (single, nobodys)):
        with pytest.raises(log.NotThere):
            log.call_for(viewer, call.pk)


def test_a_call_without_a_program_is_its_own_clinics(clinic, other_clinic):
    call = clinic.call(clinic.pairs[0])
    Call.objects.filter(pk=call.pk).update(program_id=None)
    assert everything(cast.viewer(clinic.organization, "coordinator")) == [call.pk]
    assert everything(cast.viewer(other_clinic.organization, "coordinator")) == []


def test_pages_follow_each_other_without_gap_or_double_even_in_one_instant(clinic, other_clinic):
    clinic.many_calls(60)
    Call.objects.filter(pk__in=Call.objects.values("pk")[:30]).update(began_at=clock.now())
    viewer = cast.viewer(clinic.organization, "nurse", program_id=clinic.programs[0].pk)
    both = cast.viewer(clinic.organization, "researcher")
    for one in (viewer, both):
        inside = set(log.programs.programs(one).values_list("pk", flat=True))
        wanted = Call.objects.filter(program_id__in=inside).order_by("-began_at", "-pk")
        assert everything(one) == list(wanted.values_list("pk", flat=True))


def test_a_place_that_makes_no_sense_is_the_start(clinic):
    clinic.many_calls(3)
    viewer = cast.viewer(clinic.organization, "nurse")
    for place in ("", "~", "yesterday~5", "2026-01-01~5", "2026-01-01T00:00:00+00:00~²", "x" * 5000):
        assert len(shown(viewer, before=place)[0]) == 3, place


@pytest.mark.parametrize(
    "fields", [{"outcome": "message"}, {"first_day": 1}, {"last_day": 1}, {"pair": 1}, {"program": 0}]
)
def test_each_filter_keeps_what_it_says(clinic, fields):
    clinic.many_calls(40)
    today = clock.now().date()
    Call.objects.filter(pk__in=Call.objects.values("pk")[:10]).update(began_at=clock.now() - timedelta(days=5))
    wanted, kept = {
        "outcome": (Wanted(outcome="message"), {"outcome": "message"}),
        "first_day": (Wanted(first_day=today - timedelta(days=2)), {"began_at__gte": clock.now() - timedelta(days=4)}),
        "last_day": (Wanted(last_day=today - timedelta(days=2)), {"began_at__lt": clock.now() - timedelta(days=4)}),
        "pair": (Wanted(pair_id=clinic.pairs[1].pk), {"label": f"pair:{clinic.pairs[1].pk}"}),
        "program": (Wanted(program_id=clinic.programs[0].pk), {"program_id": clinic.programs[0].pk}),
    }[next(iter(fields))]
    found = everything(cast.viewer(clinic.organization, "nurse"), wanted)
    assert set(found) == set(Call.objects.filter(**kept).values_list("pk", flat=True))
    assert 0 < len(found) < 40


def test_the_filter_never_widens_what_a_viewer_sees(clinic, other_clinic):
    other_clinic.many_calls(4)
    viewer = cast.viewer(clinic.organization, "nurse")
    for wanted in (Wanted(pair_id=other_clinic.pairs[0].pk), Wanted(program_id=other_clinic.programs[0].pk)):
        assert everything(viewer, wanted) == []
    mixed = Wanted(program_id=clinic.programs[0].pk, pair_id=clinic.pairs[1].pk)
    clinic.call(clinic.pairs[1])
    assert everything(viewer, mixed) == []


# --- No page costs more than another ----------------------------------------------------------------------------------

SORTS = ("TEMP B-TREE", "Sort")
EVERY_FILTER = [
    lambda clinic: Wanted(),
    lambda clinic: Wanted(outcome="declined"),
    lambda clinic: Wanted(outcome="ended"),
    lambda clinic: Wanted(first_day=clock.now().date() - timedelta(days=9), last_day=clock.now().date()),
    lambda clinic: Wanted(program_id=clinic.programs[0].pk),
    lambda clinic: Wanted(program_id=clinic.programs[0].pk, outcome="message", last_day=clock.now().date()),
    lambda clinic: Wanted(pair_id=clinic.pairs[0].pk),
    lambda clinic: Wanted(pair_id=clinic.pairs[0].pk, outcome="talked"),
]


def plan(queryset):
    return queryset.explain()


@pytest.fixture
def long_log(clinic, other_clinic):
    for one in (clinic, other_clinic):
        one.many_calls(3000)
    strangers = Call.objects.filter(
        organization_id=other_clinic.organization.pk, program_id=other_clinic.programs[0].pk
    )
    strangers.update(program_id=None, label="")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return clinic


def test_every_filter_and_every_page_walks_an_index_and_sorts_nothing(long_log):
    middle = Call.objects.order_by("-began_at", "-pk")[3000]
    place = f"{middle.began_at.isoformat()}~{middle.pk}"
    viewers = [
        cast.viewer(long_log.organization, "coordinator"),
        cast.viewer(long_log.organization, "nurse", program_id=long_log.programs[0].pk),
    ]
    for viewer in viewers:
        for make in EVERY_FILTER:
            for stream in log.streams(viewer, make(long_log)):
                for part in (stream, log._from(stream, place)):
                    told = plan(part.values("pk")[:26])
                    assert "calls_" in told and not any(word in told for word in SORTS), (make(long_log), told)


def test_a_plan_that_sorts_is_told_from_one_that_does_not(long_log):
    plain = Call.objects.filter(program_id__in=[program.pk for program in long_log.programs], outcome="lost")
    assert any(word in plan(plain.order_by("-talk_seconds", "-id").values("pk")[:26]) for word in SORTS)


def test_a_page_of_several_streams_reads_no_whole_table(long_log, other_clinic):
    places = (long_log.organization.pk, other_clinic.organization.pk)
    viewer = Viewer(1, tuple(Grant("coordinator", place, None, None) for place in places))
    streams = log.streams(viewer, Wanted())
    assert len(streams) == 2
    with CaptureQueriesContext(connection) as asked:
        log.page(streams, "")
    (statement,) = (query["sql"] for query in asked)
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + statement)
        told = "\n".join(str(row) for row in cursor.fetchall())
    assert "SCAN exchange_call" not in told and "Seq Scan on exchange_call" not in told, told


def test_more_programs_than_one_statement_takes_are_still_one_log(clinic, monkeypatch):
    monkeypatch.setattr(log, "MOST_AT_ONCE", 1)
    clinic.many_calls(20)
    wanted = list(Call.objects.order_by("-began_at", "-pk").values_list("pk", flat=True))
    found = [Call.objects.filter(program_id=program.pk).order_by("-began_at", "-id") for program in clinic.programs]
    assert [call.pk for piece in log.whole(found, 3) for call in piece] == wanted


# --- The file ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("T12")
def test_the_file_holds_every_call_once_and_no_formula(clinic, client):
    clinic.many_calls(2500)
    clinic.call(clinic.pairs[0], outcome="=2+2")
    cast.sign_in(client, cast.somebody(clinic.organization, "coordinator", email="casey@example.org"))
    with CaptureQueriesContext(connection) as asked:
        body = b"".join(client.get("/calls/export.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert len(rows) == 2502
    assert len({row[0] for row in rows}) == 2502
    assert rows[1][5] == "'=2+2"
    assert not any("OFFSET" in query["sql"] for query in asked)
