"""Matching in words: what counts, why two suit, why somebody has no partner. Both languages; no number without its sense."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from peerline.matching.cohort import Person
from peerline.programs.words import CHALLENGES, TYPES

FEATURES = {
    "challenges": _("What is hard for them"),
    "a1c": _("A1C"),
    "insulin": _("Insulin"),
    "age": _("Age"),
    "hours": _("Hours in which both take calls"),
    "type": _("Type of diabetes"),
    "years": _("Years with diabetes"),
    "culture": _("Culture or community, where they gave it"),
}
STYLES = {
    "best": _("The best for everybody together"),
    "fair": _("Nobody far behind: the pair that suits least is raised, for at most a thousandth of the whole"),
    "steady": _("Few who would rather swap: the best-suited are kept together"),
}
BROKEN = {
    "arm": _("They are in different arms of the trial."),
    "site": _("They are at different sites."),
    "language": _("They share no language."),
    "gender": _("One of them asks for a partner of another gender."),
    "hours": _("They share too few hours in which both take calls."),
    "former": _("They were a pair before, and it ended."),
    "apart": _(
        "They are kept apart: by staff, by a veto, because they share a telephone, or because one works for the program."
    ),
}
ALONE = {
    "arm": _("Nobody else in the same arm of the trial waits."),
    "site": _("Nobody else of the same site waits."),
    "language": _("Nobody else who waits speaks the language."),
    "gender": _("Nobody who waits is what this person asks for, and asks for what this person is."),
    "hours": _("Nobody who would suit takes calls at the same hours. Ask about other hours."),
    "former": _("Everybody who would suit was their partner before."),
    "apart": _("Everybody who would suit is kept apart from them."),
    "nobody": _("Nobody else waits."),
    "taken": _("Everybody who would suit gets somebody else."),
}
NO_MENTOR = ALONE | {
    "arm": _("No mentor is in the same arm of the trial."),
    "site": _("No mentor is of the same site."),
    "language": _("No mentor speaks the language."),
    "gender": _("No mentor is what this person asks for, and asks for what this person is."),
    "hours": _("No mentor who would suit takes calls at the same hours. Ask about other hours."),
    "former": _("Every mentor who would suit was their partner before."),
    "apart": _("Every mentor who would suit is kept apart from them."),
    "nobody": _("Nobody mentors yet."),
    "taken": _("No mentor who would suit has a place left."),
}
FEW_HOURS = 6


def percent(points: int) -> int:
    """Points of 10,000 as a share of a hundred."""
    return round(points / 100)


def listed(parts: Sequence[Any]) -> str:
    """ "60 and 64", "60, 64 and 70"."""
    words = [str(part) for part in parts]
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def reasons(group: Sequence[Person], features: Mapping[str, int], full: Mapping[str, int], hours: int) -> list[str]:
    """Why they suit: a sentence for each feature that gives three quarters of its points or more, the weightiest first."""
    good = [name for name in features if full.get(name) and features[name] * 4 >= full[name] * 3]
    found = [_sentence(name, group, hours) for name in sorted(good, key=lambda name: -features[name])]
    return [sentence for sentence in found if sentence]


def differences(group: Sequence[Person], features: Mapping[str, int], full: Mapping[str, int]) -> list[str]:
    """In what they differ: features that give a quarter or less."""
    poor = [name for name in features if full.get(name) and features[name] * 4 <= full[name] and name != "hours"]
    found = [_difference(name, group) for name in sorted(poor, key=lambda name: -full[name])]
    return [sentence for sentence in found if sentence]


def _sentence(name: str, group: Sequence[Person], hours: int) -> str:
    values = _values(name, group)
    if name == "hours":
        return ngettext("They share %(n)s hour a week.", "They share %(n)s hours a week.", hours) % {"n": hours}
    if not values:
        return ""
    if name == "challenges":
        return gettext("Hard for both: %(what)s.") % {"what": listed(_shared(group))} if _shared(group) else ""
    if name == "insulin":
        return gettext("Both take insulin.") if group[0].insulin else gettext("Neither takes insulin.")
    said = {
        "a1c": gettext("Close A1C: %(values)s."),
        "age": gettext("Close in age: %(values)s."),
        "type": gettext("The same type: %(values)s."),
        "years": gettext("Years with diabetes: %(values)s."),
        "culture": gettext("Both named %(values)s."),
    }
    shown = values[:1] if name in ("type", "culture") else values
    return said[name] % {"values": listed(shown)}


def _difference(name: str, group: Sequence[Person]) -> str:
    values = _values(name, group)
    if not values:
        return ""
    said = {
        "challenges": gettext("Different things are hard for them."),
        "insulin": gettext("Only one takes insulin."),
        "a1c": gettext("A1C far apart: %(values)s."),
        "age": gettext("Far apart in age: %(values)s."),
        "type": gettext("Different types: %(values)s."),
        "years": gettext("Years with diabetes: %(values)s."),
        "culture": gettext("They named different communities: %(values)s."),
    }
    return said[name] % {"values": listed(values)} if "%(values)s" in said[name] else said[name]


def _values(name: str, group: Sequence[Person]) -> list[str]:
    """What each is known to be; empty when one of them is not known."""
    fields = {"a1c": "a1c_percent", "type": "diabetes_type"}
    found = [getattr(one, fields.get(name, name), None) for one in group] if name != "hours" else []
    if any(value in (None, "", ()) for value in found):
        return []
    return [str(TYPES.get(value, value)) if name == "type" else str(value) for value in found]


def _shared(group: Sequence[Person]) -> list[str]:
    tags = set(group[0].challenges).intersection(*(one.challenges for one in group[1:]))
    return [str(CHALLENGES.get(tag, tag)) for tag in sorted(tags)]


def warnings(
    group: Sequence[Person], hours: int, without_number: Sequence[str], relay: Sequence[str], unfit: Sequence[str] = ()
) -> list[str]:
    """What staff should know before they accept. without_number, relay, unfit: nicknames."""
    said = []
    if hours < FEW_HOURS:
        said.append(
            ngettext("They share only %(n)s hour a week.", "They share only %(n)s hours a week.", hours) % {"n": hours}
        )
    if len({one.time_zone for one in group}) > 1:
        said.append(gettext("They live in different time zones."))
    if without_number:
        said.append(gettext("No checked telephone number yet: %(names)s.") % {"names": listed(without_number)})
    if unfit:
        said.append(gettext("Does not fit the rules of the program: %(names)s.") % {"names": listed(unfit)})
    if relay:
        said.append(gettext("Calls go through a text relay: %(names)s.") % {"names": listed(relay)})
    return said
