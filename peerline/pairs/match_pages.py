"""What the match pages show, gathered in a few queries whatever the size of the program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from peerline.matching.cohort import Person
from peerline.matching.explain import Explained
from peerline.matching.matching import Result
from peerline.matching.newcomer import Partner
from peerline.matching.scoring import WEIGHTS, scale
from peerline.pairs import cohorts, conditions, match_words, proposals, words
from peerline.pairs.models import KeptApart, MatchRound, ProposedPair
from peerline.people.queries import Known, known, with_a_number
from peerline.programs import queries as programs

A_PAGE = 50


LIVING = ("proposed", "locked")


@dataclass(frozen=True)
class Card:
    """One proposed pair as the page shows it. stale: somebody of it does not wait any more."""

    row: ProposedPair
    names: str
    people: list[Known]
    fit: int
    reasons: list[str]
    differences: list[str]
    warnings: list[str]
    ranks: list[dict[str, Any]]
    stale: bool


def overview(program: Any, after: str = "") -> dict[str, Any]:
    """Who waits, the rules and weights in force, and the open round if there is one: a page of it, from a place on."""
    waiting = cohorts.waiting(program.pk)
    settings = cohorts.settings_of(program.pk)
    found = proposals.open_round(program.pk)
    return {
        "program": program,
        "waiting": len(waiting.people),
        "unready": list(known(waiting.unready).values()),
        "unmet": _unmet(program.pk, [int(one.key) for one in waiting.people]),
        "settings": settings,
        "style": match_words.STYLES[settings.style],
        "weights": in_words(settings.weights),
        "apart": KeptApart.objects.filter(program_id=program.pk).count(),
        "round": found,
        **(_round(found, waiting, after) if found else {}),
    }


def _unmet(program_id: int, people: list[int]) -> list[tuple[Any, list[Known], str]]:
    """(sentence, who, the page where staff see to it) for each condition that some who wait do not meet yet."""
    found = conditions.unmet(program_id, people)
    names = known({person for who in found.values() for person in who})
    return [
        (
            words.CONDITIONS[name],
            sorted((names[person] for person in who), key=lambda one: one.nickname),
            reverse(conditions.page_of(name), args=[program_id]),
        )
        for name, who in found.items()
    ]


def in_words(weights: Mapping[str, int]) -> list[dict[str, Any]]:
    """Each feature with its share of a hundred, the weightiest first; those that count nothing are left out."""
    total = sum(weights.values()) or 1
    found = [
        {"name": name, "label": match_words.FEATURES[name], "share": round(100 * weights[name] / total)}
        for name in WEIGHTS
        if weights.get(name)
    ]
    return sorted(found, key=lambda one: -int(one["share"]))


def _round(found: MatchRound, waiting: cohorts.Waiting, after: str) -> dict[str, Any]:
    """As many queries for a thousand pairs as for fifty; only those of this page are made into cards."""
    everything = list(found.proposed.order_by("-points", "pk"))
    living = [row for row in everything if row.state in LIVING]
    shown, end = _page(living, after)
    vetoed = [row for row in everything if row.state == "vetoed"]
    groups = proposals.groups_of(everything)
    worst = min(living, key=lambda row: (row.points, row.pk), default=None)
    ids = {one for row in {*shown, *vetoed, *([worst] if worst else [])} for one in groups.get(row.pk, ())}
    ids |= {one["person"] for one in found.left_out}
    unfit = programs.do_not_fit(found.program_id, ids)
    show = _Shower(waiting, known(ids), found.weights, with_a_number(ids), unfit)
    return {
        "cards": [show.card(row, groups.get(row.pk, ())) for row in shown],
        "pairs": len(living),
        "first": living.index(shown[0]) + 1 if shown else 0,
        "last": living.index(shown[-1]) + 1 if shown else 0,
        "end": end,
        "begun": bool(after),
        "vetoed": [show.card(row, groups.get(row.pk, ())) for row in vetoed],
        "accepted": sum(row.state == "accepted" for row in everything),
        "left_out": show.left_out(found.left_out),
        "worst": worst and show.card(worst, groups.get(worst.pk, ())),
        "newcomers": len(waiting.people) - len({one for row in living for one in groups.get(row.pk, ())})
        - len(found.left_out),
        "gap": round(100 - 100 * found.best / found.bound, 2) if found.bound else 0,
    }  # fmt: skip


def _page(rows: Sequence[ProposedPair], after: str) -> tuple[list[ProposedPair], str]:
    """The pairs that follow a place ("points~number"), those that suit best first, and the place where the page ends."""
    points, _, number = after.partition("~")
    if points.lstrip("-").isdecimal() and number.isdecimal() and len(after) < 40:
        rows = [row for row in rows if (-row.points, row.pk) > (-int(points), int(number))]
    shown = list(rows[:A_PAGE])
    return shown, f"{shown[-1].points}~{shown[-1].pk}" if len(rows) > A_PAGE else ""


class _Shower:
    """Turns rows into cards with what is known about everybody in the round."""

    def __init__(
        self, waiting: cohorts.Waiting, people: dict[int, Known], weights: dict[str, int], numbers: set[int],
        unfit: set[int],
    ) -> None:  # fmt: skip
        self.facts = {int(person.key): person for person in waiting.people}
        self.people, self.full, self.numbers, self.unfit = people, scale(weights).full, numbers, unfit

    def card(self, row: ProposedPair, group: tuple[int, ...]) -> Card:
        people = [self.people[one] for one in group]
        facts = [self.facts[one] for one in group if one in self.facts]
        stale = len(facts) < max(2, len(group))
        return Card(
            row=row,
            names=" & ".join(one.nickname for one in people),
            people=people,
            fit=match_words.percent(row.points),
            reasons=[] if stale else match_words.reasons(facts, row.features, self.full, row.common_hours),
            differences=[] if stale else match_words.differences(facts, row.features, self.full),
            warnings=[] if stale else self._warnings(people, facts, row.common_hours),
            ranks=self._ranks(row),
            stale=stale,
        )

    def _warnings(self, people: list[Known], facts: list[Person], hours: int) -> list[str]:
        silent = [one.nickname for one in people if one.person_id not in self.numbers]
        relay = [one.nickname for one in people if one.needs_relay]
        unfit = [one.nickname for one in people if one.person_id in self.unfit]
        return match_words.warnings(facts, hours, silent, relay, unfit)

    def _ranks(self, row: ProposedPair) -> list[dict[str, Any]]:
        return [
            {"who": self.people[one].nickname, "whom": self.people[other].nickname, "place": place, "of": of}
            for one, other, place, of in row.ranks
            if one in self.people and other in self.people
        ]

    def left_out(self, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {"person": self.people[one["person"]], "why": match_words.ALONE[one["why"]], "choices": one["choices"]}
            for one in listed
            if one["person"] in self.people
        ]


def couple_shown(found: Explained, weights: Mapping[str, int]) -> dict[str, Any]:
    """What a couple would have, feature by feature, and which rules keep the two apart."""
    full = scale(weights).full
    names = known(int(key) for key in found.keys)
    one, other = (names[int(key)].nickname for key in found.keys)
    rows = [
        (str(match_words.FEATURES[name]), match_words.percent(points), match_words.percent(full[name]))
        for name, points in found.features.items()
        if full[name]
    ]
    return {
        "found": found,
        "names": f"{one} & {other}",
        "fit": match_words.percent(found.points),
        "rows": rows,
        "broken": [match_words.BROKEN[name] for name in found.broken],
        "people_lost": found.pairs_lost * 2,
        "cost": round(found.loss / 100, 1) if found.loss else 0,
    }


def best_shown(program_id: int, person_id: int, found: Sequence[Partner]) -> dict[str, Any]:
    """Those who suit somebody best, each with their fit and the reasons."""
    facts = {one.key: one for one in cohorts.waiting(program_id).people}
    names, me = known([person_id, *(int(one.key) for one in found)]), facts[str(person_id)]
    full = scale(cohorts.settings_of(program_id).weights).full
    best = [
        (
            names[int(one.key)],
            match_words.percent(one.points),
            " ".join(match_words.reasons([me, facts[one.key]], one.features, full, one.common_hours)),
        )
        for one in found
    ]
    return {"best_for": names[person_id], "best": best}


def compared(now: Result, tried: Result) -> dict[str, Any]:
    """Two results side by side: their figures, and the pairs that only one of them has."""
    first, other = _figures(now), _figures(tried)
    pairs = [{pair.keys for pair in result.pairs} for result in (now, tried)]
    names = known({int(key) for group in pairs[0] ^ pairs[1] for key in group})
    only = [
        sorted(" & ".join(names[int(key)].nickname for key in group) for group in mine - theirs)
        for mine, theirs in (pairs, pairs[::-1])
    ]
    return {"first": first, "other": other, "same": len(pairs[0] & pairs[1]), "only": only}


def _figures(result: Result) -> dict[str, Any]:
    return {
        "pairs": len(result.pairs),
        "left_out": len(result.left_out),
        "worst": match_words.percent(result.worst.points) if result.worst else 0,
        "mean": match_words.percent(sum(pair.points for pair in result.pairs) // max(1, len(result.pairs))),
        "restless": result.restless,
    }
