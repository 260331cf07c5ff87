"""What staff see, enter and print; what a program comes to; what a researcher gets; what a license opens."""

from datetime import date
from decimal import Decimal

import pytest

from peerline.kernel import clock
from peerline.outcomes import measured, measures, queries, reports, services
from peerline.outcomes.measures import Typed
from peerline.outcomes.models import Attestation, Measure, Score, Sheet
from peerline.outcomes.rules import OutcomeError
from peerline.people.access import PLATFORM, NotThere, viewer_of
from tests import browser, cast
from tests.browser import check_axe, check_no_sideways_scroll, check_targets, keep_picture

LOW = {("phq2", "interest"): 3, ("phq2", "down"): 3}


def text(response):
    return " ".join(response.content.decode().split())


def measure(place, *values, on=date(2026, 11, 2), sure=False, method="lab"):
    typed = [Typed(kind, Decimal(value), unit) for kind, value, unit in values]
    return measures.measure(
        viewer_of(place.staff["nurse"].pk), enrollment_id=place.enrollment(place.rosa), values=typed, measured_on=on,
        method=method, sure=sure,
    )  # fmt: skip


# --- Measures ------------------------------------------------------------------------------------------------------


@pytest.mark.req("S137")
@pytest.mark.parametrize(("ngsp", "ifcc"), [("6.5", "47.5"), ("7.0", "53.0"), ("7.5", "58.5"), ("8.0", "63.9"), ("9.0", "74.9"), ("10.0", "85.8")])  # fmt: skip
def test_an_a1c_in_percent_and_in_mmol_per_mol_are_one(ngsp, ifcc):
    assert round(measured.ifcc_of(Decimal(ngsp)), 1) == Decimal(ifcc)
    assert measured.checked(measured.KINDS["a1c"], Decimal(ifcc), "mmol/mol").value == Decimal(ngsp)


@pytest.mark.req("S137", "S138", "S139")
def test_units_are_turned_and_both_are_kept(place):
    assert round(measured.average_glucose_mg_dl(Decimal(7)), 1) == Decimal("154.2")
    assert round(measured.average_glucose_mg_dl(Decimal(8)), 1) == Decimal("182.9")
    assert measured.ifcc_difference(Decimal(1)) == Decimal("10.93") and measured.bmi(
        Decimal(80), Decimal(170)
    ) == Decimal("27.7")
    made = measure(place, ("a1c", "53", "mmol/mol"), ("weight", "200", "[lb_av]"), ("ldl", "2.6", "mmol/L"), ("triglycerides", "2", "mmol/L"), ("glucose", "7", "mmol/L"))  # fmt: skip
    assert [(row.value, row.typed, row.typed_unit) for row in made] == [
        (Decimal("7.0"), 53, "mmol/mol"), (Decimal("90.7"), 200, "[lb_av]"), (101, Decimal("2.6"), "mmol/L"),
        (177, 2, "mmol/L"), (126, 7, "mmol/L"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([("a1c", "53", "%")], "impossible"),
        ([("a1c", "2.9", "%")], "impossible"),
        ([("a1c", "15", "%")], "unusual"),
        ([("a1c", "7", "mg/dL")], "unit"),
        ([("systolic", "80", "mm[Hg]"), ("diastolic", "80", "mm[Hg]")], "unusual"),
        ([("systolic", "100", "mm[Hg]"), ("diastolic", "105", "mm[Hg]")], "upside_down"),
        ([("glucose", "5", "mg/dL")], "impossible"),
        ([("weight", "401", "kg")], "impossible"),
    ],
)
def test_what_cannot_be_is_refused_and_what_is_unusual_is_asked_about(place, values, word):
    with pytest.raises(OutcomeError) as fault:
        measure(place, *values)
    assert fault.value.word == word and not Measure.objects.exists()


def test_an_unusual_value_somebody_is_sure_of_is_kept_once_a_day_and_can_be_struck_out(place):
    (row,) = measure(place, ("a1c", "15", "%"), sure=True)
    with pytest.raises(OutcomeError) as fault:
        measure(place, ("a1c", "9", "%"))
    assert fault.value.word == "there_already"
    measures.strike(viewer_of(place.staff["nurse"].pk), measure_id=row.pk)
    measure(place, ("a1c", "9", "%"))
    assert [one.value for one in queries.measures_of([place.enrollment(place.rosa)])] == [9]
    with pytest.raises(OutcomeError) as fault:
        measure(place, ("a1c", "9", "%"), on=date(2030, 1, 1))
    assert fault.value.word == "future"


@pytest.mark.req("T5")
def test_only_nurses_and_coordinators_enter_and_strike_out(place):
    (row,) = measure(place, ("a1c", "8", "%"))
    for role in ("researcher", "administrator"):
        with pytest.raises(NotThere):
            measures.strike(viewer_of(place.staff[role].pk), measure_id=row.pk)


# --- Pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("S150")
def test_the_page_of_a_person_shows_scores_with_bands_and_both_figures(place, client):
    sheet = place.sheet(instruments=["phq2", "adherence"])
    place.say(sheet, phq2={"interest": 3, "down": 1}, adherence={"days7": 2, "days30": 4, "reason": 1})
    measure(place, ("a1c", "8.2", "%"))
    cast.sign_in(client, place.staff["nurse"])
    page = text(client.get(f"/people/{place.rosa.pk}/outcomes/"))
    for said in (
        "Mood, two questions (PHQ-2)",
        "ask more",
        "The last A1C was 8.2 percent",
        "Days without a dose, of seven: 2",
        "not validated",
    ):
        assert said in page, said


def test_a_value_is_entered_by_hand_with_what_is_wrong_said(place, client):
    cast.sign_in(client, place.staff["nurse"])
    address = f"/enrollments/{place.enrollment(place.rosa)}/measure/"
    sent = {
        "what": "a1c %",
        "value": "53",
        "method": "lab",
        "measured_on_month": "11",
        "measured_on_day": "2",
        "measured_on_year": "2026",
    }
    assert "This value cannot be" in text(client.post(address, sent))
    assert "tick the box" in text(client.post(address, sent | {"value": "15"}))
    assert "lower number" in text(client.post(address, sent | {"what": "systolic mm[Hg]", "value": "130"}))
    client.post(address, sent | {"what": "systolic mm[Hg]", "value": "130", "lower": "80"})
    assert dict(Measure.objects.values_list("kind", "value")) == {"systolic": 130, "diastolic": 80}


def test_a_paper_goes_out_in_the_persons_language_and_comes_back_by_numbers(place, client):
    sheet = place.sheet(place.elm, instruments=["phq2", "recommend", "adherence"])
    cast.sign_in(client, place.staff["coordinator"])
    page = text(client.get(f"/sheets/{sheet.pk}/paper/"))
    assert "Poco interés o placer" in page and "988" in page and "no es consejo" in page.lower()
    assert page.count('<li value="') == 12, "what may follow stands on the paper, too"
    form = text(client.get(f"/sheets/{sheet.pk}/type/"))
    assert "1 Not at all · 2 Several days" in form and form.index("Trouble falling") < form.index("how likely")
    sent = {
        "how": "paper",
        "q_phq2_interest": "4",
        "q_phq2_down": "3 4",
        "q_recommend_recommend": "7 9",
        "q_adherence_days7": "x",
    }
    assert "Choose one of the answers." in text(client.post(f"/sheets/{sheet.pk}/type/", sent))
    client.post(f"/sheets/{sheet.pk}/type/", sent | {"q_adherence_days7": "0"})
    assert queries.answers_of(sheet.pk) == {
        ("phq2", "interest"): 3, ("phq2", "down"): 2, ("adherence", "days7"): 0,
    }  # fmt: skip
    assert Sheet.objects.get(pk=sheet.pk).state == "done"


@pytest.mark.req("S141")
def test_eight_mood_questions_answered_on_paper_count_whatever_the_first_two_say(place):
    sheet = place.sheet()
    values = {("phq2", "interest"): 1, ("phq2", "down"): 1} | {("phq8", item): 2 for item in ("sleep", "tired", "appetite", "failure", "concentration", "pace")}  # fmt: skip
    services.answer_all(viewer_of(place.staff["nurse"].pk), sheet_id=sheet.pk, values=values, door="paper")
    assert Score.objects.get(instrument="phq8").value == 14 and Sheet.objects.get().needs == ["low_mood"]


def test_staff_ask_more_and_offer_missed_questions_again(place, client):
    cast.sign_in(client, place.staff["nurse"])
    client.post(f"/enrollments/{place.enrollment(place.rosa)}/ask/", {"instruments": ["barriers", "phq8"]})
    sheet = Sheet.objects.get()
    assert sheet.instruments == ["barriers", "phq8"]
    Sheet.objects.update(state="missed")
    assert "Offer again" in text(client.get(f"/people/{place.rosa.pk}/outcomes/"))
    client.post(f"/sheets/{sheet.pk}/reopen/")
    assert Sheet.objects.get().state == "open" and Sheet.objects.get().closes_at > clock.now()


# --- A program -----------------------------------------------------------------------------------------------------


@pytest.mark.req("S38", "S149")
def test_a_program_sees_who_answered_means_and_satisfaction_beside_the_source(place, client):
    for person, value in ((place.rosa, 1), (place.elm, 0)):
        sheet = place.sheet(person, instruments=["satisfaction", "recommend"], occasion="month-6")
        place.say(sheet, satisfaction={"satisfied": value}, recommend={"recommend": 8 + value})
        services.finish(PLATFORM, sheet_id=sheet.pk)
    place.sheet(place.rosa)
    (first, last) = reports.responses(place.program.pk)
    assert (last["asked"], last["done"], last["percent"]) == (2, 2, 100) and first["percent"] is None
    assert [row["mean"] for row in reports.means(place.program.pk) if "friend" in row["name"]] == [8.5]
    found = reports.satisfaction(place.program.pk)
    assert (found["percent"], found["n"], found["source_shown"]) == (50, 2, "90 %")
    cast.sign_in(client, place.staff["researcher"])
    page = text(client.get(f"/programs/{place.program.pk}/outcomes/"))
    assert "90 %" in page and "Maple" not in page


@pytest.mark.req("T12", "T5")
def test_the_file_names_nobody_to_a_researcher_and_holds_every_answer_and_score(place, client):
    place.rosa.nickname = "=1+1"
    place.rosa.save()
    place.say(place.sheet(), phq2={"interest": 1, "down": None})
    address = f"/programs/{place.program.pk}/outcomes.csv"
    cast.sign_in(client, place.staff["researcher"])
    plain = b"".join(client.get(address).streaming_content).decode()
    assert (
        f"P{place.rosa.pk},,baseline" in plain
        and "item interest,1" in plain
        and "score total" in plain
        and "1+1" not in plain
    )
    cast.sign_in(client, place.staff["nurse"])
    assert ",'=1+1," in b"".join(client.get(address).streaming_content).decode()


# --- Licenses ------------------------------------------------------------------------------------------------------


def test_a_licensed_questionnaire_is_asked_after_somebody_attested_and_entered_its_words(place, client):
    cast.sign_in(client, place.staff["coordinator"])
    sheet = place.sheet(instruments=["paid5"])
    assert queries.standing(sheet).questions == []
    lines = "\n".join(f"Line {number}" for number in range(5))
    sent = {"texts_en": lines, "texts_es": lines, "options_en": lines, "options_es": lines}
    assert client.post("/questionnaires/paid5/", sent).status_code == 200 and not Attestation.objects.exists()
    short = sent | {"texts_es": "One", "agree": "on"}
    assert "Enter one line for each question" in text(client.post("/questionnaires/paid5/", short))
    client.post("/questionnaires/paid5/", sent | {"agree": "on"})
    row = Attestation.objects.get()
    assert (row.by_id, row.instrument) == (place.staff["coordinator"].pk, "paid5")
    assert len(queries.standing(sheet).questions) == 5
    assert "licensed here" in text(client.get("/questionnaires/"))
    client.post("/questionnaires/paid5/", {"end": "1"})
    assert queries.standing(sheet).questions == []


def test_our_own_and_free_ones_need_no_license(place, client):
    cast.sign_in(client, place.staff["coordinator"])
    assert client.get("/questionnaires/phq2/").status_code == client.get("/questionnaires/nothing/").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_staff_can_be_used_by_everybody_and_are_looked_at(place, client, new_page, live_server, language):
    for occasion, days, a1c, month in (("baseline", 3, "8.9", 8), ("month-6", 1, "7.8", 11)):
        sheet = place.sheet(instruments=["phq2", "adherence", "confidence", "satisfaction"], occasion=occasion)
        place.say(
            sheet, phq2={"interest": days, "down": 1}, adherence={"days7": days, "days30": days}, confidence={"sure": 7}
        )
        place.say(sheet, satisfaction={"satisfied": 1})
        measure(place, ("a1c", a1c, "%"), on=date(2026, month, 2))
    waits = place.sheet(occasion="asked+1", instruments=["phq2", "recommend", "adherence"])
    cast.sign_in(client, place.staff["coordinator"])
    page = new_page(language)
    browser.sign_in(page, client, live_server)
    enrollment = place.enrollment(place.rosa)
    pages = {
        "person": f"/people/{place.rosa.pk}/outcomes/", "measure": f"/enrollments/{enrollment}/measure/",
        "type": f"/sheets/{waits.pk}/type/", "paper": f"/sheets/{waits.pk}/paper/",
        "program": f"/programs/{place.program.pk}/outcomes/", "instruments": "/questionnaires/",
        "attest": "/questionnaires/paid5/", "asking": f"/enrollments/{enrollment}/ask/",
    }  # fmt: skip
    for name, address in pages.items():
        page.goto(address)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if name != "paper":
                check_targets(page)
            check_no_sideways_scroll(page)
            keep_picture(page, f"outcomes-{name}-{language}-{width}")
        check_axe(page)
