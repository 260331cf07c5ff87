"""The page of mentors beside Match, for staff who keep records. Match leads to it in a program that has mentors."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peerline.audit import services as audit
from peerline.matching.mentors import Mentorship
from peerline.pairs import match_forms, match_words
from peerline.pairs import mentors as services
from peerline.pairs.models import Mentor
from peerline.people.access import KEEPERS, Request, allow, role
from peerline.people.queries import Known, known
from peerline.programs import queries as programs

keepers = role(*sorted(KEEPERS))


@allow(keepers)
def mentors(request: Request, program_id: int) -> HttpResponse:
    """Who mentors and how many, one more, one less; and whom each would best take."""
    actor = request.viewer
    program = programs.program_for(actor, program_id, *KEEPERS)
    if number := request.POST.get("remove", ""):
        mentor_id = int(number) if number.isdecimal() and len(number) < 19 else 0
        services.unmark(actor, program_id=program.pk, mentor_id=mentor_id)
        messages.success(request, _("This person does not mentor any more."))
        return redirect("pairs:match_mentors", program.pk)
    form = match_forms.MentorForm(request.POST or None, people=_choices(program.pk))
    if form.is_valid():
        chosen = {"person_id": form.cleaned_data["person"], "takes": form.cleaned_data["takes"]}
        services.mark(actor, program_id=program.pk, **chosen)
        messages.success(request, _("Saved. The proposal below takes it into account."))
        return redirect("pairs:match_mentors", program.pk)
    context = {"program": program, "form": form, **_shown(services.proposal(actor, program_id=program.pk), program.pk)}
    audit.record_each(actor.person_id, "pairs.saw_match", context["seen"])
    return render(request, "pairs/match_mentors.html", context)


def _choices(program_id: int) -> list[tuple[int, str]]:
    people = known(programs.people_in_contact(program_id).values_list("person_id", flat=True)).values()
    return sorted(((one.person_id, one.nickname) for one in people), key=lambda one: one[1])


def _shown(proposal: services.Proposal, program_id: int) -> dict[str, Any]:
    """Each mentor with those they would take, and who is without one."""
    people = known({*proposal.facts, *proposal.room})
    rows = Mentor.objects.filter(program_id=program_id, person_id__in=people).order_by("pk")
    cards = [
        {"row": row, "person": people[row.person_id], "takes": _taken(proposal, row.person_id, people)} for row in rows
    ]
    left = [(people[int(one.key)], match_words.NO_MENTOR[one.why]) for one in proposal.found.left_out]
    seen = {int(key) for pair in proposal.found.pairs for key in (pair.person, pair.mentor)}
    return {"cards": cards, "left_out": left, "placed": len(proposal.found.pairs), "seen": sorted(seen)}


def _taken(proposal: services.Proposal, mentor_id: int, people: dict[int, Known]) -> list[tuple[Known, int, str]]:
    pairs: Iterable[Mentorship] = (pair for pair in proposal.found.pairs if pair.mentor == str(mentor_id))
    return [
        (people[int(pair.person)], match_words.percent(pair.points), " ".join(_reasons(proposal, pair)))
        for pair in pairs
    ]


def _reasons(proposal: services.Proposal, pair: Mentorship) -> list[str]:
    both = [proposal.facts[int(pair.person)], proposal.facts[int(pair.mentor)]]
    return match_words.reasons(both, pair.features, proposal.found.full, pair.common_hours)
