"""After a test that commits, tables are emptied: only those that have rows, instead of all of them again and again.

What the migrations leave stays as it is, so nothing need be made anew afterwards.
"""

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

KEPT = ("django_migrations", "django_content_type", "auth_permission")


def filled(connection: BaseDatabaseWrapper) -> list[str]:
    """Tables that have rows, without those kept. One query."""
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - set(KEPT))
    ask = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(ask)
        return [name for (name,) in cursor.fetchall()]


def empty(connection: BaseDatabaseWrapper) -> None:
    """In one transaction, at whose end no row may point to one that is gone."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name in filled(connection):
            cursor.execute(f'DELETE FROM "{name}"')


def empty_all(case: TransactionTestCase) -> None:
    """As TransactionTestCase._fixture_teardown, which flushes."""
    for name in case._databases_names(include_mirrors=False):
        empty(connections[name])
