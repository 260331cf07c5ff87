"""What a partner shares of their plan is seen and heard: the step, and nothing else (S31)."""

import json

import pytest

from peerline.exchange.models import Leg
from peerline.pairs import answers, sharing
from peerline.pairs import services as pairs
from peerline.people.access import PLATFORM, NotThere
from peerline.plans import services as plans
from tests.cast import sign_in
from tests.exchange.conftest import town  # noqa: F401

SECRET = {"barrier": "BARRIER", "support": "SUPPORT", "at_when": "WHEN", "ideas": "IDEAS", "confidence": 6}


@pytest.fixture
def plan(town):  # noqa: F811
    """Elm's plan, not shared."""
    plan = plans.start(PLATFORM, enrollment_id=town.elm.enrollments.get().pk)
    step = {"domain": "exercise", "what": "Walk around the block", "how_much": "15 minutes", "times_a_week": 3}
    plans.write(PLATFORM, plan_id=plan.pk, **step, **SECRET)
    return plans.begin(PLATFORM, plan_id=plan.pk)


def page_of(client, person):
    sign_in(client, person)
    return client.get("/my/").content.decode()


@pytest.mark.req("S31", "T5")
def test_a_partner_sees_the_step_only_while_it_is_shared(town, client, plan):  # noqa: F811
    assert "Walk around the block" not in page_of(client, town.rosa)
    plans.share(PLATFORM, plan_id=plan.pk, shared=True)
    page = page_of(client, town.rosa)
    assert "What Elm wants to do" in page and "Walk around the block: 15 minutes, 3 times a week" in page
    assert not [word for word in ("BARRIER", "SUPPORT", "WHEN", "IDEAS", "6 of 10", "Elias") if word in page]
    assert "What Elm wants to do" not in page_of(client, town.third), "nobody else sees it"
    plans.share(PLATFORM, plan_id=plan.pk, shared=False)
    assert "Walk around the block" not in page_of(client, town.rosa)


@pytest.mark.req("S31", "T5")
def test_when_the_pair_ends_the_step_is_out_of_sight(town, plan):  # noqa: F811
    plans.share(PLATFORM, plan_id=plan.pk, shared=True)
    assert [one.nickname for one in sharing.steps_of_partners(town.rosa.pk)] == ["Elm"]
    assert sharing.steps_of_partners(town.third.pk) == sharing.steps_of_partners(town.elm.pk) == []
    pairs.end_pair(PLATFORM, pair_id=town.pair.pk, reason="other")
    assert sharing.steps_of_partners(town.rosa.pk) == []


@pytest.mark.req("S17", "S31", "T5")
def test_a_partner_with_a_telephone_hears_it_and_no_journal_holds_it(town, plan):  # noqa: F811
    plans.share(PLATFORM, plan_id=plan.pk, shared=True)
    telephone = town.identified()
    town.line.press(telephone, "41")
    said = next(one for one in telephone.now.said if one.prompt == "pair.shared_step")
    assert dict(said.values) == {"partner_name": "Elm", "step": "Walk around the block, 15 minutes"}
    assert "Walk" not in json.dumps(list(Leg.objects.values_list("journal", "args")))
    with pytest.raises(NotThere):
        answers.shared_words(Leg(person_id=town.third.pk), town.elm.pk)
