"""Setting up a program without code (S127): a protocol, four answers, the calendar, the start. And what comes next.

Until the start nothing is written but a draft in the visitor's own session.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.people import queries as people
from peerline.people.access import NotThere, Viewer
from peerline.programs import offers, queries, services
from peerline.programs.models import Enrollment, Program
from peerline.programs.protocols.shape import Protocol
from peerline.programs.services import SETTLERS


def offered(key: str) -> Protocol:
    """The protocol of this key, as it can be started now. Raises NotThere."""
    usable, _refused = offers.offered()
    found = next((one for one in usable if one.key == key), None)
    if found is None:
        raise NotThere
    return found


def places(actor: Viewer) -> list[tuple[str, str]]:
    """Where this person may begin a program: ("3:", clinic) and ("3:8", site of it)."""
    choices: list[tuple[str, str]] = []
    for organization in people.organizations(actor):
        if actor.holds(*SETTLERS, organization_id=organization.pk):
            choices.append((f"{organization.pk}:", organization.name))
        for site in organization.sites.order_by("name"):
            if actor.holds(*SETTLERS, organization_id=organization.pk, site_id=site.pk):
                choices.append((f"{organization.pk}:{site.pk}", f"{organization.name}: {site.name}"))
    return choices


def leaders(actor: Viewer) -> list[tuple[int, str]]:
    """Nurses and coordinators of those places, by name."""
    found: dict[int, str] = {}
    for place, _name in places(actor):
        organization_id, site_id = _place(place)
        found |= queries.may_lead(organization_id, site_id)
    return sorted(found.items(), key=lambda one: one[1])


def _place(choice: str) -> tuple[int, int | None]:
    organization, _colon, site = choice.partition(":")
    return int(organization), int(site) if site else None


def draft(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the form holds, as a session can keep it."""
    return {**facts, "begins_on": facts["begins_on"].isoformat()}


def facts_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A draft as it was typed."""
    return {**kept, "begins_on": date.fromisoformat(kept["begins_on"])}


def start(actor: Viewer, key: str, facts: Mapping[str, Any]) -> Program:
    """Make the program. Raises as services.make_program does."""
    if facts["place"] not in dict(places(actor)):
        raise NotThere
    organization_id, site_id = _place(facts["place"])
    leads = facts["led_by"] if facts["led_by"] in queries.may_lead(organization_id, site_id) else None
    return services.make_program(
        actor, organization_id=organization_id, site_id=site_id, name=facts["name"], begins_on=facts["begins_on"],
        protocol_key=key, led_by_id=leads,
    )  # fmt: skip


# --- What a program needs: the questions of the field's guides -----------------------------------------------------


def questions(protocol: Protocol) -> list[tuple[str, str]]:
    """Recruit, train, supervise, evaluate: what Peerline answers already, before the start."""
    trained = any(row.training for row in protocol.sessions)
    asked = ngettext("Questions are asked %(n)s time.", "Questions are asked %(n)s times.", len(protocol.assessments))
    return [
        (_("How do people come in?"), _("By a letter with a code, a link, your list, or with you on the telephone. Everybody says yes for themselves, and may say no.")),
        (_("How are they trained?"), _("In the first session, on paper, or by telephone, before they talk.") if trained else _("On paper or by telephone, before they talk.")),
        (_("Who looks after them?"), _("Whoever leads it, and the nurses of the clinic. Their desk says who needs them, and why.")),
        (_("How do we know it helps?"), asked % {"n": len(protocol.assessments)} + " " + _("Talks, sessions and plans are counted as they happen.")),
    ]  # fmt: skip


def to_do(program: Program, protocol: Protocol) -> list[dict[str, str]]:
    """The same questions for a program that was made: what is done, and where to do the rest."""
    consent = queries.consent_version(program.pk) > 0
    people_in = Enrollment.objects.filter(program=program).exclude(state__in=("stopped", "removed")).count()
    listens = queries.staff_hours(program.pk) is not None
    trained = any(row.training for row in protocol.sessions)
    return [
        _task(_("Recruit: write what people agree to"), consent, "programs:consent_text", program.pk),
        _task(_("Recruit: bring in people"), people_in > 0, "programs:people", program.pk, _people(people_in)),
        _task(_("Train: a first session, or the training on paper or by telephone"), trained, "programs:guide", program.pk, _("It is recorded for each person; nobody talks before.")),
        _task(_("Supervise: say who leads it"), program.led_by_id is not None, "programs:settings", program.pk),
        _task(_("Supervise: say when somebody listens to voicemail"), listens, "programs:staff_hours", program.pk),
        _task(_("Evaluate: questions at the start and later"), bool(protocol.assessments), "programs:guide", program.pk, _("They are asked by themselves, on the days of the calendar.")),
    ]  # fmt: skip


def _people(how_many: int) -> str:
    return ngettext("%(n)s person is in.", "%(n)s people are in.", how_many) % {"n": how_many} if how_many else ""


def _task(label: str, done: bool, name: str, program_id: int, hint: str = "") -> dict[str, str]:
    """A row of a checklist. What happens by itself leads nowhere else."""
    here = name == "programs:guide"
    return {
        "label": label,
        "status": _("By itself") if here and done else _("Done") if done else _("To do"),
        "tone": "ok" if done else "warm",
        "hint": hint,
        "href": "" if here else reverse(name, args=[program_id]),
    }
