"""Try before you join (S121): whoever was invited hears how it works, and has a call to try, before they agree to anything.

Nobody is rung and nothing is written: this dialogue has no Look and no Do. The page says the same words (join_try.html).
"""

from peerline.kernel.dialogue import Dialogue, Say
from peerline.kernel.menus import BACK, NOTHING, STAFF, choose

HOW = ("tour.what", "tour.hidden", "tour.free")
ENOUGH = "2"


def take() -> Dialogue:
    """Returns "0" or "" as `choose` does; else "1": whoever took it decides next."""
    told = [Say(one) for one in HOW]
    key = yield from choose("tour.ready", [("1", "tour.try"), (ENOUGH, "tour.enough")], before=told)
    if key == "1":
        key = yield from _a_call_to_try()
    return key if key in (STAFF, NOTHING) else "1"


def _a_call_to_try() -> Dialogue:
    """As the line would ring them for their partner: pick up or not, talk, step away."""
    rung = [Say("tour.as_if"), Say("tour.rings")]
    key = yield from choose("tour.rung", [("1", "tour.pick_up"), ("2", "tour.not_now")], back=False, before=rung)
    if key == "2":
        yield Say("tour.declined")
    elif key == "1":
        options = [(BACK, "tour.step_away")]
        key = yield from choose("tour.talking", options, back=False, before=[Say("tour.talking")])
        if key == BACK:
            yield Say("tour.away")
    if key in (STAFF, NOTHING):
        return key
    yield Say("tour.over")
    return key
