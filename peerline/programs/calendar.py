"""What will happen, week by week, to somebody who begins on the first day: drawn, and as a table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from peerline.programs.protocols.shape import Assessment, Protocol, Session


@dataclass(frozen=True)
class Happening:
    """A session or questions: in which week of the person's own, and that week's first day."""

    week: int
    on: date
    what: Session | Assessment
    again_every_weeks: int

    @property
    def is_session(self) -> bool:
        return isinstance(self.what, Session)


@dataclass(frozen=True)
class Lane:
    """One line of the drawing: a mark for each week ("" for none), and in which weeks there is one."""

    name: str  # sessions, questions, plans, talks
    marks: tuple[str, ...]

    @property
    def weeks(self) -> list[int]:
        return [week for week, mark in enumerate(self.marks) if mark]


def happenings(protocol: Protocol, begins_on: date) -> list[Happening]:
    """In their order; within a week, sessions before questions."""
    rows: Sequence[Session | Assessment] = [*protocol.sessions, *protocol.assessments]
    found = [Happening(row.week, begins_on + timedelta(weeks=row.week), row, row.again_every_weeks) for row in rows]
    return sorted(found, key=lambda one: (one.week, not one.is_session))


def lanes(protocol: Protocol) -> list[Lane]:
    """One mark a week from 0 to the calendar's end. A new plan stands where the one before has run its days."""
    weeks = range(protocol.weeks + 1)
    sessions = {row.week: "optional" if row.optional else "session" for row in reversed(protocol.sessions)}
    questions = {row.week: "questions" for row in protocol.assessments}
    plans = {day // 7 for day in range(0, (protocol.weeks + 1) * 7, protocol.plans.days)}
    return [
        Lane("sessions", tuple(sessions.get(week, "") for week in weeks)),
        Lane("questions", tuple(questions.get(week, "") for week in weeks)),
        Lane("plans", tuple("plan" if week in plans else "" for week in weeks)),
        Lane("talks", ("talk",) * len(weeks)),
    ]


def next_monday(today: date) -> date:
    """The Monday after today: a first day to propose."""
    return today + timedelta(days=7 - today.weekday())
