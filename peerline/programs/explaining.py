"""A protocol in sentences: what each of its rules does, for whoever is about to start a program with it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.people import words as people_words
from peerline.programs import calendar, words
from peerline.programs.calendar import Happening, Lane
from peerline.programs.protocols.shape import Criterion, Protocol, Rung, Session


def drawn(protocol: Protocol, begins_on: date) -> dict[str, Any]:
    """What the calendar of a page shows: lanes with their sentence, rows, rules, the ladder."""
    return {
        "protocol": protocol,
        "lanes": [(words.LANES[lane.name], lane.marks, lane_sentence(lane)) for lane in calendar.lanes(protocol)],
        "half": protocol.weeks // 2,
        "rows": [row_of(one) for one in calendar.happenings(protocol, begins_on)],
        "rules": list(rules(protocol)),
        "ladder": [rung_words(rung) for rung in protocol.escalation],
    }


def brief(protocol: Protocol) -> dict[str, Any]:
    """A protocol to choose: title, two sentences, three figures."""
    talks = protocol.pairs.talks_a_week
    sessions = sum(row.week <= protocol.weeks for row in protocol.sessions)
    return {
        "key": protocol.key,
        "title": words.said(protocol.title),
        "summary": words.said(protocol.summary),
        "figures": ", ".join(
            [
                ngettext("%(n)s week", "%(n)s weeks", protocol.weeks) % {"n": protocol.weeks},
                ngettext("%(n)s talk a week", "%(n)s talks a week", talks) % {"n": talks},
                ngettext("%(n)s session", "%(n)s sessions", sessions) % {"n": sessions},
            ]
        ),
    }


def lane_sentence(lane: Lane) -> str:
    """The lane for those who cannot see it."""
    if len(lane.weeks) == len(lane.marks):
        return _("every week")
    return _("weeks %(weeks)s") % {"weeks": ", ".join(str(week) for week in lane.weeks)}


def when(week: int) -> str:
    if week == 0:
        return _("at the start")
    return ngettext("after %(n)s week", "after %(n)s weeks", week) % {"n": week}


def row_of(one: Happening) -> dict[str, Any]:
    how = session_words(one.what) if isinstance(one.what, Session) else _("by website, telephone or paper")
    again = one.again_every_weeks
    if again:
        how += ", " + (ngettext("then every %(n)s week", "then every %(n)s weeks", again) % {"n": again})
    kind = words.LANES["sessions" if one.is_session else "questions"]
    return {"when": when(one.week), "on": one.on, "what": words.said(one.what.title), "kind": kind, "how": how}


def session_words(session: Session) -> str:
    """ "in a group, led by the nurse, 90 minutes, optional" """
    parts = [words.SESSION_KINDS[session.kind], words.LED_BY[session.led_by]]
    parts.append(ngettext("%(n)s minute", "%(n)s minutes", session.minutes) % {"n": session.minutes})
    return ", ".join(str(part) for part in [*parts, *([_("optional")] if session.optional else [])])


def rules(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """(what, the rule in a sentence or two)."""
    pairs, plans = protocol.pairs, protocol.plans
    talks = ngettext("Partners aim at %(n)s talk a week.", "Partners aim at %(n)s talks a week.", pairs.talks_a_week)
    counts = _("A call counts as a talk from %(n)s seconds on.") % {"n": pairs.conversation_seconds}
    yield _("Talks"), f"{talks % {'n': pairs.talks_a_week}} {counts}"
    yield _("Reminders"), reminder_rule(pairs.remind_after_days)
    if pairs.training_first:
        yield _("Training"), _("Nobody is rung for a partner before both learned how to listen and to ask.")
    days = ngettext("A plan is one step for %(n)s day.", "A plan is one step for %(n)s days.", plans.days)
    asked = _("Then the person is asked how it went, and makes the next one.")
    sure = _("Whoever is less than %(n)s of 10 sure is helped to make the step smaller.") % {
        "n": plans.confidence_enough
    }
    yield _("Plans"), f"{days % {'n': plans.days}} {asked} {sure}"
    if weeks := protocol.checkups.a1c_every_weeks:
        told = ngettext("Staff are told of whoever has had no A1C for %(n)s week.", "Staff are told of whoever has had no A1C for %(n)s weeks.", weeks)  # fmt: skip
        yield _("Check-ups"), told % {"n": weeks}
    if protocol.eligibility:
        yield _("Who can take part"), who(protocol.eligibility)
    if len(protocol.phases) > 1:
        yield (
            _("Phases"),
            "; ".join(f"{words.said(one.title)}: {_from(one.from_week)}" for one in protocol.phases) + ".",
        )
    yield _("The end"), _("The calendar goes to week %(n)s. Nobody is ended then: partners talk as long as they like.") % {"n": protocol.weeks}  # fmt: skip


def reminder_rule(days: int) -> str:
    if not days:
        return _("Nobody is reminded.")
    told = ngettext("After %(n)s day without a talk the line rings one of the two.", "After %(n)s days without a talk the line rings one of the two.", days)  # fmt: skip
    return f"{told % {'n': days}} " + _("It rings within their calling hours only, and one key joins them.")


def _from(week: int) -> str:
    return _("from the start") if week == 0 else _("from week %(n)s on") % {"n": week}


def who(criteria: tuple[Criterion, ...]) -> str:
    """ "18 or older; a telephone; and one of: the most pills and A1C of 8 or more, or insulin begins." """
    always = [words.said(one.title) for one in criteria if not one.way]
    ways = dict.fromkeys(one.way for one in criteria if one.way)
    either = [_(" and ").join(words.said(one.title) for one in criteria if one.way == way) for way in ways]
    parts = always + ([_("one of these: %(ways)s") % {"ways": _(", or ").join(either)}] if either else [])
    sentence = "; ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def rung_words(rung: Rung) -> dict[str, str]:
    then = _("then %(who)s") % {"who": people_words.ROLES[rung.then]} if rung.then else ""
    waits = _("waits until staff listen again") if rung.quiet_hours else _("at any hour")
    return {
        "level": str(words.LEVELS[rung.level]),
        "who": str(people_words.ROLES[rung.owner]),
        "within": within(rung.within_minutes),
        "then": then,
        "waits": waits,
    }


def within(minutes: int) -> str:
    """Minutes in the largest unit that is whole."""
    if minutes % 1440 == 0:
        return ngettext("within %(n)s day", "within %(n)s days", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("within %(n)s hour", "within %(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("within %(n)s minute", "within %(n)s minutes", minutes) % {"n": minutes}
