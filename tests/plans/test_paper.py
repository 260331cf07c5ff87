"""The workbook on paper, and sheets that come back (S32, S120)."""

import builtins
import io
import re
import sys
from datetime import date

import pytest
from pypdf import PdfReader

from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.plans import paper, queries, sheets
from peerline.plans import services as plans
from peerline.plans.models import Plan, PlanReview
from peerline.programs.models import Enrollment
from tests.cast import sign_in

WORDS = {"en": ("Questions for my doctor", "Talking with my partner"), "es": ("Preguntas para mi doctor", "Hablar con mi pareja de apoyo")}  # fmt: skip
SMALLEST_PT = 18


def faults(pdf: bytes, language: str) -> list[str]:
    """What keeps this PDF from being read aloud or by weak eyes."""
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    tags = set(re.findall(rb"/S /(H1|H2|H3|P|L|LI)\b", pdf)) | kinds(root.get("/StructTreeRoot", {}))
    checks = {
        "is not tagged": bool(root.get("/MarkInfo", {}).get("/Marked")) and "/StructTreeRoot" in root,
        "does not say its language": root.get("/Lang") == language,
        "has no title": bool(reader.metadata and reader.metadata.title),
        "does not show its title": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")),
        "has no headings": {"H1", "H2"} <= tags,
        "is too small": min(sizes(reader), default=0) >= SMALLEST_PT - 0.1,
    }
    return [fault for fault, good in checks.items() if not good]


def kinds(node) -> set[str]:
    """The kinds of all elements of a structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return set().union(*map(kinds, node))
    if not isinstance(node, dict):
        return set()
    own = {str(node["/S"])[1:]} if "/S" in node else set()
    return own | (kinds(node["/K"]) if "/K" in node else set())


def sizes(reader) -> list[float]:
    """The size of every piece of text, in points."""
    found = []
    for page in reader.pages:
        page.extract_text(visitor_text=lambda text, _cm, tm, _font, size: found.append(abs(size * tm[3] * _cm[3])) if text.strip() else None)  # fmt: skip
    return found


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.req("S32", "S47", "S120", "S122")
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_workbook_is_a_tagged_pdf_in_large_print_in_the_persons_language(here, language):
    people.set_language(PLATFORM, person_id=here.rosa.pk, language=language)
    here.plan()
    made = paper.pdf(here.me, here.enrollment_id)
    assert faults(made, language) == []
    text = text_of(made)
    for words in (
        *WORDS[language],
        sheets.sheet_number(here.enrollment_id),
        "(800) 555-0142",
        "Maple",
        "Walk around the block",
    ):
        assert words in text, words
    assert "Rosa" not in text, "a workbook may lie on a kitchen table"


def test_a_pdf_without_tags_or_in_small_print_is_noticed():
    from weasyprint import HTML

    poor = HTML(string="<p style='font-size: 9pt'>Walk</p>").write_pdf()
    assert {"is not tagged", "has no title", "is too small", "has no headings"} <= set(faults(poor, "en"))


@pytest.mark.req("S32")
def test_each_sheet_is_one_page(here):
    made = PdfReader(io.BytesIO(paper.pdf(here.me, here.enrollment_id)))
    assert len(made.pages) == 2 + 2 * paper.SHEETS + 1


@pytest.mark.req("S35")
@pytest.mark.parametrize(
    ("facts", "there"),
    [({"insulin": True}, True), ({"challenges": ["fear_of_injection"]}, True), ({"challenges": ["food"]}, False)],
)
def test_whoever_takes_insulin_or_worries_about_it_has_a_page_to_talk_about_it(here, client, facts, there):
    Enrollment.objects.filter(pk=here.enrollment_id).update(**facts)
    made = PdfReader(io.BytesIO(paper.pdf(here.me, here.enrollment_id)))
    assert len(made.pages) == 2 + 2 * paper.SHEETS + 1 + there, "and it is one page"
    said = " ".join(" ".join(page.extract_text().split()) for page in made.pages)
    for worry in (
        "I have failed",
        "really ill",
        "afraid of the needle",
        "Do I do it right",
        "too low",
        "one more thing",
    ):
        assert (worry in said) == there, worry
    assert ("how much and when: ask your nurse" in said) == there
    assert not re.search(r"\d+ ?(units|grams|unidades)", said), "nobody is told a dose"


@pytest.mark.parametrize("missing", [ImportError, OSError])
def test_without_the_libraries_the_page_says_so_and_nothing_falls_over(here, client, monkeypatch, missing):
    proper = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "weasyprint":
            raise missing("libpango")
        return proper(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    sign_in(client, here.rosa)
    page = client.get(f"/plans/of/{here.enrollment_id}/workbook/").content.decode()
    assert "No PDF can be made on this server" in page and "My plan, sheet 1" in page
    assert client.get(f"/plans/of/{here.enrollment_id}/workbook.pdf").status_code == 302


@pytest.mark.req("S32")
def test_the_workbook_is_the_persons_own(here, client):
    sign_in(client, here.elias)
    for ending in ("workbook/", "workbook.pdf"):
        assert client.get(f"/plans/of/{here.enrollment_id}/{ending}").status_code == 404
    with pytest.raises(NotThere):
        paper.workbook(viewer_of(here.elias.pk), here.enrollment_id)
    sign_in(client, here.rosa)
    answer = client.get(f"/plans/of/{here.enrollment_id}/workbook.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")


# --- Sheets that came back -------------------------------------------------------------------------------------------


def row(number, **typed):
    return {f"row{number}-{name}": str(value) for name, value in typed.items()}


def plan_row(here, number, person, **changes):
    sheet = sheets.sheet_number(person.enrollments.get().pk)
    good = {"sheet": sheet, "begins": "11/1/2026", "about": 3, "what": "Walk", "times": 3, "sure": 8, "share": 1}
    return row(number, **{**good, **changes})


@pytest.mark.req("S32", "S47")
def test_many_sheets_are_typed_in_at_once_and_each_row_stands_for_itself(here, client):
    sign_in(client, here.nurse)
    third = here.participant("Ida", "Fern")
    path = f"/plans/paper/{here.program.pk}/plans/"
    typed = (
        plan_row(here, 1, here.rosa) | plan_row(here, 2, here.elias, sheet="12-3") | plan_row(here, 3, third, sure=11)
    )
    page = client.post(path, typed).content.decode()
    assert "1 sheet is saved." in page
    assert "Row 2: There is no such sheet number here." in page and "Row 3: " in page and "Row 1: " not in page
    assert 'value="12-3"' in page, "what was typed is still there"
    plan = queries.newest_open(here.rosa.pk)
    step = plan.newest
    assert (step.domain, step.what, step.times_a_week, step.confidence, step.door) == (
        "exercise",
        "Walk",
        3,
        8,
        "paper",
    )
    assert (plan.begins_on, plan.ends_on, plan.shared) == (date(2026, 11, 1), date(2026, 11, 15), True)
    assert step.by == here.nurse and not Plan.objects.exclude(pk=plan.pk).exists()


def test_the_same_sheet_typed_twice_is_one_plan(here, client):
    sign_in(client, here.nurse)
    path = f"/plans/paper/{here.program.pk}/plans/"
    assert client.post(path, plan_row(here, 1, here.rosa)).status_code == 302
    assert "This sheet was typed in already." in client.post(path, plan_row(here, 1, here.rosa)).content.decode()
    assert Plan.objects.count() == 1


@pytest.mark.req("S31", "S32")
def test_how_it_went_is_typed_in_too(here, client):
    sign_in(client, here.nurse)
    plan = here.plan()
    path = f"/plans/paper/{here.program.pk}/reviews/"
    sheet = sheets.sheet_number(here.enrollment_id)
    typed = row(1, sheet=sheet, outcome=2, times_done=4, next=1, note="It rained") | row(
        2, sheet=sheet, outcome=9, next=1
    )
    page = client.post(path, typed).content.decode()
    assert "Row 2: " in page
    review = PlanReview.objects.get(plan=plan)
    assert (review.outcome, review.times_done, review.next, review.door) == ("partly", 4, "continue", "paper")


def test_a_sheet_of_another_program_or_out_of_reach_is_no_sheet(here):
    with pytest.raises(plans.PlanError, match="bad_sheet"):
        paper.enter_review(
            viewer_of(here.elias.pk), program_id=here.program.pk, sheet=sheets.sheet_number(here.enrollment_id),
            outcome="done", times_done=None, next="rest", note="",
        )  # fmt: skip
    with pytest.raises(plans.PlanError, match="bad_sheet"):
        paper.enter_review(
            PLATFORM, program_id=here.program.pk + 1, sheet=sheets.sheet_number(here.enrollment_id),
            outcome="done", times_done=None, next="rest", note="",
        )  # fmt: skip


@pytest.mark.req("S32", "S47")
def test_the_page_to_print_is_in_the_persons_language_whoever_opens_it(here, client):
    people.set_language(PLATFORM, person_id=here.rosa.pk, language="es")
    sign_in(client, here.nurse)
    page = client.get(f"/plans/of/{here.enrollment_id}/workbook/").content.decode()
    sheets = page.partition('<div lang="es">')[2]
    assert "¿Qué voy a hacer?" in sheets and "What will I do?" not in page
