"""What the pages of this room show, gathered: a few queries each, whatever the size of the program."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from peerline.audit import queries as audit
from peerline.kernel import week
from peerline.kernel.phone_numbers import for_reading
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people import words as people_words
from peerline.people.access import Viewer
from peerline.people.services import Place
from peerline.programs import intake, intake_pages, queries, services, words
from peerline.programs.models import Enrollment, Program

A_PAGE = 50
LOOKS = 50


def programs_with_counts(viewer: Viewer) -> Any:
    """The viewer's programs, each with .taking_part."""
    active = Count("enrollments", filter=Q(enrollments__state="active"))
    return queries.programs(viewer).annotate(taking_part=active)


def people_page(program_id: int, typed: str, after: str) -> dict[str, Any]:
    """Rows by nickname from `after` ("nickname~person id") on, those matching `typed` only."""
    typed, after = typed.replace("\0", ""), after.replace("\0", "")  # which PostgreSQL cannot hold
    rows = Enrollment.objects.filter(program_id=program_id).exclude(state="removed").select_related("person")
    if typed.strip():
        found = people.matching_words(people.everybody(), typed)
        rows = rows.filter(person__in=found.values("pk"))
    nickname, _, number = after.rpartition("~")
    if number.isdecimal() and len(number) < 19:
        rows = rows.filter(Q(person__nickname__gt=nickname) | Q(person__nickname=nickname, person_id__gt=int(number)))
    page = list(rows.order_by("person__nickname", "person_id")[: A_PAGE + 1])
    more = len(page) > A_PAGE
    page = page[:A_PAGE]
    end = f"{page[-1].person.nickname}~{page[-1].person_id}" if more else ""
    return {"rows": page, "end": end, "begun": bool(after), "q": typed}


def people_lines(program_id: int) -> Iterator[list[str]]:
    """The program's people for a file, by nickname: who, state, since when, language. No number, no address, no value."""
    rows = Enrollment.objects.filter(program_id=program_id).exclude(state="removed").select_related("person")
    for row in rows.order_by("person__nickname", "person_id").iterator(500):
        person = row.person
        began = f"{row.began_at.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%d}"
        yield [
            person.nickname, person.first_name, person.last_name, person.registry_id, row.state_words, began,
            person.language_name,
        ]  # fmt: skip


@transaction.atomic
def join(actor: Viewer, program: Program, facts: Mapping[str, Any]) -> int:
    """Add a person by hand: record, enrollment, number; their id."""
    place = Place(program.organization_id, program.site_id, program.pk)
    given = {name: facts[name] for name in ("first_name", "last_name", "nickname", "language")}
    person = person_services.add_person(actor, place=place, **given)
    services.enroll(actor, program_id=program.pk, person_id=person.pk)
    if facts["phone"]:
        person_services.set_contact(actor, person_id=person.pk, kind="phone", value=facts["phone"], preferred=True)
    return person.pk


def staff_hours_now(program_id: int) -> dict[str, Any]:
    row = queries.staff_hours(program_id)
    if row is None:
        return {"hours": week.of_days(range(5), 9, 17)}
    away = row.away_until.astimezone(ZoneInfo(row.time_zone)).date() if row.away_until else None
    return {"hours": week.from_text(row.week), "away_until": away, "cover": row.cover_id}


def save_staff_hours(actor: Viewer, program_id: int, facts: Mapping[str, Any]) -> None:
    """A day without a time begins at its midnight, on the wall clock of the program."""
    row = queries.staff_hours(program_id)
    zone = row.time_zone if row else settings.TIME_ZONE
    day = facts["away_until"]
    away_until = datetime.combine(day, time(), ZoneInfo(zone)) if day else None
    services.set_staff_hours(
        actor, program_id=program_id, hours=facts["hours"], time_zone=zone, away_until=away_until, cover_id=facts["cover"]
    )  # fmt: skip


def record_of(viewer: Viewer, person: Any) -> dict[str, Any]:
    """The record of one person as staff see it, with the enrollments the viewer reaches."""
    rows = list(queries.enrollments(viewer).filter(person=person).order_by("-began_at"))
    taken = intake.newest_of([row.pk for row in rows])
    enrollments = [{**_shown(row), "intake": intake_pages.shown(taken.get(row.pk))} for row in rows]
    return {"person": person, "points": people.contact_points(person), "enrollments": enrollments}


def _shown(row: Enrollment) -> dict[str, Any]:
    """One enrollment as its card shows it, to staff and to the person."""
    return {"row": row, "facts": matching_facts(row), "journey": intake_pages.journey(row), **_consent(row)}


def _consent(row: Enrollment) -> dict[str, Any]:
    """Whether they agreed to the text in force, and how and when they last did."""
    last = queries.consents(row.pk).first()
    return {
        "agreed": queries.has_consent(row.pk),
        "can_agree": queries.consent_version(row.program_id) > 0 and row.state not in ("stopped", "removed"),
        "how": words.WAYS.get(last.how, "") if last else "",
        "when": last.given_at if last else None,
    }


def matching_facts(row: Enrollment) -> list[tuple[Any, Any]]:
    """(label, value) for what is known for matching; what is not known is left out."""
    facts = [
        (words.FIELDS["a1c_percent"], row.a1c_percent),
        (words.FIELDS["insulin"], {True: words.YES_NO["yes"], False: words.YES_NO["no"]}.get(row.insulin)),
        (words.FIELDS["diabetes_type"], words.TYPES[row.diabetes_type] if row.diabetes_type else None),
        (words.FIELDS["diagnosed_year"], row.diagnosed_year),
        (words.FIELDS["gender_preference"], words.PREFERENCES.get(row.gender_preference)),
        (words.FIELDS["challenges"], ", ".join(str(words.CHALLENGES.get(one, one)) for one in row.challenges)),
    ]
    return [(label, value) for label, value in facts if value not in (None, "")]


def known_about(viewer: Viewer) -> dict[str, Any]:
    """What a person is shown about themself: everything kept, in words, and who looked."""
    person = people.person_for(viewer, viewer.person_id or 0)
    rows = Enrollment.objects.filter(person=person).exclude(state="removed").select_related("program", "person")
    points = people.contact_points(person)
    return {
        "person": person,
        "basics": [
            (people_words.LABELS["first_name"], person.first_name),
            (people_words.LABELS["last_name"], person.last_name),
            (people_words.LABELS["born_year"], str(person.born_year or "")),
            (people_words.LABELS["gender"], people_words.GENDERS.get(person.gender)),
            (people_words.LABELS["culture"], person.culture),
        ],
        "numbers": [for_reading(point.value) if point.kind == "phone" else point.value for point in points],
        "enrollments": [_shown(row) for row in rows],
        "looks": _looks(person.pk),
    }


def _looks(person_id: int) -> list[dict[str, Any]]:
    """Who did what to this record or looked at it, newest first; looks of the same person within an hour are one."""
    lines = list(audit.about(person_id)[: LOOKS * 4])
    names = people.known({line.actor_id for line in lines if line.actor_id})
    shown: list[dict[str, Any]] = []
    for line in lines:
        deed = people_words.DEEDS.get(line.verb)
        last = shown[-1] if shown else None
        same = last and (last["actor_id"], last["deed"]) == (line.actor_id, deed)
        if deed is None or (same and last and last["at"] - line.at < timedelta(hours=1)):
            continue
        who = names[line.actor_id].nickname if line.actor_id in names else ""
        shown.append(
            {"actor_id": line.actor_id, "deed": deed, "at": line.at, "who": who, "own": line.actor_id == person_id}
        )
    return shown[:LOOKS]
