"""Words for what the tables keep as short names, and for what went wrong."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

STATES = {
    "invited": _("invited"),
    "active": _("takes part"),
    "paused": _("rests"),
    "stopped": _("stopped: removal to be completed"),
    "removed": _("removed"),
}
DUE_STATES = {
    "waiting": _("waits for a good time"),
    "done": _("done"),
    "over": _("not needed any more"),
    "missed": _("its time went by"),
}
DUE_TONES = {"waiting": "calm", "done": "ok", "over": "calm", "missed": "warm"}
TONES = {"invited": "calm", "active": "ok", "paused": "warm", "stopped": "stop", "removed": "calm"}

CHALLENGES = {
    "fear_of_injection": _("fear of the needle"),
    "injection_technique": _("how to inject right"),
    "fear_of_low_sugar": _("fear of low blood sugar"),
    "insulin_feels_like_failure": _("insulin feels like failing"),
    "burden_of_treatment": _("treatment is a burden"),
    "cost_of_medicine": _("cost of medicine"),
    "food": _("food"),
    "exercise": _("moving more"),
    "checking_sugar": _("checking blood sugar"),
    "low_mood": _("low mood"),
    "little_support": _("little support at home"),
}
BARRIERS = {
    "knowledge": _("knowing too little about diabetes or its treatment"),
    "confidence": _("confidence, motivation or skills"),
    "money": _("money for medicine and supplies"),
    "other_illness": _("other illnesses, or what the body can do"),
    "little_support": _("little support from family or friends"),
}
OWN_BARRIERS = {
    "knowledge": _("I know too little about diabetes or my treatment"),
    "confidence": _("I am not sure that I can do it, or do not feel like it"),
    "money": _("Medicine and supplies cost too much"),
    "other_illness": _("Other illnesses, or what my body can do"),
    "little_support": _("Family and friends do not help me much"),
}
# What a barrier asks for: said beside it (S95: the intake drives what is done)
NEXT_STEPS = {
    "knowledge": _("Begin the first session with their own questions, and give them the workbook."),
    "confidence": _("Make the first plan so small that they are 7 of 10 sure."),
    "money": _("Ask the nurse about cheaper medicine and help with its cost. Nobody should stretch insulin."),
    "other_illness": _("Ask the nurse what is safe before they plan to move more."),
    "little_support": _("Match them soon, and ask whether somebody at home may listen in the first session."),
}
MEDICATIONS = {
    "": _("not known"),
    "none": _("none"),
    "oral": _("pills"),
    "maximum_oral": _("the most pills there are"),
    "insulin": _("insulin"),
}
VERDICTS = {"eligible": _("can take part"), "not_eligible": _("does not fit"), "not_known": _("not known yet")}
MET, NOT_MET = _("met"), _("not met")
VERDICT_TONES = {"eligible": "ok", "not_eligible": "stop", "not_known": "warm"}
FACTS = {
    "age": _("year of birth"),
    "a1c_percent": _("A1C"),
    "medication": _("medicine"),
    "insulin": _("whether they take insulin"),
    "insulin_change": _("whether insulin begins or changes"),
    "diabetes_type": _("type of diabetes"),
    "diagnosed_years": _("year of the diagnosis"),
    "phone": _("telephone"),
    "language": _("language"),
}
TYPES = {"": _("not known"), "type 1": _("type 1"), "type 2": _("type 2"), "other": _("another type")}
PREFERENCES = {"": _("anybody"), "woman": _("a woman"), "man": _("a man")}
YES_NO = {"": _("not known"), "yes": _("yes"), "no": _("no")}
WAYS = {"web": _("on the website"), "phone": _("by telephone"), "paper": _("on paper")}

# ProgramError.word and RosterError.word → a sentence
SENTENCES = {
    "already_enrolled": _("This person is in the program already."),
    "cannot_become": _("This cannot be done any more. Look at the record again."),
    "name_taken": _("There is a program with this name already."),
    "language_missing": _("Write the text in every language. People agree to what they can read."),
    "no_such_version": _("The text has changed. Read the new one."),
    "out_of_range": _("One of the numbers is too small or too large."),
    "in_the_past": _("Choose a day after today."),
    "no_such_protocol": _("There is no protocol of this name on this server."),
    "protocol_changed": _("The file of this protocol was changed, but its version was not. Give it the next version."),
    "too_large": _("The file is larger than 2 MB. Save it as CSV without pictures, or cut it in two."),
    "too_many_rows": _("The file has more than 2,000 rows. Cut it in two."),
    "empty": _("The file is empty."),
    "not_text": _("This is not a CSV file. In your spreadsheet choose “Save as” and then CSV."),
    "no_rows": _("The file has a header but no people, or people but no header."),
    "no_name_column": _("Say which column holds the first name."),
    "has_problems": _("Some rows cannot be used. Correct the file, or choose to import only the good rows."),
    "nothing_to_do": _("There is no row that could be imported."),
    "in_use": _(
        "Somebody from this roster has a PIN, a partner, a call or a message by now. Nothing was undone. "
        "Let such a person stop on their own page."
    ),
}

# Problem.word → a sentence about one row
ROW_SENTENCES = {
    "name_missing": _("There is no first name."),
    "bad_number": _("“%(value)s” is not a telephone number with its area code."),
    "bad_email": _("“%(value)s” is not an e-mail address."),
    "not_a_choice": _("“%(value)s” is not one of the words this column may hold."),
    "unknown_zone": _("“%(value)s” is no time zone. Write it like America/Detroit."),
    "not_a_number": _("“%(value)s” is not a number."),
    "out_of_range": _("“%(value)s” is too small or too large for this column."),
    "bad_hours": _("“%(value)s” are not hours. Write them like “mon-fri 8-17; daily 21-8”."),
    "formula": _("“%(value)s” begins like a formula. A name does not."),
    "too_long": _("“%(value)s…” is too long for this column."),
    "twice_in_file": _("“%(value)s” stands in the file twice for the same person."),
    "already_here": _("“%(value)s”: this person is here already."),
    "number_removed": _("“%(value)s” was taken out because its owner asked to stop."),
}

FIELDS = {
    "registry_id": _("Registry number"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "nickname": _("Nickname"),
    "phone": _("Telephone number"),
    "phone_label": _("Kind of telephone"),
    "phone_checked": _("Telephone number was checked"),
    "email": _("E-mail address"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "born_year": _("Year of birth"),
    "age": _("Age"),
    "gender": _("Gender"),
    "gender_preference": _("Wants to talk with"),
    "culture": _("Culture or community"),
    "a1c_percent": _("A1C, percent"),
    "insulin": _("Takes insulin"),
    "diabetes_type": _("Type of diabetes"),
    "diagnosed_year": _("Year of the diagnosis"),
    "challenges": _("What is hard"),
    "blocked": _("Hours without calls"),
    "needs_relay": _("Calls through a text relay"),
}

# The log's verb of a turn in somebody's taking part → the turn, before the program's name
TURNS = {
    "programs.enrolled": _("Entered"),
    "programs.began": _("Begun"),
    "programs.paused": _("A rest begun"),
    "programs.resumed": _("A rest over"),
    "programs.stopped": _("Stopped"),
    "programs.removed": _("Taken out"),
}
BY_ITSELF = _("Peerline does this by itself.")

WHERE = _("%(file)s, line %(line)s")

# Problem.word of a protocol → a sentence
PROTOCOL_PROBLEMS = {
    "not_toml": _("This is not TOML: %(why)s."),
    "missing": _("It is missing."),
    "unknown_key": _("Nothing of this name is known here."),
    "unknown_key_near": _("Nothing of this name is known here. Did you mean “%(near)s”?"),
    "not_a_table": _("This must be a table, with names and values."),
    "not_rows": _("Write each one as a table of its own, under a heading in double brackets."),
    "not_whole": _("This must be a whole number from %(least)s to %(most)s."),
    "not_a_number": _("This must be a number, without quotes."),
    "not_yes_no": _("This must be true or false, without quotes."),
    "not_a_name": _("This must be a short name of small letters, digits and hyphens, in quotes."),
    "not_a_choice": _("“%(value)s” is none of these: %(choices)s."),
    "not_a_list": _("This must be a list, in brackets."),
    "not_plain": _("This must be a word in quotes, a number, or true or false."),
    "not_texts": _('This must hold one text for each language: { en = "…", es = "…" }.'),
    "language_missing": _("The text is missing in: %(languages)s."),
    "twice": _("This stands in the file already. Each may stand there once."),
    "levels_missing": _("The ladder lacks the levels %(levels)s."),
    "not_one_condition": _("Say one condition: at_least, at_most, one_of or is."),
    "no_first_phase": _("No phase begins in week 0."),
    "version_changed": _("This version is in use with another text. Give the changed protocol the next version."),
}


def problem(word: str, facts: dict[str, object]) -> str:
    """What is wrong with a protocol, in the language in force."""
    return str(PROTOCOL_PROBLEMS[word]) % facts


def added(*, asked: bool) -> str:
    """After somebody was put into a program. asked: it has a text that they have still to agree to."""
    if asked:
        return gettext(
            "The person is invited, and is not called before they agree: note below when they do. "
            "Prove the number and make a PIN next."
        )
    return gettext("The person is in the program. Prove the number and make a PIN next.")


def said(texts: Mapping[str, str]) -> str:
    """A protocol's text in the language in force."""
    return texts.get(get_language() or "en") or texts["en"]


LANES = {"sessions": _("Sessions"), "questions": _("Questions"), "plans": _("New plans"), "talks": _("Talks")}
SESSION_KINDS = {"group": _("in a group"), "telephone": _("by telephone")}
LED_BY = {"nurse": _("led by the nurse"), "peer": _("led by a peer"), "coordinator": _("led by the coordinator")}
LEVELS = {
    "E0": _("Life is in danger"),
    "E1": _("Urgent"),
    "E2": _("Soon"),
    "E3": _("In the next days"),
}


def why_money(facts: dict[str, Any]) -> str:
    """The desk's sentence for somebody who said that medicine costs too much."""
    if facts.get("insulin"):
        return gettext(
            "They say that medicine and supplies cost too much, and they take insulin. Ask whether they stretch it."
        )
    return gettext("They say that medicine and supplies cost too much.")


def opens_money(facts: dict[str, Any]) -> str:
    return f"/people/{facts['person']}/"
