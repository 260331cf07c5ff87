"""Words for what the tables keep as short names, and for what went wrong."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

END_REASONS = {
    "asked": _("One of them asked for it"),
    "time_over": _("Their time in the program is over"),
    "moved": _("One of them moved away"),
    "no_contact": _("They could not reach each other"),
    "new_match": _("Another partner fits better"),
    "stopped": _("One of them stopped taking part"),
    "other": _("Another reason"),
}
SENTENCES = {
    "how_many": _("Choose two different people."),
    "how_many_taken": _("A mentor takes 1 to 50 people."),
    "not_agreed": _(
        "One of these people has not agreed to take part yet. Note in their record when they do, then pair them."
    ),
    "not_active": _("One of these people does not take part now. Choose somebody else."),
    "already_paired": _("One of these people is in a pair already. End that pair first, or choose somebody else."),
    "reason_unknown": _("Choose a reason from the list."),
    "no_number": _("There is no checked telephone number to ring. Check the number in the record first."),
    "resting": _("This person takes no calls at this time of day. Try again within their calling hours."),
    "rests": _("This person takes a rest, and nobody rings them until they are back."),
    "reported": _("One of them reported the other. Nobody is rung until the staff have looked."),
    "not_waiting": _("One of these people does not wait for a partner now. Choose somebody else."),
    "rule_broken": _("A rule keeps these two apart. Nothing was changed."),
    "were_a_pair": _("These two were a pair before, and it ended. If you want them together again, say so below."),
    "lacks_training": _("Not both have had the training yet. Record it first, under Sessions, Training."),
    "how_many_times": _("Choose one, two or three times."),
    "not_free": _("One of you does not take calls at that time any more. Choose another one."),
    "time_gone": _("This time was changed meanwhile. Look again."),
    "already_on_a_call": _("A call with this person goes on already. Wait until it is over."),
}
# Condition.name → a sentence before the names of those who lack it
CONDITIONS = {
    "training": _("These have not had the training in talking with a partner yet, and no pair begins before both have:")
}


def opens_reported(facts: dict[str, Any]) -> str:
    """Where a report is looked at and settled; its label is "pair:12"."""
    return reverse("pairs:pair", args=[int(str(facts["label"]).split(":")[1])])
