"""What pairs answers to dialogues: answer(leg, …), plain values. Nothing here holds a number or a name."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peerline.entry import letters
from peerline.entry import services as entry
from peerline.exchange import queries as calls
from peerline.exchange import services as exchange
from peerline.kernel import clock
from peerline.messaging import queries as messaging
from peerline.pairs import queries, services, sharing, talk_times
from peerline.pairs.models import Pair
from peerline.pairs.rules import PairError
from peerline.people.access import NotThere, viewer_of
from peerline.people.queries import person_known
from peerline.programs import queries as programs

MOST_UNIDENTIFIED_A_DAY = 3  # messages one unidentified telephone may leave for staff
MOST_UNIDENTIFIED_ANYWHERE_A_DAY = 60  # all of them together: three hours of sound at most


def try_pin(leg: Any, keys: str, household: str) -> Any:
    """The caller, proven by number and PIN; from here on the call is theirs and their program's."""
    return _theirs(leg, entry.try_pin(leg, keys, household))


def household(leg: Any, keys: str) -> Any:
    """The token of a home number, or the caller, proven by the code of their letter."""
    return _theirs(leg, letters.household(leg, keys))


def _theirs(leg: Any, caller: Any) -> Any:
    """The same; once it is a caller, the call is theirs."""
    if isinstance(caller, dict):
        exchange.identified(leg, caller["person_id"], caller["language"])
        program_id = queries.program_of(caller["person_id"])
        if program_id is not None:
            exchange.belongs(leg, programs.program(program_id).organization_id, program_id)
    return caller


def mine(leg: Any, person_id: int) -> list[dict[str, Any]]:
    return queries.mine(person_id)


def placed(leg: Any, pair_id: int) -> None:
    """The caller wants this pair's other half: the call log shows it under the pair."""
    pair = Pair.objects.select_related("program").get(pk=pair_id, partners__person_id=leg.person_id)
    exchange.belongs(leg, pair.program.organization_id, pair.program_id, f"pair:{pair.pk}")


def invitation(leg: Any, person_id: int, pair_id: int) -> dict[str, Any]:
    return queries.invitation(person_id, pair_id)


def message(leg: Any, voice_id: int, pair_id: int) -> bool:
    """A voice message for the partner, in a group of three for both others (S9). False: they are a pair no more, ended
    while the caller spoke."""
    pair = next((pair for pair in queries.pairs_of(leg.person_id) if pair.pk == pair_id), None)
    if pair is None or messaging.is_paused(f"pair:{pair_id}"):
        return False
    others = queries.partners_of(pair, leg.person_id)
    exchange.address_each(leg, voice_id, people=others, program_id=pair.program_id, label=f"pair:{pair.pk}")
    return True


def may_answer(leg: Any, voice_id: int) -> bool:
    return queries.may_answer(leg.person_id, voice_id)


def answer_message(leg: Any, new_voice_id: int, voice_id: int) -> bool:
    """A message back to the author of a message the caller received. False: they are a partner no more."""
    if not queries.may_answer(leg.person_id, voice_id):
        return False
    old = calls.voice_messages().get(pk=voice_id)
    exchange.address(
        leg, new_voice_id, to_person_id=old.author_id, for_staff=False, program_id=old.program_id, label=old.label
    )
    return True


def silent_days(leg: Any, person_id: int, pair_id: int) -> int:
    """Whole days since the pair's last talk, or since it began; 0 when it is over."""
    pair = next((pair for pair in queries.pairs_of(person_id) if pair.pk == pair_id), None)
    return (clock.now() - pair.silent_since).days if pair else 0


def shared_steps(leg: Any, person_id: int) -> list[dict[str, Any]]:
    """Whose step the caller may hear: a nickname each, and no word of the step."""
    return [{"person": one.person_id, "name": one.nickname} for one in sharing.steps_of_partners(person_id)]


def shared_words(leg: Any, other_id: int) -> str:
    """The step itself, for the voice that reads it. Raises NotThere where nothing is shared with this caller any more."""
    step = next((one.step for one in sharing.steps_of_partners(leg.person_id) if one.person_id == other_id), None)
    if step is None:
        raise NotThere
    return ", ".join(filter(None, (step.what, step.how_much)))


def no_reminders(leg: Any, person_id: int) -> None:
    services.no_more_reminders(person_id)


def stop(leg: Any, person_id: int) -> None:
    services.stop_taking_part(person_id)


def staff_desk(leg: Any) -> dict[str, Any]:
    """When somebody will listen to what this caller leaves, and whether unidentified callers have left enough for today.

    now: somebody listens at this hour; day and time: from then on; none of them: nobody has said when.
    """
    program_id = queries.program_of(leg.person_id) if leg.person_id else None
    found = programs.listening_of(program_id, clock.now())
    now = any(listening.now for listening, _zone in found)
    at, zone = min(((one.at, zone) for one, zone in found if one.at is not None), default=(None, ""))
    local = at.astimezone(ZoneInfo(zone)) if at and not now else None
    full = leg.person_id is None and _left_enough(leg)
    day, time = (local.weekday(), local.strftime("%H:%M")) if local else (None, None)
    return {"full": full, "now": now, "day": day, "time": time}


def _left_enough(leg: Any) -> bool:
    """A caller's number is easily forged, so all unidentified callers together have a budget, too."""
    since = clock.now() - timedelta(days=1)
    here = calls.unidentified_messages_since(since, leg.telephone_hash)
    return (
        here >= MOST_UNIDENTIFIED_A_DAY or calls.unidentified_messages_since(since) >= MOST_UNIDENTIFIED_ANYWHERE_A_DAY
    )


def staff_message(leg: Any, voice_id: int) -> bool:
    """A voice message for the staff of the caller's program; of everybody's, when the caller is not known (S8)."""
    program_id = queries.program_of(leg.person_id) if leg.person_id else None
    exchange.address(leg, voice_id, to_person_id=None, for_staff=True, program_id=program_id, label="staff")
    return True


# --- A time to talk ---------------------------------------------------------------------------------------------------


def talk_time(leg: Any, person_id: int, pair_id: int) -> dict[str, Any]:
    """How it stands with the caller's partner. state: "" nothing, to_answer, waits (for the partner), agreed."""
    row = talk_times.current(pair_id) if _is_mine(person_id, pair_id) else None
    if row is None:
        return {"state": "", "id": 0, "times": [], "weekly": False}
    agreed = [row.at] if row.at else [datetime.fromisoformat(at) for at in row.times]
    state = row.state if row.state == "agreed" else "waits" if row.asked_by_id == person_id else "to_answer"
    return {"state": state, "id": row.pk, "times": _spoken(person_id, agreed), "weekly": row.weekly}


def _is_mine(person_id: int, pair_id: int) -> bool:
    return any(pair.pk == pair_id for pair in queries.pairs_of(person_id))


def _spoken(person_id: int, instants: list[datetime]) -> list[dict[str, Any]]:
    """As the line says them, on the caller's own clock."""
    zone = ZoneInfo(person_known(person_id).time_zone)
    return [
        {"at": at.isoformat(), "day": at.astimezone(zone).weekday(), "time": at.astimezone(zone).strftime("%H:%M")}
        for at in instants
    ]


def times_to_offer(leg: Any, person_id: int, pair_id: int) -> list[dict[str, Any]]:
    """Three good times, on three days, nearest to six in the evening."""
    pair = next((pair for pair in queries.pairs_of(person_id) if pair.pk == pair_id), None)
    if pair is None:
        return []
    zone = person_known(person_id).time_zone
    return _spoken(person_id, talk_times.offers(pair, zone, clock.now(), hours=(18,)))


def ask_time(leg: Any, person_id: int, pair_id: int, at: str, weekly: bool) -> bool:
    """False: the time is not free any more, or they are a pair no more."""
    return _done(
        lambda: talk_times.propose(
            viewer_of(person_id),
            pair_id=pair_id,
            person_id=person_id,
            times=[datetime.fromisoformat(at)],
            weekly=weekly,
        )
    )


def agree_time(leg: Any, person_id: int, talk_time_id: int, at: str) -> bool:
    return _done(
        lambda: talk_times.agree(
            viewer_of(person_id), talk_time_id=talk_time_id, person_id=person_id, at=datetime.fromisoformat(at)
        )
    )


def drop_time(leg: Any, person_id: int, talk_time_id: int) -> bool:
    return _done(lambda: talk_times.drop(viewer_of(person_id), talk_time_id=talk_time_id, person_id=person_id))


def _done(act: Callable[[], object]) -> bool:
    try:
        act()
    except (PairError, NotThere):
        return False
    return True
