"""The demonstration: a made-up clinic, its staff, a program, and 60 people through the clinic's own roster import."""

from datetime import timedelta

from django.db import transaction

from peerline.entry import services as entry
from peerline.entry.queries import DEMO_PASSWORD
from peerline.kernel import clock, week
from peerline.people import accounts
from peerline.people import services as person_services
from peerline.people.access import PLATFORM, viewer_of
from peerline.people.queries import contact_points, made_up_people
from peerline.people.services import Place
from peerline.programs import intake, rosters, services
from peerline.programs.demo import intakes
from peerline.programs.demo.sizes import ROSTER, of_size
from peerline.programs.models import Enrollment, Program

STAFF = [
    ("coordinator", "Casey", "Moreno", "Program coordinator", "casey@example.org"),
    ("nurse", "Dana", "Whitfield", "Nurse care manager", "dana@example.org"),
    ("researcher", "Robin", "Okafor", "Evaluation", "robin@example.org"),
    ("administrator", "Alex", "Lindqvist", "Administrator", "alex@example.org"),
]
CONSENT = {
    "en": "You will talk with another person in the program by telephone, about once a week. Neither of you learns the "
    "other's number. Staff can see when you talked and for how long, not what you said. A message you leave for the "
    "nurse is recorded. You can stop at any time, without giving a reason, and your care does not change.",
    "es": "Usted hablará por teléfono con otra persona del programa, más o menos una vez por semana. Ninguno de los dos "
    "sabrá el número del otro. El personal puede ver cuándo hablaron y cuánto tiempo, no lo que dijeron. El mensaje que "
    "usted deje para la enfermera se graba. Puede dejarlo en cualquier momento, sin dar razones, y su atención no cambia.",
}


@transaction.atomic
def load_demo(people: int = 60) -> int:
    """The number of the demonstration's program, made when there is none yet. Idempotent."""
    existing = made_up_people("coordinator").first()
    if existing is not None:
        found = Program.objects.filter(organization_id=existing.organization_id).order_by("pk").first()
        if found is not None:
            return found.pk
    organization = person_services.make_organization(PLATFORM, name="Willow Street Clinic (made up)")
    site = person_services.make_site(PLATFORM, organization_id=organization.pk, name="Main clinic")
    program = _program(organization.pk, site.pk)
    for role, first_name, last_name, title, email in STAFF:
        _colleague(organization.pk, role, email, first_name=first_name, last_name=last_name, title=title)
    batch = rosters.bring(PLATFORM, program_id=program.pk, data=of_size(people), name="roster.csv")
    rosters.load(PLATFORM, batch_id=batch.pk, made_up=True)
    _let_them_in(program.pk)
    _take_their_intake(program.pk)
    return program.pk


def _program(organization_id: int, site_id: int) -> Program:
    begins_on = (clock.now() - timedelta(weeks=1)).date()
    program = services.make_program(
        PLATFORM, organization_id=organization_id, site_id=site_id, name="Talk weekly", begins_on=begins_on
    )
    services.write_consent(PLATFORM, program_id=program.pk, texts=CONSENT)
    office = week.of_days(range(5), 9, 17)
    services.set_staff_hours(PLATFORM, program_id=program.pk, hours=office, time_zone="America/Detroit")
    return program


def _colleague(organization_id: int, role: str, email: str, *, first_name: str, last_name: str, title: str) -> None:
    """A made-up colleague: known password, no second factor; both work only while nobody else can reach the server."""
    place = Place(organization_id)
    person = person_services.add_person(
        PLATFORM,
        place=place,
        first_name=first_name,
        last_name=last_name,
        nickname=first_name,
        title=title,
        made_up=True,
    )
    person_services.give_role(PLATFORM, person_id=person.pk, role=role, place=place)
    accounts.give_made_up_account(person.pk, email=email, password=DEMO_PASSWORD)


def _let_them_in(program_id: int) -> None:
    """Each agreed on paper; each has the demonstration's PIN, and whoever has an e-mail address has proven it."""
    for row in Enrollment.objects.filter(program_id=program_id).select_related("person"):
        services.give_consent(PLATFORM, enrollment_id=row.pk, version=1, how="paper")
        entry.give_demo_pin(row.person_id)
        for point in contact_points(row.person):
            if point.verified_at is None:
                person_services.verify(PLATFORM, contact_id=point.pk, how="roster")


def _take_their_intake(program_id: int) -> None:
    """The nurse asked each of them on the telephone."""
    nurse = made_up_people("nurse").order_by("pk").first()
    assert nurse is not None
    me = viewer_of(nurse.person_id)
    rows = Enrollment.objects.filter(program_id=program_id).order_by("pk")
    for place, row in enumerate(rows):
        intake.record(me, enrollment_id=row.pk, how="phone", **intakes.said(row, place))


__all__ = ["ROSTER", "load_demo"]
