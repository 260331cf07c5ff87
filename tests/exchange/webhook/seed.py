"""In a process of its own: `make` puts two partners into an empty state folder, `ring` lets the line ring both."""

import os
import sys
from datetime import date, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def make() -> None:
    from django.core.management import call_command

    from peerline.groups import training
    from peerline.jobs.models import Regular
    from peerline.kernel import clock
    from peerline.messaging import services as messaging
    from peerline.pairs import services as pairs
    from peerline.people import services as people
    from peerline.people.access import PLATFORM
    from peerline.programs import services as programs

    call_command("migrate", verbosity=0)
    Regular.objects.create(name="exchange.warm_prompts", next_at=clock.now() + timedelta(days=1))
    place = people.Place(people.make_organization(PLATFORM, name="Eastside").pk)
    program = programs.make_program(
        PLATFORM, organization_id=place.organization_id, name="Pairs", begins_on=date(2026, 11, 1)
    )
    partners = []
    for nickname, number in (("Maple", "+17345550101"), ("Elm", "+17345550102")):
        person = people.add_person(PLATFORM, place=place, first_name="Rosa", nickname=nickname, language="en")
        point = people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=number)
        people.verify(PLATFORM, contact_id=point.pk, how="staff")
        programs.enroll(PLATFORM, program_id=program.pk, person_id=person.pk)
        training.record(PLATFORM, person_id=person.pk, how="session")
        messaging.without(PLATFORM, person_id=person.pk, channel="voice")  # who is rung here is rung by a partner
        partners.append(person.pk)
    pairs.pair_up(PLATFORM, program_id=program.pk, people=partners)


def ring() -> None:
    from peerline.pairs import services as pairs
    from peerline.people.access import PLATFORM
    from peerline.people.models import Person

    first = Person.objects.order_by("pk").first()
    assert first is not None
    pairs.ring_both(PLATFORM, pair_id=1, first_person_id=first.pk)


if __name__ == "__main__":
    import django

    django.setup()
    {"make": make, "ring": ring}[sys.argv[1]]()
