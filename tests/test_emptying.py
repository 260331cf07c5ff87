"""Tests that commit leave nothing to those that come after them."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from peerline.people.models import Organization
from peerline.programs.demonstration import load_demo
from tests import emptying


def in_place():
    return set(ContentType.objects.values_list("pk", flat=True)), set(Permission.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_every_table_is_emptied_and_what_the_migrations_left_stays():
    before = in_place()
    load_demo(6)
    assert {"people_person", "programs_enrollment", "audit_line"} <= set(emptying.filled(connection))
    emptying.empty(connection)
    assert emptying.filled(connection) == []
    assert all(before) and in_place() == before


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_left_behind_would_be_seen_and_after_a_flush_there_is_none():
    Organization.objects.create(name="Left behind")
    assert emptying.filled(connection) == ["people_organization"]
    call_command("flush", verbosity=0, interactive=False)
    assert emptying.filled(connection) == []
