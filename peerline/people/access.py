"""Who may come in at which door. Every view says `@allow(...)`; the gate refuses a view that says nothing.

A `Viewer` is who is looking, with the roles that hold now: read once a request, so a role taken away is gone at the
next one. What a viewer may see is always a filter on a query (`viewer.scope`), so that something outside it is not
forbidden but simply not there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from peerline.people.models import Role
from peerline.prepared import prepared

STAFF = frozenset({"coordinator", "nurse", "researcher", "administrator"})
CARE = frozenset({"coordinator", "nurse"})
KEEPERS = frozenset({"coordinator", "nurse", "administrator"})  # who may open and correct a participant's record


class NotThere(Http404):
    """Missing, or not for this actor: nobody is told which. On the web it is the page that is not there."""


def demo_is_open() -> bool:
    """Made-up people on a server that only this very machine can reach: then nothing needs hiding from whoever sits here.

    Behind a proxy every visitor seems to come from this machine, so there it is never open.
    """
    return bool(settings.DEMO and settings.LOOPBACK_ONLY and settings.SECURE_PROXY_SSL_HEADER is None)


def require(allowed: object) -> None:
    """Raises NotThere unless `allowed`."""
    if not allowed:
        raise NotThere


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
    """Who is looking, or acting: the first argument of every service. person_id None: nobody signed in.

    is_platform: Peerline itself at work (a job, an import at set-up, a code that was proven right): it may do anything.
    """

    person_id: int | None = None
    grants: tuple[Grant, ...] = ()
    is_platform: bool = False

    @property
    def me(self) -> int:
        """Whose pages "mine" are. Raises NotThere where nobody signed in."""
        if self.person_id is None:
            raise NotThere
        return self.person_id

    def has(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def holds(
        self, *roles: str, organization_id: int, site_id: int | None = None, program_id: int | None = None
    ) -> bool:
        """Does one of these roles reach this place? A role for one site or program does not reach what has none."""
        return self.is_platform or any(
            grant.role in roles
            and grant.organization_id == organization_id
            and grant.site_id in (None, site_id)
            and grant.program_id in (None, program_id)
            for grant in self.grants
        )

    def clinics(self, *roles: str) -> list[int]:
        """The organizations that one of these roles reaches whole: not one site or program of them only."""
        whole = (one for one in self.grants if one.role in roles and one.site_id is None and one.program_id is None)
        return sorted({one.organization_id for one in whole})

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
        if self.is_platform:
            return Q()
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


PLATFORM = Viewer(is_platform=True)


def viewer_of(person_id: int | None) -> Viewer:
    """The viewer with the roles that hold now. One query."""
    if person_id is None:
        return Viewer()
    return Viewer(person_id, tuple(Grant(*row) for row in _grants(person_id)))


@prepared(int)
def _grants(person_id: int) -> QuerySet[Role, Any]:
    rows = Role.objects.filter(person_id=person_id, ended_at=None, person__removed_at=None)
    return rows.values_list("name", "organization_id", "site_id", "program_id")


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


class Request(HttpRequest):
    """A request behind the gate, which has said who comes (gate.py)."""

    viewer: Viewer


def allow(rule: Rule) -> Callable[[View], View]:
    """Say who may use this view. The gate turns all others away as if the address did not exist."""

    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return mark
