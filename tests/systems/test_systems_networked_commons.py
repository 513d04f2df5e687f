"""The card of networked commons: its exact episodes against the environment, by hand, and its weights."""

from dataclasses import dataclass
from fractions import Fraction as F
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import environments
from nashscape.systems.networked_commons import mixing_weights as weights
from nashscape.systems.networked_commons.environment_plays import mixed_totals, played
from nashscape.systems.networked_commons.restraint_games import episode, mixed_diagram, restraint_game


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Answering:
    """Takes from a stock above .5, always, or after a neighbour took from one that was not, as it is told."""

    always: Any
    answers: Any
    told = "answering"

    def act(self, pool, sight, key):
        low = sight.before <= 500
        seen = (sight.sees & (sight.taken > 0)).any() & low & (sight.played > 0)
        return ((sight.stock > 500) | self.always | (self.answers & seen)).astype(jnp.int32)


@pytest.mark.parametrize("graph", ["ring:4", "complete:4"])
def test_exact_episodes_are_those_of_the_environment(graph):
    for rate, who in product((42, 65, 77), product((False, True), repeat=4)):
        pool = environments.valves(rate / 1000, graph=graph)
        players = [Answering(jnp.asarray(own), jnp.asarray(True)) for own in who]
        run, exact = environments.play_commons(pool, players, episodes=1), episode(rate, who, graph.split(":")[0])
        assert (int(run.survived[0]), bool(run.collapsed[0])) == (exact.rounds, exact.depleted), (rate, who)
        # what is left over in the last round is drawn by lot, a unit at most
        np.testing.assert_allclose(run.payoffs[0], np.array(exact.totals, float), atol=0.00101)
        assert run.payoffs[0].sum() == pytest.approx(float(sum(exact.totals)))


@pytest.mark.parametrize(("order", "rounds"), [("take first", 10), ("regenerate first", 11), ("test last", 9)])
def test_orders_of_a_round_differ_by_one(order, rounds):
    takers = (True,) * 4
    assert episode(53, takers, "stock", order).rounds == int(played(53, takers, order).survived[0]) == rounds


def test_who_keeps_level_by_hand():
    # the first takes; the others wait, see that it is ahead, and take until they have as much as the others on average
    taker, *others = episode(30, (True, False, False, False), "own total").totals
    # 500 → 505 → 435 → 365 → 295 → 225 → 155 → 85, all of which is drawn
    assert (taker, others) == (F(25 * 7, 1000) + F(85, 4000), [F(25 * 6, 1000) + F(85, 4000)] * 3)
    # among themselves they are level always, and wait for the stock alone
    assert episode(30, (False,) * 4, "own total") == episode(30, (False,) * 4, "stock")


def test_restrainers_who_see_the_stock_alone_get_what_takers_leave():
    # three takers use 75 of 77; of what is left the restrainer takes 25 as often as it can
    totals = episode(77, (True, True, True, False)).totals
    assert totals[:3] == (F(5, 2),) * 3
    assert totals[3] == F(25 * (2 * 100 // 25), 1000)


def by_hand(rate, graph, weight):
    """Averages of mixed payoffs, one profile after the other, `[2, 4]`."""
    near = {"ring": [(1, 3), (0, 2), (1, 3), (0, 2)], "complete": [[j for j in range(4) if j != i] for i in range(4)]}
    found = [[[] for _ in range(4)] for _ in range(2)]
    for profile in product(range(2), repeat=4):
        paid = episode(rate, tuple(own == 1 for own in profile)).totals
        for i in range(4):
            others = sum(own == 0 for j, own in enumerate(profile) if j != i)
            found[profile[i]][others].append(paid[i] + weight * sum(paid[j] for j in near[graph][i]))
    return [[sum(own) / len(own) for own in row] for row in found]


@pytest.mark.parametrize("graph", ["ring", "complete"])
@pytest.mark.parametrize("rate", [30, 53, 77])
def test_the_least_weight_makes_a_tie_and_a_little_more_none(rate, graph):
    least = weights.least_weight(rate, graph)
    assert max(a - b for a, b in zip(*by_hand(rate, graph, least), strict=True)) == 0
    assert max(a - b for a, b in zip(*by_hand(rate, graph, least + F(1, 10**6)), strict=True)) > 0
    np.testing.assert_allclose(mixed_diagram(rate, "stock", graph, least).payoffs,
                               np.array(by_hand(rate, graph, least), float))  # fmt: skip
    assert 0 in mixed_diagram(rate, "stock", graph, least).gains


def test_bisection_is_held_against_the_closed_form():
    brackets = weights.searched_weight(53, "ring", 1e-3)
    assert weights.agree(brackets, weights.least_weight(53, "ring"))
    assert not weights.agree(brackets, weights.least_weight(53, "complete"))
    assert not weights.agree(brackets, None)
    assert weights.least_weight(100, "ring") is None
    assert weights.agree(weights.searched_weight(100, "ring", 0.1), None)


def test_mixed_payoffs_are_those_of_the_institution():
    dependence = [[0, 0.5, 0, 0], [0, 0, 0, 0], [0.25, 0, 0, 1], [0, 0, 0, 0]]
    run = played(42, [True, False, True, False])
    mixed = ns.games.payoff_mixing(restraint_game(42, "stock"), dependence).payoffs_at((1, 0, 1, 0))
    np.testing.assert_allclose(mixed_totals(run, 42, dependence), mixed, atol=1e-3)


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("networked-commons", effort="quick").stands
