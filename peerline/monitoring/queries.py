"""The call log and what goes on now: set-based, a fixed number of queries whatever the length of the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peerline.monitoring import words
from peerline.pairs import queries as pairs
from peerline.people import queries as people


@dataclass(frozen=True)
class Row:
    """One call as the log shows it. Who is a nickname, or a number of ours for those who may not know more."""

    call: Any
    placed_by: str
    others: str
    pair_id: int | None
    seconds: int | None  # of talk; None while it goes on

    @property
    def outcome(self) -> Any:
        return words.OUTCOMES.get(self.call.outcome, self.call.outcome)

    @property
    def tone(self) -> str:
        return words.TONES.get(self.call.outcome, "warm")

    @property
    def way(self) -> Any:
        return words.WAYS.get(self.call.way, self.call.way)


def rows(calls: Iterable[Any], *, named: bool) -> list[Row]:
    """Three queries more than the calls themselves, however many there are."""
    calls = list(calls)
    pair_ids = {pair_id for call in calls if (pair_id := pair_of(call.label))}
    members = pairs.members_of(pair_ids)
    names = _names({call.placed_by_id for call in calls} | {one for ids in members.values() for one in ids}, named)
    return [_row(call, members, names) for call in calls]


def _row(call: Any, members: dict[int, list[int]], names: dict[int, str]) -> Row:
    pair_id = pair_of(call.label)
    others = [one for one in members.get(pair_id or 0, []) if one != call.placed_by_id]
    seconds = None if call.ended_at is None else call.talk_seconds
    return Row(
        call, names.get(call.placed_by_id, ""), ", ".join(names.get(one, "") for one in others), pair_id, seconds
    )


def _names(ids: set[int | None], named: bool) -> dict[int, str]:
    wanted = [one for one in ids if one]
    if not named:
        return {one: f"P{one}" for one in wanted}
    return {one.person_id: one.nickname for one in people.known(wanted).values()}


def pair_of(label: str) -> int | None:
    """12 for "pair:12"."""
    return int(label[5:]) if label.startswith("pair:") else None


# --- One call ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LegRow:
    """One telephone's part in a call."""

    who: str
    inbound: bool
    rang_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    cause: Any
    code: int
    ended_by: Any


def legs(call: Any, *, named: bool) -> list[LegRow]:
    found = list(call.legs.defer("telephone", "journal").order_by("pk"))
    names = _names({leg.person_id for leg in found}, named)
    return [
        LegRow(
            names.get(leg.person_id, ""), leg.inbound, leg.rang_at, leg.answered_at, leg.ended_at,
            words.CAUSES.get(leg.cause, leg.cause), leg.code, words.ENDED_BY.get(leg.ended_by, ""),
        )
        for leg in found
    ]  # fmt: skip
