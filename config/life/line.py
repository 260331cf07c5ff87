"""The simulated line, and hands at its telephones: people who press what they have in mind, and hang up when they are lost."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from peerline.exchange import switchboard
from peerline.exchange.engines.simulated import Simulated, Telephone
from peerline.exchange.prompts import sound, speech
from peerline.exchange.queries import led
from peerline.kernel.dialogue import Enter, Record

if TYPE_CHECKING:
    from config.life.stage import Stage

PATIENCE_MINUTES = 15  # alone in a room
MOST_ASKS = 200  # in one call: a dialogue that asks for ever is a fault of the house, and is not waited for

# What somebody has in mind: for each ask by its name, the keys to press the first time, the second time …; words to
# speak where the line records; or a function that answers each time. An ask not in mind is met with hanging up.
Mind = Mapping[str, "str | list[str] | Callable[[], str]"]


class Hands:
    """One call in somebody's hands."""

    def __init__(self, telephone: Telephone, mind: Mind, minutes: float) -> None:
        self.telephone, self.minutes = telephone, minutes
        self.asks = 0
        self._left = {ask: [keys] if isinstance(keys, str) else keys for ask, keys in mind.items()}

    def next_keys(self) -> str | None:
        """None: nothing in mind for what is asked now, or not so often."""
        left = self._left.get(self.telephone.asked, [])
        self.asks += 1
        if self.asks > MOST_ASKS:
            return None
        if callable(left):
            return left()
        return left.pop(0) if left else None


class Line:
    """Everybody's telephones."""

    def __init__(self, stage: "Stage") -> None:
        self.stage = stage
        self.engine = Simulated()
        self.engine.open(switchboard.reporter("simulated"))
        self.picks_up: Callable[[int, str], Mind | None] = lambda person_id, dialogue: None
        self.minutes: Callable[[int], float] = lambda person_id: 10
        self._hands: dict[int, Hands] = {}
        self._talking: set[int] = set()
        self._waiting: set[int] = set()  # legs that are, or were, alone in a room

    def dial(self, person_id: int, number: str, mind: Mind) -> None:
        """Somebody calls the line, and is led as far as they have something in mind."""
        telephone = self.engine.dial(number)
        self._hands[telephone.leg_id] = Hands(telephone, mind, self.minutes(person_id))
        self.settle()

    def settle(self) -> None:
        """Until everybody talks, waits in a room, or has hung up."""
        self.engine.settle()
        while any(self._move(telephone) for telephone in list(self.engine.telephones.values())):
            pass  # each move settles what falls to others
        self._clear()

    def _move(self, telephone: Telephone) -> bool:
        """One step at one telephone; False where there is nothing to do now."""
        if telephone.over:
            return False
        if telephone.ringing:
            self._ring(telephone)
            return True
        step = telephone.now.step if telephone.now else None
        if isinstance(step, Enter):
            return self._talk(step.room)
        keys = self._hands[telephone.leg_id].next_keys()
        if keys is None:
            self.engine.hang_up(telephone)
        elif isinstance(step, Record):
            self.engine.speak(telephone, 5, sound=spoken(keys))
        else:
            self.engine.press(telephone, keys)
        return True

    def _ring(self, telephone: Telephone) -> None:
        person_id, dialogue = led(telephone.leg_id)
        mind = self.picks_up(person_id, dialogue) if person_id else None
        if mind is None or person_id is None:
            return self.engine.refuse(telephone, "no_answer", 480)
        self._hands[telephone.leg_id] = Hands(telephone, mind, self.minutes(person_id))
        self.engine.answer(telephone)

    def _talk(self, room: int) -> bool:
        """Two or more in a room talk, and hang up when they have said what they had to say."""
        inside = sorted(self.engine.rooms.get(room, ()))
        if len(inside) == 1 and inside[0] not in self._waiting:
            self._waiting.add(inside[0])
            self.stage.after(lambda: self._give_up(room, inside[0]), minutes=PATIENCE_MINUTES)
        if len(inside) > 1 and room not in self._talking:
            self._talking.add(room)
            minutes = min(self._hands[leg].minutes for leg in inside)
            self.stage.after(lambda: self._part(room), minutes=minutes)
        return False

    def _give_up(self, room: int, leg_id: int) -> None:
        """Nobody came, and they hang up."""
        if self.engine.rooms.get(room) == {leg_id}:
            self.engine.hang_up(self.engine.telephones[leg_id])

    def _part(self, room: int) -> None:
        for leg_id in sorted(self.engine.rooms.get(room, ())):
            self.engine.hang_up(self.engine.telephones[leg_id])

    def _clear(self) -> None:
        """Telephones that are over are forgotten, so that a long life stays light."""
        for leg_id in [leg_id for leg_id, telephone in self.engine.telephones.items() if telephone.over]:
            del self.engine.telephones[leg_id]
            self._hands.pop(leg_id, None)


@lru_cache
def spoken(words: str) -> bytes:
    """Said by the machine's voice, in its English; nothing where there is none, and the engine hums."""
    with suppress(speech.CannotSpeak):
        return sound.read(speech.clip(words, "en")).tobytes()
    return b""
