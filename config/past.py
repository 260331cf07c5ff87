"""The demonstration's past: weeks in which its pairs talked, missed a week, left a message.

It is played, not written: the made-up people dial the simulated line with the clock moved back, and go through the same
dialogues as everybody. So what the pages show was made by what makes it in earnest.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from peerline.entry.queries import DEMO_PIN
from peerline.exchange import switchboard
from peerline.exchange.engines.simulated import Simulated, Telephone
from peerline.exchange.prompts import sound, speech
from peerline.jobs.services import drain
from peerline.kernel import clock
from peerline.people.queries import number_to_dial, reachable_now

WEEKS = 7
OLD_PAIRS = 7  # so many have talked since then; the others began this week
# How a pair kept its weeks, oldest first, the present one last: T they talked, a nobody answered, . no call that week.
# The fourth has difficulty.
RHYTHMS = ("TT.TTTT.", "TTTTTT.T", "T.TTTTTT", "TTTT.aa.", "TTTTaTT.", ".TTTTTTT", "TTT.TTT.")
TO_THE_PARTNER = "Hello, it is me. I walked after lunch three times this week. Call me when you like."
TO_THE_NURSE = "Hello. I was shaky this morning, and my sugar was fifty-eight. It is better now. Please call me back."
HOURS = (17, 19, 21, 15, 23)  # UTC: noon to evening where the demonstration is


class Past:
    """A line of long ago, and what time it is there."""

    def __init__(self) -> None:
        self.present = clock.now()
        monday = (self.present - timedelta(days=self.present.weekday())).replace(hour=13, minute=0)
        self.monday = min(monday, self.present)
        self.first = self.at = monday - timedelta(weeks=WEEKS)
        self.line = Simulated()
        self.line.open(switchboard.reporter("simulated"))

    def play(self, couples: Sequence[Sequence[int]]) -> None:
        """All weeks of the couples of old; then, this morning, a message for the nurse and one for the first couple's first."""
        for week in range(WEEKS + 1):
            for index, couple in enumerate(couples[:OLD_PAIRS]):
                self._week(
                    list(couple), RHYTHMS[index][week], self.first + timedelta(weeks=week, days=index % 6), index
                )
        self.at = self.present - timedelta(minutes=50)
        self._for_the_nurse(couples[1][0])
        self.at = self.present - timedelta(minutes=35)
        self._try(couples[0][1], couples[0][0], TO_THE_PARTNER)
        drain()

    def _week(self, couple: list[int], kind: str, day: datetime, index: int) -> None:
        """One call at the first hour at which both may be rung, unless that is still to come."""
        caller, partner = couple if (day.toordinal() + index) % 2 else couple[::-1]
        hours = [day.replace(hour=hour, minute=7 * index % 60) for hour in HOURS]
        free = [at for at in hours if reachable_now(partner, at) and at < self.present - timedelta(hours=2)]
        if kind == "." or not free:
            return
        self.at = free[0]
        if kind == "T":
            self._talk(caller, partner, minutes=6 + (index * 5 + day.day) % 17)
        else:
            self._try(caller, partner)

    def _dial(self, caller: int, *keys: str) -> Telephone:
        telephone = self.line.dial(number_to_dial(caller) or "")
        for key in (DEMO_PIN, *keys):
            self.line.press(telephone, key)
        return telephone

    def _talk(self, caller: int, partner: int, *, minutes: int) -> None:
        mine = self._dial(caller, "1")
        theirs = self.line.ringing_at(number_to_dial(partner) or "")
        self.line.answer(theirs)
        self.line.press(theirs, "1")
        self.at += timedelta(minutes=minutes)
        self.line.hang_up(mine)
        self.line.hang_up(theirs)

    def _try(self, caller: int, partner: int, message: str = "") -> None:
        mine = self._dial(caller, "1")
        with suppress(StopIteration):  # in hours of rest nobody is rung, and the message is offered at once
            self.line.refuse(self.line.ringing_at(number_to_dial(partner) or ""), "no_answer", 480)
        if message:
            self.line.press(mine, "1")
            self._say(mine, message)
        self.line.hang_up(mine)

    def _for_the_nurse(self, caller: int) -> None:
        mine = self._dial(caller, "0")
        self._say(mine, TO_THE_NURSE)
        self.line.hang_up(mine)

    def _say(self, telephone: Telephone, words: str) -> None:
        """Spoken by the machine's voice, or hummed where there is none; then sent."""
        said = b""
        with suppress(speech.CannotSpeak):
            said = sound.read(speech.clip(words, "en")).tobytes()
        self.line.speak(telephone, 6, sound=said)
        self.line.press(telephone, "1")
