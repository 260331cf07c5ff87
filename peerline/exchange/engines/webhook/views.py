"""The doors a carrier knocks at. Each is signed (carrier/signatures.py), except those for sound, whose address is the key."""

import logging
from typing import TypeGuard

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from peerline.carrier.signatures import from_carrier
from peerline.exchange.engines.webhook import recordings, replies, reports
from peerline.exchange.engines.webhook.causes import OVER, ending
from peerline.exchange.engines.webhook.keys import LATE_END_SECONDS, answer_in, fills
from peerline.exchange.engines.webhook.verbs import document
from peerline.exchange.models import Effect, Leg
from peerline.exchange.port import Answer, Answered, Entered, Incoming, Perform
from peerline.exchange.switchboard import perform_of
from peerline.kernel import clock
from peerline.kernel.dialogue import Diverged, Enter, Keys, Record, Secret, Step
from peerline.kernel.phone_numbers import BadNumber, e164
from peerline.people.access import allow, anyone

log = logging.getLogger(__name__)
of_calls = from_carrier(lambda: settings.ENGINE == "webhook")

# What carriers put in place of a number that is withheld: the letters of ANONYMOUS, RESTRICTED … on a keypad.
NO_NUMBER = {"266696687", "7378742833", "2562533", "8566696", "86282452253", "464", "7378742883"}


# --- What a leg is to hear ------------------------------------------------------------------------------------------


@allow(anyone)
@of_calls
def incoming(request: HttpRequest) -> HttpResponse:
    """Somebody dialed the line. If we heard already that they hung up, they were here all the same."""
    sid, number = _sid(request), request.POST.get("From", "")
    perform = reports.report(Incoming(sid, _number(number), _number(request.POST.get("To", ""))))
    if perform is not None and reports.was_noted(f"over {sid}"):
        reports.over(perform.leg_id, ending("completed"))
        perform = None
    return _reply(perform)


@allow(anyone)
@of_calls
def now(request: HttpRequest, leg_id: int) -> HttpResponse:
    """A rung leg picked up, or was sent here: what does it perform?"""
    leg = _leg(request, leg_id)
    if _is_over(request):
        return _ended(request, leg)
    if leg.state == "ringing" and (hint := request.POST.get("AnsweredBy", "")):
        log.info("leg %s was picked up, the carrier thinks, by: %s", leg.pk, hint[:20])
    return _reply(reports.report(Answered(leg.pk, _sid(request))))


@allow(anyone)
@of_calls
def keys(request: HttpRequest, leg_id: int, step: int) -> HttpResponse:
    """Keys, or none: the caller was silent."""
    leg = _leg(request, leg_id)
    if _is_over(request):
        return _ended(request, leg)
    perform = _now(leg)
    digits = request.POST.get("Digits", "")
    if not step_waits(perform, step) or _is_late_end(request, digits):
        return _reply(perform)
    full = isinstance(perform.step, Keys | Secret) and len(digits) == perform.step.most
    return _reply(_answered(perform, digits), after_full=full)


@allow(anyone)
@of_calls
def left(request: HttpRequest, leg_id: int, step: int) -> HttpResponse:
    """Out of the room and still on the line: by the away key, as far as a carrier can tell."""
    leg = _leg(request, leg_id)
    if _is_over(request):
        return _ended(request, leg)
    perform = _now(leg)
    if step_waits(perform, step, Enter):
        perform = reports.report(Answer(leg.pk, step, "key"))
    return _reply(perform)


@allow(anyone)
@of_calls
def skipped(request: HttpRequest, leg_id: int, step: int) -> HttpResponse:
    """A key fell into the words before a recording: on to the beep."""
    leg = _leg(request, leg_id)
    if _is_over(request):
        return _ended(request, leg)
    perform = _now(leg)
    if step_waits(perform, step, Record):
        return _xml(replies.recording(perform))
    return _reply(perform)


@allow(anyone)
@of_calls
def recorded(request: HttpRequest, leg_id: int, step: int) -> HttpResponse:
    """Somebody spoke. The step is answered once the recording is safe here, so first they wait a breath."""
    leg, digits = _leg(request, leg_id), request.POST.get("Digits", "")
    seconds = request.POST.get("RecordingDuration", "")
    recordings.came(leg.pk, step, ref=request.POST.get("RecordingSid", ""), why=_why(leg, step, digits, seconds))
    if digits == "hangup" or _is_over(request):
        return _ended(request, leg)
    return _reply(_now(_leg(request, leg_id)))


@allow(anyone)
@of_calls
def unspoken(request: HttpRequest, leg_id: int, step: int) -> HttpResponse:
    """The carrier heard nothing and recorded nothing."""
    leg = _leg(request, leg_id)
    if _is_over(request):
        return _ended(request, leg)
    perform = _now(leg)
    if step_waits(perform, step, Record):
        perform = reports.report(Answer(leg.pk, step, {"path": "", "seconds": 0.0, "why": "silence"}))
    return _reply(perform)


# --- News that wants no answer ---------------------------------------------------------------------------------------


@allow(anyone)
@of_calls
def status(request: HttpRequest) -> HttpResponse:
    """How a call stands that somebody dialed in with. One that ended before we heard of it is remembered."""
    leg = Leg.objects.filter(engine=reports.NAME, ref=_sid(request)).defer("telephone").first()
    if leg is not None:
        return _ended(request, leg) if _is_over(request) else _nothing()
    if _is_over(request):
        reports.first_time(f"over {_sid(request)}", lambda: None)
    return _nothing()


@allow(anyone)
@of_calls
def leg_status(request: HttpRequest, leg_id: int) -> HttpResponse:
    """How a call stands that the line placed."""
    leg = _leg(request, leg_id)
    return _ended(request, leg) if _is_over(request) else _nothing()


@allow(anyone)
@of_calls
def recording(request: HttpRequest, leg_id: int, step: int) -> HttpResponse:
    """A recording is ready at the carrier, or there is none."""
    leg, ref = _leg(request, leg_id), request.POST.get("RecordingSid", "")
    there = request.POST.get("RecordingStatus") == "completed"
    reports.once(request, lambda: recordings.came(leg.pk, step, ref=ref) if there else recordings.absent(leg.pk, step))
    return _nothing()


@allow(anyone)
@of_calls
def room(request: HttpRequest, room_id: int) -> HttpResponse:
    """A leg now hears the room: if it is still in the step that sent it there."""
    leg_id, _, step = request.POST.get("ParticipantLabel", "").partition("-")
    if request.POST.get("StatusCallbackEvent") == "participant-join" and leg_id.isdigit() and step.isdigit():
        there = Leg.objects.filter(pk=leg_id, engine=reports.NAME, ref=_sid(request), number=step, state="up")
        reports.once(request, lambda: there.exists() and reports.report(Entered(int(leg_id), room_id)))
    return _nothing()


@allow(anyone)
@of_calls
def machine(request: HttpRequest, leg_id: int) -> HttpResponse:
    """The carrier's guess who picked up. Only a hint: whoever presses 1 is no machine, and a guess may be wrong."""
    log.info("leg %s was picked up, the carrier thinks, by: %s", leg_id, request.POST.get("AnsweredBy", "")[:20])
    return _nothing()


# --- What is heard alone in a room, and sound ------------------------------------------------------------------------


@allow(anyone)
@of_calls
def wait(request: HttpRequest, room_id: int) -> HttpResponse:
    """Alone in a room that has not begun: the tone the switchboard chose last."""
    last = Effect.objects.filter(room_id=room_id, verb="tone").order_by("-pk").values_list("args", flat=True).first()
    return _xml(replies.tone((last or {}).get("name", "")))


@allow(anyone)
@of_calls
def tone(request: HttpRequest, name: str) -> HttpResponse:
    return _xml(replies.tone("" if name == "silence" else name))


# --- Keys -------------------------------------------------------------------------------------------------------------


def _answered(perform: Perform, digits: str) -> Perform | None:
    """Answer the step, and those after it as far as the keys go; what the leg then performs."""
    following: Perform | None = perform
    found = answer_in(perform.step, digits)
    while following is not None and found is not None:
        value, rest = found
        following = reports.report(Answer(following.leg_id, following.number, value))
        found = answer_in(following.step, rest) if following is not None and fills(following.step, rest) else None
    return following


def _is_late_end(request: HttpRequest, digits: str) -> bool:
    """A # right after a number that was complete with its last digit ends that number; it answers nothing new."""
    full = request.GET.get("full", "")
    return digits == "#" and full.isdigit() and clock.now().timestamp() - int(full) < LATE_END_SECONDS


# --- Inside ----------------------------------------------------------------------------------------------------------


def _now(leg: Leg) -> Perform | None:
    """What the leg performs now; a dialogue that was changed under the call is the switchboard's to mend."""
    try:
        return perform_of(leg)
    except Diverged:
        return reports.report(Answered(leg.pk, leg.ref))


def step_waits(perform: Perform | None, number: int, kind: type[Step] = Step) -> TypeGuard[Perform]:
    """Is this the step that waits? What comes for another one comes late, or twice."""
    return perform is not None and perform.number == number and isinstance(perform.step, kind)


def _sid(request: HttpRequest) -> str:
    sid = request.POST.get("CallSid", "")[:80]
    if not sid:
        raise Http404
    return sid


def _leg(request: HttpRequest, leg_id: int) -> Leg:
    """The leg, if the call that asks is its own. One that is being rung may still be without the carrier's word for it."""
    leg = Leg.objects.filter(pk=leg_id, engine=reports.NAME).defer("telephone").first()
    sid = _sid(request)
    if leg is None or (leg.ref != sid and (leg.ref or leg.inbound)):
        raise Http404
    return leg


def _is_over(request: HttpRequest) -> bool:
    return request.POST.get("CallStatus", "") in OVER


def _ended(request: HttpRequest, leg: Leg) -> HttpResponse:
    word = request.POST.get("CallStatus", "")
    reports.over(leg.pk, ending(word if word in OVER else "completed", request.POST.get("SipResponseCode", "")))
    return _nothing()


def _why(leg: Leg, step: int, digits: str, seconds: str) -> str:
    """Why a recording ended, as far as the carrier says."""
    if digits:
        return "hangup" if digits == "hangup" else "key"
    asked = _now(leg)
    longest = asked.step.seconds if asked and asked.number == step and isinstance(asked.step, Record) else 0
    return "time" if seconds.isdigit() and 0 < longest <= int(seconds) else "silence"


def _number(text: str) -> str:
    """E.164, or "" for a number that is withheld or none."""
    if text.lstrip("+") in NO_NUMBER or not any(sign.isdigit() for sign in text):
        return ""
    try:
        return e164(text)
    except BadNumber:
        return ""


def _reply(perform: Perform | None, *, after_full: bool = False) -> HttpResponse:
    if perform is None:
        return _xml(replies.GOODBYE)
    if isinstance(perform.step, Record) and recordings.on_its_way(perform.leg_id, perform.number):
        return _xml(replies.wait_for_recording(perform.leg_id))
    return _xml(replies.reply_to(perform, full_at=int(clock.now().timestamp()) if after_full else 0))


def _xml(reply: replies.Reply) -> HttpResponse:
    return HttpResponse(document(reply), content_type="text/xml", headers={"Cache-Control": "no-store"})


def _nothing() -> HttpResponse:
    return HttpResponse(status=204)
