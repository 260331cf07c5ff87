"""Which tests PostgreSQL runs too: those that open a database. What opens none says there what it said on SQLite.

pytest-django hands a test its database, and by that the test gets the mark `database`. What the processes do that a test begins
nobody sees from here: where they open the database of the run, the test says so itself with `@pytest.mark.database`.
On SQLite, where everything runs, a test without the mark is let to no database, and its processes are told of one that is
nowhere: who forgot the mark fails there.
"""

import contextlib
import os
from collections.abc import Iterator
from unittest import mock

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

HANDED = {"db", "transactional_db", "live_server", "django_db_setup"}
# A socket's path has room for no more than about ninety letters.
MISSING = "Opens a database unmarked: PostgreSQL would leave this test out (pytest.mark.database)"
NOWHERE = {"PEERLINE_DATABASE_URL": "postgres:///nowhere", "PGHOST": f"/{MISSING}"}
ON_SQLITE = "PEERLINE_DATABASE_URL" not in os.environ


def mark(item: pytest.Item) -> None:
    if item.get_closest_marker("django_db") or HANDED & set(getattr(item, "fixturenames", ())):
        item.add_marker("database")


@contextlib.contextmanager
def without_a_database() -> Iterator[None]:
    def refuse(*_: object) -> None:
        pytest.fail(MISSING)

    with mock.patch.dict(os.environ, NOWHERE), mock.patch.object(BaseDatabaseWrapper, "_cursor", refuse):
        yield


def kept_to_its_word(item: pytest.Item) -> contextlib.AbstractContextManager[None]:
    """Where PostgreSQL would leave it out, no database. (What places calls, an everyday run tries on SQLite alone anyway.)"""
    spoken_for = any(item.get_closest_marker(name) for name in ("database", "sip"))
    if ON_SQLITE and not spoken_for:
        return without_a_database()
    return contextlib.nullcontext()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        mark(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with kept_to_its_word(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with kept_to_its_word(item):
        return (yield)
