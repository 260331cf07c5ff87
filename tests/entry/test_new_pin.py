"""Somebody chooses their own PIN by keypad: after one that staff know, and whenever they like."""

import pytest

from peerline.entry import services
from peerline.entry.models import ToSay
from peerline.exchange.models import Leg
from peerline.people.access import viewer_of
from tests import cast
from tests.entry.test_spoken import everything_written
from tests.exchange.conftest import ROSA, town  # noqa: F401

pytestmark = pytest.mark.req("S2")
OWN, OTHER = "583917", "604852"


@pytest.fixture
def given(town):  # noqa: F811
    """Rosa has a PIN that was read out to her."""
    return services.issue_pin(viewer_of(cast.somebody(town.organization, "nurse").pk), town.rosa.pk, must_change=True)


def arrived(town, pin):  # noqa: F811
    telephone = town.line.dial(ROSA)
    town.line.press(telephone, pin)
    return telephone


def opens(telephone, pin) -> bool:
    leg = Leg.objects.get(pk=telephone.leg_id)
    return services.try_pin(leg, pin, leg.telephone_hash) is not None


def test_after_a_pin_that_others_know_the_caller_chooses_one_at_the_first_call(town, given):  # noqa: F811
    telephone = arrived(town, given)
    assert telephone.heard == ["pin.given", "pin.choose"]
    town.line.press(telephone, "123456")
    assert telephone.heard == ["pin.weak", "pin.choose"]
    town.line.press(telephone, OWN)
    town.line.press(telephone, OWN)
    assert telephone.asked == "menu.main" and "pin.changed" in telephone.heard
    assert opens(telephone, OWN) and not opens(telephone, given)
    assert OWN not in everything_written() and not ToSay.objects.exists()
    town.line.hang_up(telephone)
    assert arrived(town, OWN).asked == "menu.main"


def test_whoever_can_not_choose_now_gets_in_and_is_asked_again_next_time(town, given):  # noqa: F811
    telephone = arrived(town, given)
    town.line.press(telephone, "*")
    assert telephone.asked == "menu.main"
    town.line.hang_up(telephone)
    telephone = arrived(town, given)
    for _ in range(3):
        town.line.silence(telephone)
    assert telephone.asked == "menu.main" and opens(telephone, given)


def test_two_different_pins_change_nothing(town, given):  # noqa: F811
    telephone = arrived(town, given)
    town.line.press(telephone, OWN)
    assert telephone.heard == ["pin.once_more"]
    town.line.press(telephone, OTHER)
    assert telephone.heard == ["pin.different", "pin.choose"]
    town.line.hang_up(telephone)
    assert opens(telephone, given) and not opens(telephone, OWN)


def test_the_settings_change_it_at_any_time(town):  # noqa: F811
    telephone = town.identified()
    town.line.press(telephone, "34")
    town.line.press(telephone, OWN)
    town.line.press(telephone, OWN)
    assert telephone.asked == "menu.settings" and opens(telephone, OWN)


def test_the_journal_holds_verdicts_only(town, given):  # noqa: F811
    telephone = arrived(town, given)
    town.line.press(telephone, OWN)
    leg = Leg.objects.get(pk=telephone.leg_id)
    assert [entry[1] for entry in leg.journal if entry[0][0] == "Secret"][1:] == ["again"]
    assert OWN not in everything_written() and ToSay.objects.get().digits == OWN


def test_a_pin_read_out_must_be_changed_and_one_in_a_letter_need_not(town, client):  # noqa: F811
    cast.sign_in(client, cast.somebody(town.organization, "nurse"))
    for how, must in (("voice", True), ("letter", False)):
        client.post(f"/people/{town.rosa.pk}/pin/", {"how": how})
        town.rosa.refresh_from_db()
        assert town.rosa.pin.must_change is must
