"""People for the reliability tests, made through the real services into a state folder of their own, and written down.

`python -m tests.reliability.town FOLDER COUPLES [tones]` fills PEERLINE_STATE and writes FOLDER/town.json: what a
telephone needs to know (numbers and PINs) and nothing of the system's own records. With `tones` the line says its fixed
prompts as tones (callers.TONES) from then on, uploaded and approved as a person's recordings are.
"""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Household:
    """Somebody with a telephone."""

    person_id: int
    number: str
    pin: str


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in to the website, and has no telephone."""

    person_id: int
    session: str


@dataclass(frozen=True)
class Town:
    program_id: int
    couples: list[tuple[Household, Household]]
    pairs: list[int]  # the couples' pairs, in their order
    visitor: Visitor


def found(folder: Path, environment: dict[str, str], couples: int, *more: str) -> Town:
    """Make it in a process of its own, and read what was written down."""
    subprocess.run([sys.executable, "-m", __name__, str(folder), str(couples), *more], check=True, env=environment)
    return read(folder)


def read(folder: Path) -> Town:
    told = json.loads((folder / "town.json").read_text())
    couples = [(Household(**one), Household(**other)) for one, other in told["couples"]]
    return Town(told["program_id"], couples, told["pairs"], Visitor(**told["visitor"]))


def _make(couples: int) -> dict[str, Any]:
    from peerline.exchange import voices
    from peerline.groups import training
    from peerline.pairs import services as pairs
    from peerline.people import services as people
    from peerline.people.access import PLATFORM
    from peerline.programs import services as programs

    voices.folder()
    organization = people.make_organization(PLATFORM, name="Eastside")
    program = programs.make_program(
        PLATFORM, organization_id=organization.pk, name="Pairs", begins_on=date(2026, 11, 1)
    )
    place = people.Place(organization.pk)
    found, pair_ids = [], []
    for number in range(couples):
        both = [_somebody(place, program.pk, f"+1734555{2 * number + half:04d}") for half in (0, 1)]
        found.append([asdict(one) for one in both])
        for one in both:
            training.record(PLATFORM, person_id=one.person_id, how="session")
        pair = pairs.pair_up(PLATFORM, program_id=program.pk, people=[one.person_id for one in both])
        pair_ids.append(pair.pk)
    return {
        "program_id": program.pk,
        "couples": found,
        "pairs": pair_ids,
        "visitor": asdict(_visitor(place, program.pk)),
    }


def _visitor(place: Any, program_id: int) -> Visitor:
    from django.test import Client

    from peerline.people import services as people
    from peerline.people.access import PLATFORM
    from peerline.people.accounts import account_for
    from peerline.programs import services as programs

    person = people.add_person(PLATFORM, place=place, first_name="June", nickname="Larch", language="en")
    programs.enroll(PLATFORM, program_id=program_id, person_id=person.pk)
    browser = Client()
    browser.force_login(account_for(person.pk), backend="django.contrib.auth.backends.ModelBackend")
    return Visitor(person.pk, browser.cookies["sessionid"].value)


def _somebody(place: Any, program_id: int, number: str) -> Household:
    from peerline.entry import services as entry
    from peerline.kernel import week
    from peerline.messaging import services as messaging
    from peerline.people import services as people
    from peerline.people.access import PLATFORM
    from peerline.programs import services as programs

    person = people.add_person(PLATFORM, place=place, first_name="Rosa", nickname=f"Elm{number[-4:]}", language="en")
    point = people.set_contact(PLATFORM, person_id=person.pk, kind="phone", value=number)
    people.verify(PLATFORM, contact_id=point.pk, how="staff")
    people.set_blocked_hours(PLATFORM, person.pk, week.NONE)
    programs.enroll(PLATFORM, program_id=program_id, person_id=person.pk)
    messaging.without(PLATFORM, person_id=person.pk, channel="voice")  # who is rung here is rung by a partner
    return Household(person.pk, number, entry.issue_pin(PLATFORM, person.pk))


def _speak_in_tones() -> None:
    from datetime import timedelta

    from django.core.files.uploadedfile import SimpleUploadedFile

    from peerline.exchange.engines.embedded.sounds import wav_of
    from peerline.exchange.prompts import services
    from peerline.exchange.prompts.catalogue import prompts
    from peerline.exchange.telephone.hearing import tone
    from peerline.jobs.models import Regular
    from peerline.kernel import clock
    from peerline.people.access import PLATFORM
    from tests.reliability.callers import OTHER, TONES

    for key in [key for key, one in prompts("en").items() if one.is_fixed]:
        sound = tone(TONES.get(key, OTHER), 0.8 if key in TONES else 0.4)
        upload = SimpleUploadedFile(f"{key}.wav", wav_of(sound.astype("<i2").tobytes()))
        row = services.replace(PLATFORM, key=key, language="en", upload=upload)
        services.heard(PLATFORM, key=key, language="en", token=Path(row.path).stem)
    Regular.objects.create(name="exchange.warm_prompts", next_at=clock.now() + timedelta(days=1))


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        town = _make(int(sys.argv[2]))
    if "tones" in sys.argv:
        _speak_in_tones()
    (Path(sys.argv[1]) / "town.json").write_text(json.dumps(town))
