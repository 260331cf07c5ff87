"""What the command says, in plain English. The website has its own words, in both languages (pairs/match_words.py)."""

from peerline.matching.explain import Explained
from peerline.matching.matching import LeftOut, Result
from peerline.matching.mentors import Mentored
from peerline.programs.roster import Problem

FEATURES = {
    "challenges": "what is hard for them",
    "a1c": "their A1C",
    "insulin": "whether they take insulin",
    "age": "their age",
    "hours": "hours in which both take calls",
    "type": "their type of diabetes",
    "years": "how long they have had it",
    "culture": "their culture",
}
BROKEN = {
    "arm": "they are in different arms of the trial",
    "site": "they are at different sites",
    "language": "they share no language",
    "gender": "one of them asks for a partner of another gender",
    "hours": "they share too few hours in which both take calls",
    "former": "they were a pair before",
    "apart": "they are kept apart: somebody asked for it, or they share a telephone or a household",
}
ALONE = {
    "arm": "nobody else is in the same arm of the trial",
    "site": "nobody else is at the same site",
    "language": "nobody else here speaks the language",
    "gender": "nobody here is what they ask for and asks for what they are",
    "hours": "nobody who would suit takes calls at the same hours",
    "former": "everybody who would suit was their partner before",
    "apart": "everybody who would suit is to be kept apart from them",
    "nobody": "nobody else is here",
    "taken": "everybody who would suit has a partner",
}
NO_MENTOR = ALONE | {
    "arm": "no mentor is in the same arm of the trial",
    "site": "no mentor is at the same site",
    "language": "no mentor speaks the language",
    "gender": "no mentor is what they ask for and asks for what they are",
    "hours": "no mentor who would suit takes calls at the same hours",
    "former": "every mentor who would suit was their partner before",
    "apart": "every mentor who would suit is to be kept apart from them",
    "nobody": "there is no mentor",
    "taken": "no mentor who would suit has room left",
}
ROWS = {
    "name_missing": "There is no first name.",
    "bad_number": "“{value}” is not a telephone number with its area code.",
    "bad_email": "“{value}” is not an e-mail address.",
    "not_a_choice": "“{value}” is not one of the words this column may hold.",
    "unknown_zone": "“{value}” is no time zone. Write it like America/Detroit.",
    "not_a_number": "“{value}” is not a number.",
    "out_of_range": "“{value}” is too small or too large for this column.",
    "bad_hours": "“{value}” are not hours. Write them like “mon-fri 8-17; daily 21-8”.",
    "formula": "“{value}” begins like a formula. A name does not.",
    "too_long": "“{value}…” is too long for this column.",
    "twice_in_file": "“{value}” stands in the file twice for the same person.",
}
FILES = {
    "too_large": "The file is larger than 2 MB.",
    "too_many_rows": "The file has more than 2,000 rows.",
    "empty": "The file is empty.",
    "not_text": "This is not a CSV file.",
    "no_rows": "The file has a header but no people, or people but no header.",
    "no_name_column": "No column says which is the first name. Call it “First name”.",
}


def of_row(problem: Problem) -> str:
    return f"Line {problem.line}, {problem.field.replace('_', ' ')}: {ROWS[problem.word].format(value=problem.value)}"


def percent(points: int) -> int:
    """Points of 10,000 as a share of a hundred."""
    return round(points / 100)


def reasons(features: dict[str, int], full: dict[str, int]) -> str:
    """The features in which a couple has most of what they can give, the strongest first."""
    good = [name for name in features if full[name] and features[name] * 4 >= full[name] * 3]
    return "; ".join(FEATURES[name] for name in sorted(good, key=lambda name: -features[name]))


def of_result(result: Result) -> list[str]:
    """What happened, a sentence a line."""
    threes = sum(len(pair.keys) == 3 for pair in result.pairs)
    said = [
        f"{result.people_paired} people in {len(result.pairs)} pairs."
        + (f" {threes} of them of three." if threes else "")
    ]
    if result.worst:
        said.append(
            f"The pair that suits least has {percent(result.worst.points)} of 100: {' and '.join(result.worst.keys)}."
        )
    said.append(of_proof(result))
    said += [of_left_out(one) for one in result.left_out]
    return said


def of_proof(result: Result) -> str:
    proof = result.proof
    if proof.is_exact:
        return f"Proven: no other way to pair as many of them has more than {proof.points:,} points ({proof.couples:,} couples)."
    share = 100 * proof.points / proof.bound if proof.bound else 100
    return (
        f"No way to pair as many can have more than {proof.bound:,} points; this one has {share:.2f} percent of that."
    )


def of_left_out(one: LeftOut) -> str:
    return f"{one.key} has no partner: {ALONE[one.why]}."


def of_mentored(found: Mentored) -> list[str]:
    """What happened, a sentence a line."""
    mentors = len({pair.mentor for pair in found.pairs})
    return [
        f"{len(found.pairs)} people have a mentor, with {mentors} mentors.",
        f"Proven: no other way to give as many of them a mentor has more than {found.points:,} points.",
        *(f"{one.key} has no mentor: {NO_MENTOR[one.why]}." for one in found.left_out),
    ]


def of_couple(found: Explained, full: dict[str, int]) -> list[str]:
    """A couple's points feature by feature, and what the group would lose."""
    one, other = found.keys
    said = [f"{one} and {other} would have {percent(found.points)} of 100 points:"]
    said += [
        f"  {found.features[name]:>5} of {full[name]:>5} for {FEATURES[name]}" for name in found.features if full[name]
    ]
    said.append(f"They share {found.common_hours} hours a week in which both take calls.")
    if found.broken:
        return [*said, *(f"They may not be paired: {BROKEN[name]}." for name in found.broken)]
    said.append(
        f"{other} comes {_place(found.ranks[0])} of {found.choices[0]} for {one}, "
        f"and {one} {_place(found.ranks[1])} of {found.choices[1]} for {other}."
    )
    return [*said, of_loss(found)]


def of_loss(found: Explained) -> str:
    if found.pairs_lost:
        return f"If they were made a pair, {found.pairs_lost * 2} more people would be left without a partner."
    if not found.loss:
        return "Making them a pair costs the group nothing."
    return f"If they were made a pair, the group as a whole would lose at least {found.loss:,} points, however the others are paired."


def _place(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
