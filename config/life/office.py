"""The staff of the clinic: they look at their desk on workdays, and do what it asks of them."""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.life.events import NO_DANGER
from config.life.sessions import Sessions
from config.life.stage import Stage
from peerline.care import desk, flags, needs
from peerline.care import services as care
from peerline.care.ladder import AT_ONCE
from peerline.care.queries import open_voicemails
from peerline.groups import training
from peerline.pairs import proposals
from peerline.pairs import queries as pairs
from peerline.pairs import services as pair_services
from peerline.people import services as people
from peerline.people.access import Viewer, viewer_of
from peerline.people.queries import contact_points, known, made_up_people, person_for
from peerline.programs import queries as programs
from peerline.programs import services as program_services

GIVES_UP_AFTER = 3  # notes about a pair; then it ends, with nobody blamed
OF_THE_NURSE = ("care.voicemail", "care.red_flag")
ZONES = ("America/Chicago", "America/Denver", "America/New_York")
NOTES = {
    "call back": "Her sugar was 58 in the morning and is better now. Called back, and told the doctor.",
    "moved": "Has moved. Number and clock are changed.",
    "another partner": "The two do not suit each other, and nobody is to blame. Gets somebody else.",
}


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

    def take_up(self) -> None:
        """The sessions that were planned before."""
        self.sessions.take_up(self._who("nurse"))

    def begin_day(self) -> None:
        """At nine the coordinator, at ten and at three the nurse; in the evening, an alarm that came by mail and nobody saw."""
        self.stage.after(self.read_alarms, hours=21)
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
        elif need.kind not in OF_THE_NURSE:
            if need.kind == "messaging.reported":
                self._part(me, need.person_id)
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
        """Hear each message, see to it, write a word; then look at the words that may mean danger."""
        me, wishes = self._who("nurse"), self.sessions.people.wishes
        for row in list(open_voicemails(me)):
            author = row.voice.author_id
            wish = wishes.pop(author, "")
            care.take(me, voicemail_id=row.pk)
            care.heard(me, voicemail_id=row.pk)
            care.handle(me, voicemail_id=row.pk, note=NOTES.get(wish, "Called back."))
            if wish == "moved":
                self._note_move(me, author)
            if wish == "another partner":
                self._part(me, author)
        for need in list(desk.waiting(me).filter(kind="care.red_flag")):
            self._judge(me, need)

    def read_alarms(self) -> None:
        """What climbed to the coordinator, because the nurse had not seen it."""
        me = self._who("coordinator")
        for need in list(desk.waiting(me).filter(level__in=AT_ONCE, seen_at=None, step__gt=1)):
            needs.seen(me, need_id=need.pk)
            if need.kind == "care.red_flag":
                self._judge(me, need)

    def _judge(self, me: Viewer, need: Any) -> None:
        """Read the words, say what they are, and call whoever is in danger."""
        for flag in list(need.flags.filter(verdict="")):
            harmless = any(words in flag.words for words in NO_DANGER.values())
            flags.judge(me, flag_id=flag.pk, verdict="false" if harmless else "real")
        with suppress(needs.Late):  # a false alarm is off the desk by itself
            care.finish(me, need_id=need.pk, note="Called, and told the doctor.", minutes=15)

    def _part(self, me: Viewer, person_id: int) -> None:
        """The pair ends, nobody is blamed, the two are kept apart, and on Monday both get somebody else."""
        for pair in pairs.pairs_of(person_id):
            others = pairs.partners_of(pair, person_id)
            pair_services.end_pair(me, pair_id=pair.pk, reason="asked")
            for other in others:
                proposals.keep_apart(me, program_id=self.program_id, people=(person_id, other))

    def _note_move(self, me: Viewer, person_id: int) -> None:
        """Another clock, and another telephone in place of the old one."""
        zone, was = self.sessions.people.chance(person_id), known([person_id])[person_id].time_zone
        people.set_time_zone(
            me, person_id=person_id, time_zone=zone.one_of([one for one in ZONES if one != was], "where to")
        )
        old = [one for one in contact_points(person_for(me, person_id)) if one.kind == "phone"]
        number = self.sessions.people.another_number(person_id)
        new = people.set_contact(
            me, person_id=person_id, kind="phone", value=number, label=old[0].label, preferred=True
        )
        people.verify(me, contact_id=new.pk, how="call")
        for point in old:
            people.drop_contact(me, contact_id=point.pk)
