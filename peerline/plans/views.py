"""The browser door of plans: my plan, one question a page, how it went. Staff open the same pages to do it with somebody."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.exchange import queries as exchange
from peerline.exchange.sound import wav_response
from peerline.people.access import KEEPERS, NotThere, Request, allow, participant, require, role
from peerline.plans import forms, guide, pages, queries, rules, services, words
from peerline.plans.rules import PlanError
from peerline.programs import queries as programs

keepers = role(*sorted(KEEPERS))
planners = role("participant", *sorted(KEEPERS))  # whose plan it is, the query says


@allow(participant)
def my(request: Request) -> HttpResponse:
    """My step for these two weeks, and those before."""
    me = request.viewer.person_id
    return render(request, "plans/my.html", {"rows": pages.of_person(me)})


@allow(keepers)
def index(request: Request) -> HttpResponse:
    """Whom to talk with about a plan."""
    return render(request, "plans/index.html", pages.for_staff(request.viewer))


@allow(keepers)
def person(request: Request, enrollment_id: int) -> HttpResponse:
    """The plans of one person, as staff see them."""
    viewer = request.viewer
    enrollment = programs.enrollment_for(viewer, enrollment_id, *KEEPERS)
    services.saw(viewer, enrollment.person_id)
    context = {"person": enrollment.person, "row": pages.of_enrollment(enrollment_id), "program": enrollment.program}
    return render(request, "plans/person.html", context)


@allow(planners)
@require_POST
def start(request: Request, enrollment_id: int) -> HttpResponse:
    """A new plan: the first question. A draft that waits is gone on with."""
    try:
        plan = services.start(request.viewer, enrollment_id=enrollment_id)
    except PlanError as reason:
        messages.error(request, words.SENTENCES[reason.word])
        return redirect("home:front")
    if plan.newest:
        return redirect("plans:check", plan.pk)
    return redirect("plans:ask", plan.pk, "new", guide.first("new"))


@allow(planners)
def ask(request: Request, plan_id: int, way: str, question: str) -> HttpResponse:
    """One question. Its answer is safe at once, and the next one follows."""
    viewer = request.viewer
    require(way in guide.WAYS and question in guide.QUESTIONS)
    plan = queries.plan_for(viewer, plan_id)
    form = forms.question_form(question, request.POST or None, plan.newest, plan.shared, pages.hard(plan))
    if request.method == "POST" and form.is_valid():
        try:
            _answer(viewer, plan_id, question, form.cleaned_data)
        except PlanError as reason:
            form.add_error(None, words.SENTENCES[reason.word])
        else:
            return _next(plan_id, way, question, plan.enrollment_id, form.cleaned_data)
    context = pages.question_page(viewer, plan, way, question)
    return render(request, "plans/ask.html", {"form": form, **context})


def _answer(viewer: Any, plan_id: int, question: str, data: dict[str, Any]) -> None:
    if question == "share":
        services.share(viewer, plan_id=plan_id, shared=data["share"] == "yes")
    else:
        services.write(viewer, plan_id=plan_id, **{question: data[question]})


def _next(plan_id: int, way: str, question: str, enrollment_id: int, data: dict[str, Any]) -> HttpResponse:
    unsure = rules.is_unsure(data.get("confidence"), queries.terms(enrollment_id).enough)
    step = guide.after(way, question, unsure=unsure)
    if step in (guide.CHECK, guide.EASIER):
        return redirect(f"plans:{step}", plan_id)
    return redirect("plans:ask", plan_id, way, step)


@allow(planners)
def easier(request: Request, plan_id: int) -> HttpResponse:
    """Not sure enough yet: make the step smaller, look at what is in the way, or leave it. Nobody is pushed."""
    viewer = request.viewer
    plan = queries.plan_for(viewer, plan_id)
    context = {"plan": plan, "for_whom": pages.whose(viewer, plan), "enough": queries.terms(plan.enrollment_id).enough}
    return render(request, "plans/easier.html", context)


@allow(planners)
def check(request: Request, plan_id: int) -> HttpResponse:
    """Everything once more, each answer to be changed; then it begins."""
    viewer = request.viewer
    plan = queries.plan_for(viewer, plan_id)
    problem = ""
    if request.method == "POST":
        try:
            services.begin(viewer, plan_id=plan_id)
            messages.success(request, _("Your plan begins today."))
            return redirect(pages.home_of(viewer, plan))
        except PlanError as reason:
            problem = words.SENTENCES[reason.word]
    context = {"plan": plan, "answers": pages.answers(plan), "problem": problem, "back": pages.home_of(viewer, plan)}
    return render(request, "plans/check.html", {**context, "for_whom": pages.whose(viewer, plan)})


@allow(planners)
@require_POST
def share(request: Request, plan_id: int) -> HttpResponse:
    """Let the partner see the step, or no more."""
    viewer = request.viewer
    plan = services.share(viewer, plan_id=plan_id, shared=request.POST.get("share") == "yes")
    said = _("Your partner may see the step now.") if plan.shared else _("Your partner does not see the step any more.")
    messages.success(request, said)
    return redirect(pages.home_of(viewer, plan))


@allow(planners)
def review(request: Request, plan_id: int) -> HttpResponse:
    """How did it go?"""
    viewer = request.viewer
    plan = queries.plan_for(viewer, plan_id)
    form = forms.OutcomeForm(request.POST or None)
    if form.is_valid():
        return redirect("plans:look_back", plan_id, form.cleaned_data["outcome"])
    context = {"form": form, "plan": plan, "line": pages.line_of(plan.newest), "back": pages.home_of(viewer, plan)}
    return render(request, "plans/review.html", {**context, "for_whom": pages.whose(viewer, plan)})


@allow(planners)
def look_back(request: Request, plan_id: int, outcome: str) -> HttpResponse:
    """How often, what was learned, and what comes next."""
    viewer = request.viewer
    require(outcome in rules.OUTCOMES)
    plan = queries.plan_for(viewer, plan_id)
    form = forms.ReviewForm(request.POST or None, outcome=outcome, planned=services.planned(plan))
    if form.is_valid():
        try:
            following = services.review(viewer, plan_id=plan_id, outcome=outcome, **form.cleaned_data)
        except PlanError as reason:
            form.add_error(None, words.SENTENCES[reason.word])
        else:
            return _after_review(request, plan, following)
    context = {"form": form, "plan": plan, "outcome": words.OUTCOMES[outcome]}
    return render(request, "plans/look_back.html", {**context, "for_whom": pages.whose(viewer, plan)})


def _after_review(request: Request, plan: Any, following: Any) -> HttpResponse:
    messages.success(request, _("Thank you. It is written down."))
    if following is None or following.state == "active":
        return redirect(pages.home_of(request.viewer, plan))
    if following.newest and following.newest.domain:
        return redirect("plans:ask", following.pk, "smaller", guide.first("smaller"))
    return redirect("plans:ask", following.pk, "new", guide.first("new"))


@allow(planners)
def plan(request: Request, plan_id: int) -> HttpResponse:
    """One plan with every version there ever was, and how it went."""
    viewer = request.viewer
    found = queries.plan_for(viewer, plan_id)
    context = {"plan": found, "history": pages.history(found), "review": queries.review_of(found)}
    return render(request, "plans/plan.html", {**context, "back": pages.home_of(viewer, found)})


@allow(planners)
def sound(request: Request, plan_id: int) -> HttpResponse:
    """The words of a plan as they were spoken, unsealed for the person and for staff who type them."""
    found = queries.plan_for(request.viewer, plan_id)
    voice_id = found.newest.voice_id if found.newest else None
    voice = exchange.voice_messages().filter(pk=voice_id).first() if voice_id else None
    if voice is None:
        raise NotThere
    return wav_response(request, voice.file)
