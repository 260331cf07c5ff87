"""How Peerline asks by telephone, the same everywhere: the option before its key, at most four options, 0 for staff,
9 to hear it again, * to go back, three tries at most. Dialogues are built from these pieces."""

from collections.abc import Sequence

from peerline.kernel.dialogue import Dialogue, Hear, Keys, Press, Say

TRIES = 3
BACK, STAFF, AGAIN, NOTHING = "*", "0", "9", ""


def choose(
    name: str, options: Sequence[tuple[str, str | Say]], *, back: bool = True, before: Sequence[Say | Hear] = ()
) -> Dialogue:
    """One key of up to four `options`, each (key, prompt): returns that key, "*" (back), "0" (staff) or "" (gave up).

    `before` is heard first, and again with 9. Every prompt says what and then which key. Silence and wrong keys are met with the options again, twice at most.
    """
    if not 1 <= len(options) <= 4:
        raise ValueError(f"{name}: a menu has one to four options")
    keys = "".join([key for key, _ in options])
    words = (*before, *[prompt for _, prompt in options])  # as one: whoever is led for long replays many menus
    mistakes = 0
    while mistakes < TRIES:
        yield words
        if mistakes == 1:
            yield Say("menu.help_back" if back else "menu.help")
        key = yield Press(name, keys=keys + (BACK if back else "") + STAFF + AGAIN)
        if key == AGAIN:
            continue
        if key == STAFF or (back and key == BACK) or (key and key in keys):
            return key
        mistakes += 1
        yield Say("menu.not_heard" if key == NOTHING else "menu.not_a_choice")
    return NOTHING


def ask_number(name: str, prompt: str | Say, *, least: int, most: int, digits: int) -> Dialogue:
    """A whole number from `least` to `most` keyed in up to `digits` digits; or "*", "0" or "" as in `choose`."""
    for _attempt in range(TRIES):
        yield prompt if isinstance(prompt, Say) else Say(prompt)
        keyed = yield Keys(name, most=digits, lone=BACK + STAFF if least > 0 else BACK)
        if keyed == BACK or (keyed == STAFF and least > 0):
            return keyed
        if keyed.isdigit() and least <= int(keyed) <= most:
            return int(keyed)
        if keyed:
            yield Say("menu.not_in_range", least=least, most=most)
        else:
            yield Say("menu.not_heard")
    return NOTHING
