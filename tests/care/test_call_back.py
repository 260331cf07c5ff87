"""The nurse calls back through the line: neither sees a number, and blocked hours hold for staff, too."""

import pytest

from peerline.care import services
from peerline.care.models import Voicemail
from peerline.exchange.models import VoiceMessage
from peerline.jobs.services import drain
from peerline.kernel import week
from peerline.pairs import services as pairs
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from tests.cast import fresh_number, somebody
from tests.exchange.conftest import ELM, ROSA, town  # noqa: F401


@pytest.fixture
def voicemail(town):  # noqa: F811
    """A message of Rosa's for the nurse, as work."""
    rosa = town.identified()
    town.line.press(rosa, "0")
    town.line.speak(rosa, 3)
    town.line.press(rosa, "1")
    town.line.hang_up(rosa)
    drain()
    return Voicemail.objects.get()


@pytest.fixture
def nurse(town):  # noqa: F811
    number = fresh_number()
    return somebody(town.organization, "nurse", phone=number, first_name="Dana"), number


@pytest.mark.req("S4", "S8")
def test_the_nurse_is_rung_first_and_then_the_participant_and_they_talk(town, voicemail, nurse, settings):  # noqa: F811
    settings.ENGINE = "simulated"
    person, number = nurse
    services.call_back(viewer_of(person.pk), voicemail_id=voicemail.pk)
    town.line.settle()
    dana = town.line.ringing_at(number)
    town.line.answer(dana)
    town.line.press(dana, "1")
    rosa = town.line.ringing_at(ROSA)
    town.line.answer(rosa)
    assert "care.whisper" in rosa.heard
    town.line.press(rosa, "1")
    assert town.line.rooms[dana.now.step.room] == {dana.leg_id, rosa.leg_id}
    assert not any(ROSA[2:] in line for line in dana.transcript)


def not_reached(town, voicemail, nurse):  # noqa: F811
    """Dana calls back, and Rosa does not pick up."""
    services.call_back(viewer_of(nurse[0].pk), voicemail_id=voicemail.pk)
    town.line.settle()
    dana = town.line.ringing_at(nurse[1])
    town.line.answer(dana)
    town.line.press(dana, "1")
    town.line.refuse(town.line.ringing_at(ROSA), "no_answer", 408)
    assert dana.asked == "care.message"
    return dana


@pytest.mark.req("S8", "S9")
def test_whom_the_nurse_does_not_reach_is_left_a_message_that_only_they_hear_and_can_answer(town, voicemail, nurse, settings):  # fmt: skip # noqa: F811
    settings.ENGINE = "simulated"
    dana = not_reached(town, voicemail, nurse)
    town.line.press(dana, "1")
    town.line.speak(dana, 4)
    town.line.press(dana, "1")
    message = VoiceMessage.objects.get(to_person=town.rosa)
    assert (message.author, message.for_staff, message.state) == (nurse[0], False, "kept")
    drain()
    assert Voicemail.objects.get() == voicemail, "it is no work for the desk"
    rosa = town.identified()
    town.line.press(rosa, "2")
    assert "messages.from_staff" in rosa.heard
    town.line.press(rosa, "1")
    town.line.speak(rosa, 2)
    town.line.press(rosa, "1")
    drain()
    assert Voicemail.objects.latest("pk").voice.author == town.rosa
    elm = town.identified(ELM)
    town.line.press(elm, "2")
    assert "messages.no_more" in elm.transcript and "messages.from_staff" not in elm.transcript


def test_who_stopped_meanwhile_is_left_no_message(town, voicemail, nurse, settings):  # noqa: F811
    settings.ENGINE = "simulated"
    dana = not_reached(town, voicemail, nurse)
    pairs.stop_taking_part(town.rosa.pk)
    town.line.press(dana, "1")
    town.line.speak(dana, 4)
    town.line.press(dana, "1")
    assert "messages.partner_gone" in dana.transcript
    assert not VoiceMessage.objects.filter(to_person=town.rosa).exists()


@pytest.mark.req("S6")
def test_nobody_is_called_back_inside_their_blocked_hours(town, voicemail, nurse):  # noqa: F811
    people.set_blocked_hours(PLATFORM, town.rosa.pk, week.ALL)
    with pytest.raises(services.CannotCallBack, match="resting"):
        services.call_back(viewer_of(nurse[0].pk), voicemail_id=voicemail.pk)
    assert town.line.ring_log == []


def test_a_caller_nobody_could_name_cannot_be_called_back(town, nurse):  # noqa: F811
    stranger = town.line.dial("")
    for _ in range(3):
        town.line.press(stranger, "2")
    while stranger.asked != "messages.recording":
        town.line.silence(stranger)
    town.line.speak(stranger, 3)
    town.line.press(stranger, "1")
    drain()
    with pytest.raises(services.CannotCallBack, match="no_caller"):
        services.call_back(viewer_of(nurse[0].pk), voicemail_id=Voicemail.objects.get().pk)
