"""Every response carries its protecting headers: pages, files, sound, exports, refusals and errors (T11, T17)."""

import os
import subprocess
import sys

import pytest
from django.test import Client

from peerline.ui.headers import Headers
from tests.cast import clinic, sign_in, somebody
from tests.security.doors import DOORS
from tests.security.test_matrix import objects_of, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("T11", "T17")]
WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")


def lacking(headers) -> list[str]:
    """What is missing or too weak."""
    policy = headers.get("Content-Security-Policy", "")
    found = [name for name, value in WANTED.items() if headers.get(name) != value]
    found += [part for part in POLICY if part not in policy]
    found += [word for word in ("unsafe-inline", "unsafe-eval", "*") if word in policy]
    return found + ([] if "camera=()" in headers.get("Permissions-Policy", "") else ["Permissions-Policy"])


def answers(client):
    """(address, response) from every door without objects, by both methods, and from the errors."""
    for name, line in DOORS.items():
        if not objects_of(name, line):
            url = url_of(name, line, {})
            yield url, client.get(url)
    for url in ("/static/peerline.css", "/nowhere/", "/programs/999999/", "/people/1/x"):
        yield url, client.get(url)
    yield "405", client.get("/sign-out/")
    yield "400", client.get("/", headers={"host": "evil.example"})
    strict = Client(enforce_csrf_checks=True)
    yield "403", strict.post("/sign-in/")


@pytest.mark.parametrize("role", ["", "coordinator", "administrator"])
def test_every_response_carries_its_headers(client, role):
    if role:
        sign_in(client, somebody(clinic(), role, email="me@example.org"))
    weak = {url: lacking(response.headers) for url, response in answers(client) if lacking(response.headers)}
    assert weak == {}


def test_a_response_without_them_is_found():
    full = {**WANTED, "Content-Security-Policy": "; ".join(POLICY), "Permissions-Policy": "camera=()"}
    assert lacking(full) == []
    for name in full:
        assert lacking({key: value for key, value in full.items() if key != name})
    assert lacking(
        {**full, "Content-Security-Policy": full["Content-Security-Policy"] + "; script-src 'unsafe-inline'"}
    )


def test_a_page_for_somebody_signed_in_is_kept_nowhere(client):
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")
    sign_in(client, somebody(clinic(), "coordinator", email="me@example.org"))
    for name, line in DOORS.items():
        if "coordinator" in line.who and not objects_of(name, line):
            kept = client.get(url_of(name, line, {})).headers.get("Cache-Control", "")
            assert "no-store" in kept or "no-cache" in kept, name


def test_without_the_outermost_part_it_would_be_kept(client, monkeypatch):
    monkeypatch.setattr(Headers, "__call__", lambda self, request: self.get_response(request))
    sign_in(client, somebody(clinic(), "coordinator", email="me@example.org"))
    assert "no-store" not in client.get("/desk/").headers.get("Cache-Control", "")


@pytest.mark.parametrize(("address", "seconds"), [("https://peers.example", 31_536_000), ("http://127.0.0.1:8000", 0)])
def test_a_server_known_by_https_asks_for_https_only_and_keeps_its_cookies_to_it(address, seconds, tmp_path):
    program = (
        "from config import settings as s; print(s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    )
    environment = {**os.environ, "PEERLINE_PUBLIC_URL": address, "PEERLINE_STATE": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [str(seconds), str(seconds > 0), str(seconds > 0)]


def test_the_header_goes_out_where_the_visitor_came_by_https(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert "max-age=31536000" in Client().get("/", secure=True).headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in Client().get("/").headers


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(client):
    sign_in(client, somebody(clinic(), "coordinator", email="me@example.org"))
    cookie = client.post("/telephone/", {"phone": "caller", "act": "dial"}).cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
