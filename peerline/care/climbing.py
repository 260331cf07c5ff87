"""The ladder climbed: who is told of a need, how, and who next when nobody has seen it.

Numbered, for each minute: 1. each open need that nobody has seen and whose time has come climbs a step, in a transaction
of its own; 2. whoever stands on that step is told once: what cannot wait by telephone and e-mail at once, the rest by
e-mail, or by telephone within their hours; 3. calls that could not be placed are tried again. It ends when somebody
opens the need or presses 1 on the telephone. What goes out names no person and no illness.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from peerline.care import ladder, needs, words
from peerline.care.models import Need, Told
from peerline.exchange import services as exchange
from peerline.kernel import clock
from peerline.messaging import services as messaging
from peerline.people import queries as people
from peerline.people.queries import Known
from peerline.prepared import prepared

DIALOGUE = "care.told"
A_TICK = 200
CALLS_TRIED = timedelta(hours=4)  # so long a call that could not be placed is tried again


def climb() -> int:
    """Regular work; how many needs climbed a step."""
    climbed = sum(_climb(pk) for pk in _to_climb(clock.now()))
    for told in _not_rung(clock.now() - CALLS_TRIED):
        _ring(told)
    return climbed


@prepared(datetime)
def _to_climb(now: datetime) -> QuerySet[Need, int]:
    rows = Need.objects.filter(closed_at=None, seen_at=None, climbs_at__lte=now).order_by("climbs_at", "pk")
    return rows.values_list("pk", flat=True)[:A_TICK]


@transaction.atomic
def _climb(need_id: int) -> bool:
    """One step up, unless somebody has seen it meanwhile. A step on which nobody stands is passed over."""
    now = clock.now()
    need = Need.objects.select_for_update(of=("self",)).select_related("program").filter(pk=need_id).first()
    if need is None or need.closed_at or need.seen_at or not need.climbs_at or need.climbs_at > now:
        return False
    rule, hours = needs.rule_of(need.program_id, need.level), needs.hours_of(need.program_id)
    standing: list[Known] = []
    while not standing and rule.role_at(need.step):
        standing = _standing_on(need, rule.role_at(need.step))
        need.step += 1
    for person in standing:
        _tell(need, person)
    need.climbs_at = ladder.due_at(rule, now, hours) if rule.role_at(need.step) else None
    need.save(update_fields=["step", "climbs_at"])
    return True


def _standing_on(need: Need, role: str) -> list[Known]:
    """On the first step its owner; else whoever holds the role where the need is."""
    if need.step == 0 and need.owner_id:
        return [people.person_known(need.owner_id)]
    program = need.program
    return people.staff_reaching(program.organization_id, program.site_id, program.pk, role)


def _tell(need: Need, person: Known) -> None:
    """Once a need and person, whatever happens."""
    told, fresh = Told.objects.get_or_create(
        need=need, person_id=person.person_id, defaults={"step": need.step, "at": clock.now()}
    )
    if not fresh:
        return
    told.mailed = _mail(need, person)
    told.save(update_fields=["mailed"])
    if need.level in ladder.AT_ONCE or not told.mailed:
        _ring(told)


def _mail(need: Need, person: Known) -> bool:
    with translation.override(person.language):
        subject = _("Somebody needs you at Peerline: %(when)s") % {"when": words.LEVELS[need.level]}
        if need.drill:
            subject = _("Drill, nobody is in danger: %(subject)s") % {"subject": subject}
        body = _("It waits on your desk, and nobody has seen it yet: %(there)s") % {
            "there": settings.PUBLIC_URL + reverse("care:need", args=[need.pk])
        }
    return messaging.send(
        to_person=person.person_id, channel="email", kind="care.told", key=f"care.told:{need.pk}:{person.person_id}",
        subject=subject, body=body,
    )  # fmt: skip


@prepared(datetime)
def _not_rung(since: datetime) -> QuerySet[Told]:
    """Whom the line could not ring yet, though they are to be rung: they were on a call, or it was not their hour."""
    rows = Told.objects.filter(call_id=None, seen_at=None, at__gt=since)
    rows = rows.filter(need__closed_at=None, need__seen_at=None).exclude(mailed=True, need__level__in=("E2", "E3"))
    return rows.select_related("need__program").order_by("pk")[:A_TICK]


def _ring(told: Told) -> None:
    """The line rings them, and one key is the proof that they heard it. What can wait does not ring outside their hours."""
    need = told.need
    if need.level not in ladder.AT_ONCE and not people.reachable_now(told.person_id, clock.now()):
        return
    try:
        call_id = exchange.ring(
            None, person_id=told.person_id, dialogue=DIALOGUE, args=(need.pk,), way="staff", program_id=need.program_id,
            organization_id=need.program.organization_id if need.program else None,
        )  # fmt: skip
    except exchange.CannotRing:
        return
    Told.objects.filter(pk=told.pk).update(call_id=call_id)
