"""An empty server's first start: the key it prints makes the first administrator, once."""

import re

import pytest

from config.first import first_lines
from peerline.people import queries as people

pytestmark = pytest.mark.django_db
FACTS = {"organization": "Willow", "first_name": "Ada", "email": "ada@example.org", "language": "en"}
PASSWORD = {"password": "four words put together", "again": "four words put together"}


def printed_key() -> str:
    return re.search(r"this key:\s+(\S+)", "\n".join(first_lines()))[1]


def test_the_key_that_a_start_prints_makes_the_first_administrator_once(client):
    key = printed_key()
    assert client.post("/first/", {**FACTS, **PASSWORD, "key": key})["Location"] == "/sign-in/"
    assert people.administrators().count() == 1
    assert not re.search("this key", "\n".join(first_lines()))


def test_each_start_prints_a_key_while_there_is_no_administrator_and_only_the_newest_works(client):
    old, new = printed_key(), printed_key()
    assert client.post("/first/", {**FACTS, **PASSWORD, "key": old}).status_code == 200
    assert not people.administrators().exists()
    assert client.post("/first/", {**FACTS, **PASSWORD, "key": new}).status_code == 302
