"""What falls due for plans: to look back after the two weeks, to tell staff of a plan nobody looked back on, to make a new one.

The person is reminded once each, by the way they chose. A week later a person of the staff sees it on the desk.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from peerline.kernel.duties import DONE, OVER, Acted, Due, Duty
from peerline.messaging import services as messaging
from peerline.people.queries import known
from peerline.plans import queries, services, words
from peerline.plans.models import Plan

A_WEEK = timedelta(days=7)
GRACE = A_WEEK  # after the last day, before staff are told
PAUSE = timedelta(days=14)  # without a plan, before a new one is offered

Ask = Callable[[datetime, datetime], Iterable[Plan]]


def _due(ask: Ask, later: timedelta, moment: str, since: datetime, until: datetime) -> Iterable[Due]:
    """Plans whose `moment` and `later` lie after `since` and not after `until`. One query, however many people."""
    for plan in ask(since - later, until - later):
        at = getattr(plan, moment) + later
        yield Due(f"plan:{plan.pk}", "once", plan.program_id, at, at + A_WEEK, {}, (plan.person_id,))


_reviews = partial(_due, queries.to_review, timedelta(0), "review_at")
_forgotten = partial(_due, queries.to_review, GRACE, "review_at")
_renewals = partial(_due, queries.without_plan, PAUSE, "reviewed_at")


def _these_days(ask: Callable[[datetime, datetime], Iterable[Due]]) -> Callable[[datetime], Iterable[Due]]:
    return lambda now: ask(now - A_WEEK, now)


def _plan(subject: str) -> Plan | None:
    """The plan, if its person takes part now."""
    rows = queries.plans().filter(pk=int(subject[5:]), enrollment__state="active", person__removed_at=None)
    return rows.first()


def remind_review(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    plan = _plan(subject)
    if plan is None or plan.state != "active" or plan.review_at is None:
        return Acted(OVER)
    messaging.remind(
        plan.person_id, kind="plans.review", key=f"plans.review:{plan.pk}", words=words.review_due,
        not_after=plan.review_at + A_WEEK, program_id=plan.program_id,
    )  # fmt: skip
    return Acted(DONE)


def tell_staff(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    plan = _plan(subject)
    if plan is None or plan.state != "active":
        return Acted(OVER)
    services.tell_not_reviewed(plan)
    return Acted(DONE)


def remind_renewal(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    plan = _plan(subject)
    if plan is None or "active" in queries.open_plans(plan.enrollment_id):
        return Acted(OVER)
    messaging.remind(
        plan.person_id, kind="plans.renewal", key=f"plans.renewal:{plan.pk}", words=words.renewal_due,
        not_after=now + A_WEEK, program_id=plan.program_id,
    )  # fmt: skip
    return Acted(DONE)


def _why(sentence: Callable[[], str], subject: str, facts: dict[str, Any]) -> str:
    plan = queries.plans().filter(pk=int(subject[5:])).first()
    names = known([plan.person_id]) if plan else {}
    return sentence() % {"name": next((one.nickname for one in names.values()), _("a person"))}


REVIEW = Duty(
    "plans.review", _these_days(_reviews), remind_review,
    partial(_why, lambda: _("Reminder: the two weeks of %(name)s's plan are over.")), between=_reviews,
)  # fmt: skip
NOT_REVIEWED = Duty(
    "plans.not_reviewed", _these_days(_forgotten), tell_staff,
    partial(_why, lambda: _("For staff: nobody looked back on %(name)s's plan for a week.")), between=_forgotten,
)  # fmt: skip
RENEWAL = Duty(
    "plans.renewal", _these_days(_renewals), remind_renewal,
    partial(_why, lambda: _("Reminder: %(name)s has had no plan for two weeks.")), between=_renewals, missed="",
)  # fmt: skip
