"""Sessions in a played life: planned when people are due for one, in a room or by telephone; some come, some do not."""

from datetime import datetime, timedelta

from config.life.participants import Participants
from config.life.plans import Plans
from config.life.stage import Stage
from peerline.groups import queries, services, training
from peerline.people.access import Viewer, viewer_of
from peerline.programs.queries import program

AHEAD = timedelta(days=10)  # so long before its day a session is planned
FIRST, SEATS = "first", 30
EVENING = 18


class Sessions:
    """What the coordinator plans, who signs up, and who came."""

    def __init__(self, participants: Participants, plans: Plans, program_id: int, home: str) -> None:
        self.people, self.plans = participants, plans
        self.stage: Stage = participants.stage
        self.program_id, self.home = program_id, home

    def plan_first(self, me: Viewer, nurse: Viewer, begins_at: datetime) -> None:
        """The sessions everybody begins with: staff ring them up, and they say when they come."""
        people = sorted(self.people.here())
        for begin in range(0, len(people), SEATS):
            session_id = self._plan(me, nurse, FIRST, begins_at + timedelta(hours=begin // SEATS * 3), way="place")
            for person_id in people[begin : begin + SEATS]:
                services.sign_up(me, session_id=session_id, person_id=person_id)

    def plan_wanted(self, me: Viewer, nurse: Viewer) -> None:
        """What the protocol wants next and nobody has planned; every other one is by telephone."""
        for want in queries.wanted(program(self.program_id), self.stage.at):
            evening = (self.stage.at + AHEAD).replace(hour=EVENING, minute=0, second=0, microsecond=0)
            way = "telephone" if self.stage.chance.happens(0.5, want.key, evening) else "place"
            self._plan(me, nurse, want.key, evening, way=way, seats=max(12, want.people))

    def _plan(self, me: Viewer, nurse: Viewer, key: str, at: datetime, *, way: str, seats: int = SEATS) -> int:
        session = services.plan(
            me, program_id=self.program_id, key=key, begins_at=at, way=way, time_zone=self.home, seats=seats,
            place="Room 2, Willow Street 12" if way == "place" else "", led_by_id=nurse.person_id,
        )  # fmt: skip
        self.stage.later(session.ends_at, lambda: self._hold(nurse, session.pk))
        return session.pk

    def take_up(self, nurse: Viewer) -> None:
        """Those that are planned are held; one whose time has gone by is closed now."""
        for session in queries.sessions_for(nurse).filter(program=self.program_id, state="planned"):
            self.stage.later(
                max(session.ends_at, self.stage.since), lambda session_id=session.pk: self._hold(nurse, session_id)
            )

    def begin_week(self, number: int) -> None:
        """Whoever was invited says within the week whether they come."""
        for person_id, character in self.people.here().items():
            chance = self.people.chance(person_id).of("seats", number)
            if chance.happens(character.comes, "signs up"):
                self.stage.after(lambda who=person_id: self._sign_up(who), days=chance.between(0.4, 4, "day"))

    def _sign_up(self, person_id: int) -> None:
        for seat in queries.my_seats(person_id, self.stage.at):
            if seat.state == "invited" and seat.session.begins_at > self.stage.at:
                services.sign_up(viewer_of(person_id), session_id=seat.session_id, person_id=person_id)

    def _hold(self, nurse: Viewer, session_id: int) -> None:
        """Who came is ticked; in a first session they learn how partners talk, and make their first plan."""
        session = queries.session_for(nurse, session_id)
        for guest in queries.guests(session):
            person_id = guest.person.person_id
            came = self.people.chance(person_id).happens(0.85, "comes", session_id)
            if session.state != "planned" or guest.seat.state != "coming" or session.way != "place" or not came:
                continue
            services.mark(nurse, session_id=session_id, person_id=person_id, came=True)
            if session.key == FIRST:
                training.record(nurse, person_id=person_id, how="session")
                self.plans.make_first(nurse, person_id)
        if session.state == "planned":
            services.close(nurse, session_id=session_id)
