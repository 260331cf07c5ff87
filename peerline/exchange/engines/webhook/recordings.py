"""What was spoken, brought home from the carrier: fetched, sealed, answered, and only then deleted there.

A row a step (models.CarrierRecording) is the truth; each of these moves may be done again after a crash:

1. The carrier says that it has a recording, or that the leg ended where one may be: the row is `waiting`.
2. Fetched, checked and sealed on disk; then, in one commit, the step is answered and the row is `kept`.
3. The carrier's copy is deleted and the row is `gone`.

A leg that ended meanwhile is reported gone after step 2, so that hanging up never loses a message.
"""

import logging
import random
from datetime import timedelta
from typing import Any

from django.db import transaction

from peerline.carrier.rest import CarrierAway, CarrierRefused
from peerline.exchange import voices
from peerline.exchange.engines.webhook.causes import Ending
from peerline.exchange.engines.webhook.reports import expect_at, report, step_of
from peerline.exchange.engines.webhook.rest import Rest
from peerline.exchange.engines.webhook.waves import NoSound, samples_in
from peerline.exchange.models import CarrierRecording, Leg, VoiceMessage
from peerline.exchange.port import Answer, Hung
from peerline.exchange.switchboard import _locked
from peerline.kernel import clock
from peerline.kernel.dialogue import Record

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
PATIENCE = timedelta(seconds=60)  # how long a recording may be missing before the call goes on without it
SEARCH_AFTER = timedelta(seconds=2)  # how long news of a recording may take before we look for it ourselves
OTHER_COPY_FOR = timedelta(days=2)  # how long we try to delete the carrier's copy
HEAD_BYTES, SECOND_BYTES = 4096, 2 * 2 * 48_000  # stereo at the highest rate we read


def came(leg_id: int, step: int, *, ref: str, why: str = "") -> None:
    """The carrier has a recording for this step. Twice is once."""
    row = expect_at(leg_id, step, ref=ref, why=why)
    if ref and row.ref != ref:
        log.error("leg %s: a second recording of one step stays at the carrier", leg_id)


def absent(leg_id: int, step: int) -> None:
    """The carrier says that nothing was recorded for this step."""
    _answer(expect_at(leg_id, step, why="silence"), {"path": "", "seconds": 0.0}, "gone")


def on_its_way(leg_id: int, step: int) -> bool:
    return CarrierRecording.objects.filter(leg_id=leg_id, step=step, state="waiting").exists()


def fetch_due(rest: Rest) -> int:
    """Do the next move of every recording that is due; how many. Several may do this at once."""
    now = clock.now()
    due = CarrierRecording.objects.filter(state__in=("waiting", "kept"), next_at__lte=now).order_by("next_at")
    return sum(_with_lease(rest, pk, next_at) for pk, next_at in due.values_list("pk", "next_at")[:50])


def _with_lease(rest: Rest, pk: int, next_at: Any) -> bool:
    """Move this one if nobody else does."""
    mine = CarrierRecording.objects.filter(pk=pk, next_at=next_at, state__in=("waiting", "kept"))
    if not mine.update(next_at=clock.now() + LEASE):
        return False
    row = CarrierRecording.objects.get(pk=pk)
    try:
        _bring_home(rest, row) if row.state == "waiting" else _forget_there(rest, row)
    except (CarrierAway, CarrierRefused) as reason:
        _later(row, reason)
    return True


def _bring_home(rest: Rest, row: CarrierRecording) -> None:
    """Raises CarrierAway, CarrierRefused."""
    if not row.ref:
        _find(rest, row)
        if not row.ref:
            return
    step = _asked(row)
    if step is None:  # answered, or nobody waits for it any more
        CarrierRecording.objects.filter(pk=row.pk).update(state="kept", next_at=clock.now())
        return
    wav = rest.sound_of(row.ref, HEAD_BYTES + (step.seconds + 5) * SECOND_BYTES)
    _answer(row, _sealed(wav, step.seconds), "kept")


def _asked(row: CarrierRecording) -> Record | None:
    """The step that waits for this recording."""
    leg = Leg.objects.defer("telephone").get(pk=row.leg_id)
    step = step_of(leg) if leg.number == row.step else None
    return step if isinstance(step, Record) else None


def _find(rest: Rest, row: CarrierRecording) -> None:
    """The carrier's news may be lost or still under way: look among the call's recordings for one we do not know."""
    if clock.now() - row.made_at < SEARCH_AFTER:
        CarrierRecording.objects.filter(pk=row.pk).update(next_at=row.made_at + SEARCH_AFTER)
        return
    leg_ref = Leg.objects.values_list("ref", flat=True).get(pk=row.leg_id)
    known = set(CarrierRecording.objects.filter(leg=row.leg_id).values_list("ref", flat=True))
    row.ref = next((ref for ref in rest.recordings_of(leg_ref) if ref not in known), "")
    if row.ref:
        row.save(update_fields=["ref"])
    elif row.hung is not None and clock.now() - row.made_at > 2 * SEARCH_AFTER:
        _answer(row, {"path": "", "seconds": 0.0}, "gone")  # they hung up before the beep
    else:
        _later(row, None)


def _sealed(wav: bytes, most_seconds: int) -> dict[str, Any]:
    """The port's value for a recording that is now safe; "full" where it could not be kept."""
    try:
        pcm = samples_in(wav, most_seconds)
    except NoSound as reason:
        log.warning("a recording holds nothing to keep: %s", reason)
        return {"path": "", "seconds": 0.0}
    recorder = None
    try:
        recorder = voices.Recorder()
        recorder.write(pcm)
        return {"path": str(recorder.keep()), "seconds": round(recorder.seconds, 2)}
    except OSError as reason:
        log.error("a recording could not be kept: %s", reason)
        if recorder is not None:
            recorder.drop()
        return {"path": "", "seconds": 0.0, "why": "full"}


def _answer(row: CarrierRecording, value: dict[str, Any], state: str) -> None:
    """Answer the step, note where the recording is, and let a leg that hung up meanwhile go: one commit."""
    with transaction.atomic():
        _locked(row.leg_id)
        row = CarrierRecording.objects.select_for_update().get(pk=row.pk)
        if row.state == "waiting":
            report(Answer(row.leg_id, row.step, {"why": row.why or "hangup", **value}))
            row.state, row.next_at = state, clock.now()
            row.save(update_fields=["state", "next_at"])
            if row.hung is not None:
                report(Hung(row.leg_id, *Ending(*row.hung)))
    path = value.get("path", "")
    if path and not VoiceMessage.objects.filter(file=path.rpartition("/")[2]).exists():
        voices.remove([path.rpartition("/")[2]])  # somebody else was quicker


def _forget_there(rest: Rest, row: CarrierRecording) -> None:
    """The carrier's copy goes. Raises CarrierAway, CarrierRefused."""
    if row.ref:
        rest.forget(row.ref)
    CarrierRecording.objects.filter(pk=row.pk).update(state="gone")


def _later(row: CarrierRecording, reason: Exception | None) -> None:
    """Tried again soon, then less often; after some patience the call goes on without it."""
    age = clock.now() - row.made_at
    if row.state == "waiting" and age > PATIENCE:
        log.error("leg %s: its recording never came (%s); it stays at the carrier", row.leg_id, reason or "not found")
        _answer(row, {"path": "", "seconds": 0.0, "why": "full"}, "given_up")
    elif row.state == "kept" and age > OTHER_COPY_FOR:
        log.error("leg %s: the carrier does not delete its copy of a recording (%s)", row.leg_id, reason)
        CarrierRecording.objects.filter(pk=row.pk).update(state="given_up")
    else:
        wait = max(timedelta(seconds=1), age / 4) * random.uniform(0.8, 1.2)
        CarrierRecording.objects.filter(pk=row.pk).update(next_at=clock.now() + wait)
