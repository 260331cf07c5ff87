"""Every list asks the database as often for sixty rows as for three, and pages through all of them."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.care import queries as care
from peerline.care import services as care_services
from peerline.care.models import Voicemail
from peerline.exchange.models import Call, VoiceMessage
from peerline.kernel import clock
from peerline.pairs import queries as pairs
from peerline.pairs.models import Pair, PairWeek, Partner
from peerline.people.models import Person
from peerline.programs.models import Enrollment
from tests import cast
from tests.monitoring.conftest import clinic, other_clinic  # noqa: F401

# Of these, 4 are everybody's: session, account, roles, second factor.
MOST = {"/calls/": 9, "/calls/live/": 7, "/pairs/": 11, "/desk/": 20, "/voicemail/": 7, "/programs/": 6}


def many_pairs(clinic, count):  # noqa: F811
    """So many pairs more, begun long ago and silent since, as plain rows."""
    long_ago = clock.now() - timedelta(days=40)
    Pair.objects.update(began_at=long_ago, silent_since=long_ago)
    facts = {"began_at": long_ago, "silent_since": long_ago}
    fresh = [Pair(program=clinic.programs[number % 2], **facts) for number in range(count)]
    for pair in Pair.objects.bulk_create(fresh):
        people = [
            Person.objects.create(organization=clinic.organization, nickname=f"{pair.pk}-{n}", created_at=long_ago)
            for n in (0, 1)
        ]
        for person in people:
            Partner.objects.create(pair=pair, program=pair.program, person=person)
            Enrollment.objects.create(person=person, program=pair.program, began_at=long_ago)


def grow(clinic, pairs_in_all):  # noqa: F811
    """So many pairs in all, each with a call that goes on, one that is over, and a voicemail."""
    many_pairs(clinic, pairs_in_all - Pair.objects.count())
    for pair in Pair.objects.exclude(pk__in=Voicemail.objects.values("voice__author__places__pair")):
        row = clinic.row(pair, clock.now(), outcome="no_answer", seconds=0)
        Call.objects.bulk_create([Call(**row), Call(**{**row, "outcome": "", "ended_at": None})])
        voice = VoiceMessage.objects.create(
            file=f"voice-{pair.pk}", author_id=row["placed_by_id"], for_staff=True, program_id=pair.program_id, seconds=3,
            left_at=clock.now(), state="kept",
        )  # fmt: skip
        later = clock.now() + timedelta(days=30)  # on the desk behind all pairs
        Voicemail.objects.create(voice=voice, program_id=pair.program_id, due_at=later)


def test_a_page_of_sixty_asks_as_often_as_a_page_of_three(clinic, client):  # noqa: F811
    cast.sign_in(client, cast.somebody(clinic.organization, "nurse", email="dana@example.org"))
    counts = {path: [] for path in MOST}
    for number in (3, 60):
        grow(clinic, number)
        care_services.notice()
        for path in MOST:
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            counts[path].append(len(asked))
    for path, (few, many) in counts.items():
        assert few == many <= MOST[path], f"{path}: {few}, {many}"


def test_the_count_of_queries_sees_a_page_that_asks_for_each_row(clinic):  # noqa: F811
    many_pairs(clinic, 3)
    with CaptureQueriesContext(connection) as asked:
        [pair.program.name for pair in Pair.objects.all()]
    assert len(asked) == 6


@pytest.mark.req("S14")
def test_the_desk_pages_through_every_pair_with_difficulty_once(clinic, client):  # noqa: F811
    many_pairs(clinic, 43)
    care_services.notice()
    nurse = cast.somebody(clinic.organization, "nurse", email="dana@example.org")
    cast.sign_in(client, nurse)
    found, place = [], ""
    for _ in range(9):
        page = client.get("/desk/", {"after": place} if place else {}).content.decode()
        found += re.findall(r"/desk/pairs/(\d+)/", page)
        later = re.search(r'href="\?after=([^"]+)', page)
        if not later:
            break
        place = unquote(later[1])
    assert sorted(map(int, found)) == sorted(Pair.objects.values_list("pk", flat=True))


@pytest.mark.req("S14")
def test_difficulty_is_a_long_silence_or_many_tries(clinic):  # noqa: F811
    nurse = cast.viewer(clinic.organization, "nurse")
    quiet, tried = clinic.pairs
    assert list(care.hard_pairs(nurse)) == []
    Pair.objects.filter(pk=quiet.pk).update(silent_since=clock.now() - timedelta(days=15))
    monday = pairs.contacts.monday_of(clock.now())
    for weeks_ago in (0, 1):
        PairWeek.objects.create(pair=tried, monday=monday - timedelta(weeks=weeks_ago), tries=2 - weeks_ago)
    assert list(care.hard_pairs(nurse)) == [quiet, tried]
    PairWeek.objects.filter(pair=tried, monday=monday).update(monday=monday - timedelta(weeks=2))
    assert list(care.hard_pairs(nurse)) == [quiet]


def test_pairs_are_paged_and_only_ones_own(clinic, other_clinic):  # noqa: F811
    many_pairs(clinic, 10)
    viewer, place, found = cast.viewer(clinic.organization, "coordinator"), "", []
    for _ in range(9):
        some, place = pairs.active_page(viewer, place, size=4)
        found += some
        if not place:
            break
    assert sorted(pair.pk for pair in found) == sorted(
        Pair.objects.filter(program__organization=clinic.organization).values_list("pk", flat=True)
    )


def test_who_waits_is_counted_for_all_programs_at_once(clinic):  # noqa: F811
    from tests.monitoring.conftest import programs_enroll

    for program, people in zip(clinic.programs, (2, 1), strict=True):
        for _ in range(people):
            programs_enroll(program, cast.somebody(clinic.organization, None))
    ids = [program.pk for program in clinic.programs]
    assert pairs.waiting_in(ids) == {ids[0]: 2, ids[1]: 1} == {pk: pairs.waiting(pk).count() for pk in ids}
