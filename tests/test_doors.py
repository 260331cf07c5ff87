"""Deny by default: an address without an access rule fails the build, and without a sign-in nothing but the front doors opens (T1)."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, path

from peerline.people.access import Viewer
from peerline.people.gate import rule_of


def addresses(patterns, prefix="/") -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern), one


def filled(address: str) -> str:
    for kind in ("int", "str"):
        while f"<{kind}:" in address:
            start = address.index(f"<{kind}:")
            address = address[:start] + ("1" if kind == "int" else "x") + address[address.index(">", start) + 1 :]
    return address


def without_rule(patterns) -> list[str]:
    return [address for address, one in addresses(patterns) if rule_of(one.callback) is None]


@pytest.mark.req("T1")
def test_every_address_says_who_may_come_in():
    assert without_rule(get_resolver().url_patterns) == []


@pytest.mark.req("T1")
def test_an_address_without_a_rule_is_found():
    assert without_rule([path("planted/", lambda request: None)]) == ["/planted/"]


@pytest.mark.req("T1")
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_sign_in_every_other_door_leads_to_the_sign_in_page(db, client, method):
    for address, one in addresses(get_resolver().url_patterns):
        rule = rule_of(one.callback)
        if rule is None or rule(Viewer()) or "^" in address:
            continue
        response = getattr(client, method)(filled(address))
        assert response.status_code in (302, 403, 404), address
        if response.status_code == 302:
            assert response.headers["Location"].startswith("/sign-in/"), address


@pytest.mark.req("T1")
@pytest.mark.parametrize("role", ["participant", "researcher"])
def test_forbidden_and_missing_look_the_same(db, client, role):
    from tests.cast import clinic, sign_in, somebody

    organization = clinic()
    other = clinic("Another clinic")
    stranger = somebody(other, "participant")
    me = somebody(organization, role, email="me@example.org")
    sign_in(client, me)
    answers = {client.get(f"/people/{number}/").status_code for number in (stranger.pk, 999_999)}
    assert answers == {404}
