"""The printed door of plans: a person's own workbook, as a page to print and as a tagged PDF, and sheets typed in again.

The PDF needs WeasyPrint and Pango, which a small installation may not have: then the page says so and prints itself.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from peerline.kernel.phone_numbers import for_reading
from peerline.people.access import KEEPERS, NotThere, Viewer, require
from peerline.people.queries import person_known
from peerline.plans import queries, services, sheets, words
from peerline.plans.models import Plan
from peerline.plans.rules import PlanError
from peerline.programs import queries as programs
from peerline.ui.crisis import pack

ABOUT_INSULIN = {"fear_of_injection", "injection_technique", "fear_of_low_sugar", "insulin_feels_like_failure"}
SHEETS = 4  # plan sheets in a workbook: two months
STYLE = settings.ROOT / "peerline" / "plans" / "workbook.css"


def why_no_pdf() -> str:
    """ "" when a PDF can be made here, else one sentence that says what is missing."""
    try:
        import weasyprint  # noqa: F401
    except ImportError:
        return _("No PDF can be made on this server: WeasyPrint is not installed. Print this page instead.")
    except OSError:
        return _("No PDF can be made on this server: the library Pango is missing. Print this page instead.")
    return ""


def _step_line(plan: Plan | None) -> str:
    newest = plan.newest if plan else None
    return words.step_line(newest.how_much, newest.at_when, newest.times_a_week) if newest else ""


def workbook(viewer: Viewer, enrollment_id: int) -> dict[str, Any]:
    """What stands in somebody's workbook. By nickname: a workbook may lie on a kitchen table. Raises NotThere."""
    enrollment = programs.enrollment_for(viewer, enrollment_id)
    protocol = programs.protocol_of_enrollment(enrollment_id)
    known = person_known(enrollment.person_id)
    active = queries.open_plans(enrollment_id).get("active")
    with translation.override(known.language):
        active_line = _step_line(active)
    return {
        "name": known.nickname,
        "language": known.language,
        "enrollment": enrollment,
        "line": for_reading(settings.LINE_NUMBER),
        "number": sheets.sheet_number(enrollment_id),
        "weeks": range(1, protocol.weeks + 1),
        "plan_sheets": range(1, SHEETS + 1),
        "enough": protocol.plans.confidence_enough,
        "active": active,
        "active_line": active_line,
        "domains": list(enumerate(words.DOMAINS.values(), 1)),
        "outcomes": list(enumerate(words.OUTCOMES.values(), 1)),
        "nexts": list(enumerate(words.NEXT.values(), 1)),
        "insulin": about_insulin(enrollment.insulin, enrollment.challenges),
        "crisis": pack(settings.LOCALE_PACK),
        "times": range(1, 8),
        "scale": range(11),
    }


def about_insulin(takes_it: bool | None, challenges: Sequence[str]) -> bool:
    """Does the page on talking about insulin belong in this workbook (S35)? For whoever takes it, or named a worry about it."""
    return bool(takes_it) or not ABOUT_INSULIN.isdisjoint(challenges)


def pdf(viewer: Viewer, enrollment_id: int) -> bytes:
    """The workbook in the person's own language: tagged (PDF/UA-1), 18 pt. About two seconds. Raises NotThere."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    context = workbook(viewer, enrollment_id)
    with translation.override(context["language"]):
        html = render_to_string("plans/workbook_pdf.html", context)
    fonts, base = FontConfiguration(), str(settings.ROOT / "static") + "/"
    style = CSS(string=STYLE.read_text(), base_url=base, font_config=fonts)
    document = HTML(string=html, base_url=base, url_fetcher=URLFetcher(allowed_protocols={"file"}))
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", stylesheets=[style], font_config=fonts)
    return made


# --- Sheets that came back -------------------------------------------------------------------------------------------


def _enrollment(actor: Viewer, program_id: int, sheet: str) -> Any:
    """Whose sheet it is; PlanError bad_sheet for a slip and for a person out of reach alike."""
    try:
        enrollment = programs.enrollment_for(actor, sheets.read_sheet_number(sheet), *KEEPERS)
        require(enrollment.program_id == program_id)
    except NotThere as reason:
        raise PlanError("bad_sheet") from reason
    return enrollment


@transaction.atomic
def enter_plan(
    actor: Viewer, *, program_id: int, sheet: str, shared: bool, begins_on: date | None, step: Mapping[str, Any]
) -> Plan:
    """A plan as it stands on a sheet, under way from the day written there. The same sheet twice is refused.

    Raises PlanError bad_sheet, typed_already, and those of services.write and begin; then nothing is written.
    """
    enrollment = _enrollment(actor, program_id, sheet)
    active = queries.open_plans(enrollment.pk).get("active")
    day = begins_on or queries.today_of(enrollment.person_id)
    if active and active.newest and (active.newest.what, active.begins_on) == (step["what"], day):
        raise PlanError("typed_already")
    plan = services.start(actor, enrollment_id=enrollment.pk, door="paper")
    services.write(actor, plan_id=plan.pk, door="paper", **step)
    services.share(actor, plan_id=plan.pk, shared=shared)
    return services.begin(actor, plan_id=plan.pk, begins_on=day)


@transaction.atomic
def enter_review(
    actor: Viewer, *, program_id: int, sheet: str, outcome: str, times_done: int | None, next: str, note: str
) -> Plan | None:
    """How a plan went, as it stands on a sheet. Raises PlanError bad_sheet, not_active, out_of_range."""
    enrollment = _enrollment(actor, program_id, sheet)
    active = queries.open_plans(enrollment.pk).get("active")
    if active is None:
        raise PlanError("not_active")
    return services.review(
        actor, plan_id=active.pk, outcome=outcome, times_done=times_done, next=next, note=note, door="paper"
    )


def by_number(names: tuple[str, ...], typed: int | None) -> str:
    """The name at the number printed on the sheet: 3 of rules.DOMAINS is exercise. Raises PlanError not_known."""
    if typed is None or not 1 <= typed <= len(names):
        raise PlanError("not_known")
    return names[typed - 1]
