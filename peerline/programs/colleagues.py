"""Staff as administrators see them: roles with their place in words, and a way to invite somebody new."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from peerline.entry import services as entry
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people.access import NotThere, Viewer
from peerline.people.services import Place
from peerline.programs import queries


def listed(viewer: Viewer) -> list[dict[str, Any]]:
    """One item a person: {person, email, roles: [(role id, role, where)]}."""
    names = dict(queries.programs(viewer, "administrator").values_list("pk", "name"))
    found: dict[int, dict[str, Any]] = {}
    for row in people.staff(viewer):
        where = names.get(row.program_id) or (row.site.name if row.site else _("everywhere"))
        item = found.setdefault(row.person_id, {"person": row.person, "roles": []})
        item["email"] = people.account_email(row.person_id)
        item["roles"].append((row.pk, row.role_words, where))
    return list(found.values())


def places(viewer: Viewer) -> list[tuple[str, str]]:
    """Where this administrator may give roles: whole organizations, their sites, programs."""
    choices: list[tuple[str, str]] = []
    for organization in people.organizations(viewer):
        if viewer.holds("administrator", organization_id=organization.pk):
            choices.append((f"{organization.pk}::", organization.name))
        for site in organization.sites.order_by("name"):
            if viewer.holds("administrator", organization_id=organization.pk, site_id=site.pk):
                choices.append((f"{organization.pk}:{site.pk}:", _("site: %(name)s") % {"name": site.name}))
    for program in queries.programs(viewer, "administrator"):
        choices.append((f"{program.organization_id}::{program.pk}", _("program: %(name)s") % {"name": program.name}))
    return choices


def place_of(viewer: Viewer, choice: str) -> Place:
    """Raises NotThere for a place that was not offered."""
    if choice not in dict(places(viewer)):
        raise NotThere
    organization, site, program = (int(part) if part else None for part in choice.split(":"))
    assert organization is not None
    return Place(organization, site, program)


@transaction.atomic
def invite(actor: Viewer, facts: Mapping[str, Any]) -> None:
    """A new colleague: person, role, account, and the link by e-mail."""
    place = place_of(actor, facts["place"])
    person = person_services.add_colleague(
        actor,
        place=place,
        role=facts["role"],
        first_name=facts["first_name"],
        last_name=facts["last_name"],
        title=facts["title"],
    )
    entry.invite(actor, person_id=person.pk, email=facts["email"])
