"""Fixtures every room's tests may use."""

import gc
from collections.abc import Iterator

import hypothesis
import pytest
from django.core.management import call_command
from django.test import TransactionTestCase

from peerline.pairs import conditions
from tests.browser import browser_page, chromium, new_page
from tests.emptying import empty_all
from tests.on_both import pytest_collection_modifyitems, pytest_runtest_call, pytest_runtest_setup

# How long a busy machine takes to draw an example says nothing about the example.
hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("busy")

__all__ = [
    "browser_page",
    "chromium",
    "new_page",
    "nobody_needs_training",
    "pytest_collection_modifyitems",
    "pytest_runtest_call",
    "pytest_runtest_setup",
]


@pytest.fixture(autouse=True)
def nobody_needs_training(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most tests are about something else, and their pairs begin untrained; a test that asks for `training_counts` has
    the rule in force, as the server has."""
    if "training_counts" not in request.fixturenames:
        monkeypatch.setattr(conditions, "_conditions", {})


@pytest.fixture
def training_counts() -> None:
    """No pair begins before both have had the training (S28)."""


def pytest_collection_finish() -> None:
    """What is there by now stays until the end: whoever looks for garbage need not look through it each time (a tenth of the
    processor's time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def emptied_quickly() -> Iterator[None]:
    """After each test that commits only the tables that have rows are emptied."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", empty_all)
        yield


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """Spanish, compiled into the test run's own state folder."""
    call_command("compile_catalogues")
