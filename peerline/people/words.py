"""Words for what the tables keep as short names."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

ROLES = {
    "participant": _("participant"),
    "coordinator": _("coordinator"),
    "nurse": _("nurse"),
    "researcher": _("researcher"),
    "administrator": _("administrator"),
}

# Why a change could not be made: PeopleError.word → a sentence.
SENTENCES = {
    "number_removed": _("This number was taken out because somebody asked to stop. Only its owner can bring it back."),
    "bad_number": _("Enter a telephone number with its area code, like 734-555-0123."),
    "bad_email": _("Enter an e-mail address, like name@example.org."),
    "nickname_taken": _("Somebody in the program has this nickname. Choose another one."),
    "nickname_empty": _("Enter a nickname."),
    "unknown_zone": _("Choose a time zone from the list."),
    "unknown_language": _("Choose a language from the list."),
    "last_administrator": _("This is the last administrator. Give somebody else this role first."),
    "email_taken": _("Somebody else signs in with this e-mail address."),
    "in_use": _("This person is in use by now and stays."),
    "merges_unsaid": _("Choose which of the two records stays."),
    "merges_staff": _("Somebody who is staff is never made one with another record."),
    "were_partners": _("These two were partners of each other, so they are two people."),
    "both_active": _("Both take part in the same program. Let one of the two stop there first, on their record."),
    "on_a_call": _("One of them is on a call just now. Wait until it is over."),
    "merged_since": _("One of the two was made one with another record since. Undo that one first."),
}

CONTACT_LABELS = {"home": _("home"), "mobile": _("mobile"), "work": _("work"), "": _("e-mail")}
GENDERS = {"": _("not given"), "woman": _("woman"), "man": _("man"), "another": _("another")}

# Who looked and what was done, for "what is known about me": the audit log's verbs in words.
DEEDS = {
    "people.saw": _("looked at your record"),
    "people.added": _("added you"),
    "people.changed": _("changed your record"),
    "people.language_set": _("set your language"),
    "people.time_zone_set": _("set your time zone"),
    "people.nickname_set": _("set your nickname"),
    "people.hours_set": _("set your calling hours"),
    "people.contact_set": _("entered a telephone number or e-mail address"),
    "people.contact_verified": _("noted that a number or address is yours"),
    "people.contact_dropped": _("took out a number or address"),
    "people.number_removed": _("took your numbers out of the system"),
    "people.role_given": _("gave you a role"),
    "people.role_ended": _("ended a role of yours"),
    "entry.pin_issued": _("made a new PIN for you"),
    "entry.number_denied": _("was told that a number is not yours"),
    "entry.pin_chosen": _("chose a new PIN"),
    "entry.signed_in": _("signed in on the website"),
    "programs.enrolled": _("entered you into a program"),
    "programs.consent_given": _("noted that you agreed to take part"),
    "programs.enrollment_changed": _("changed what is kept about your diabetes"),
    "programs.paused": _("paused your taking part"),
    "programs.resumed": _("resumed your taking part"),
    "programs.reminders_set": _("said whether the line may remind you"),
    "programs.removed": _("completed your leaving"),
    "programs.number_removed": _("took your numbers out of the system"),
    "programs.stopped": _("ended your taking part"),
    "plans.saw": _("looked at your action plans"),
    "plans.started": _("began to write an action plan"),
    "plans.written": _("wrote in an action plan"),
    "plans.began": _("began an action plan"),
    "plans.shared": _("let your partner see your step"),
    "plans.unshared": _("hid your step from your partner"),
    "plans.reviewed": _("wrote down how an action plan went"),
    "outcomes.asked": _("put questions before you"),
    "outcomes.answered": _("answered questions, or entered your answers"),
    "outcomes.done": _("sent your answers"),
    "outcomes.saw": _("looked at your answers"),
    "outcomes.measured": _("entered a value that was measured"),
    "pairs.saw_match": _("looked for a partner for you"),
    "pairs.began": _("put you together with a partner"),
    "pairs.ended": _("ended a partnership"),
    "pairs.mentors": _("noted how many people you mentor"),
    "pairs.kept_apart": _("noted with whom you are not to be paired"),
    "pairs.no_longer_apart": _("took back with whom you are not to be paired"),
    "people.colleague_added": _("added you to the staff"),
    "people.account_given": _("gave you a way in to the website"),
    "people.password_set": _("set your password"),
    "people.number_readmitted": _("let your number be used again"),
    "people.merged": _("made two records of yours one"),
    "people.unmerged": _("made two records of what had been one"),
    "people.told_apart": _("noted that you are not the same as somebody like you"),
    "people.erased": _("took you out as if you had never been added"),
    "entry.invited": _("sent you a link to choose a password"),
    "entry.second_factor_reset": _("let you set up your second factor anew"),
    "programs.began": _("began your taking part"),
    "pairs.saw": _("looked at how often you two talk"),
    "exchange.rang": _("let the line ring you"),
    "monitoring.saw_call": _("looked at a call of yours"),
    "care.saw_voicemail": _("opened your message to the staff"),
    "care.heard_voicemail": _("listened to your message to the staff"),
    "care.took_voicemail": _("took on your message to the staff"),
    "care.handled_voicemail": _("wrote down what was done about your message"),
    "care.noted_pair": _("wrote down what was done so that you two talk"),
    "care.opened_need": _("opened what the staff have to do for you"),
    "care.saw_need": _("saw that the staff have to do something for you"),
    "care.gave_need": _("gave a task about you to a colleague"),
    "care.put_off_need": _("put off a task about you"),
    "care.did_need": _("did what had to be done for you"),
    "care.reopened_need": _("opened a task about you again"),
    "care.judged_flag": _("read words of yours that may mean danger"),
    "care.wrote_note": _("wrote a note about you"),
    "care.reviewed_note": _("read a note about you that a colleague wrote"),
    "care.gave_person": _("said who of the staff looks after you"),
    "care.saw_panel": _("looked at whom they look after"),
    "entry.letter_made": _("made an invitation for you"),
    "groups.saw": _("looked at a session you belong to"),
    "groups.planned": _("planned a session"),
    "groups.changed": _("changed a session"),
    "groups.canceled": _("canceled a session"),
    "groups.held": _("closed a session that was held"),
    "groups.invited": _("invited you to a session"),
    "groups.moved_up": _("gave you a seat that became free"),
    "groups.marked": _("noted whether you came to a session"),
    "groups.another_way": _("noted what you do instead of a session"),
    "groups.trained": _("noted that you had the training"),
    "groups.calendar_made": _("made a calendar address for you"),
    "groups.calendar_taken_back": _("took your calendar address back"),
    "messaging.ways_chosen": _("chose how you are reminded"),
    "pairs.time_asked": _("asked for a time to talk"),
    "pairs.time_agreed": _("agreed on a time to talk"),
    "pairs.time_dropped": _("dropped a time to talk"),
    "programs.intake": _("wrote down what you said at the beginning"),
}

# What is done to or seen of nobody in particular: the other verbs of the audit log, for those who read it.
WORK = {
    "people.organization_made": _("made an organization"),
    "people.site_made": _("made a site"),
    "people.saw_log": _("read who did what"),
    "entry.line_under_attack": _("closed the line to unknown telephones"),
    "programs.made": _("made a program"),
    "programs.adopted": _("took the newest protocol for a program"),
    "programs.changed": _("changed the settings of a program"),
    "programs.staff_hours_set": _("said when somebody listens to voicemail"),
    "programs.consent_written": _("wrote what people agree to"),
    "programs.exported": _("took the list of people out as a file"),
    "programs.roster_brought": _("brought a list of people"),
    "programs.roster_imported": _("imported a list of people"),
    "programs.roster_undone": _("took an imported list back"),
    "pairs.saw_list": _("looked at the list of pairs"),
    "pairs.matched": _("looked for the best pairs"),
    "pairs.put_together": _("put a proposed pair together"),
    "pairs.proposal_decided": _("decided on a proposed pair"),
    "pairs.match_settings": _("changed how pairs are found"),
    "groups.brought_point": _("brought a topic to a session"),
    "groups.recorded": _("wrote down how a session went"),
    "outcomes.struck": _("struck out a measured value"),
    "outcomes.attested": _("said that a questionnaire is licensed"),
    "outcomes.license_ended": _("ended the license of a questionnaire"),
    "outcomes.exported": _("took the answers out as a file"),
    "monitoring.saw_log": _("looked at the calls"),
    "monitoring.exported_log": _("took the calls out as a file"),
    "monitoring.saw_rhythm": _("looked at how the pairs of a program do"),
    "monitoring.saw_coverage": _("looked at the six elements of a program"),
    "care.exported_staff_time": _("took the staff's minutes out as a file"),
    "prompts.recorded": _("recorded words of the line"),
    "prompts.approved": _("approved words of the line"),
    "prompts.restored": _("brought back the line's own words"),
    "messaging.mute": _("asked for peace from a partner's words"),
    "messaging.block": _("blocked a partner's words"),
    "messaging.report": _("reported a partner"),
    "messaging.unmute": _("let a partner's words come again"),
    "messaging.report_settled": _("settled what was reported"),
    "messaging.closed": _("ended texts to a number that asked to stop"),
    "messaging.reopened": _("let texts to a number go out again"),
    "care.notice_written": _("wrote a text to many"),
    "care.notice_canceled": _("called back a text to many"),
    "home.made_sure": _("checked something before going live"),
}

# Verbs of the log that only looked, listened, or took out a file.
LOOKS = sorted(verb for verb in {**DEEDS, **WORK} if verb.split(".")[1].startswith(("saw", "heard", "exported")))


def deed(verb: str) -> str:
    """What was done, in words. What was done to a person is said as they read it themselves: “looked at your record”."""
    return f"“{DEEDS[verb]}”" if verb in DEEDS else str(WORK.get(verb, verb))


LABELS = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "born_year": _("Year of birth"),
    "gender": _("Gender"),
    "culture": _("Culture or community"),
}

ALIKE = {"phone": _("the same telephone"), "year": _("the same year of birth")}


def alike(why: Collection[str]) -> str:
    """ "A name that sounds the same, the same telephone" """
    return ", ".join([str(ALIKE_NAME), *(str(ALIKE[one]) for one in sorted(why))])


ALIKE_NAME = _("A name that sounds the same")
