"""The staff of the clinic: they look at their desk on workdays, and do what it asks of them."""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.life.sessions import Sessions
from config.life.stage import Stage
from peerline.care import desk, needs
from peerline.care import services as care
from peerline.care.queries import open_voicemails
from peerline.groups import training
from peerline.pairs import proposals
from peerline.pairs import queries as pairs
from peerline.pairs import services as pair_services
from peerline.people.access import Viewer, viewer_of
from peerline.people.queries import made_up_people
from peerline.programs import queries as programs
from peerline.programs import services as program_services

GIVES_UP_AFTER = 3  # notes about a pair; then it ends, with nobody blamed


class Office:
    """A coordinator and a nurse."""

    def __init__(self, stage: Stage, sessions: Sessions, program_id: int, home: ZoneInfo) -> None:
        self.stage, self.sessions, self.program_id, self.home = stage, sessions, program_id, home
        self.noted: Counter[int] = Counter()

    def _who(self, role: str) -> Viewer:
        row = made_up_people(role).order_by("pk").first()
        assert row is not None, f"the play has no {role}"
        return viewer_of(row.person_id)

    def open(self, first_session_at: datetime) -> None:
        """Before the weeks begin: everybody is asked to a first session."""
        self.sessions.plan_first(self._who("coordinator"), self._who("nurse"), first_session_at)

    def begin_day(self) -> None:
        """At nine the coordinator, at ten and at three the nurse."""
        if self.stage.at.astimezone(self.home).weekday() < 5:
            self.stage.after(self.coordinate, hours=9)
            self.stage.after(self.listen, hours=10)
            self.stage.after(self.listen, hours=15)

    def coordinate(self) -> None:
        """Whatever stands on the desk for a coordinator, in its order; on Mondays, a partner for everybody who waits."""
        me = self._who("coordinator")
        self.sessions.plan_wanted(me, self._who("nurse"))
        for need in list(desk.waiting(me)):
            needs.seen(me, need_id=need.pk)
            self._see_to(me, need)
        if self.stage.at.astimezone(self.home).weekday() == 0:
            self.match(me)

    def _see_to(self, me: Viewer, need: Any) -> None:
        if need.kind == "programs.leaving":
            for row in list(programs.to_complete(me)):
                program_services.complete_removal(me, enrollment_id=row.pk)
        elif need.kind == "care.hard_pair":
            self._bring_together(me, need.pair_id)
        elif need.kind != "care.voicemail":  # which the nurse hears
            with suppress(needs.Late):  # met meanwhile, by what was done about another
                needs.done(me, need_id=need.pk, note="Seen to.")

    def _bring_together(self, me: Viewer, pair_id: int) -> None:
        """Call them; where that helped nothing twice, end the pair, and both get somebody else."""
        self.noted[pair_id] += 1
        again = (self.stage.at + timedelta(days=7)).date()
        care.note_pair(me, pair_id=pair_id, did="called", note="", look_again_on=again)
        if self.noted[pair_id] >= GIVES_UP_AFTER:
            pair_services.end_pair(me, pair_id=pair_id, reason="no_contact")

    def match(self, me: Viewer | None = None) -> None:
        """Everybody who waits gets the partner that suits all best, as far as there is one. Whoever missed the training of
        the first session has read it on paper."""
        me = me or self._who("coordinator")
        for person_id in training.without(self.program_id):
            training.record(me, person_id=person_id, how="paper")
        if pairs.waiting(self.program_id).count() > 1:
            proposals.propose(me, program_id=self.program_id)
            proposals.accept(me, program_id=self.program_id)
            if proposals.open_round(self.program_id):
                proposals.close(me, program_id=self.program_id)

    def listen(self) -> None:
        """Hear each message, see to it, write a word."""
        me = self._who("nurse")
        for row in list(open_voicemails(me)):
            care.take(me, voicemail_id=row.pk)
            care.heard(me, voicemail_id=row.pk)
            care.handle(me, voicemail_id=row.pk, note="Called back.")
