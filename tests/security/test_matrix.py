"""Everybody at every door: each address × GET and POST × each role, bound to organization, site or program × what is
theirs, another site's, another program's, another organization's (T1). The table is in doors.py.

Refused is told from missing neither by status nor by words nor by headers, and writes nothing.
"""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from peerline.audit import services as audit
from peerline.pairs import queries as pair_queries
from peerline.pairs import views as pair_views
from peerline.pairs.models import Pair
from peerline.people.access import NotThere, anyone
from peerline.programs import queries as program_queries
from tests.cast import sign_in
from tests.security.doors import DOORS, Ids, Line, sending
from tests.security.world import BOUNDS, REACHED, ROLES, World

pytestmark = [pytest.mark.django_db, pytest.mark.req("T1")]
NOWHERE = 999_999
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.I)
EVERYDAY = ["nobody", "participant", *(f"coordinator-{bound}" for bound in BOUNDS), "nurse-site", "nurse-program",
            "researcher-organization", "researcher-program", "administrator-organization", "administrator-site"]  # fmt: skip


def viewers() -> list[Any]:
    """Everyday most of them; the long run has each role in each bound."""
    found = [("", ""), ("participant", ""), *((role, bound) for role in ROLES for bound in BOUNDS)]
    named = {"-".join(filter(None, one)) or "nobody": one for one in found}
    wanted = named if os.environ.get("PEERLINE_LONG") else EVERYDAY
    return [pytest.param(*named[name], id=name) for name in wanted]


def addresses(patterns: Any, prefix: str = "/", spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str, URLPattern]]:
    """(name with its namespace, or the address where there is no name; the address; the pattern)."""
    for one in patterns:
        if isinstance(one, URLResolver):
            more = (one.namespace,) if one.namespace else ()
            yield from addresses(one.url_patterns, prefix + str(one.pattern), spaces + more)
        elif "^" not in str(one.pattern):
            address = prefix + str(one.pattern)
            yield ":".join([*spaces, one.name]) if one.name else address, address, one


def missing_lines(found: dict[str, str], table: dict[str, Line]) -> list[str]:
    """What to add to doors.py, ready to copy."""
    return [
        f'    "{name}": Line(KEEPERS, "get post"),  # {address}' for name, address in found.items() if name not in table
    ]


ARGUMENTS = {
    name: list(one.pattern.converters)  # of its own part of the address; included parts take none here
    for name, _, one in addresses(get_resolver().url_patterns)
}


def url_of(name: str, line: Line, ids: Ids) -> str:
    kwargs = {one: line.fixed.get(one) or ids[line.ids.get(one, one)] for one in ARGUMENTS[name]}
    return reverse(name, kwargs=kwargs) if not name.startswith("/") else name


def objects_of(name: str, line: Line) -> list[str]:
    return [one for one in ARGUMENTS[name] if one not in line.fixed]


# --- Asking --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heard:
    """An answer as far as a visitor can tell, and whether anything was written."""

    status: int
    words: str
    headers: tuple[str, ...]
    to: str
    wrote: tuple[str, ...]

    @property
    def refused(self) -> bool:
        return self.status in (403, 404) or (self.status == 302 and self.to.startswith("/sign-in/?next="))

    @property
    def wrote_more_than_a_look(self) -> bool:
        """Looking is on record, and what was opened was heard or seen."""
        looks = ("audit_line", "heard_at", "seen_at")
        return any(not any(look in one for look in looks) for one in self.wrote)


@contextmanager
def as_if_never(client: Client) -> Iterator[list[str]]:
    """Whatever happens in here is rolled back, the visitor's cookies too. Yields the writes as they come."""
    wrote: list[str] = []

    def watch(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        result = execute(sql, params, many, context)
        verb = WRITES.match(str(sql))
        if verb and (verb[1].upper() == "INSERT" or context["cursor"].rowcount):  # a change of no row is none
            wrote.append(str(sql)[:90])
        return result

    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        with connection.execute_wrapper(watch):
            yield wrote
        transaction.set_rollback(True)
    client.cookies.clear()
    for name, value in kept.items():
        client.cookies[name] = value


def ask(client: Client, method: str, url: str, sent: dict[str, Any] | None = None) -> Heard:
    """The answer, without the address itself and the token of its forms."""
    with as_if_never(client) as wrote:
        response = client.post(url, sent or {}) if method == "post" else client.get(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content
    plain = re.compile("|".join(map(re.escape, (url, quote(url, safe="")))) + '|value="[A-Za-z0-9]{64}"')
    words = plain.sub("…", body.decode("utf-8", "replace"))
    headers = tuple(sorted(name for name in response.headers if name != "Content-Length"))
    return Heard(
        response.status_code, words, headers, plain.sub("…", response.headers.get("Location", "")), tuple(wrote)
    )


# --- What is expected ----------------------------------------------------------------------------------------------


def may(line: Line, role: str, bound: str, corner: str, *, has_objects: bool) -> str:
    """The methods by which this visitor may come in here; "" for none."""
    roles = line.who.split()
    if "anyone" in roles or ("signed_in" in roles and role):
        return line.by
    if line.mine and role == "participant":
        return line.mine if corner == "own" else ""
    if role not in roles:
        return ""
    return line.by if not has_objects or corner in REACHED[bound] else ""


@dataclass
class Tour:
    """One visitor at every door."""

    world: World
    role: str
    bound: str
    client: Client

    def faults(self, doors: dict[str, Line]) -> list[str]:
        return [
            f"{self.role or 'nobody'} ({self.bound}) {method.upper()} {name} over {corner}: {fault}"
            for name, line in doors.items()
            for method in ("get", "post")
            for corner, fault in self.at(name, line, method)
            if fault
        ]

    def at(self, name: str, line: Line, method: str) -> Iterator[tuple[str, str]]:
        """(corner, what is wrong there) for each corner of the world that has an address of its own here."""
        has_objects = bool(objects_of(name, line))
        nowhere = self.ask(name, line, method, dict.fromkeys(self.world.ids["own"], NOWHERE)) if has_objects else None
        seen = set()
        for corner in self.corners(line) if method in line.by + line.mine else ["own"]:
            ids = self.world.ids[corner]
            if (url := url_of(name, line, ids)) in seen:
                continue
            seen.add(url)
            methods = may(line, self.role, self.bound, corner, has_objects=has_objects)
            heard = self.ask(name, line, method, ids)
            yield corner, fault_of(line, method, methods, heard, nowhere)

    def corners(self, line: Line) -> list[str]:
        """Everywhere; for those who may nowhere, one place does."""
        may_somewhere = self.role in line.who.split() or (line.mine and self.role == "participant")
        return ["own", "partner", "program", "site", "organization"] if may_somewhere else ["own"]

    def ask(self, name: str, line: Line, method: str, ids: Ids) -> Heard:
        return ask(self.client, method, url_of(name, line, ids), line.sends(ids) if line.sends else None)


def fault_of(line: Line, method: str, methods: str, heard: Heard, nowhere: Heard | None) -> str:
    """What is wrong with this answer; "" when nothing is."""
    if methods and method not in methods:  # whoever may see the page gets it, or is told to ask otherwise
        return f"was answered {heard.status}" if heard.status >= 500 or heard.wrote_more_than_a_look else ""
    if methods:
        return fault_of_allowed(line, method, heard)
    if heard.status == 405:
        return ""
    if not heard.refused and not (line.quiet and heard.status == 302):
        return f"was not refused: {heard.status} {heard.to}"
    if heard.wrote:
        return f"was refused, but wrote {heard.wrote}"
    if nowhere and heard != nowhere:
        return f"forbidden ({heard.status}) differs from missing ({nowhere.status})"
    return ""


def fault_of_allowed(line: Line, method: str, heard: Heard) -> str:
    if heard.status in (410, 429):  # a link that is over; too often
        return ""
    if heard.refused or heard.status >= 400:
        return f"was refused: {heard.status} {heard.to}"
    if method == "post" and line.sends and not heard.wrote:
        return f"had no effect: {heard.status} {heard.to}"
    return ""


@pytest.fixture
def tour(world, client, caplog):
    caplog.set_level(logging.ERROR, logger="django.request")  # refusals by the thousand

    def begin(role: str, bound: str = "") -> Tour:
        if role:
            sign_in(client, world.viewers[role, bound])
        return Tour(world, role, bound, client)

    return begin


@pytest.mark.parametrize(("role", "bound"), viewers())
def test_every_door_opens_for_whom_the_table_says_and_is_not_there_for_others(tour, role, bound):
    faults = tour(role, bound).faults(DOORS)
    assert not faults, "\n".join(faults)


def test_every_address_has_its_line():
    found = {name: address for name, address, _ in addresses(get_resolver().url_patterns)}
    lines = missing_lines(found, DOORS)
    assert not lines, "add to DOORS in tests/security/doors.py, and say who may:\n" + "\n".join(lines)
    assert set(DOORS) <= set(found), f"these addresses are gone: {sorted(set(DOORS) - set(found))}"


TWO_OBJECTS = [name for name, line in DOORS.items() if len(objects_of(name, line)) > 1]


@pytest.mark.parametrize("name", TWO_OBJECTS)
def test_an_address_that_mixes_ones_own_with_somebody_elses_is_not_there(world, tour, name):
    line, visitor = DOORS[name], tour("coordinator", "organization")
    for foreign in objects_of(name, line):
        there = line.ids.get(foreign, foreign)
        ids = {**world.ids["own"], there: world.ids["organization"][there]}
        heard = visitor.ask(name, line, "post", ids)
        assert heard.status == 404 and not heard.wrote, f"{name} with {foreign} of another organization"


# --- Positive controls: each kind of fault, planted ------------------------------------------------------------------


def test_an_address_without_a_line_is_found():
    assert missing_lines({"x:new": "/new/<int:x_id>/"}, DOORS) == [
        '    "x:new": Line(KEEPERS, "get post"),  # /new/<int:x_id>/'
    ]


def test_a_door_whose_rule_was_removed_is_found(tour, monkeypatch):
    monkeypatch.setattr(pair_views.index, "access_rule", anyone)
    faults = tour("participant").faults({"pairs:index": DOORS["pairs:index"]})
    assert any("was not refused: 200" in fault for fault in faults)


def test_a_scope_that_was_removed_is_found(tour, monkeypatch):
    monkeypatch.setattr(pair_queries, "pairs_for", lambda viewer, *roles: Pair.objects.all())
    faults = tour("coordinator", "site").faults({"pairs:pair": DOORS["pairs:pair"]})
    assert {fault.split(" over ")[1].split(":")[0] for fault in faults} == {"site", "organization"}


def test_a_page_that_tells_forbidden_from_missing_is_found():
    gone = Heard(404, "Not there", (), "", ())
    for told in (
        Heard(403, "Not there", (), "", ()),
        Heard(404, "Not yours", (), "", ()),
        Heard(404, "Not there", ("X",), "", ()),
    ):
        assert "differs from missing" in fault_of(DOORS["programs:person"], "get", "", told, gone)
    assert fault_of(DOORS["programs:person"], "get", "", gone, gone) == ""


def test_a_refused_request_that_writes_is_found(tour, monkeypatch):
    def noted(viewer, program_id, *roles):
        audit.record(viewer.person_id, "people.saw")
        raise NotThere

    monkeypatch.setattr(program_queries, "program_for", noted)
    faults = tour("coordinator", "site").faults({"programs:people": DOORS["programs:people"]})
    assert any("over organization: was refused, but wrote" in fault for fault in faults)


def test_a_door_that_does_nothing_is_found(tour):
    line = replace(DOORS["programs:move"], sends=sending(to=""))
    assert any(
        "had no effect" in fault or "was refused: 400" in fault
        for fault in tour("nurse", "program").faults({"programs:move": line})
    )
