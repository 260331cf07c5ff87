"""Action plans in a played life: made in the first session, tried for two weeks, looked back on; some forget."""

from config.life.participants import Participants
from peerline.people.access import Viewer, viewer_of
from peerline.people.queries import person_known
from peerline.plans import queries, services
from peerline.programs import queries as programs

STEPS = {
    "en": {
        "exercise": ("Walk around the block", "20 minutes", "after lunch"),
        "diet": ("Eat vegetables at dinner", "half the plate", "at dinner"),
        "monitoring": ("Check my sugar", "once", "before breakfast"),
        "medication": ("Put my pills in the weekly box", "all of them", "Sunday evening"),
        "coping": ("Sit down and breathe slowly", "5 minutes", "when I feel tense"),
    },
    "es": {
        "exercise": ("Caminar alrededor de la cuadra", "20 minutos", "después de comer"),
        "diet": ("Comer verduras en la cena", "la mitad del plato", "en la cena"),
        "monitoring": ("Medirme el azúcar", "una vez", "antes del desayuno"),
        "medication": ("Poner mis pastillas en la caja de la semana", "todas", "el domingo por la noche"),
        "coping": ("Sentarme y respirar despacio", "5 minutos", "cuando me siento tenso"),
    },
}
OUTCOMES = ("done", "done", "done", "partly", "partly", "not_done")
NEXT = {"done": "continue", "partly": "continue", "not_done": "rest"}


class Plans:
    """What each person does about their plan, on one day of each week."""

    def __init__(self, participants: Participants) -> None:
        self.people = participants
        self.stage = participants.stage

    def begin_week(self, number: int) -> None:
        for person_id, character in self.people.here().items():
            chance = self.people.chance(person_id).of("plan", number)
            if chance.happens(character.plans, "does"):
                day = chance.between(0.3, 6, "day")
                self.stage.after(lambda who=person_id, week=number: self._see_to(who, week), days=day)

    def make_first(self, nurse: Viewer, person_id: int) -> None:
        """In the first session, with the nurse beside them."""
        for enrolled in programs.enrolled(person_id, "active"):
            self._make(nurse, person_id, enrolled.enrollment_id, 0)

    def note(self, person_id: int, barrier: str) -> bool:
        """They write what stands in the way into their plan; False where there is none."""
        for enrolled in programs.enrolled(person_id, "active"):
            if plan := queries.open_plans(enrolled.enrollment_id).get("active"):
                services.write(viewer_of(person_id), plan_id=plan.pk, barrier=barrier)
                return True
        return False

    def _see_to(self, person_id: int, week: int) -> None:
        """Look back where two weeks are over; make one where there is none."""
        for enrolled in programs.enrolled(person_id, "active"):
            plan = queries.open_plans(enrolled.enrollment_id).get("active")
            if plan is None:
                self._make(viewer_of(person_id), person_id, enrolled.enrollment_id, week)
            elif plan.review_at <= self.stage.at:
                outcome = self.people.chance(person_id).one_of(OUTCOMES, "outcome", week)
                services.review(viewer_of(person_id), plan_id=plan.pk, outcome=outcome, next=NEXT[outcome])

    def _make(self, me: Viewer, person_id: int, enrollment_id: int, week: int) -> None:
        chance = self.people.chance(person_id).of("new plan", week)
        steps = STEPS[person_known(person_id).language]
        domain = chance.one_of(sorted(steps), "domain")
        what, how_much, at_when = steps[domain]
        sure = int(chance.between(4, 11, "sure"))
        plan = services.start(me, enrollment_id=enrollment_id)
        services.write(
            me, plan_id=plan.pk, domain=domain, what=what, how_much=how_much, at_when=at_when, times_a_week=3, confidence=sure
        )  # fmt: skip
        services.begin(me, plan_id=plan.pk)
        if chance.happens(0.5, "shares"):
            services.share(me, plan_id=plan.pk, shared=True)
