"""What groups decides, by itself: for whom a session is, when its room is open, who moves up."""

from datetime import UTC, datetime, timedelta

import pytest

from peerline.groups import rules

AT = datetime(2026, 12, 2, 19, 0, tzinfo=UTC)
PROTOCOL = [("first", 0, 0), ("month-1", 4, 0), ("month-3", 13, 0), ("yearly", 78, 52)]


@pytest.mark.req("S33", "S98")
def test_each_session_is_for_the_weeks_until_the_next_one_and_the_last_has_no_end():
    spans = [(one.key, one.from_week, one.until_week, one.every) for one in rules.spans(PROTOCOL)]
    assert spans == [("first", 0, 4, 0), ("month-1", 4, 13, 0), ("month-3", 13, 78, 0), ("yearly", 78, None, 52)]


def test_who_joined_when_is_meant_by_a_session_of_week_four():
    span = rules.span_of(rules.spans(PROTOCOL), "month-1")
    earliest, latest = rules.begun_between(span, AT)
    assert latest == AT - timedelta(weeks=4) + rules.EARLY, "ten days early is early enough"
    assert earliest == AT - timedelta(weeks=13) + rules.EARLY, "from there on the next session is theirs"


@pytest.mark.parametrize(
    ("minutes", "way", "is_open"),
    [(-11, "telephone", False), (-10, "telephone", True), (0, "telephone", True), (89, "telephone", True),
     (90, "telephone", False), (5, "place", False), (5, "link", False)],
)  # fmt: skip
def test_a_telephone_session_is_open_from_ten_minutes_before_until_its_end(minutes, way, is_open):
    assert rules.is_open(way, AT, 90, AT + timedelta(minutes=minutes)) is is_open


def test_the_line_holds_the_room_half_an_hour_longer_than_planned_and_never_for_nothing():
    assert rules.longest_seconds(AT, 90, AT - timedelta(minutes=10)) == 130 * 60
    assert rules.longest_seconds(AT, 90, AT + timedelta(hours=5)) == 60


def test_whoever_waits_longest_moves_up():
    waiting = [(AT, 3), (AT - timedelta(hours=1), 9), (AT, 2)]
    assert rules.moves_up(waiting, 2) == [9, 2]
    assert rules.moves_up(waiting, -1) == []
