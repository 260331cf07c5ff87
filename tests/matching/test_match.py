"""The partition: the best there is, nobody left out who could be paired, whatever the order of the list."""

import random
from dataclasses import replace
from itertools import combinations

import networkx
import pytest

from peerline.matching.cohort import Person, build
from peerline.matching.explain import explain, forced
from peerline.matching.matching import Matcher, Wish, match
from peerline.matching.rules import NAMES, Rules, couples
from tests.matching import naive
from tests.matching.naive import DAY

PLAIN = Wish(weeks=2, threes=False)


def matcher(people, wish=PLAIN):
    return Matcher(build(people, first_day=DAY, weeks=wish.weeks, seed=wish.seed), wish)


def table(people, wish=PLAIN):
    made = matcher(people, wish)
    return made.scorer.score_block(0, made.cohort.n, 0, made.cohort.n).tolist()


def partners(result):
    return {frozenset(pair.keys) for pair in result.pairs}


@pytest.mark.parametrize("seed", range(60))
def test_no_partition_of_a_small_cohort_has_more_pairs_or_as_many_and_more_points(seed):
    people = naive.cohort(seed, 2 + seed % 12)
    result = match(people, PLAIN, first_day=DAY)
    assert (len(result.pairs), result.points) == naive.best(table(people))
    assert result.proof.bound == result.proof.points == result.points


@pytest.mark.parametrize("seed", range(8))
def test_it_has_the_total_that_networkx_finds(seed):
    people = naive.cohort(seed, 50)
    rows = table(people)
    graph = networkx.Graph()
    graph.add_weighted_edges_from((a, b, rows[a][b]) for a, b in combinations(range(50), 2) if rows[a][b] >= 0)
    oracle = networkx.max_weight_matching(graph, maxcardinality=True)
    result = match(people, PLAIN, first_day=DAY)
    assert (len(result.pairs), result.points) == (len(oracle), sum(rows[a][b] for a, b in oracle))


@pytest.mark.parametrize("style", ["best", "fair", "steady"])
def test_the_order_of_the_list_changes_nothing(style):
    people = naive.cohort(3, 41)
    wish = Wish(weeks=2, style=style)
    first = match(people, wish, first_day=DAY)
    for shuffle in range(20):
        random.Random(shuffle).shuffle(people)
        assert match(people, wish, first_day=DAY) == first


def test_among_equals_a_seed_draws_lots_and_the_total_stays():
    people = [Person(f"p{number}") for number in range(20)]
    results = [match(people, replace(PLAIN, seed=seed), first_day=DAY) for seed in range(4)]
    assert len({result.points for result in results}) == 1
    assert len({frozenset(partners(result)) for result in results}) > 1


@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_proposed_that_breaks_a_hard_rule(seed):
    people = naive.cohort(seed, 40)
    by_key = {person.key: person for person in people}
    result = match(people, Wish(weeks=2), first_day=DAY)
    for pair in result.pairs:
        assert all(naive.may(by_key[a], by_key[b]) for a, b in combinations(pair.keys, 2)), pair.keys
    told = {key for pair in result.pairs for key in pair.keys} | {one.key for one in result.left_out}
    assert told == by_key.keys()


def test_cohorts_of_nobody_one_two_and_three():
    alike = [Person(key) for key in "abc"]
    assert match([], PLAIN, first_day=DAY).pairs == ()
    alone = match(alike[:1], PLAIN, first_day=DAY)
    assert [(one.key, one.why) for one in alone.left_out] == [("a", "nobody")]
    assert partners(match(alike[:2], PLAIN, first_day=DAY)) == {frozenset("ab")}
    assert partners(match(alike, Wish(weeks=2), first_day=DAY)) == {frozenset("abc")}
    two = match(alike, PLAIN, first_day=DAY)
    assert len(two.pairs) == 1 and [(one.why, one.choices) for one in two.left_out] == [("taken", 2)]


def test_where_nobody_suits_anybody_all_are_left_out_with_the_reason():
    people = [Person(f"p{number}", languages=(f"language {number}",)) for number in range(9)]
    result = match(people, Wish(weeks=2), first_day=DAY)
    assert not result.pairs and {one.why for one in result.left_out} == {"language"} <= set(NAMES)


def test_fifty_people_alike_in_everything_are_all_paired_and_none_would_swap():
    result = match([Person(f"p{number}") for number in range(50)], PLAIN, first_day=DAY)
    assert len(result.pairs) == 25 and result.restless == 0 and result.left_out == ()
    assert all(set(pair.ranks.values()) == {1} for pair in result.pairs)


def test_greedy_pairing_would_leave_somebody_out_and_this_does_not():
    """Ann and Ben suit best, but Cal and Dee then have nobody: all four are paired instead."""
    people = [
        Person("ann", languages=("en", "fr"), age=50),
        Person("ben", languages=("en", "es"), age=50),
        Person("cal", languages=("fr",), age=80),
        Person("dee", languages=("es",), age=20),
    ]
    assert partners(match(people, PLAIN, first_day=DAY)) == {frozenset({"ann", "cal"}), frozenset({"ben", "dee"})}


def three_at_best(rows):
    """The most points when one of an odd number makes a pair a three, by trying every three."""
    n, found = len(rows), None
    for a, b, c in combinations(range(n), 3):
        if min(rows[a][b], rows[a][c], rows[b][c]) < 0:
            continue
        rest = [one for one in range(n) if one not in (a, b, c)]
        pairs, points = naive.best([[rows[i][j] for j in rest] for i in rest])
        if pairs * 2 == len(rest):
            found = max(found or 0, points + (rows[a][b] + rows[a][c] + rows[b][c]) // 2)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_of_an_odd_number_one_group_of_three_is_made_nearly_as_good_as_any(seed):
    people = [replace(one, wants="", arm="", languages=("en",)) for one in naive.cohort(seed, 11)]
    most = three_at_best(table(people))
    result = match(people, Wish(weeks=2), first_day=DAY)
    if most is not None:
        assert sorted(len(pair.keys) for pair in result.pairs) == [2, 2, 2, 2, 3]
        assert most * 0.98 <= result.points <= most


def test_the_fair_style_raises_the_worst_pair_and_keeps_999_of_a_thousand_points():
    raised = 0
    for seed in range(12):
        people = [replace(one, wants="", arm="", languages=("en",), blocked=0) for one in naive.cohort(seed, 40)]
        best = match(people, PLAIN, first_day=DAY)
        fair = match(people, replace(PLAIN, style="fair"), first_day=DAY)
        assert len(fair.pairs) == len(best.pairs) and fair.points >= best.points * 0.999
        assert fair.worst.points >= best.worst.points
        raised += fair.worst.points > best.worst.points
    assert raised


def test_the_steady_style_leaves_fewer_who_would_rather_swap_and_just_as_few_alone():
    styles = {style: [0, 0] for style in ("best", "steady")}
    for seed in range(12):
        people = naive.cohort(seed, 60)
        for style, seen in styles.items():
            result = match(people, replace(PLAIN, style=style), first_day=DAY)
            seen[0] += result.restless
            seen[1] += len(result.left_out)
    assert styles["steady"][0] < styles["best"][0] and styles["steady"][1] == styles["best"][1]


def test_whoever_would_rather_swap_is_found_by_looking_at_every_couple():
    people = naive.cohort(5, 30)
    made = matcher(people)
    result = made.result()
    rows, at = table(people), made.at
    own = {at[key]: pair.points for pair in result.pairs for key in pair.keys}
    plain = [(a, b) for a, b in combinations(range(30), 2) if rows[a][b] > max(own.get(a, -1), own.get(b, -1), -1)]
    assert result.restless == len(plain) > 0
    assert {frozenset(at[key] for key in swap.keys) for swap in result.swaps} == {frozenset(two) for two in plain}


def test_locked_pairs_stay_and_one_that_breaks_a_rule_by_now_is_released_and_told():
    people = naive.cohort(7, 30)
    free = match(people, PLAIN, first_day=DAY)
    kept = free.pairs[-1].keys
    strangers = ("p0", next(one.key for one in people if not naive.may(people[0], one) and one.key != "p0"))
    locked = () if set(strangers) & set(kept) else (strangers,)
    result = match(people, replace(PLAIN, locked=(kept, *locked)), first_day=DAY)
    assert frozenset(kept) in partners(result) and result.released == locked
    assert [pair.keys for pair in result.pairs if pair.locked] == [kept]


def test_a_bonus_for_present_pairs_breaks_fewer_of_them_when_newcomers_come():
    people = naive.cohort(9, 80)
    now = couples(pair.keys for pair in match(people[:70], PLAIN, first_day=DAY).pairs)
    kept = []
    for bonus in (0, 1000, 10_000):
        again = match(people, replace(PLAIN, current=now, stay_bonus=bonus), first_day=DAY)
        kept.append(len(partners(again) & now))
    assert kept[0] < kept[1] <= kept[2]


def test_a_former_pair_is_not_made_again():
    people = naive.cohort(11, 20)
    former = couples([match(people, PLAIN, first_day=DAY).pairs[0].keys])
    again = match(people, replace(PLAIN, rules=Rules(former=former)), first_day=DAY)
    assert not partners(again) & former


@pytest.mark.parametrize("seed", range(5))
def test_what_the_group_loses_when_a_couple_is_forced_is_what_trying_all_says(seed):
    people = naive.cohort(seed, 10)
    made, rows = matcher(people), table(people)
    pairs, points = naive.best(rows)
    for a, b in combinations(range(10), 2):
        if rows[a][b] < 0:
            continue
        rest = [one for one in range(10) if one not in (a, b)]
        fewer, without = naive.best([[rows[i][j] for j in rest] for i in rest])
        assert forced(made, a, b) == (points - without - rows[a][b], pairs - fewer - 1)


def test_an_explanation_names_points_ranks_and_loss_or_the_rule_that_keeps_two_apart():
    people = naive.cohort(2, 20)
    made = matcher(people)
    result = made.result()
    together = explain(made, *result.pairs[0].keys)
    assert (together.loss, together.pairs_lost, together.broken) == (0, 0, ())
    assert together.points == result.pairs[0].points == sum(together.features.values())
    stranger = next(one.key for one in people[1:] if not naive.may(people[0], one))
    apart = explain(made, "p0", stranger)
    assert apart.broken and apart.loss is None
    with pytest.raises(ValueError):
        explain(made, "p0", "p0")


def test_two_people_with_one_key_and_a_style_that_does_not_exist_are_refused():
    with pytest.raises(ValueError, match="same key"):
        match([Person("a"), Person("a")], PLAIN, first_day=DAY)
    with pytest.raises(ValueError, match="style"):
        match([Person("a")], Wish(style="loud"), first_day=DAY)
