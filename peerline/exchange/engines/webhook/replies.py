"""What a leg is to perform, as XML verbs. Pure, but for the addresses.

One timeout is all a carrier knows of keys, so a lone * or 0 at a number is answered when it is over, or with #. Where a
`Gather` hears nothing the carrier goes on to the `Redirect` behind it: silence is an answer too, and every carrier of the
dialect does that.
"""

from peerline.exchange.engines.webhook.addresses import address, room_name, sound_address
from peerline.exchange.engines.webhook.verbs import Verb
from peerline.exchange.port import Perform
from peerline.kernel.dialogue import Enter, Hang, Keys, Press, Record, Secret

EVERY_KEY = "1234567890*#"
Reply = tuple[Verb, ...]

GOODBYE: Reply = (Verb("Hangup"),)
SKIP_SECONDS = "1"  # how long after the words before a recording a key still only skips them


def reply_to(perform: Perform, *, full_at: int = 0) -> Reply:
    """The whole reply for this leg now. full_at: when a number before it was complete with its last digit, if one was."""
    step = perform.step
    match step:
        case Press():
            return _keys(perform, 1, "", step.seconds, full_at)
        case Keys() | Secret():
            return _keys(perform, step.most, step.ends, step.seconds, full_at)
        case Record():
            return (*_skippable(perform), *recording(perform))
        case Enter():
            return (*_words(perform), _conversation(perform, step))
        case Hang():
            return (*_words(perform), *GOODBYE)
    raise TypeError(f"no engine performs {type(step).__name__}")


def _words(perform: Perform) -> Reply:
    return tuple(Verb("Play", text=sound_address(spoken, perform.leg_id)) for spoken in perform.said)


def _keys(perform: Perform, most: int, ends: str, seconds: int, full_at: int) -> Reply:
    """What is said stands inside: a key falls into it and counts."""
    to = address("keys", perform.leg_id, perform.number) + (f"?full={full_at}" if full_at else "")
    gather = {
        "input": "dtmf", "numDigits": str(most), "finishOnKey": ends, "timeout": str(seconds), "action": to, "method": "POST",
    }  # fmt: skip
    return (Verb("Gather", gather, _words(perform)), _go_to(to))


def _skippable(perform: Perform) -> Reply:
    """The words before a recording: a key skips them and starts the recording."""
    if not perform.said:
        return ()
    to = address("skipped", perform.leg_id, perform.number)
    gather = {
        "input": "dtmf",
        "numDigits": "1",
        "finishOnKey": "",
        "timeout": SKIP_SECONDS,
        "action": to,
        "method": "POST",
    }
    return (Verb("Gather", gather, _words(perform)),)


def recording(perform: Perform) -> Reply:
    """Only the recording, after its beep. Where nothing at all is said some carriers call nobody back and go on."""
    step = perform.step
    assert isinstance(step, Record)
    here = (perform.leg_id, perform.number)
    attributes = {
        "action": address("recorded", *here), "method": "POST", "maxLength": str(step.seconds),
        "timeout": str(step.silence_seconds), "finishOnKey": EVERY_KEY, "playBeep": "true", "trim": "do-not-trim",
        "recordingStatusCallback": address("recording", *here), "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": "completed absent",
    }  # fmt: skip
    return (Verb("Record", attributes), _go_to(address("unspoken", *here)))


def _conversation(perform: Perform, step: Enter) -> Verb:
    """The room. Only * can leave it: no other key is noticed by every carrier in the middle of a conversation."""
    attributes = {
        "beep": "false", "startConferenceOnEnter": "true", "endConferenceOnExit": "false",
        "participantLabel": f"{perform.leg_id}-{perform.number}",
        "waitUrl": address("wait", step.room), "waitMethod": "POST",
        "statusCallback": address("room", step.room), "statusCallbackMethod": "POST", "statusCallbackEvent": "join",
    }  # fmt: skip
    room = Verb("Conference", attributes, text=room_name(step.room))
    star = "true" if step.away_key == "*" else "false"
    return Verb(
        "Dial",
        {"action": address("left", perform.leg_id, perform.number), "method": "POST", "hangupOnStar": star},
        (room,),
    )


def wait_for_recording(leg_id: int) -> Reply:
    """A breath of silence, then ask again: the recording is on its way to us."""
    return (Verb("Pause", {"length": "1"}), _go_to(address("now", leg_id)))


def tone(name: str) -> Reply:
    """What somebody alone in a room hears, for as long as that lasts."""
    if not name:
        return (Verb("Pause", {"length": "60"}), _go_to(address("tone", "silence")))
    return (Verb("Play", {"loop": "0"}, text=address("tone_wav", name)),)


def _go_to(to: str) -> Verb:
    return Verb("Redirect", {"method": "POST"}, text=to)
