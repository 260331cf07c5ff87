"""A carrier of texts, a clock that is moved, and somebody with a mobile telephone."""

from datetime import UTC, datetime, timedelta

import pytest

from peerline.jobs import services as jobs
from peerline.kernel import clock
from peerline.messaging import reminders, services
from peerline.people import services as people
from peerline.people.access import PLATFORM
from tests import cast
from tests.carrier.texts import PUBLIC_URL, Texts

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)  # noon in Detroit
MOBILE, MAIL = "+17345550188", "rosa@example.org"


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go(self, each: float = 60, **more: float) -> None:
        """Time passes, so many seconds at once, and the worker works."""
        until = self.at + timedelta(**more)
        while self.at < until:
            self.at = min(self.at + timedelta(seconds=each), until)
            work()


def work() -> None:
    """One round of the worker."""
    reminders.tick()
    services.ask_carriers()
    jobs.drain()


@pytest.fixture
def time():
    source = Clock(NOON)
    with clock.running_on(source):
        yield source


@pytest.fixture
def texts(settings, time):
    found = Texts(time)
    settings.CARRIER, settings.PUBLIC_URL = found.settings(), PUBLIC_URL
    settings.ALLOWED_HOSTS = ["*"]
    yield found
    found.close()


@pytest.fixture
def rosa(time):
    person = cast.somebody(cast.clinic(), email=MAIL, nickname="Lark")
    with_mobile(person, MOBILE)
    return person


def with_mobile(person, number):
    point = people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=number, label="mobile")
    people.verify(PLATFORM, contact_id=point.pk, how="call")
