"""The telephone door of entry: who is calling?

The caller enters the home telephone number, then a PIN. A known caller ID shortens the first step, never the second.
An unknown number and a wrong PIN are answered with the same words. What is keyed never enters a journal: the services
of this room see it once and give a verdict. Three strikes, then the staff's voicemail.
"""

from peerline.exchange.phone import leave_for_staff
from peerline.kernel.dialogue import Dialogue, Do, HungUp, Look, Press, Say, Secret, Speak, Unsaid
from peerline.kernel.menus import BACK, NOTHING, STAFF, choose

STRIKES = 3
DIGITS = 6
OTHER_LANGUAGES = {"2": "es"}


def greet(telephone_hash: str) -> Dialogue:
    """The first words of every call, and the language. The line's facts, or None for a number that was taken out."""
    line = yield Look("line.facts", telephone_hash)
    language = line["language"]
    yield Speak(language or "en")
    yield Say(f"emergency.{line['pack']}")
    if line["removed"]:
        yield Say("arrive.removed")
        return None
    yield Say("arrive.welcome")
    if not language:
        language = yield from choose_language()
    return {**line, "language": language}


def choose_language() -> Dialogue:
    """English unless the caller asks for another; asked in each language's own voice. Once: later calls know it."""
    yield Speak("es")
    yield Say("arrive.language")
    yield Speak("en")
    key = yield Press("arrive.language", keys="2*0", seconds=4)
    language = OTHER_LANGUAGES.get(key, "en")
    yield Speak(language)
    return language


def identify(telephone_hash: str, line: dict[str, object]) -> Dialogue:
    """The caller as {"person_id", "language", "nickname"} (and by_letter, if a code said who), or None after three strikes, when staff's voicemail was offered."""
    household = telephone_hash if line["known"] else ""
    if (yield Look("entry.line_closed", telephone_hash)):
        yield Say("arrive.closed")
        yield from leave_for_staff()
        return None
    for _strike in range(STRIKES):
        household = household or (yield from _home_number())
        if household in (STAFF, NOTHING):
            break
        if isinstance(household, dict):  # the code of a letter says who it is
            yield Speak(household["language"])
            return household
        caller = yield from _pin(household)
        if caller == BACK:
            household = ""
            continue
        if caller == STAFF:
            break
        if caller:
            yield Speak(caller["language"])
            return caller
        yield Say("arrive.no_match")
        household = telephone_hash if line["known"] else ""
    yield Say("arrive.no_more_tries")
    yield from leave_for_staff()
    return None


def _home_number() -> Dialogue:
    """A token for the number that was keyed, whether anybody lives there or not; the caller, for the code of a letter;
    "0" staff, "" after three silences."""
    for _attempt in range(STRIKES):
        yield Say("arrive.number")
        household = yield Secret("arrive.number", verdict="entry.household", most=15)
        if household and household != BACK:
            return household
        yield Say("arrive.number_not_heard")
    return NOTHING


def _pin(household: str) -> Dialogue:
    yield Say("arrive.pin")
    return (yield Secret("arrive.pin", verdict="entry.try_pin", args=(household,)))


def prove(person_id: int) -> Dialogue:
    """The person rung enters the own PIN, where the program asks for it. True or False; three tries."""
    for _attempt in range(STRIKES):
        yield Say("arrive.own_pin")
        verdict = yield Secret("arrive.own_pin", verdict="entry.is_their_pin", args=(person_id,))
        if verdict is True:
            return True
        yield Say("arrive.no_match")
    return False


def change_language(person_id: int) -> Dialogue:
    """The caller's language from now on, in this call and all others."""
    language = yield from choose_language()
    yield Do("people.set_language", person_id, language)
    yield Say("settings.language_saved")


def replace_given_pin(person_id: int) -> Dialogue:
    """A PIN that the line or staff told is replaced by one's own; whoever can not now is asked at the next call."""
    if (yield Look("entry.must_change_pin", person_id)):
        yield Say("pin.given")
        yield from change_pin()


def first_pin() -> Dialogue:
    """Who came in by the code of a letter chooses what opens the next call."""
    yield Say("pin.first")
    yield from change_pin()


def change_pin() -> Dialogue:
    """Six digits of one's own, keyed twice. Returns "changed", "*", "0" or "" after three tries."""
    for _attempt in range(STRIKES):
        yield Say("pin.choose")
        verdict = yield Secret("pin.choose", verdict="entry.new_pin_first")
        if verdict == "again":
            yield Say("pin.once_more")
            verdict = yield Secret("pin.once_more", verdict="entry.new_pin_second")
        if verdict in (BACK, STAFF):
            return verdict
        if verdict == "changed":
            yield Say("pin.changed")
            return verdict
        yield Say({"weak": "pin.weak", "different": "pin.different"}.get(verdict, "menu.not_heard"))
    return NOTHING


# --- The line rings somebody ---------------------------------------------------------------------------------------


def say_digits(person_id: int, word: str) -> Dialogue:
    """A home telephone was rung to hear a code or a PIN. A machine that picks up presses no key and hears none."""
    options = [("1", "code.hear"), ("2", "code.unwanted")]
    key = yield from choose("code.ask", options, back=False, before=[Say("code.ready")])
    if key == "1":
        rows = yield Do("entry.digits_begin", word)
        if rows:
            key = yield from _tell(rows, word)
        else:
            yield Say("code.too_late")
    elif key == "2":
        yield Do("entry.digits_drop", word, False)
        yield Say("code.dropped")
    if key == STAFF:
        yield from leave_for_staff()
    yield Say("goodbye")


def _tell(rows: list[list[object]], word: str) -> Dialogue:
    """Each person's digits, one by one and twice; 9 says them again. Once they were heard they are gone."""
    words = [say for row_id, name in rows for say in (Say("code.name", name=name), *_digits(row_id))]
    heard = [*words, Say("code.once_more"), *words]
    try:
        key = yield from choose("code.said", [("1", "code.done")], back=False, before=heard)
    except HungUp:
        yield Do("entry.digits_drop", word, True)
        raise
    yield Do("entry.digits_drop", word, True)
    return key


def _digits(row_id: object) -> list[Say]:
    return [Say("code.digit", key=Unsaid("entry.digit", row_id, place)) for place in range(DIGITS)]


def check_number(person_id: int, contact_id: int) -> Dialogue:
    """Is this number theirs? Says for whom the line calls, and nothing of why."""
    name = yield Look("people.nickname", person_id)
    options: list[tuple[str, str | Say]] = [("1", Say("check.theirs", name=name)), ("2", "check.not_theirs")]
    key = yield from choose("check.ask", options, back=False, before=[Say("check.ready", name=name)])
    if key in ("1", "2"):
        yield Do("entry.number_answered", contact_id, key == "1")
        yield Say("check.thanks" if key == "1" else "check.sorry")
    if key == STAFF:
        yield from leave_for_staff()
    yield Say("goodbye")
