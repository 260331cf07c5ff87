"""Two people talk by telephone, and neither learns the other's number."""

from datetime import UTC, datetime, timedelta

import pytest

from peerline.exchange import services as exchange
from peerline.exchange import voices
from peerline.exchange.models import Call, Effect, Leg, Member, Room, VoiceMessage
from peerline.kernel import week
from peerline.pairs import services as pairs
from peerline.people import services as people
from peerline.people.access import PLATFORM
from tests.exchange.conftest import ELM, ROSA, THIRD


def nobody_is_left_over():
    assert not Leg.objects.exclude(state="over").exists()
    assert not Room.objects.filter(closed_at=None).exists()
    assert not Member.objects.exclude(state="gone").exists()
    assert not Call.objects.filter(ended_at=None).exists()
    assert not Effect.objects.filter(taken_at=None).exists()


@pytest.mark.req("S1", "S2", "S3")
def test_a_caller_is_identified_and_talks_to_the_partner(town, time_machine):
    time_machine.move_to(datetime(2026, 11, 24, 15, 0, tzinfo=UTC), tick=False)
    rosa, elm = town.talking()
    assert rosa.asked == elm.asked == "pair.talk"
    assert town.line.rooms[rosa.now.step.room] == {rosa.leg_id, elm.leg_id}
    time_machine.shift(840)
    town.line.hang_up(rosa)
    assert "talk.partner_gone" in elm.transcript
    assert elm.over
    nobody_is_left_over()
    call = Call.objects.get()
    assert (call.outcome, call.placed_by, call.label, call.talk_seconds) == (
        "talked",
        town.rosa,
        f"pair:{town.pair.pk}",
        840,
    )


@pytest.mark.req("S8")
def test_the_star_key_steps_aside_and_leaves_the_nurse_a_message(town):
    rosa, elm = town.talking()
    town.line.press(rosa, "*")
    assert rosa.asked == "talk.aside"
    assert elm.tone == "hold"
    town.line.press(rosa, "1")
    assert rosa.asked == "messages.recording"
    town.line.speak(rosa, 3)
    town.line.press(rosa, "1")
    assert rosa.asked == "pair.back"
    assert (rosa.tone, elm.tone) == ("", "")
    message = VoiceMessage.objects.get()
    assert (message.for_staff, message.author, message.state) == (True, town.rosa, "kept")
    town.line.press(elm, "*3")
    assert "talk.partner_gone" in rosa.transcript
    town.line.hang_up(elm)
    town.line.hang_up(rosa)
    nobody_is_left_over()


@pytest.mark.req("S9")
def test_a_partner_who_does_not_answer_can_be_left_a_message(town):
    rosa = town.identified()
    town.line.press(rosa, "1")
    town.line.refuse(town.line.ringing_at(ELM), "no_answer", 408)
    assert "missed.no_answer" in rosa.transcript
    assert rosa.asked == "pair.message"
    town.line.press(rosa, "1")
    town.line.hang_up(rosa)
    nobody_is_left_over()
    message = VoiceMessage.objects.get()
    assert (message.to_person, message.for_staff, message.state) == (town.elm, False, "kept")
    elm = town.identified(ELM)
    town.line.press(elm, "2")
    assert f"voice:{message.pk}" in [f"voice:{s.voice_id}" for s in elm.now.said]
    town.line.press(elm, "3")
    message.refresh_from_db()
    assert message.state == "deleted"


def test_both_ring_each_other_at_the_same_second_and_are_joined(town):
    rosa, elm = town.identified(), town.identified(ELM)
    town.line.press(rosa, "1")
    town.line.press(elm, "1")
    assert rosa.asked == elm.asked == "pair.talk"
    assert rosa.now.step.room == elm.now.step.room
    ringing = [one for one in town.line.telephones.values() if one.ringing and not one.over]
    assert ringing == []
    town.line.hang_up(elm)
    town.line.hang_up(rosa)
    nobody_is_left_over()
    assert sorted(Call.objects.values_list("outcome", flat=True)) == ["ended", "joined"]


@pytest.mark.req("S15")
def test_stopping_by_keypad_ends_contact_at_once(town):
    rosa = town.identified()
    town.line.press(rosa, "331")
    assert "stop.done" in rosa.transcript
    town.pair.refresh_from_db()
    assert town.pair.ended_at is not None
    elm = town.identified(ELM)
    town.line.press(elm, "1")
    assert "pair.none_yet" in elm.transcript
    assert [number for _, number in town.line.ring_log] == []


@pytest.mark.req("S6")
def test_a_partner_inside_blocked_hours_is_not_rung(town):
    people.set_blocked_hours(PLATFORM, town.elm.pk, week.ALL)
    rosa = town.identified()
    town.line.press(rosa, "1")
    assert "pair.resting" in rosa.transcript
    assert rosa.asked == "pair.message"
    assert town.line.ring_log == []


@pytest.mark.req("S6", "S17")
def test_hours_that_are_keyed_hold_from_the_next_call_on(town, time_machine):
    """On weekdays from 9 to 20, and later at any hour again."""
    time_machine.move_to(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))  # a Tuesday, 10 in the morning in Detroit

    def keyed(keys):
        elm = town.identified(ELM)
        for key in ("3", "1", *keys):
            town.line.press(elm, key)
        assert "hours.saved" in elm.transcript
        town.line.hang_up(elm)

    def rung():
        before, rosa = len(town.line.ring_log), town.identified()
        town.line.press(rosa, "1")
        town.line.hang_up(rosa)
        return len(town.line.ring_log) > before

    keyed(("1", "2", "9#", "20", "1"))
    assert rung()
    time_machine.move_to(datetime(2026, 11, 25, 2, 0, tzinfo=UTC))  # 21 hours there
    assert not rung()
    keyed(("2",))
    assert rung()


@pytest.mark.req("S6", "S21")
def test_of_three_only_those_who_take_calls_now_are_rung_and_the_other_may_still_come_in(town):
    trio = town.trio()
    people.set_blocked_hours(PLATFORM, town.third.pk, week.ALL)
    rosa = town.identified()
    town.line.press(rosa, "1")
    assert [number for _, number in town.line.ring_log] == [ELM]
    elm = town.line.ringing_at(ELM)
    town.line.answer(elm)
    town.line.press(elm, "1")
    oak = town.identified(THIRD)
    town.line.press(oak, "1")
    assert town.line.rooms[rosa.now.step.room] == {rosa.leg_id, elm.leg_id, oak.leg_id}
    assert Room.objects.get(closed_at=None).label == f"pair:{trio.pk}"


@pytest.mark.req("S9", "S21")
def test_in_a_group_of_three_each_of_the_others_has_the_message_to_hear_and_to_delete(town):
    town.trio()
    for person in (town.elm, town.third):
        people.set_blocked_hours(PLATFORM, person.pk, week.ALL)
    rosa = town.identified()
    town.line.press(rosa, "11")
    town.line.speak(rosa, 3)
    town.line.press(rosa, "1")
    town.line.hang_up(rosa)
    messages = {one.to_person: one for one in VoiceMessage.objects.filter(state="kept")}
    assert set(messages) == {town.elm, town.third} and {one.author for one in messages.values()} == {town.rosa}
    said = voices.wav(messages[town.third].file)
    elm = town.identified(ELM)
    town.line.press(elm, "23")
    exchange.purge(file_of_deleted_after=timedelta(0))
    assert VoiceMessage.objects.get(to_person=town.elm).state == "purged"
    assert not (voices.folder() / messages[town.elm].file).exists()
    assert VoiceMessage.objects.get(to_person=town.third).state == "kept"
    assert voices.wav(messages[town.third].file) == said
    town.line.hang_up(elm)
    nobody_is_left_over()


@pytest.mark.req("S9", "S15")
def test_a_message_spoken_while_the_pair_was_ended_goes_to_nobody_and_the_caller_is_told(town):
    rosa = town.identified()
    town.line.press(rosa, "1")
    town.line.refuse(town.line.ringing_at(ELM), "no_answer", 408)
    town.line.press(rosa, "1")
    pairs.end_pair(PLATFORM, pair_id=town.pair.pk, reason="asked")
    town.line.speak(rosa, 3)
    town.line.press(rosa, "1")
    assert "messages.partner_gone" in rosa.transcript and "messages.sent" not in rosa.transcript
    assert not VoiceMessage.objects.filter(state="kept").exists()
    exchange.purge(unsent_after=timedelta(0))
    assert VoiceMessage.objects.get().state == "purged", "what was spoken and never sent is not kept"


def test_hanging_up_while_it_rings_stops_the_ringing(town):
    rosa = town.identified()
    town.line.press(rosa, "1")
    elm = town.line.ringing_at(ELM)
    town.line.hang_up(rosa)
    assert elm.over
    nobody_is_left_over()


def test_a_second_call_by_the_same_person_takes_the_first_ones_place(town):
    rosa, elm = town.talking()
    again = town.identified(ROSA)
    town.line.press(again, "1")
    assert rosa.over
    assert again.now.step.room == elm.now.step.room
    assert town.line.rooms[again.now.step.room] == {again.leg_id, elm.leg_id}
    assert not elm.over
