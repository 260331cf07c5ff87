"""Which question comes next. Pure: instruments and answers in, questions out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peerline.outcomes.instruments import Instrument, Item
from peerline.outcomes.scoring import Values, score

Answers = Mapping[tuple[str, str], int | None]  # (instrument, item) → value; None: would rather not say


class OutcomeError(Exception):
    """What cannot be done; `word` is a key of words.SENTENCES."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class Question:
    """begins: the first of its instrument, so that its opening words are said."""

    instrument: Instrument
    item: Item
    begins: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.instrument.key, self.item.key


def own_values(instrument: Instrument, answers: Answers) -> dict[str, int | None]:
    """The instrument's answers by item, with those that another one asked for it."""
    found: dict[str, int | None] = {}
    for item in instrument.items:
        for key in ((instrument.key, item.key), (item.same_as, item.key)):
            if key in answers:
                found.setdefault(item.key, answers[key])
    return found


def with_followers(
    instruments: Sequence[Instrument], answers: Answers, all_of: Mapping[str, Instrument]
) -> list[Instrument]:
    """The instruments, and behind each the one that its score calls for (PHQ-2 of 3 or more: PHQ-8)."""
    found: list[Instrument] = []
    for one in instruments:
        found.append(one)
        if one.follow and _calls(one, answers) and one.follow[1] not in {other.key for other in instruments}:
            found.append(all_of[one.follow[1]])
    return found


def _calls(instrument: Instrument, answers: Answers) -> bool:
    """By its score; or because somebody answered what follows on paper anyway."""
    assert instrument.follow is not None
    if any(key == instrument.follow[1] for key, _item in answers):
        return True
    total = score(instrument.scales[0], own_values(instrument, answers))
    return total is not None and total >= instrument.follow[0]


def questions(instruments: Sequence[Instrument], answers: Answers) -> list[Question]:
    """All that is to be asked as far as is known now, in order. What another instrument of these asks is not asked again."""
    here = {one.key for one in instruments}
    found: list[Question] = []
    for instrument in instruments:
        first = True
        for item in instrument.items:
            if item.same_as in here or not _is_wanted(instrument, item, answers):
                continue
            found.append(Question(instrument, item, first))
            first = False
    return found


def _is_wanted(instrument: Instrument, item: Item, answers: Answers) -> bool:
    if item.only_if is None:
        return True
    value = answers.get((instrument.key, item.only_if[0]))
    return value is not None and value >= item.only_if[1]


def on_paper(instruments: Sequence[Instrument], all_of: Mapping[str, Instrument]) -> list[Question]:
    """All that a paper has to ask: it cannot know what will follow, so whatever may follow stands on it, too."""
    here, every = {one.key for one in instruments}, []
    for one in instruments:
        every += [one, all_of[one.follow[1]]] if one.follow and one.follow[1] not in here else [one]
    wanted = {(one.key, item.only_if[0]): item.only_if[1] for one in instruments for item in one.items if item.only_if}
    return questions(every, wanted)


def unanswered(asked: Sequence[Question], answers: Answers) -> list[Question]:
    return [one for one in asked if one.key not in answers]


def is_whole(instrument: Instrument, answers: Answers) -> bool:
    """Was every question of it answered or passed over?"""
    values = own_values(instrument, answers)
    return all(item.key in values or not _is_wanted(instrument, item, answers) for item in instrument.items)


def remind_at(opens_at: datetime, closes_at: datetime) -> datetime:
    """Once more, when two thirds of the time are over."""
    return opens_at + (closes_at - opens_at) * 2 / 3


def fit(values: Values) -> float | None:
    """How well two suit by one partner's two answers, 0 to 1; None when one is missing (S40). fit({"learn": 3, "contribute": 0}) == 0.5"""
    given = [value for key in ("learn", "contribute") if (value := values.get(key)) is not None]
    return sum(given) / 6 if len(given) == 2 else None


FIRST_CHECKUP_WEEKS = 2  # whoever joined without an A1C is given these to bring one


def first_checkup(weeks: int, *, known: bool) -> timedelta:
    """How long after the last A1C a check-up is due; known=False: how long after somebody joined without one."""
    return timedelta(weeks=weeks if known else min(weeks, FIRST_CHECKUP_WEEKS))


def period(first: date, weeks: int, today: date) -> date | None:
    """When the period began that holds today, of those of so many weeks from `first` on; None before.

    From January 5, every 26 weeks: on July 5 it is January 5, on July 6 it is July 6.
    """
    past = (today - first).days
    return None if past < 0 else first + timedelta(weeks=weeks) * (past // (weeks * 7))
