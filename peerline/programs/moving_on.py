"""One person in several programs at once, and from one to the next, without being registered again (S112, S113)."""

from django.db import transaction

from peerline.people.access import KEEPERS, Viewer
from peerline.programs import intake, queries, services
from peerline.programs.models import Enrollment

CARRIED = ("a1c_percent", "insulin", "diabetes_type", "diagnosed_year", "challenges", "gender_preference", "reminders")


@transaction.atomic
def move_on(actor: Viewer, *, enrollment_id: int, program_id: int, stays: bool = True) -> Enrollment:
    """Put somebody who is in one program into another as well, with all that is known about them.

    Where that one has a text they are invited: it is another text, and theirs to accept. stays False: the first one stops.
    Raises ProgramError already_enrolled.
    """
    row = queries.enrollment_for(actor, enrollment_id, *KEEPERS)
    facts = {name: getattr(row, name) for name in CARRIED}
    fresh = services.enroll(actor, program_id=program_id, person_id=row.person_id, **facts)
    taken = intake.newest(row.pk)
    if taken is not None:
        said = {name: getattr(taken, name) for name in intake.STAFFS}
        intake.record(actor, enrollment_id=fresh.pk, how=taken.how, **said)
    if not stays:
        services.stop(actor, row.pk, "moved on")
    return fresh
