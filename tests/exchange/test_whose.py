"""Whose a call is while its caller is not identified: what is said there may name a patient."""

import pytest

from peerline.care import desk
from peerline.care import queries as care
from peerline.exchange.models import Call
from peerline.jobs.services import drain
from peerline.monitoring import log
from peerline.people.queries import organization_called
from tests import cast
from tests.exchange.conftest import ROSA

pytestmark = pytest.mark.req("S10", "S12")
STRANGE = "+17345550199"


@pytest.fixture
def westside(town):
    return cast.clinic("Westside")


def message_from(town, number):
    """Somebody who cannot be identified leaves a message; their call."""
    telephone = town.line.dial(number)
    town.line.press(telephone, "10" if number == STRANGE else "0")
    town.line.speak(telephone)
    town.line.hang_up(telephone)
    drain()
    return Call.objects.latest("pk")


def seen_by(organization, call):
    """Whether its nurse finds the call in the log, its message at the desk, and the work it makes."""
    nurse = cast.viewer(organization, "nurse")
    calls, _place = log.page(log.streams(nurse, log.Wanted()), "")
    messages = care.voicemails(nurse).filter(voice__call=call)
    return call in calls, messages.exists(), desk.needs(nurse).filter(kind="care.voicemail").exists()


def test_a_telephone_nobody_knows_reaches_the_organization_that_keeps_the_line_and_no_other(town, westside, settings):
    call = message_from(town, STRANGE)
    assert seen_by(town.organization, call) == (True, True, True)
    assert seen_by(westside, call) == (False, False, False)
    settings.LINE_ORGANIZATION = westside.pk
    later = message_from(town, STRANGE)
    assert seen_by(westside, later) == (True, True, True)
    assert not seen_by(town.organization, later)[0]


def test_a_telephone_that_one_organization_knows_reaches_that_one(town, westside, settings):
    settings.LINE_ORGANIZATION = westside.pk
    call = message_from(town, ROSA)
    assert call.placed_by is None
    assert seen_by(town.organization, call) == (True, True, True)
    assert seen_by(westside, call) == (False, False, False)


def test_who_is_identified_is_their_own_organizations_whatever_telephone_they_use(town, westside):
    far = cast.somebody(westside, phone=STRANGE)
    town.identified()
    assert Call.objects.latest("pk").organization_id == town.organization.pk != far.organization_id


def test_an_organization_that_does_not_exist_hears_nobody(db, settings):
    assert organization_called("") is None
    first = cast.clinic("Eastside")
    settings.LINE_ORGANIZATION = first.pk + 1
    assert organization_called("") == first.pk
