"""What somebody is like. Shares are chances from 0 to 1. What meets them is not chance alone: fates.py."""

from dataclasses import dataclass, replace

from config.life.chance import Chance


@dataclass(frozen=True)
class Character:
    """Most people call, and forget now and then."""

    calls: float  # places the week's call when it is their turn
    picks_up: float
    heeds: float  # presses 1 when reminded
    leaves_message: float  # when nobody answers
    plans: float  # in a week does something about their action plan
    comes: float  # signs up for a session in a week in which they are invited
    answers: float  # calls in a week to answer the questions that wait, without being reminded
    by_web: bool


def drawn(chance: Chance) -> Character:
    """One person, drawn from their own chance. How many call and how many fall silent follows the trials (Heisler 2005:
    over 80 % of pairs talked weekly in two of six weeks; Heisler 2013: 45 % hardly engaged), roughly: this is a play."""
    lively = chance.number("lively")
    return Character(
        calls=0.25 + 0.7 * lively,
        picks_up=0.55 + 0.4 * chance.number("picks up"),
        heeds=0.3 + 0.6 * lively,
        leaves_message=0.4,
        plans=0.3 + 0.5 * lively,
        comes=0.2 + 0.5 * chance.number("comes"),
        answers=0.1,
        by_web=chance.happens(0.3, "by web"),
    )


def steady(one: Character) -> Character:
    """The same person, who calls in their turn and picks up."""
    return replace(one, calls=0.95, picks_up=0.9)
