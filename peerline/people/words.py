"""Words for what the tables keep as short names."""

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
    "pairs.kept_apart": _("noted with whom you are not to be paired"),
    "pairs.no_longer_apart": _("took back with whom you are not to be paired"),
    "people.colleague_added": _("added you to the staff"),
    "people.account_given": _("gave you a way in to the website"),
    "people.password_set": _("set your password"),
    "people.number_readmitted": _("let your number be used again"),
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
}

LABELS = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "born_year": _("Year of birth"),
    "gender": _("Gender"),
    "culture": _("Culture or community"),
}
