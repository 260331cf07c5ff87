"""Stages for scripts.py: the same people at the telephones of the simulated engine and of a carrier."""

from peerline.exchange.engines.simulated import Simulated, Telephone
from peerline.exchange.engines.webhook import addresses
from peerline.exchange.models import Leg
from peerline.kernel.dialogue import Keys, Record, Secret
from tests.carrier.carrier import Call
from tests.exchange.scripts import step_of

CODES = {"busy": ("busy", 486), "no_answer": ("no-answer", 480), "declined": ("busy", 603)}


class SimulatedStage:
    """Digits in, prompts out."""

    def __init__(self, line: Simulated) -> None:
        self.line = line
        self.line.telephones.clear()
        self.line.rooms.clear()
        self._heard: dict[int, int] = {}  # how much of a transcript was heard before hanging up

    def _at(self, leg: Leg) -> Telephone:
        return self.line.telephones[leg.pk]

    def dial(self, number: str) -> None:
        self.line.dial(number)

    def answer(self, leg: Leg) -> None:
        self.line.answer(self._at(leg))

    def refuse(self, leg: Leg, cause: str) -> None:
        self.line.refuse(self._at(leg), cause)

    def keys(self, leg: Leg, keys: str) -> None:
        """All the keys and then nothing, as long as it takes."""
        number = leg.number
        self.line.press(self._at(leg), keys)
        leg.refresh_from_db(fields=["number", "state"])
        if leg.state == "up" and leg.number == number and isinstance(step_of(leg), Keys | Secret):
            self.line.silence(self._at(leg))

    def silence(self, leg: Leg) -> None:
        self.line.silence(self._at(leg))

    def speak(self, leg: Leg, why: str) -> None:
        self.line.speak(self._at(leg), why=why)

    def hang_up(self, leg: Leg) -> None:
        self._heard[leg.pk] = len(self._at(leg).transcript)
        self.line.hang_up(self._at(leg))

    def transcript(self, leg: Leg) -> list[str]:
        heard = self._at(leg).transcript[: self._heard.get(leg.pk)]
        return [line for line in heard if not line.startswith(("> ", "("))]

    def tone(self, leg: Leg) -> str:
        return self._at(leg).tone

    def hears(self, leg: Leg) -> set[int]:
        return set().union(*(inside - {leg.pk} for inside in self.line.rooms.values() if leg.pk in inside))


class WebhookStage:
    """The same by signed requests and XML. `exchange`: tests/exchange/webhook/conftest.py.

    codes: what the network says of a call that came to nothing, (carrier's word, SIP status).
    """

    def __init__(self, exchange, codes: dict[str, tuple[str, int]] = CODES) -> None:
        self.exchange, self.carrier, self.codes = exchange, exchange.carrier, codes
        self.carrier.forget()
        self.carrier.shown = self._shown
        self._transcripts: dict[str, list[str]] = {}
        self._steps: dict[str, int] = {}

    def _shown(self, call: Call, _verbs: object) -> None:
        """A document begins: unless it is the same step once more, its words and the step it leads to."""
        leg = Leg.objects.filter(ref=call.sid).first()
        if leg is None or leg.state == "over" or self._steps.get(call.sid) == leg.number:
            return
        self._steps[call.sid] = leg.number
        step = step_of(leg)
        words = [inner.text for verb in call.queue for inner in (verb, *verb.inside) if inner.name == "Play"]
        self._transcripts.setdefault(call.sid, []).extend([*map(word_at, words), f"[{step.name if step else ''}]"])

    def _at(self, leg: Leg) -> Call:
        return self.carrier.calls[leg.ref] if leg.ref else self._ringing(leg)

    def _ringing(self, leg: Leg) -> Call:
        return next(
            call for call in self.carrier.calls.values() if call.fields.get("Url", "").endswith(f"/leg/{leg.pk}/")
        )

    def dial(self, number: str) -> None:
        self.exchange.dial(number or "+266696687")

    def answer(self, leg: Leg) -> None:
        self.exchange.answer(self._at(leg))

    def refuse(self, leg: Leg, cause: str) -> None:
        self.carrier.refuse(self._at(leg), *self.codes[cause])
        self.exchange.settle()

    def keys(self, leg: Leg, keys: str) -> None:
        """All the keys and then nothing, as long as it takes: a carrier waits that out after a lone * or 0."""
        call, documents = self._at(leg), self._at(leg).documents
        self.exchange.press(call, keys)
        if call.doing == "Gather" and call.documents == documents:
            self.silence(leg)

    def silence(self, leg: Leg) -> None:
        self._past_the_words(leg)
        self.carrier.silence(self._at(leg))
        self.exchange.settle()

    def speak(self, leg: Leg, why: str) -> None:
        self._past_the_words(leg)
        self.exchange.speak(self._at(leg), ends="#" if why == "key" else "")

    def hang_up(self, leg: Leg) -> None:
        self._past_the_words(leg)
        call = self._at(leg)
        if call.doing == "Record":
            self.exchange.speak(call, ends="hangup")
        self.exchange.hang_up(call)

    def _past_the_words(self, leg: Leg) -> None:
        """Before a recording the words are heard to their end."""
        call = self._at(leg)
        if call.doing == "Gather" and isinstance(step_of(leg), Record):
            self.carrier.silence(call)

    def transcript(self, leg: Leg) -> list[str]:
        return self._transcripts.get(leg.ref, [])

    def tone(self, leg: Leg) -> str:
        return self.carrier.tones.get(leg.ref, "").rpartition("/")[2].removesuffix(".wav")

    def hears(self, leg: Leg) -> set[int]:
        others = [call.sid for call in self.carrier.hears(self._at(leg))]
        return set(Leg.objects.filter(ref__in=others).values_list("pk", flat=True))


def word_at(url: str) -> str:
    """The prompt or voice message behind an address."""
    parts = url.split("/carrier/")[1].removesuffix(".wav").split("/")
    sound = (
        addresses.of_sealed(parts[1])
        if len(parts) == 2
        else addresses.of_prompt(parts[1], parts[2], int(parts[3]), parts[4])
    )
    assert sound is not None, url
    return sound.spoken.prompt or f"voice {sound.spoken.voice_id}"
