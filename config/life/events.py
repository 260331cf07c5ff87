"""What meets people besides their weeks: they stop, rest, move, quarrel, are in danger; each by a door that everybody has.

What they ask of the nurse by telephone is a *wish* until the staff have heard it. What is possible for nobody yet, as a quarrel
without a partner, comes a week later.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from config.life.fates import Card, dealt
from config.life.participants import Participants
from config.life.plans import Plans
from peerline.messaging import inbox
from peerline.messaging import queries as messages
from peerline.messaging.inbox import Incoming
from peerline.pairs import mail
from peerline.pairs import queries as pairs
from peerline.people.access import viewer_of
from peerline.people.queries import mobile_to_text, person_known
from peerline.programs import queries as programs
from peerline.programs import services as program_services

TO_THE_NURSE = "Hello. I was shaky this morning, and my sugar was fifty-eight. It is better now. Please call me back."
ANOTHER_PARTNER = "Hello. We do not get along so well, my partner and I. I would like to talk with somebody else."
MOVED = "Hello. I have moved to my daughter's house. I will tell you my new number when you call."
RESTS_FOR_DAYS = 14
DANGER = {
    "en": "There is a sore on my foot that does not heal, so walking is hard.",
    "es": "Tengo una herida en el pie que no se cura, y me cuesta caminar.",
}
NO_DANGER = {
    "en": "None. The doctor says no chest pain, so I may climb the stairs.",
    "es": "Ninguno. El doctor dice que sin dolor de pecho puedo subir la escalera.",
}
TO_THE_PARTNER = {
    "en": "My sugar was 48 last night and I was shaking. I ate something and sat down.",
    "es": "Anoche mi azúcar estaba en 48 y yo temblaba. Comí algo y me senté.",
}
WORDS = {
    "stops": "stopped, by telephone", "rests": "took a rest of two weeks", "moves": "moved, and told the nurse",
    "quarrels": "asked the nurse for another partner", "reports": "reported what the partner wrote",
    "no texts": "answered STOP to the texts", "danger": "wrote of a sore foot in the plan",
    "no danger": "wrote in the plan that there is no chest pain", "tells partner": "wrote to the partner of a very low sugar",
    "asks nurse": "left a message for the nurse",
}  # fmt: skip


class Events:
    """Who is met by what this week. `told`: what happened, for those who ask afterwards."""

    def __init__(self, participants: Participants, plans: Plans, weeks: int, since: int = 0) -> None:
        """since: the week in which a life goes on; what it had before is over."""
        self.people, self.plans, self.stage = participants, plans, participants.stage
        self.told: list[tuple[datetime, int, str]] = []
        self._chance = self.stage.chance.of("events", since)
        dealt_now = dealt(self._chance, len(participants.places), weeks - since)
        self._cards = [replace(card, week=since + card.week) for card in dealt_now]
        self._met: set[int] = set()
        self._acts: dict[str, Callable[[int], bool]] = {
            "stops": self._stops, "rests": self._rests, "moves": self._moves, "quarrels": self._quarrels,
            "reports": self._reports, "no texts": self._wants_no_texts, "danger": lambda who: self._writes(who, DANGER),
            "no danger": lambda who: self._writes(who, NO_DANGER), "tells partner": self._tells_partner,
            "asks nurse": self.ask_back,
        }  # fmt: skip

    def begin_week(self, number: int) -> None:
        """Each card on a day of its own, so that the staff hear of it before the week is over."""
        for card in [card for card in self._cards if card.week <= number]:
            self.stage.after(lambda one=card: self._meet(one), days=self._chance.between(1, 4, "day", card, number))

    def take_up(self) -> None:
        """Whoever rests comes back in a while."""
        for person_id in self.people.places:
            if programs.enrolled(person_id, "paused"):
                self._rest_ends(person_id)

    def _meet(self, card: Card) -> None:
        """Whoever nothing has met yet comes first, in an order that hangs on the card."""
        places, here = self.people.places, self.people.here().keys() - self.people.steady
        deck = sorted(here, key=lambda who: (who in self._met, self._chance.number(card.what, places[who])))
        met = next((who for who in deck if self._acts[card.what](who)), None)
        if met is not None:
            self._cards.remove(card)
            self._met.add(met)
            self.told.append((self.stage.at, met, WORDS[card.what]))

    # Each of these says whether it could happen.

    def ask_back(self, person_id: int) -> bool:
        """A message for the nurse: to be called back."""
        return self._asks(person_id, TO_THE_NURSE, "call back")

    def _stops(self, person_id: int) -> bool:
        self.people.dial(person_id, {"menu.main": "3", "menu.settings": "3", "stop.confirm": "1"})
        return True

    def _rests(self, person_id: int) -> bool:
        for enrolled in programs.enrolled(person_id, "active"):
            program_services.pause(viewer_of(person_id), enrollment_id=enrolled.enrollment_id)
        self._rest_ends(person_id)
        return True

    def _rest_ends(self, person_id: int) -> None:
        self.stage.after(lambda: self._goes_on(person_id), days=RESTS_FOR_DAYS)

    def _goes_on(self, person_id: int) -> None:
        for enrolled in programs.enrolled(person_id, "paused"):
            program_services.resume(viewer_of(person_id), enrollment_id=enrolled.enrollment_id)
            self.told.append((self.stage.at, person_id, "came back from the rest"))

    def _moves(self, person_id: int) -> bool:
        return self._asks(person_id, MOVED, "moved")

    def _quarrels(self, person_id: int) -> bool:
        return bool(pairs.pairs_of(person_id)) and self._asks(person_id, ANOTHER_PARTNER, "another partner")

    def _asks(self, person_id: int, words: str, wish: str) -> bool:
        self.people.wishes[person_id] = wish
        self.people.tell_nurse(person_id, words)
        return True

    def _reports(self, person_id: int) -> bool:
        for pair in pairs.pairs_of(person_id):
            mail.obey(person_id, pair, "report")
            return True
        return False

    def _wants_no_texts(self, person_id: int) -> bool:
        number = mobile_to_text(person_id) if messages.choice_of(person_id).first == "sms" else None
        if number:
            inbox.take(Incoming("sms", f"played {person_id} {self.stage.at}", number, "STOP"))
        return bool(number)

    def _writes(self, person_id: int, words: dict[str, str]) -> bool:
        """What stands in the way, in their plan."""
        return self.plans.note(person_id, words[person_known(person_id).language])

    def _tells_partner(self, person_id: int) -> bool:
        for pair in pairs.pairs_of(person_id):
            if any(messages.reads_by(other) for other in pairs.partners_of(pair, person_id)):
                mail.write(person_id, pair, TO_THE_PARTNER[person_known(person_id).language], by="web")
                return True
        return False
