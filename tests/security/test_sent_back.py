"""What somebody typed into a form or an address comes back as text (T11). Apart from test_scripts.py, whose world is
committed: the one here is rolled back, and two worlds at once would have the same telephones."""

import logging
from typing import Any

import pytest

from tests.cast import sign_in
from tests.security.doors import DOORS
from tests.security.test_matrix import as_if_never, url_of
from tests.security.test_scripts import PAYLOADS

pytestmark = pytest.mark.req("T11")
FIELDS = [
    "first_name", "last_name", "nickname", "title", "culture", "name", "note", "did", "reason", "value", "label", "phone", "email",
    "place", "role", "en", "es", "a1c_percent", "begins_on_year", "time_zone", "language", "first", "second", "hours", "born_year", "how",
]  # fmt: skip
QUERIES = ["q", "after", "before", "next", "outcome", "program", "first_day"]


@pytest.mark.django_db
def test_what_was_typed_into_a_form_or_an_address_comes_back_as_text(world, client, caplog):
    caplog.set_level(logging.CRITICAL, logger="django.request")
    sign_in(client, world.viewers["coordinator", "organization"])
    faults = []
    for name, line in DOORS.items():
        if "coordinator" in line.who and not name.startswith(("mfa_", "account_")):
            url = url_of(name, line, world.ids["own"])
            faults += [
                f"{name}: {payload}"
                for payload in (PAYLOADS[0], PAYLOADS[15])
                if payload in said_to(client, url, payload)
            ]
    assert faults == []


def said_to(client: Any, url: str, payload: str) -> str:
    """What this address answers when every field and query of it is this payload."""
    with as_if_never(client):
        answers = [client.get(url, dict.fromkeys(QUERIES, payload)), client.post(url, dict.fromkeys(FIELDS, payload))]
        return "".join(one.content.decode("utf-8", "replace") for one in answers if not one.streaming)
