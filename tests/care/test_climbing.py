"""The escalation ladder: one after the other is told, once each, until somebody has seen it; and a drill every month."""

from datetime import timedelta

import pytest

from peerline.care import climbing, duties, needs
from peerline.care.models import Need, Told
from peerline.exchange.models import Call
from peerline.jobs.services import drain
from peerline.kernel import clock, week
from peerline.messaging.models import Message
from peerline.messaging.rules import TELLING
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from peerline.programs import services as programs
from peerline.programs import timeline
from tests import cast
from tests.exchange.conftest import town  # noqa: F401

pytestmark = pytest.mark.req("S116")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nothing_leaves(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.ENGINE = "simulated"


class Desk:
    """The staff of a clinic, each with a telephone and an address."""

    def __init__(self, town):  # noqa: F811
        self.town = town
        self.numbers = {role: cast.fresh_number() for role in ("nurse", "coordinator", "administrator")}
        self.people = {
            role: cast.somebody(
                town.organization, role, phone=number, email=f"{role}@example.org", nickname=role.title()
            )
            for role, number in self.numbers.items()
        }

    def arise(self, level, **facts):
        place = {"program_id": self.town.program.pk, "person_id": self.town.rosa.pk}
        return needs.arise(
            kind="care.red_flag",
            key=f"flag:{Need.objects.count()}",
            level=level,
            facts={"found": ["foot"]},
            **place,
            **facts,
        )

    def told(self):
        return [(one.person.nickname, one.step, one.call_id is not None) for one in Told.objects.order_by("pk")]

    def rung(self, role):
        return sum(number == self.numbers[role] for _at, number, *_ in self.town.line.ring_log)

    def nobody_answers(self):
        for telephone in [one for one in self.town.line.telephones.values() if one.ringing]:
            self.town.line.refuse(telephone, "no_answer", 408)

    def settle(self):
        climbing.climb()
        drain()
        self.town.line.settle()


@pytest.fixture
def staff(town):  # noqa: F811
    return Desk(town)


def test_what_cannot_wait_rings_the_nurse_at_once_then_the_coordinator_then_the_administrator(staff, time_machine):
    staff.arise("E1")
    everybody = ["Nurse", "Coordinator", "Administrator"]
    for minutes, told in ((0, 1), (59, 1), (2, 2), (59, 2), (2, 3), (120, 3)):
        time_machine.move_to(clock.now() + minutes * MINUTE)
        staff.settle()
        assert [name for name, *_ in staff.told()] == everybody[:told]
        staff.nobody_answers()
    assert Need.objects.get().climbs_at is None
    assert [staff.rung(role) for role in staff.numbers] == [1, 1, 1]
    assert Message.objects.filter(kind="care.told").count() == 3


def test_one_key_on_the_telephone_is_the_proof_and_ends_the_climb(staff, time_machine):
    staff.arise("E0")
    staff.settle()
    telephone = staff.town.line.ringing_at(staff.numbers["nurse"])
    staff.town.line.answer(telephone)
    assert "care.needed" in telephone.heard and "Maple" not in " ".join(telephone.transcript)
    staff.town.line.press(telephone, "1")
    told = Told.objects.get()
    assert told.seen_how == "key" and Need.objects.get().seen_by == staff.people["nurse"]
    time_machine.move_to(clock.now() + timedelta(days=2))
    staff.settle()
    assert len(staff.told()) == 1


def test_a_telephone_that_is_answered_without_a_key_proves_nothing(staff, time_machine):
    """An answering machine takes the call."""
    staff.arise("E0")
    staff.settle()
    telephone = staff.town.line.ringing_at(staff.numbers["nurse"])
    staff.town.line.answer(telephone)
    staff.town.line.hang_up(telephone)
    time_machine.move_to(clock.now() + 11 * MINUTE)
    staff.settle()
    assert Need.objects.get().seen_at is None and [name for name, *_ in staff.told()] == ["Nurse", "Coordinator"]


def test_opening_the_need_is_the_proof_too(staff, client, time_machine):
    need = staff.arise("E1")
    staff.settle()
    cast.sign_in(client, staff.people["nurse"])
    assert client.get(f"/desk/{need.pk}/").status_code == 200
    assert Told.objects.get().seen_how == "desk"
    time_machine.move_to(clock.now() + timedelta(hours=3))
    staff.settle()
    assert len(staff.told()) == 1


def test_what_can_wait_tells_nobody_before_it_is_late_and_then_the_next_by_e_mail_only(staff, time_machine):
    need = staff.arise("E2")
    staff.settle()
    assert staff.told() == []
    time_machine.move_to(need.due_at + MINUTE)
    staff.settle()
    assert staff.told() == [("Coordinator", 2, False)] and staff.rung("coordinator") == 0


def test_whoever_has_no_e_mail_is_rung_within_their_hours_only(staff, time_machine, town):  # noqa: F811
    number = cast.fresh_number()
    other = cast.somebody(cast.clinic("Elsewhere"), "coordinator", phone=number, nickname="Quiet")
    program = programs.make_program(
        PLATFORM, organization_id=other.organization_id, name="There", begins_on=clock.now().date()
    )
    people.set_blocked_hours(PLATFORM, other.pk, week.ALL)
    need = needs.arise(kind="plans.unsure", key="there", level="E3", program_id=program.pk)
    time_machine.move_to(need.due_at + MINUTE)
    staff.settle()
    assert Told.objects.get().call_id is None
    people.set_blocked_hours(PLATFORM, other.pk, week.NONE)
    staff.settle()
    staff.settle()
    assert Call.objects.filter(pk=Told.objects.get().call_id).exists()
    assert sum(one == number for _at, one, *_ in staff.town.line.ring_log) == 1


def test_its_owner_is_told_first_and_a_role_nobody_holds_is_passed_over(staff, time_machine, town):  # noqa: F811
    staff.arise("E1", owner_id=staff.people["coordinator"].pk)
    staff.settle()
    assert [name for name, *_ in staff.told()] == ["Coordinator"]
    lonely = cast.clinic("Small")
    boss = cast.somebody(lonely, "administrator", email="boss@example.org", nickname="Boss")
    program = programs.make_program(PLATFORM, organization_id=lonely.pk, name="Small", begins_on=clock.now().date())
    needs.arise(kind="care.red_flag", key="small", level="E1", program_id=program.pk)
    staff.settle()
    assert Told.objects.get(need__key="small").person == boss


def test_what_goes_out_names_no_person_and_no_illness(staff):
    staff.arise("E1")
    staff.settle()
    message = Message.objects.get(kind="care.told")
    said = f"{message.subject} {message.body}"
    assert (
        not TELLING.search(said)
        and "Maple" not in said
        and "Rosa" not in said
        and f"/desk/{Need.objects.get().pk}/" in said
    )


@pytest.mark.parametrize("turns", [1, 5])
def test_however_often_the_minute_comes_each_is_told_once(staff, turns):
    staff.arise("E1")
    for _ in range(turns):
        climbing.climb()
    assert len(staff.told()) == 1 and Message.objects.filter(kind="care.told").count() == 1


# --- The drill -----------------------------------------------------------------------------------------------------


def test_once_a_month_each_program_tries_its_ladder_marked_as_a_drill(staff, town, time_machine):  # noqa: F811
    office = week.of_days(range(5), 9, 17)
    programs.set_staff_hours(PLATFORM, program_id=town.program.pk, hours=office, time_zone="America/Detroit")
    began = clock.now().replace(day=1, hour=0) + timedelta(days=40)
    for day in range(62):
        time_machine.move_to(began.replace(day=1) + timedelta(days=day, hours=15))
        timeline.tick()
    found = list(Need.objects.filter(kind="care.drill"))
    assert len(found) in (2, 3) and all(need.drill and need.level == "E1" for need in found)
    assert all(office >> week.hour_of_week(need.since, "America/Detroit") & 1 for need in found)


def test_a_drill_says_so_on_the_telephone_and_in_the_mail_and_is_over_when_somebody_saw_it(staff, town):  # noqa: F811
    duties.hold(f"program:{town.program.pk}", {}, clock.now())
    staff.settle()
    telephone = town.line.ringing_at(staff.numbers["nurse"])
    town.line.answer(telephone)
    assert "care.drill" in telephone.heard
    assert "nobody is in danger" in Message.objects.get(kind="care.told").subject
    needs.seen(viewer_of(staff.people["nurse"].pk), need_id=Need.objects.get().pk)
    assert Need.objects.get().closed_at is not None
