"""Words for what the call log keeps as short names."""

from django.utils.translation import gettext_lazy as _

OUTCOMES = {
    "": _("going on"),
    "talked": _("They talked"),
    "message": _("Left a message"),
    "no_answer": _("Nobody picked up"),
    "declined": _("Not a good time"),
    "busy": _("The line was busy"),
    "unreachable": _("Could not be reached"),
    "not_identified": _("Caller not identified"),
    "joined": _("Both rang at once and were joined"),
    "lost": _("The connection was lost"),
    "ended": _("Ended before a talk"),
}
TONES = {"talked": "ok", "joined": "ok", "message": "calm", "": "calm", "not_identified": "warm", "lost": "stop"}
WAYS = {
    "dialed": _("dialed the line"),
    "both": _("asked the line to ring both"),
    "staff": _("staff rang"),
    "reminder": _("the line rang to remind"),
    "code": _("the line rang to say a code"),
    "pin": _("staff let the line say a PIN"),
    "check": _("staff let the line check a number"),
}
CAUSES = {
    "": _("still on the line"),
    "hangup": _("hung up"),
    "busy": _("was busy"),
    "declined": _("did not want to talk now"),
    "no_answer": _("did not pick up"),
    "unreachable": _("could not be reached"),
    "lost": _("the connection was lost"),
    "failed": _("the call could not be placed"),
    "cancelled": _("the other side gave up first"),
    "replaced": _("called again on another line"),
    "joined": _("was joined to the other call"),
    "closed": _("the line was closed"),
}
ENDED_BY = {"them": _("by this telephone"), "us": _("by the line"), "": ""}

# kernel.elements.Element → what it is called
ELEMENTS = {
    "access": _("Regular care"),
    "assessment": _("Own assessment"),
    "goals": _("Goals set together"),
    "education": _("Knowledge and skills"),
    "followup": _("Ongoing support"),
    "community": _("Help nearby"),
}
