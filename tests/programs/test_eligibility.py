"""Who may take part is a rule in a file, and what is not known is neither yes nor no (S34, S42)."""

import itertools
import random

import pytest

from peerline.programs.eligibility import facts_about, is_met, judge
from peerline.programs.protocols import shelf
from peerline.programs.protocols.reading import read
from tests.programs.test_protocols import GOOD

START = shelf.newest()["insulin-start"].protocol
ADULT = {"age": 58, "phone": True}


@pytest.mark.req("S34")
@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"medication": "maximum_oral", "a1c_percent": 9.1}, "eligible"),
        ({"medication": "maximum_oral", "a1c_percent": 9.1, "insulin_change": False}, "eligible"),
        ({"insulin_change": True, "a1c_percent": 6.0}, "eligible"),
        ({"medication": "oral", "a1c_percent": 9.1, "insulin_change": False}, "not_eligible"),
        ({"medication": "maximum_oral", "a1c_percent": 7.9, "insulin_change": False}, "not_eligible"),
        ({"medication": "maximum_oral", "insulin_change": False}, "not_known"),
        ({"medication": "oral"}, "not_known"),
        ({"insulin_change": True, "age": 17}, "not_eligible"),
        ({"insulin_change": True, "phone": False}, "not_eligible"),
    ],
)
def test_the_sources_example_is_expressed(facts, word):
    """The most oral medicine and poor control, or a change of insulin."""
    assert judge(START, ADULT | facts).word == word


@pytest.mark.req("S42")
def test_nobody_is_too_old():
    pairs = shelf.newest()["reciprocal-pairs"].protocol
    assert {judge(pairs, {"age": age, "phone": True, "a1c_percent": 8}).word for age in range(18, 121)} == {"eligible"}


def test_a_verdict_says_what_would_decide_it():
    verdict = judge(START, {"age": 58, "phone": True, "medication": "maximum_oral", "insulin_change": False})
    assert verdict.unknown == ["a1c_percent"]
    assert [(one.rule.key, one.met) for one in verdict.rules if one.met is False] == [("insulin-change", False)]


def test_a_protocol_without_rules_is_for_everybody():
    assert judge(read(GOOD[: GOOD.index("[[eligibility]]")]), {}).word == "eligible"


@pytest.mark.parametrize(
    ("condition", "value", "met"),
    [
        ("at_least = 8", 8.0, True), ("at_least = 8", 7.9, False), ("at_most = 8", 8.1, False),
        ("at_least = 7\nat_most = 9", 9, True), ("at_least = 7\nat_most = 9", 9.1, False),
        ('one_of = ["a", "b"]', "b", True), ('one_of = ["a", "b"]', "c", False), ("is = false", False, True),
        ("is = true", False, False), ("at_least = 8", None, None), ("at_least = 8", "many", None),
        ('one_of = ["a"]', "", None),
    ],
)  # fmt: skip
def test_each_kind_of_rule(condition, value, met):
    rule = read(GOOD.replace("at_least = 18", condition)).eligibility[0]
    assert is_met(rule, value) is met


def test_a_verdict_holds_whatever_the_unknown_facts_turn_out_to_be():
    """Against every way to fill what is not known: yes only if all are yes, no only if all are no, else not known."""
    choices = {"age": (17, 58), "phone": (True, False), "a1c_percent": (7.0, 9.0), "medication": ("oral", "maximum_oral"), "insulin_change": (True, False)}  # fmt: skip
    for given in itertools.product(*((*values, None) for values in choices.values())):
        facts = dict(zip(choices, given, strict=True))
        open_ = [name for name, value in facts.items() if value is None]
        filled = itertools.product(*(choices[name] for name in open_))
        words = {judge(START, facts | dict(zip(open_, one, strict=True))).word for one in filled}
        assert judge(START, facts).word == (words.pop() if len(words) == 1 else "not_known")


def test_years_become_ages():
    known = facts_about(year=2026, born_year=1950, diagnosed_year=None, language="es")
    assert known == {"language": "es", "age": 76, "diagnosed_years": None}


def test_the_order_of_the_rules_does_not_matter():
    choice = random.Random(1)
    for _ in range(50):
        rules = list(START.eligibility)
        choice.shuffle(rules)
        mixed = type(START)(**{**vars(START), "eligibility": tuple(rules)})
        assert judge(mixed, ADULT | {"medication": "oral"}).word == "not_known"
