"""Effects: what must be done to a leg or room other than the one that reported. Rows first, deeds after the commit.

A ring is tried at most once: it is marked as taken before it is tried, because ringing somebody's kitchen twice is
worse than ringing once too seldom, and the caller can try again. Perform, tone and hang are harmless to repeat.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from peerline.exchange.models import Effect, Leg, Room
from peerline.exchange.port import Engine
from peerline.kernel import clock
from peerline.prepared import Changed, prepared, prepared_change

log = logging.getLogger(__name__)

MOST = 200  # at a time


class Outbox:
    """Collects effects as rows, in the transaction of the decision."""

    def ring(self, leg: Leg, seconds: int) -> None:
        self._add("ring", leg.engine, leg=leg, seconds=seconds)

    def perform(self, leg: Leg) -> None:
        self._add("perform", leg.engine, leg=leg)

    def hang(self, leg: Leg, cause: str) -> None:
        self._add("hang", leg.engine, leg=leg, cause=cause)

    def tone(self, room: Room, name: str) -> None:
        self._add("tone", self.engine_for(room), room=room, name=name)

    def engine_for(self, room: Room) -> str:
        """Legs of one call live on one engine: that of its first leg."""
        return _engines_of(room.call_id)[0]

    def _add(self, verb: str, engine: str, *, leg: Leg | None = None, room: Room | None = None, **args: object) -> None:
        Effect.objects.create(engine=engine, verb=verb, leg=leg, room=room, args=args, made_at=clock.now())


@prepared(int)
def _engines_of(call_id: int) -> QuerySet[Leg, str]:
    return Leg.objects.filter(call_id=call_id).order_by("pk").values_list("engine", flat=True)[:1]


def carry_out(engine: Engine, *, again: bool = False, most: int = 200) -> int:
    """Do what waits for this engine, in order; how many. again: also what was taken but never finished, rings excepted."""
    ids = (_unfinished if again else _untaken)(engine.name)[:most]
    if not ids:
        return 0
    mine = _take(ids, again)
    problems = {row.pk: _carry_out_one(engine, row) for row in mine}
    with transaction.atomic():
        _done([*problems], clock.now())
        for pk, problem in problems.items():
            if problem:
                Effect.objects.filter(pk=pk).update(problem=problem[:200])
    return len(mine)


@prepared(str)
def _untaken(engine: str) -> QuerySet[Effect, int]:
    return _of(engine, Q(taken_at=None))


@prepared(str)
def _unfinished(engine: str) -> QuerySet[Effect, int]:
    return _of(engine, Q(taken_at=None) | Q(done_at=None) & ~Q(verb="ring"))


def _of(engine: str, waiting: Q) -> QuerySet[Effect, int]:
    return Effect.objects.filter(waiting, engine=engine).order_by("pk").values_list("pk", flat=True)[:MOST]


@transaction.atomic
def _take(ids: list[int], again: bool) -> list[Effect]:
    """Those nobody else took meanwhile, marked as ours."""
    rows = [row for row in _held(ids) if again or row.taken_at is None]
    _taken([row.pk for row in rows], clock.now())
    return rows


@prepared(list)
def _held(ids: Any) -> QuerySet[Effect]:
    rows = Effect.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    return rows.select_related("leg").order_by("pk")


@prepared_change(list, datetime)
def _taken(ids: Any, now: datetime) -> Changed:
    return Effect.objects.filter(pk__in=ids), {"taken_at": now}


@prepared_change(list, datetime)
def _done(ids: Any, now: datetime) -> Changed:
    return Effect.objects.filter(pk__in=ids), {"done_at": now}


def _carry_out_one(engine: Engine, effect: Effect) -> str:
    """The deed itself; a sentence when it failed. A leg that is gone needs nothing any more."""
    from peerline.exchange.switchboard import (
        perform_of,  # the switchboard writes effects, effects perform its decisions
    )

    leg, args = effect.leg, effect.args
    try:
        if effect.verb == "tone" and effect.room_id:
            engine.tone(effect.room_id, args["name"])
        elif leg is None or (leg.state == "over" and effect.verb != "hang"):
            return ""
        elif effect.verb == "ring":
            engine.ring(leg.pk, leg.telephone, args["seconds"], f"ring-{effect.pk}")
        elif effect.verb == "hang":
            engine.hang(leg.pk, args["cause"])
        elif (perform := perform_of(leg)) is not None:
            engine.perform(perform)
    except Exception as problem:
        log.exception("effect %s (%s) failed", effect.pk, effect.verb)
        return repr(problem)
    return ""
