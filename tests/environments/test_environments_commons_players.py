"""Players of common pools against what their rules say by hand, and measures against fractions."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments
from nashscape.core import InputError
from nashscape.environments.commons.pool_players import PoolSight
from nashscape.theory import commons_planner

LAKE = environments.fishery()


def by_hand(values):
    """The Gini coefficient in fractions, over all pairs."""
    each = [Fraction(own) for own in values]
    return sum(abs(one - other) for one in each for other in each) / (2 * len(each) * sum(each))


@pytest.mark.parametrize(
    ("amounts", "found"), [((5, 5), 0), ((7, 1), Fraction(3, 8)), ((16, 0, 0, 0), Fraction(3, 4)), ((3, 1, 8), None)]
)
def test_gini_is_half_the_mean_difference_over_the_mean(amounts, found):
    assert environments.gini(amounts) == pytest.approx(float(by_hand(amounts)), abs=1e-15)
    if found is not None:
        assert by_hand(amounts) == found


@pytest.mark.parametrize("amounts", [(10, -4, -1), (6, -2, -4), (3, -5, -2)])
def test_gini_of_negative_amounts_is_refused_and_not_clipped(amounts):
    # the formula would say 28/15, nothing, and −4/3
    with pytest.raises(InputError, match="Gini coefficient is of amounts from 0 on"):
        environments.gini([(1, 2, 3), amounts])


def test_norms_are_counted_as_pairs_and_shares():
    demands = [[10, 10, 20, 5], [0, 0, 0, 0]]
    entropy = -(0.5 * np.log(0.5) + 2 * 0.25 * np.log(0.25)) / np.log(4)
    np.testing.assert_allclose(environments.norm_entropy(demands), [entropy, 0])
    np.testing.assert_allclose(environments.norm_similarity(demands), [2 / 12, 1])
    with pytest.raises(InputError, match="two players or more"):
        environments.norm_entropy([1.0])


def test_universalisers_keep_the_lake_and_reach_the_published_share():
    run = environments.play_commons(LAKE, "universaliser", episodes=3)
    assert run.survived.tolist() == [12] * 3
    assert not run.collapsed.any()
    assert (run.taken == 10).all()
    assert (run.total.value, run.gini.value) == (600, 0)
    assert round(environments.efficiency(run.total.value, 650), 3) == 0.923
    assert [own.value for own in run.restraint.values()] == pytest.approx([0.9] * 5)
    assert (run.entropy.value, run.similarity.value) == (0, 1)


def test_intervals_of_amounts_cover_what_is_lost_seldom():
    run = environments.play_commons(LAKE, "universaliser", episodes=12)
    random, covered = np.random.default_rng(4), 0
    for _ in range(200):
        lost = random.random(12) < 0.05
        some = replace(run, taken=np.where(lost[:, None, None], 0.0, run.taken))
        # on average .95 of 600, and of 120
        covered += some.total.contains(570) and all(own.contains(114) for own in some.payoff.values())
    # of twelve episodes none is lost in .54 of cases, and of these all are alike
    assert covered >= 0.95 * 200
    one = environments.play_commons(LAKE, "universaliser", episodes=1)
    assert (one.total.low, one.total.high) == (0, 1200)


def test_efficiency_is_of_what_is_counted_alike():
    pool = environments.valves(0.077, totals=False, rounds=40)
    restrained = environments.pool_player("threshold", above=0.5)
    got = environments.play_commons(pool, restrained, episodes=1).total.value
    with pytest.raises(InputError, match="count both without discounts"):
        environments.efficiency(got, float(commons_planner(pool).total))
    plan = commons_planner(environments.valves(0.077, totals=False, rounds=40, discount=1.0))
    assert 0.5 < environments.efficiency(got, float(plan.total)) < 1
    assert environments.efficiency(float(plan.total), float(plan.total)) == 1


def test_greedy_players_take_all_in_the_first_month():
    run = environments.play_commons(LAKE, "greedy", episodes=50)
    assert (run.survived == 1).all()
    assert (run.payoffs.sum(axis=1) == 100).all()
    assert run.payoff["1: greedy"].contains(20)
    assert np.isnan(run.demanded[:, 1:]).all()


@pytest.mark.parametrize(
    ("newcomer", "stocks"),
    [
        (environments.pool_player("greedy", arrives=3), [100, 100, 100, 0]),
        # 40 + 30 of 100, then 4·6 + 30 of 60, then 4·1 + 30 of 12
        (environments.pool_player("steady", amount=30, arrives=3), [100, 100, 100, 60, 12, 0]),
    ],
)
def test_a_newcomer_ends_the_lake_in_the_month_that_follows_from_its_demand(newcomer, stocks):
    run = environments.play_commons(LAKE, ["universaliser"] * 4 + [newcomer], episodes=4)
    assert (run.survived == len(stocks) - 1).all()
    assert run.stocks[0, : len(stocks)].tolist() == stocks
    assert run.collapsed.all()


def test_universal_shares_are_those_of_the_publication_at_every_stock():
    act = jax.jit(lambda sight: environments.pool_player("universaliser").act(LAKE, sight, jax.random.key(0)))
    for stock in range(0, 101, 7):
        now = jnp.int32(stock)
        none = jnp.zeros(5, jnp.int32)
        chosen = int(act(PoolSight(0, now, now, jnp.int32(1), none, none, jnp.ones(5, bool))))
        assert chosen == (0 if stock < 5 else (stock // 2) // 5)


def test_reciprocators_answer_whom_they_see():
    tits = ["tit for tat"] * 4
    graph = np.zeros((5, 5), int)
    graph[0, 4] = 1  # only the first sees the last
    pool = environments.fishery(graph=graph)
    run = environments.play_commons(pool, [*tits, environments.pool_player("steady", amount=11)], episodes=2)
    assert run.demanded[0, 0].tolist() == [10, 10, 10, 10, 11]
    assert run.demanded[0, 1].tolist() == [100, 9, 9, 9, 11]  # of 98 a fifth of a half is 9
    again = environments.play_commons(LAKE, [*tits, environments.pool_player("steady", amount=10)], episodes=2)
    assert (again.survived == 12).all()


def test_thresholds_take_only_above_a_stock():
    pool = environments.common_pool(2, demands=(0, 10), capacity=100, initial=60, unit=1, rounds=5,
                                    regeneration=environments.regeneration("constant", growth=8))  # fmt: skip
    run = environments.play_commons(pool, environments.pool_player("threshold", above=55), episodes=1)
    assert run.stocks[0].tolist() == [60, 48, 56, 44, 52, 60]
    assert run.demanded[0, :, 1].tolist() == [10, 0, 10, 0, 0]


@pytest.mark.parametrize("rule", ["payoff-biased", "conformist"])
def test_imitators_do_what_was_done_and_a_start_all_alike_stays(rule):
    pool = environments.common_pool(6, demands=(0, 1, 2), capacity=100, rounds=6, graph="ring:6", unit=1)
    run = environments.play_commons(pool, environments.pool_player(rule), episodes=40)
    for before, now in pairwise(range(6)):
        shown = np.stack([np.roll(run.demanded[:, before], k, axis=1) for k in (-1, 0, 1)])
        assert (shown == run.demanded[:, now]).any(axis=0).all()
    alike = environments.play_commons(pool, environments.pool_player(rule, start=1), episodes=4)
    assert (alike.demanded == 1).all()


def test_how_often_others_are_copied_is_what_their_pay_says():
    pool = environments.common_pool(2, demands=(0, 2), capacity=1000, rounds=2, unit=1)
    imitator = environments.pool_player("payoff-biased", start=0, strength=0.7)
    run = environments.play_commons(pool, [imitator, environments.pool_player("steady", amount=2)], episodes=4000)
    chance = 1 / (1 + np.exp(-0.7 * 2))
    copied = (run.demanded[:, 1, 0] == 2).mean()
    assert abs(copied - chance) <= 4 * np.sqrt(chance * (1 - chance) / 4000)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: environments.play_commons(LAKE, ["greedy"] * 3), "5 players take from the pool, and 3 are given"),
        (lambda: environments.play_commons(LAKE, [1] * 5), "a player is what environments.pool_player makes"),
        (lambda: environments.play_commons(LAKE, "greedy", episodes=0), "episodes must be at least 1"),
        (lambda: environments.play_commons(environments.coin_game(), "greedy"), "what environments.common_pool makes"),
        (lambda: environments.pool_player("threshold"), "needs above"),
        (lambda: environments.pool_player("greedy", amount=3), "unknown number"),
        (lambda: environments.pool_player("conformist", error=2), "error must"),
        (lambda: environments.efficiency(1, 1, 1), "nothing is to be gained"),
        (lambda: environments.efficiency(651, 650), "nobody gets more than a planner"),
    ],
)
def test_what_cannot_be_played_is_refused(make, reason):
    with pytest.raises(InputError, match=reason):
        make()
