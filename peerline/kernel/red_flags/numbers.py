"""Values people tell: glucose in mg/dL or mmol/L, with or without its unit, and blood pressure.

Lines of the escalation table: below 54 mg/dL is level 2 hypoglycemia and below 70 level 1 (ADA Standards of Care,
section 6); above 300 twice, or above 250 with vomiting, ketones or illness, the nurse looks the same day. 1 mmol/L of
glucose is 18.016 mg/dL. Blood pressure of 180 or more over 120 or more.
"""

import re
from collections.abc import Iterator, Sequence

from peerline.kernel.red_flags.letters import sentences

MG_DL_A_MMOL_L = 18.016
LEVELS = {"very_low": "E1", "low": "E2", "high": "E2", "very_high": "E1", "pressure": "E1"}
ABOUT_GLUCOSE = frozenset(
    [
        "sugar",
        "sugars",
        "glucose",
        "reading",
        "readings",
        "meter",
        "bg",
        "glucometer",
        "azucar",
        "azucares",
        "glucosa",
        "glucemia",
        "glucometro",
        "medidor",
        "lectura",
        "lecturas",
    ]
)
OF_SOMETHING_ELSE = frozenset(
    ["a1c", "hba1c", "hemoglobin", "hemoglobina", "pressure", "presion", "weight", "peso", "weigh"]
)
OTHER_UNITS = frozenset(
    [
        "percent",
        "minutes",
        "minute",
        "hours",
        "hour",
        "hrs",
        "units",
        "unit",
        "years",
        "year",
        "days",
        "day",
        "weeks",
        "week",
        "months",
        "times",
        "pounds",
        "lbs",
        "kilos",
        "grams",
        "gram",
        "carbs",
        "am",
        "pm",
        "dollars",
        "points",
        "miles",
        "steps",
        "blocks",
        "percent",
        "por",
        "minutos",
        "minuto",
        "horas",
        "hora",
        "unidades",
        "unidad",
        "anos",
        "dias",
        "dia",
        "semanas",
        "semana",
        "meses",
        "veces",
        "libras",
        "gramos",
        "carbohidratos",
        "dolares",
        "pasos",
        "cuadras",
    ]
)
ILL = re.compile(
    r"\b(vomit\w*|throwing up|threw up|ketone\w*|fever|flu|sick|cetona\w*|v[oó]mit\w*|fiebre|gripe|enferm[oa])\b", re.I
)
BEFORE, AFTER = 6, 3  # words between the value and what it is a value of
PRESSURE = re.compile(r"(\d{2,3})/(\d{2,3})")


def tells_of_illness(text: str) -> bool:
    return ILL.search(text) is not None


def glucose(text: str, *, ill: bool = False) -> Iterator[tuple[str, str, str]]:
    """(line, level, said) for the lowest and the highest value told."""
    told = [value for sentence in sentences(text) for value in values(sentence)]
    if not told:
        return
    (lowest, as_low), (highest, as_high) = min(told), max(told)
    if lowest < 70:
        key = "very_low" if lowest < 54 else "low"
        yield key, LEVELS[key], as_low
    if highest > 300 or (ill and highest > 250):
        key = "very_high" if ill or sum(value > 300 for value, _said in told) > 1 else "high"
        yield key, LEVELS[key], as_high


def values(sentence: Sequence[str]) -> Iterator[tuple[float, str]]:
    """(mg/dL, as it was said) for each number of the sentence that is told of glucose."""
    for at, word in enumerate(sentence):
        if not word[0].isdigit() or "/" in word:
            continue
        after = sentence[at + 1 : at + 1 + AFTER]
        unit = (
            "mmol"
            if after[:1] == ["mmol"]
            else "mg/dl"
            if after[:1] == ["mgdl"] or list(after[:2]) == ["mg", "dl"]
            else ""
        )
        if unit or (_is_about_glucose(sentence, at) and after[:1] != ["mg"]):
            value = in_mg_dl(word, unit)
            if value is not None:
                yield value, " ".join(sentence[max(0, at - 3) : at + 2])


def _is_about_glucose(sentence: Sequence[str], at: int) -> bool:
    before, after = sentence[max(0, at - BEFORE) : at], sentence[at + 1 : at + 1 + AFTER]
    if after and after[0] in OTHER_UNITS:
        return False
    near = [word for word in before if word in ABOUT_GLUCOSE | OF_SOMETHING_ELSE]
    if near:
        return near[-1] in ABOUT_GLUCOSE
    return bool(ABOUT_GLUCOSE & set(after))


def in_mg_dl(word: str, unit: str = "") -> float | None:
    """ "54" → 54, "3.1" → 55.8: without a unit a number with a fraction below 30 is mmol/L. None for what is no glucose value."""
    value = float(word.replace(",", "."))
    fraction = "." in word or "," in word
    if unit == "mmol" or (not unit and fraction and value < 30):
        value *= MG_DL_A_MMOL_L
    return value if 18 <= value <= 1000 else None


def pressures(sentence: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """185/110, or 150/125."""
    for word in sentence:
        found = PRESSURE.fullmatch(word)
        if found and (180 <= int(found[1]) <= 300 or 120 <= int(found[2]) <= 200) and int(found[1]) > int(found[2]):
            yield "pressure", LEVELS["pressure"], word
