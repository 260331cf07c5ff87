"""A test that opens a database cannot slip out of the run on PostgreSQL."""

import subprocess
import sys

import pytest
from django.db import connection

from tests import on_both

OPENED = "import django; django.setup(); from django.db import connection; connection.cursor()"
on_sqlite = pytest.mark.skipif(not on_both.ON_SQLITE, reason="on PostgreSQL nothing is held back")


def test_whoever_is_handed_a_database_has_the_mark(request, db):
    assert request.node.get_closest_marker("database")


@pytest.mark.django_db
def test_whoever_asks_for_one_has_the_mark(request):
    assert request.node.get_closest_marker("database")


@on_sqlite
def test_without_the_mark_none_is_opened_though_pytest_django_allows_it(request, django_db_blocker):
    assert not request.node.get_closest_marker("database")
    with django_db_blocker.unblock(), pytest.raises(pytest.fail.Exception, match="Opens a database unmarked"):
        connection.cursor()


@on_sqlite
def test_without_the_mark_no_process_opens_that_of_the_run():
    done = subprocess.run([sys.executable, "-c", OPENED], capture_output=True, text=True, check=False)
    assert done.returncode and on_both.MISSING in done.stderr
