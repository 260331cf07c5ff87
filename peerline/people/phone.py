"""The telephone door of people: my calling hours.

By keypad a caller chooses days, then the hours in which calls are welcome; every other hour of those days is blocked.
"""

from peerline.kernel.dialogue import Dialogue, Do, Look, Say
from peerline.kernel.menus import BACK, NOTHING, STAFF, ask_number, choose

DAYS = {"1": list(range(7)), "2": [0, 1, 2, 3, 4], "3": [5, 6]}


def calling_hours(person_id: int) -> Dialogue:
    """Hear the hours, change them, or take calls at any hour. Returns "*", "0" or ""."""
    while True:
        yield from _say_hours(person_id)
        options = [("1", "hours.change"), ("2", "hours.any_time")]
        key = yield from choose("hours.menu", options)
        if key in (BACK, STAFF, NOTHING):
            return key
        if key == "2":
            yield Do("people.take_calls_any_time", person_id)
            yield Say("hours.saved")
            continue
        key = yield from _change(person_id)
        if key in (STAFF, NOTHING):
            return key


def _say_hours(person_id: int) -> Dialogue:
    ranges = yield Look("people.calling_hours", person_id)
    if ranges is None:
        yield Say("hours.none")
    for one in (ranges or [])[:7]:
        yield Say(f"hours.open_{one['days']}", **one["values"])


def _change(person_id: int) -> Dialogue:
    """Days, first hour, last hour, then what was understood; nothing changes before the caller agrees."""
    yield Say("hours.intro")
    days = yield from choose("hours.days", [("1", "hours.every_day"), ("2", "hours.weekdays"), ("3", "hours.weekend")])
    if days not in DAYS:
        return days
    first = yield from ask_number("hours.from", "hours.ask_from", least=0, most=23, digits=2)
    if not isinstance(first, int):
        return first
    end = yield from ask_number("hours.until", "hours.ask_until", least=1, most=24, digits=2)
    if not isinstance(end, int):
        return end
    if end <= first:
        yield Say("hours.backwards")
        return BACK
    yield Say("hours.understood", from_time=first, until_time=end)
    key = yield from choose("hours.confirm", [("1", "hours.save"), ("2", "hours.do_not_save")])
    if key == "1":
        yield Do("people.take_calls_from_to", person_id, DAYS[days], first, end)
        yield Say("hours.saved")
    return key
