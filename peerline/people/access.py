"""Who may come in at which door. Every view says `@allow(...)`; the gate refuses a view that says nothing.

A `Viewer` is who is looking, with the roles that hold now: read once a request, so a role taken away is gone at the
next one. What a viewer may see is always a filter on a query (`viewer.scope`), so that something outside it is not
forbidden but simply not there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q

from peerline.people.models import Role

STAFF = frozenset({"coordinator", "nurse", "researcher", "administrator"})
CARE = frozenset({"coordinator", "nurse"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Grant:
    """One role in one place."""

    role: str
    organization_id: int
    site_id: int | None
    program_id: int | None


@dataclass(frozen=True)
class Viewer:
    """Who is looking. person_id None: nobody signed in."""

    person_id: int | None = None
    grants: tuple[Grant, ...] = ()

    def has(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.grants)

    @property
    def is_staff(self) -> bool:
        return self.has(*STAFF)

    @property
    def is_participant(self) -> bool:
        return self.has("participant")

    def scope(self, *roles: str, organization: str, site: str, program: str) -> Q:
        """The filter that keeps what these roles reach. The three names are look-ups of the table that is filtered;
        "" for one the table does not have (then a grant bound to it reaches nothing there).

            Pair.objects.filter(viewer.scope("nurse", organization="program__organization", site="program__site", program="program"))
        """
        reach = Q(pk__in=[])
        for grant in self.grants:
            if grant.role not in roles:
                continue
            one = Q(**{organization: grant.organization_id})
            for name, value in ((site, grant.site_id), (program, grant.program_id)):
                if value is not None:
                    one &= Q(**{name: value}) if name else Q(pk__in=[])
            reach |= one
        return reach


def viewer_of(person_id: int | None) -> Viewer:
    """The viewer with the roles that hold now. One query."""
    if person_id is None:
        return Viewer()
    rows = Role.objects.filter(person_id=person_id, ended_at=None, person__removed_at=None)
    grants = rows.values_list("name", "organization_id", "site_id", "program_id")
    return Viewer(person_id, tuple(Grant(*row) for row in grants))


Rule = Callable[[Viewer], bool]


def anyone(viewer: Viewer) -> bool:
    """Signed in or not."""
    return True


def signed_in(viewer: Viewer) -> bool:
    return viewer.person_id is not None


def role(*names: str) -> Rule:
    """Holders of one of these roles, anywhere; what they then see is the query's business."""

    def holds(viewer: Viewer) -> bool:
        return viewer.has(*names)

    holds.__name__ = "role_" + "_or_".join(names)
    return holds


staff = role(*sorted(STAFF))
care_staff = role(*sorted(CARE))
participant = role("participant")


def allow(rule: Rule) -> Callable[[View], View]:
    """Say who may use this view. The gate turns all others away as if the address did not exist."""

    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return mark
