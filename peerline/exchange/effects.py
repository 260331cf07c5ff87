"""Effects: what must be done to a leg or room other than the one that reported. Rows first, deeds after the commit.

A ring is tried at most once: it is marked as taken before it is tried, because ringing somebody's kitchen twice is
worse than ringing once too seldom, and the caller can try again. Perform, tone and hang are harmless to repeat.
"""

import logging

from django.db import transaction
from django.db.models import Q

from peerline.exchange.models import Effect, Leg, Room
from peerline.exchange.port import Engine
from peerline.kernel import clock

log = logging.getLogger(__name__)


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
        return Leg.objects.filter(call_id=room.call_id).order_by("pk").values_list("engine", flat=True)[0]

    def _add(self, verb: str, engine: str, *, leg: Leg | None = None, room: Room | None = None, **args: object) -> None:
        Effect.objects.create(engine=engine, verb=verb, leg=leg, room=room, args=args, made_at=clock.now())


def carry_out(engine: Engine, *, again: bool = False, most: int = 200) -> int:
    """Do what waits for this engine, in order; how many. again: also what was taken but never finished, rings excepted."""
    waiting = Q(taken_at=None)
    if again:
        waiting |= Q(done_at=None) & ~Q(verb="ring")
    ids = list(Effect.objects.filter(waiting, engine=engine.name).order_by("pk").values_list("pk", flat=True)[:most])
    if not ids:
        return 0
    mine = _take(ids, again)
    problems = {row.pk: _carry_out_one(engine, row) for row in mine}
    with transaction.atomic():
        Effect.objects.filter(pk__in=problems).update(done_at=clock.now())
        for pk, problem in problems.items():
            if problem:
                Effect.objects.filter(pk=pk).update(problem=problem[:200])
    return len(mine)


@transaction.atomic
def _take(ids: list[int], again: bool) -> list[Effect]:
    """Those nobody else took meanwhile, marked as ours."""
    free = Effect.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    free = free if again else free.filter(taken_at=None)
    rows = list(free.select_related("leg", "room").order_by("pk"))
    Effect.objects.filter(pk__in=[row.pk for row in rows]).update(taken_at=clock.now())
    return rows


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
