"""What callers hear before they leave a message for the staff, how many strangers may leave, and how long all are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from peerline.care import services as care
from peerline.exchange.models import VoiceMessage
from peerline.exchange.prompts.catalogue import text_of
from peerline.jobs.services import drain
from peerline.kernel import clock, week
from peerline.pairs import answers
from peerline.people.access import PLATFORM
from peerline.programs import services as programs
from tests.exchange.conftest import ROSA, town  # noqa: F401

STRANGE = "+12125550199"
SUNDAY_NOON = datetime(2026, 11, 22, 17, tzinfo=UTC)  # in Detroit
OFFICE = week.of_days(range(5), 9, 17)


def heard_before_leaving(town, number):  # noqa: F811
    """The words of the last question, at voicemail: of a caller who is known, and of a stranger who gives up."""
    telephone = town.line.dial(number)
    town.line.press(telephone, "1111110" if number == ROSA else "0")
    if telephone.asked == "arrive.language":
        town.line.silence(telephone)
    while telephone.asked.startswith("arrive"):
        town.line.press(telephone, "0")
    return telephone, " ".join(text_of(one) for one in telephone.now.said)


@pytest.mark.req("S8")
@pytest.mark.parametrize("number", [ROSA, STRANGE])
@pytest.mark.parametrize(
    ("hours", "at", "words"),
    [
        (None, SUNDAY_NOON, "as soon as they can"),
        (OFFICE, SUNDAY_NOON, "on Monday, from 9 in the morning on"),
        (OFFICE, SUNDAY_NOON + timedelta(days=1), "today"),
    ],
)
def test_a_caller_hears_when_somebody_will_listen(town, time_machine, number, hours, at, words):  # noqa: F811
    time_machine.move_to(at)
    if hours is not None:
        programs.set_staff_hours(PLATFORM, program_id=town.program.pk, hours=hours, time_zone="America/Detroit")
    assert words in heard_before_leaving(town, number)[1]


def leave_one(town, number):  # noqa: F811
    telephone, words = heard_before_leaving(town, number)
    if telephone.asked == "messages.recording":
        town.line.speak(telephone, 2)
        town.line.press(telephone, "1")
        drain()
    if not telephone.over:
        town.line.hang_up(telephone)
    return words


def test_a_stranger_leaves_three_messages_a_day_and_a_participant_as_many_as_needed(town, time_machine):  # noqa: F811
    for _ in range(answers.MOST_UNIDENTIFIED_A_DAY):
        assert "as many messages" not in leave_one(town, STRANGE)
    assert "as many messages" in leave_one(town, STRANGE)
    for _ in range(answers.MOST_UNIDENTIFIED_A_DAY + 1):
        assert "as many messages" not in leave_one(town, ROSA)
    time_machine.move_to(clock.now() + timedelta(days=1, minutes=1))
    assert "as many messages" not in leave_one(town, STRANGE)


def test_strangers_who_forge_their_numbers_have_one_budget_together(town, monkeypatch):  # noqa: F811
    monkeypatch.setattr(answers, "MOST_UNIDENTIFIED_ANYWHERE_A_DAY", 4)
    for number in range(4):
        assert "as many messages" not in leave_one(town, f"+1212555{number:04d}")
    assert "as many messages" in leave_one(town, "+12125550009")
    assert "as many messages" not in leave_one(town, ROSA)


def test_messages_are_kept_as_long_as_the_program_says_and_those_of_strangers_no_longer(town, time_machine):  # noqa: F811
    leave_one(town, ROSA)
    leave_one(town, STRANGE)
    time_machine.move_to(clock.now() + timedelta(days=town.program.voice_kept_days - 1))
    assert care.purge_voices() == 0
    time_machine.move_to(clock.now() + timedelta(days=2))
    assert care.purge_voices() == 2
    assert {voice.state for voice in VoiceMessage.objects.all()} == {"purged"}
