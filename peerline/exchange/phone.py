"""The telephone door of the exchange: leave a voice message, hear the ones that came.

A recording is safe on disk before it is answered, so hanging up never loses one: whoever hangs up while speaking, or
before choosing, has sent it.
"""

from peerline.kernel.dialogue import Dialogue, Do, Hear, HungUp, Look, Record, Say
from peerline.kernel.menus import BACK, NOTHING, STAFF, choose

SHORTEST_SECONDS = 1.0
TAKES = 3  # how often somebody may say it again


def leave_message(deed: str, *args: object) -> Dialogue:
    """Record, let the caller hear it or say it again, and send it by Do(deed, voice_id, *args). True when one was sent.

    The deed answers False where there is nobody to send it to any more.
    """
    for take in range(TAKES):
        yield Say("messages.record")
        voice = yield Record("messages.recording")
        if voice.why == "full":
            yield Say("messages.not_kept")
            return False
        if voice.seconds < SHORTEST_SECONDS:
            if voice.why == "hangup":
                return False
            yield Say("messages.too_short")
            continue
        if take == TAKES - 1 or (yield from _is_good(voice.id, deed, args)):
            sent = yield Do(deed, voice.id, *args)
            yield Say("messages.sent" if sent else "messages.partner_gone")
            return sent
    return False


def _is_good(voice_id: int, deed: str, args: tuple[object, ...]) -> Dialogue:
    """Send, hear or say it again. Silence sends; so does hanging up."""
    options = [("1", "messages.send"), ("2", "messages.check"), ("3", "messages.again")]
    try:
        while True:
            key = yield from choose("messages.review", options, back=False)
            if key != "2":
                return key != "3"
            yield Hear(voice_id)
    except HungUp:
        yield Do(deed, voice_id, *args)
        raise


def leave_for_staff() -> Dialogue:
    """A message for the staff of the caller's program; the caller first hears when somebody will listen."""
    desk = yield Look("staff.desk")
    if desk["full"]:
        yield Say("staff.full")
        return False
    yield Say("staff.leave")
    if desk["day"] is not None:
        yield Say("staff.heard_by", day=desk["day"], time=desk["time"])
    else:
        yield Say("staff.heard_now" if desk.get("now") else "staff.heard_soon")
    sent = yield from leave_message("staff.message")
    if sent:
        yield Say("staff.thanks")
    return sent


def hear_messages(person_id: int) -> Dialogue:
    """One message after the other, new ones first: answer, keep, delete, next."""
    rows = yield Look("messages.waiting", person_id)
    yield Say("messages.new", count=sum(row["new"] for row in rows))
    for row in rows:
        yield Say("messages.from_staff" if row["staff"] else "messages.from_partner", day=row["day"], time=row["time"])
        key = yield from _hear_one(row)
        if key in (BACK, STAFF, NOTHING):
            return key
    yield Say("messages.no_more")
    return BACK


def _hear_one(row: dict[str, object]) -> Dialogue:
    voice_id = row["id"]
    options = [("1", "messages.answer"), ("2", "messages.keep"), ("3", "messages.delete")]
    key = yield from choose("messages.one", options, before=[Hear(int(str(voice_id)))])
    yield Do("messages.heard", voice_id)
    if key == "3":
        yield Do("messages.drop", voice_id)
        yield Say("messages.deleted")
    elif key == "2":
        yield Say("messages.kept")
    elif key == "1":
        if row["staff"]:
            yield from leave_for_staff()
        elif (yield Look("messages.may_answer", voice_id)):
            yield from leave_message("messages.answer", voice_id)
        else:
            yield Say("messages.partner_gone")
    return key
