"""Reads: which questions wait for whom, what was answered, what it came to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from peerline.outcomes import rules
from peerline.outcomes.instruments import Instrument, keys, of, with_words
from peerline.outcomes.models import Answer, Attestation, Measure, Score, Sheet
from peerline.people.access import CARE, NotThere, Viewer
from peerline.prepared import prepared
from peerline.programs import queries as programs

READERS = (*sorted(CARE),)  # who of the staff may see answers by name
PAIR = "pair"


@dataclass(frozen=True)
class Standing:
    """How far a sheet is: all its questions as far as is known now, what was answered, and what is left."""

    sheet: Sheet
    questions: list[rules.Question]
    answers: dict[tuple[str, str], int | None]

    @property
    def left(self) -> list[rules.Question]:
        return rules.unanswered(self.questions, self.answers)

    @property
    def mood(self) -> bool:
        return any(one.instrument.mood for one in self.questions)


def attestations(organization_id: int) -> dict[str, Attestation]:
    """instrument → who said that this organization may use it, and its words."""
    rows = Attestation.objects.filter(organization_id=organization_id, withdrawn_at=None)
    return {row.instrument: row for row in rows}


def worded(instrument: Instrument, attested: Mapping[str, Attestation]) -> Instrument:
    """The instrument with the words it has here; as it is when nobody entered them."""
    row = attested.get(instrument.key)
    return instrument if instrument.has_words or row is None else with_words(instrument, row.texts, row.options)


def usable(organization_id: int) -> dict[str, Instrument]:
    """Every instrument that can be asked in this organization."""
    attested = attestations(organization_id)
    found = {key: worded(of(key), attested) for key in keys()}
    return {key: one for key, one in found.items() if one.has_words}


def is_about_a_pair(instruments: Iterable[str]) -> bool:
    """Do these ask about a partner? Then the room that knows partners opens the sheet."""
    return any(key in keys() and of(key).about == PAIR for key in instruments)


def sheet_for(viewer: Viewer, sheet_id: int) -> Sheet:
    """The viewer's own, or of somebody whose answers they may see. Raises NotThere."""
    return require_reader(viewer, Sheet.objects.filter(pk=sheet_id).select_related("program", "person").first())


def require_reader(viewer: Viewer, found: Sheet | None) -> Sheet:
    """The sheet itself, for whoever may see it. Raises NotThere, also where there is none."""
    if found is None or not (viewer.person_id == found.person_id or viewer.is_platform or _reaches(viewer, found)):
        raise NotThere
    return found


def _reaches(viewer: Viewer, sheet: Sheet) -> bool:
    return programs.enrollments(viewer, *READERS).filter(pk=sheet.enrollment_id).exists()


@prepared(int)
def open_sheets(person_id: int) -> QuerySet[Sheet]:
    """What waits for this person's answers, the one that closes first before the others."""
    return Sheet.objects.filter(person_id=person_id, state="open").select_related("program").order_by("closes_at", "pk")


def answers_of(sheet_id: int) -> dict[tuple[str, str], int | None]:
    return {(instrument, item): value for instrument, item, value in _answers(sheet_id)}


@prepared(int)
def _answers(sheet_id: int) -> QuerySet[Answer, tuple[str, str, int | None]]:
    return Answer.objects.filter(sheet_id=sheet_id).values_list("instrument", "item", "value")


def standing(sheet: Sheet) -> Standing:
    """Two queries; three where a licensed site's own words are needed."""
    answers = answers_of(sheet.pk)
    return Standing(sheet, rules.questions(instruments_of(sheet, answers), answers), answers)


def instruments_of(sheet: Sheet, answers: rules.Answers) -> list[Instrument]:
    """Those of the sheet that can be asked, each with what follows from its answers."""
    plain = {key: of(key) for key in keys()}
    wanted = [plain[key] for key in sheet.instruments if key in plain]
    if any(not one.has_words for one in wanted):
        attested = attestations(sheet.program.organization_id)
        wanted = [worded(one, attested) for one in wanted]
    return rules.with_followers([one for one in wanted if one.has_words], answers, plain)


def on_paper(sheet: Sheet) -> list[rules.Question]:
    """The questions a paper of this sheet asks, in order."""
    return rules.on_paper(instruments_of(sheet, {}), {key: of(key) for key in keys()})


def sheets_of(person_id: int, enrollment_ids: Iterable[int] | None = None) -> QuerySet[Sheet]:
    rows = Sheet.objects.filter(person_id=person_id).order_by("opens_at", "pk")
    return rows if enrollment_ids is None else rows.filter(enrollment__in=list(enrollment_ids))


def scores_of(sheet_ids: Iterable[int]) -> QuerySet[Score]:
    return Score.objects.filter(sheet__in=list(sheet_ids)).select_related("sheet").order_by("sheet__opens_at", "pk")


def measures_of(enrollment_ids: Iterable[int]) -> QuerySet[Measure]:
    rows = Measure.objects.filter(enrollment__in=list(enrollment_ids), struck_at=None)
    return rows.order_by("measured_on", "pk")


def asked_already(enrollment_ids: Iterable[int] | QuerySet[Any], occasion: str) -> QuerySet[Sheet]:
    return Sheet.objects.filter(enrollment__in=enrollment_ids, occasion=occasion)


def answered_sheets_of_each(program_id: int, people: Collection[int] | None) -> dict[int, int]:
    """person → how many sheets they answered: the element of individual assessment (S95). One query."""
    rows = Sheet.objects.filter(program_id=program_id, state="done").order_by()
    rows = rows if people is None else rows.filter(person__in=list(people))
    return dict(rows.values_list("person").annotate(n=Count("pk")))


def fit_about(program_id: int) -> dict[str, list[float]]:
    """about ("pair:12") → how well it suits, 0 to 1, by each answer of each of its people (S40): what matching learns from."""
    answers = _values_about(program_id, "partner_fit")
    fits = {about: [rules.fit(values) for values in sheets] for about, sheets in answers.items()}
    return {
        about: [one for one in found if one is not None]
        for about, found in fits.items()
        if any(one is not None for one in found)
    }


def _values_about(program_id: int, instrument: str) -> dict[str, list[dict[str, int | None]]]:
    """about → the answers of each sheet that was answered, by item. One query."""
    rows = Answer.objects.filter(sheet__program_id=program_id, sheet__state="done", instrument=instrument)
    found: dict[str, dict[int, dict[str, int | None]]] = {}
    for about, sheet_id, item, value in rows.exclude(sheet__about="").values_list(
        "sheet__about", "sheet_id", "item", "value"
    ):
        found.setdefault(about, {}).setdefault(sheet_id, {})[item] = value
    return {about: list(sheets.values()) for about, sheets in found.items()}
