"""Which channel a reminder takes next, and when: laws that hold for every choice and every past."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerline.kernel import week
from peerline.messaging import rules
from peerline.messaging.rules import FALLING, Choice, Next, Text, Try, joined, next_channel, next_welcome

ways = st.sampled_from(FALLING)
choices = st.builds(Choice, ways, st.frozensets(ways))
tries = st.lists(st.builds(Try, ways, st.sampled_from(["open", "delivered", "undelivered", "unsure"])), max_size=6)
some = st.frozensets(ways)


@given(choices, tries, some, some, some)
def test_a_reminder_that_arrived_or_is_on_its_way_takes_no_other_channel(choice, past, reachable, closed, away):
    found = next_channel(choice, past, reachable=reachable, closed=closed, away=away)
    outcomes = {one.outcome for one in past}
    if "delivered" in outcomes:
        assert found == Next("delivered")
    elif "open" in outcomes:
        assert found == Next("wait")


@given(choices, tries, some, some, some)
def test_only_what_the_person_allowed_and_left_open_is_tried(choice, past, reachable, closed, away):
    found = next_channel(choice, past, reachable=reachable, closed=closed, away=away)
    if found.why == "try":
        assert found.channel in (set(choice.order) & reachable) - closed - away
        mine = [one for one in past if one.channel == found.channel]
        assert len(mine) < rules.MOST_TRIES[found.channel] and all(one.outcome == "undelivered" for one in mine)


@given(choices, some, some)
def test_every_reminder_comes_to_an_end_within_five_tries(choice, reachable, closed):
    past: list[Try] = []
    while (found := next_channel(choice, past, reachable=reachable, closed=closed)).why == "try":
        past.append(Try(found.channel, "undelivered"))
    assert found == Next("nowhere") and len(past) <= sum(rules.MOST_TRIES.values())


def test_a_channel_that_is_away_is_gone_round_where_another_is_allowed_and_waited_for_where_none_is():
    both = {"sms", "email"}
    choice = Choice("sms", frozenset({"email"}))
    assert next_channel(choice, [], reachable=both, away={"sms"}) == Next("try", "email")
    assert next_channel(Choice("sms", frozenset()), [], reachable=both, away={"sms"}) == Next("wait")


def test_a_text_is_never_sent_to_somebody_who_did_not_choose_texts():
    assert next_channel(Choice(), [], reachable={"sms"}) == Next("nowhere")


# --- News of a carrier -------------------------------------------------------------------------------------------------


@pytest.mark.req("R8")
def test_what_holds_of_a_message_depends_on_no_order():
    for words in permutations(["queued", "sending", "sent", "undelivered", "delivered"]):
        state = ""
        for word in words:
            state = joined(joined(state, word), word)
        assert state == "delivered"
    assert joined("sent", "a word nobody knows") == "sent"


# --- Hours --------------------------------------------------------------------------------------------------------------


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.integers(0, week.ALL),
    st.sampled_from(["America/Detroit", "America/Phoenix", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_calls_and_texts_come_between_eight_and_nine_and_outside_blocked_hours(at, blocked, zone):
    welcome = next_welcome("sms", blocked, at, zone)
    if welcome is None:
        assert blocked & rules.WAKING == rules.WAKING
        return
    local = welcome.astimezone(ZoneInfo(zone))
    assert welcome >= at and 8 <= local.hour < 21 and not week.holds(blocked, welcome, zone)
    ends = rules.hour_ends(welcome, zone)
    assert timedelta() < ends - welcome <= timedelta(hours=1) and ends.astimezone(ZoneInfo(zone)).minute == 0


# --- Words --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Your diabetes class", "Su azúcar hoy", "Insulin at 8", "A1C due", "Glucosa"])
def test_no_part_of_a_reminder_may_tell_an_illness_since_any_may_become_a_text(words):
    with pytest.raises(rules.Telling):
        Text("Hello", words)
    with pytest.raises(rules.Telling):
        Text(words, "Hello")
