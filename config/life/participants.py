"""The people of the program: they call in their turn, and forget; they pick up, or do not. What else meets them: events.py."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from config.life.chance import Chance
from config.life.character import Character, drawn, steady
from config.life.line import Mind
from config.life.stage import Stage
from peerline.entry.queries import DEMO_PIN
from peerline.kernel import week
from peerline.messaging import outbox
from peerline.messaging import services as messaging
from peerline.pairs import queries as pairs
from peerline.pairs import services as pair_services
from peerline.pairs.rules import PairError
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.people.queries import known, number_to_dial
from peerline.programs import queries as programs
from peerline.programs.demo.sizes import AREAS, NUMBERS_AN_AREA

HOURS = range(9, 21)
TO_THE_PARTNER = "Hello, it is me. I walked after lunch three times this week. Call me when you like."
ANY = 60  # times in one call
SPEAK = {"messages.review": "1"}


class Participants:
    """Who they are, and what each has in mind when a telephone is in their hand."""

    def __init__(self, stage: Stage, program_id: int) -> None:
        self.stage, self.program_id = stage, program_id
        self.places = {person: place for place, person in enumerate(sorted(self._made_up()))}
        self.characters = {person: drawn(self.chance(person)) for person in self.places}
        self.wishes: dict[int, str] = {}  # what somebody asked of the nurse, who has not heard it yet
        self.steady: set[int] = set()  # whom nothing but their weeks meets
        self._out: set[int] = set()  # nobody is at home there just now
        stage.line.picks_up = self.picks_up
        stage.line.minutes = lambda person_id: self.chance(person_id).between(4, 24, "minutes", self._today())

    def _made_up(self) -> list[int]:
        """Whoever was ever in: whoever stopped keeps their place. Whom a visitor of the demonstration added leads no life."""
        rows = programs.enrollments(PLATFORM).filter(program=self.program_id).values_list("person_id", flat=True)
        return [person_id for person_id, one in known(rows).items() if one.made_up]

    def choose_ways(self) -> None:
        for person_id in self.places:
            self._choose_a_way(person_id)

    def _enrolled(self) -> list[int]:
        return list(programs.people_in_contact(self.program_id).values_list("person_id", flat=True))

    def _today(self) -> date:
        """What hangs on the time hangs on the day: an hour's delay changes nobody's mind."""
        return self.stage.day

    def _choose_a_way(self, person_id: int) -> None:
        """Whoever has e-mail or a mobile telephone is reminded there; the others by the line."""
        ways = [way for way in ("email", "sms") if outbox.address_of(person_id, way)]
        if ways:
            messaging.choose(viewer_of(person_id), person_id=person_id, first=ways[0], also=("voice",))

    def chance(self, person_id: int) -> Chance:
        return self.stage.chance.of("person", self.places.get(person_id, person_id))

    def here(self) -> dict[int, Character]:
        """Those who still take part."""
        enrolled = set(self._enrolled())
        return {person_id: one for person_id, one in self.characters.items() if person_id in enrolled}

    def keep_steady(self, people: Iterable[int]) -> None:
        """These call in their turn, and nothing else meets them."""
        for person_id in people:
            self.characters[person_id] = steady(self.characters[person_id])
            self.steady.add(person_id)

    def another_number(self, person_id: int) -> str:
        """Of the numbers that are nobody's; nobody else of this program has it."""
        area, last = divmod(self.places[person_id], NUMBERS_AN_AREA)
        return f"+1{AREAS[-1 - area]}555{100 + last:04d}"

    # --- A week -----------------------------------------------------------------------------------------------

    def begin_week(self, number: int) -> None:
        """What each pair and each person has in mind for the week that begins now."""
        for pair_id, members in pairs.members_of(pairs.active_in(self.program_id)).items():
            self._plan_call(number, pair_id, members)
        for person_id, character in self.here().items():
            self._plan_own(number, person_id, character)

    def _plan_call(self, number: int, pair_id: int, members: list[int]) -> None:
        """One call, by the one whose turn it is, at an hour at which both take calls."""
        turn = members[number % len(members)]
        chance = self.chance(turn).of("week", number)
        hours = self._hours_of(members)
        if hours and chance.happens(self.characters[turn].calls, "calls"):
            at = chance.one_of(hours, "hour") + timedelta(minutes=int(chance.between(0, 55, "minute")))
            self.stage.later(at, lambda: self._call(turn, pair_id))

    def _hours_of(self, members: list[int]) -> list[datetime]:
        """The hours of the coming seven days in which each of them takes calls, in the first one's day."""
        found = known(members)
        people = [found[person_id] for person_id in members]
        zone = ZoneInfo(people[0].time_zone)
        midnight = self.stage.at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        hours = [midnight + timedelta(days=day, hours=hour) for day in range(7) for hour in HOURS]
        return [
            at for at in hours
            if at > self.stage.at and not any(week.holds(one.blocked, at, one.time_zone) for one in people)
        ]  # fmt: skip

    def _plan_own(self, number: int, person_id: int, character: Character) -> None:
        """Some ask for the questions that wait, on a day of their own."""
        if self.chance(person_id).happens(character.answers, "asks for questions", number):
            day = self.chance(person_id).between(1, 5, "day", number)
            self.stage.after(lambda: self.dial(person_id, self._answering(person_id)), days=day, hours=7)

    # --- Calls they place ---------------------------------------------------------------------------------------

    def _call(self, person_id: int, pair_id: int) -> None:
        if self.characters[person_id].by_web and number_to_dial(person_id):
            with suppress(PairError, NotThere):  # what the page would say, they read
                pair_services.ring_both(viewer_of(person_id), pair_id=pair_id, first_person_id=person_id)
        else:
            self.dial(person_id, {"menu.main": "1", **self._when_nobody_answers(person_id)})

    def _when_nobody_answers(self, person_id: int) -> Mind:
        wanted = self.chance(person_id).happens(self.characters[person_id].leaves_message, "message", self._today())
        return {"pair.message": "1", "messages.recording": TO_THE_PARTNER, **SPEAK} if wanted else {}

    def _answering(self, person_id: int) -> Mind:
        """All questions that wait, one key after the other."""
        keys = self.chance(person_id).of("answers", self._today())
        again = count()
        return {
            "arrive.own_pin": DEMO_PIN, "menu.main": "4", "menu.program": "3", "ask.confirm": ANY * ["1"],
            "ask.choice": lambda: keys.one_of("1122", next(again)), "ask.number": lambda: f"{keys.one_of('6789', next(again))}#",
        }  # fmt: skip

    def tell_partner(self, person_id: int, partner_id: int) -> None:
        """They call while the partner is out, and leave a message."""
        self._out.add(partner_id)
        self.dial(person_id, {"menu.main": "1", "pair.message": "1", "messages.recording": TO_THE_PARTNER, **SPEAK})
        self._out.discard(partner_id)

    def tell_nurse(self, person_id: int, words: str) -> None:
        self.dial(person_id, {"menu.main": "0", "messages.recording": words, **SPEAK})

    def dial(self, person_id: int, mind: Mind) -> None:
        """From their own telephone; whoever was taken out meanwhile has nothing to call from."""
        if number := number_to_dial(person_id):
            self.stage.line.dial(person_id, number, {"arrive.pin": DEMO_PIN, "pair.which": "1", **mind})

    # --- Calls they get -----------------------------------------------------------------------------------------

    def picks_up(self, person_id: int, dialogue: str) -> Mind | None:
        """What somebody has in mind whose telephone rings; None: nobody picks up."""
        character, chance = self.characters.get(person_id), self.chance(person_id).of(dialogue, self._today())
        if (
            character is None
            or person_id in self._out
            or not (dialogue == "pairs.called_back" or chance.happens(character.picks_up, "picks up"))
        ):
            return None
        heeds = "1" if chance.happens(character.heeds, "heeds") else "2"
        minds: dict[str, Mind] = {
            "pairs.invited": {"pair.invited": "1"},
            "pairs.called_back": {"pair.called_back": "1", **self._when_nobody_answers(person_id)},
            "pairs.reminded": {"pair.reminded": heeds, **self._when_nobody_answers(person_id)},
            "groups.gathered": {"groups.gathered": "1"},
            "messaging.reminded": {"reminder.ready": "1", "reminder.heard": heeds, **self._answering(person_id)},
        }
        return minds.get(dialogue, {})
