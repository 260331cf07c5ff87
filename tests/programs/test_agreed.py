"""Nobody is called, reminded or paired before they agreed, by whichever door they came in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from peerline.exchange import switchboard
from peerline.exchange.engines.simulated import Simulated
from peerline.jobs.services import drain
from peerline.kernel import clock
from peerline.messaging import reminders
from peerline.messaging import services as messaging
from peerline.messaging.models import Message
from peerline.pairs import services as pairs
from peerline.pairs.rules import PairError
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from peerline.programs import queries, rosters, services, timeline
from peerline.programs.models import Enrollment
from peerline.programs.rules import ProgramError
from tests import cast

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
WORDS = {"en": "We talk.", "es": "Hablamos."}


class House:
    """A program with a text that people agree to, and a line that rings."""

    def __init__(self):
        self.now, self.line = NOON, Simulated()
        self.line.open(switchboard.reporter("simulated"))
        self.clinic = cast.clinic()
        self.program = self.other("Pairs")
        services.write_consent(PLATFORM, program_id=self.program.pk, texts=WORDS)

    def other(self, name):
        return services.make_program(PLATFORM, organization_id=self.clinic.pk, name=name, begins_on=date(2026, 11, 2))

    def rung(self):
        """The numbers that were rung, after some minutes of what Peerline does by itself."""
        for _minute in range(3):
            self.now += timedelta(minutes=2)
            timeline.tick()
            reminders.tick()
            drain()
            self.line.settle()
        return [number for _at, number in self.line.ring_log]

    def added(self, client, number):
        facts = {"first_name": "Ana", "language": "en", "phone": number}
        client.post(f"/programs/{self.program.pk}/add/", facts)
        return Enrollment.objects.latest("pk")

    def listed(self, client, number):
        data = f"first name,phone,language\nAna,{number},en\n".encode()
        batch = rosters.bring(PLATFORM, program_id=self.program.pk, data=data, name="list.csv")
        rosters.load(PLATFORM, batch_id=batch.pk)
        return Enrollment.objects.latest("pk")

    def moved_on(self, client, number):
        first = self.other("First")
        person = cast.somebody(self.clinic, phone=number)
        services.enroll(PLATFORM, program_id=first.pk, person_id=person.pk)
        row = Enrollment.objects.get()
        client.post(f"/enrollments/{row.pk}/move-on/", {"program": self.program.pk, "stays": "no"})
        return Enrollment.objects.latest("pk")


@pytest.fixture
def house(settings, client):
    settings.ENGINE = "simulated"
    made = House()
    cast.sign_in(client, cast.somebody(made.clinic, "coordinator"))
    with clock.running_on(lambda: made.now):
        yield made


@pytest.mark.req("S121")
@pytest.mark.parametrize("door", ["added", "listed", "moved_on"])
def test_whoever_came_in_is_called_and_paired_once_they_agreed_on_paper_and_not_before(house, client, door):
    number = cast.fresh_number()
    row = getattr(house, door)(client, number)
    for point in row.person.contact_points.filter(verified_at=None):
        people.verify(PLATFORM, contact_id=point.pk, how="call")
    partner = cast.somebody(house.clinic, phone=cast.fresh_number())
    agreed = services.enroll(PLATFORM, program_id=house.program.pk, person_id=partner.pk)
    services.give_consent(PLATFORM, enrollment_id=agreed.pk, version=1, how="paper")
    both = [row.person_id, partner.pk]
    assert row.state == "invited" and number not in house.rung()
    assert not Message.objects.filter(to_person=row.person_id).exists()
    with pytest.raises(PairError, match="not_agreed"):
        pairs.pair_up(PLATFORM, program_id=house.program.pk, people=both)
    client.post(f"/enrollments/{row.pk}/agreed-on-paper/", {"how": "paper"})
    assert queries.has_consent(row.pk) and number in house.rung()
    assert pairs.pair_up(PLATFORM, program_id=house.program.pk, people=both)


def test_going_on_after_a_rest_goes_round_no_consent(house):
    row = services.enroll(PLATFORM, program_id=house.program.pk, person_id=cast.somebody(house.clinic).pk)
    me = viewer_of(row.person_id)
    with pytest.raises(ProgramError, match="cannot_become"):
        services.resume(me, enrollment_id=row.pk)
    Enrollment.objects.filter(pk=row.pk).update(state="paused")  # rested before there was a text
    assert services.resume(me, enrollment_id=row.pk).state == "invited"
    services.give_consent(me, enrollment_id=row.pk, version=1, how="web")
    services.pause(me, enrollment_id=row.pk)
    assert services.resume(me, enrollment_id=row.pk).state == "active"


def test_the_first_text_asks_those_who_take_part_already_and_a_changed_one_leaves_them_in(house):
    late = house.other("Late")
    rows = [
        services.enroll(PLATFORM, program_id=late.pk, person_id=cast.somebody(house.clinic).pk) for _one in range(2)
    ]
    house.now += timedelta(days=1)
    services.write_consent(PLATFORM, program_id=late.pk, texts=WORDS)
    assert not queries.people_in_contact(late.pk).exists()
    services.give_consent(PLATFORM, enrollment_id=rows[0].pk, version=1, how="paper")
    services.write_consent(PLATFORM, program_id=late.pk, texts=WORDS)
    assert list(queries.people_in_contact(late.pk)) == [rows[0]]
    assert Enrollment.objects.get(pk=rows[0].pk).began_at == NOON


def test_the_weeks_of_somebody_who_was_invited_begin_when_they_agree(house):
    row = services.enroll(PLATFORM, program_id=house.program.pk, person_id=cast.somebody(house.clinic).pk)
    house.now += timedelta(weeks=3)
    services.give_consent(PLATFORM, enrollment_id=row.pk, version=1, how="paper")
    house.now += timedelta(weeks=3)
    services.give_consent(PLATFORM, enrollment_id=row.pk, version=1, how="paper")
    assert Enrollment.objects.get(pk=row.pk).began_at == NOON + timedelta(weeks=3)


def waits(row, key="k"):
    words = messaging.Text("A note", "Your two weeks are over.")
    messaging.remind(
        row.person_id, kind="test", key=key, words=lambda language: words, not_after=NOON + timedelta(days=3),
        program_id=row.program_id,
    )  # fmt: skip


@pytest.mark.req("S15", "S112")
def test_whoever_stopped_in_one_of_two_programs_is_reminded_of_the_other_only(house):
    person = cast.somebody(house.clinic, phone=cast.fresh_number())
    rows = [
        services.enroll(PLATFORM, program_id=house.other(name).pk, person_id=person.pk) for name in ("One", "Another")
    ]
    for row in rows:
        waits(row, f"k:{row.pk}")
    services.stop(PLATFORM, rows[0].pk)
    house.rung()
    assert list(Message.objects.filter(kind="test").values_list("key", flat=True)) == [f"k:{rows[1].pk}#1"]


@pytest.mark.parametrize("rest", ["pause", "stop"])
def test_what_waits_for_somebody_who_rests_is_not_sent(house, rest):
    person = cast.somebody(house.clinic, phone=cast.fresh_number())
    row = services.enroll(PLATFORM, program_id=house.other("One").pk, person_id=person.pk)
    waits(row)
    getattr(services, rest)(PLATFORM, row.pk) if rest == "stop" else services.pause(PLATFORM, enrollment_id=row.pk)
    assert house.rung() == [] and not Message.objects.exists()
