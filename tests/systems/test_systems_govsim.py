"""The card of GovSim: what taking all gains against the exact game and fractions, newcomers by month, and the card."""

from fractions import Fraction

import numpy as np
import pytest

import nashscape as ns
from nashscape.environments import common_pool, fishery, play_commons, pool_player
from nashscape.systems.govsim import taking


def gain_in_game(pool):
    """What taking all gains at least in the first round of an exact game, if all take all in the next one."""
    game = pool.exact()
    shape, everything = (len(pool.levels),) * pool.size, (len(pool.levels) - 1,) * pool.size
    paid = np.asarray(game.payoffs)[0].reshape(game.n_states, *shape)
    then = np.array([paid[(state, *everything)] for state in range(game.n_states)])
    worth = paid[0] + then[np.array(game.successors)[0].reshape(shape)]
    stock = int(pool.initial)
    return (worth[stock] - worth[:stock].max(axis=0)).min()


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize(("players", "capacity", "collapse"), [(3, 6, 2), (2, 6, 2), (4, 3, 1)])
def test_what_taking_all_gains_is_that_of_the_exact_game(players, capacity, collapse, last):
    least = min(
        gain_in_game(common_pool(
            players, demands=range(capacity + 1), capacity=capacity, initial=stock, collapse=collapse, unit=1,
            rounds=1 if last else 2, rationing="random",
        ))
        for stock in range(collapse, capacity + 1)
    )  # fmt: skip
    assert taking.least_gain_drawn(players, capacity, collapse, last=last) == pytest.approx(least, abs=1e-6)
    assert (least > 1e-6) == (players > 2 or last)


def test_the_least_gain_of_the_published_numbers_is_that_of_fractions():
    """One other demands a ton: of 100 the whole demand gets 100/101 of them, and 99 tons are met."""
    assert taking.least_gain(last=True) == pytest.approx(float(Fraction(100 * 100, 101) - 99), abs=1e-12)
    random = np.random.default_rng(0)
    for _ in range(300):
        stock, others = int(random.integers(5, 101)), random.integers(0, 101, 4)
        own, total = int(random.integers(0, stock)), int(others.sum())
        everything = Fraction(stock * 100, 100 + total) if total else stock
        met = own if own + total <= stock else Fraction(stock * own, own + total)
        left = max(stock - own - total, 0)
        rest = Fraction(min(100, 2 * left), 5) if left >= 5 else 0
        assert everything - met - rest > 0


def test_what_is_left_is_lost_below_the_collapse_and_full_above_half():
    assert taking.later([0, 4, 5, 30, 50, 80]).tolist() == [0, 0, 2, 12, 20, 20]
    assert float(taking.later(1, 3, 6, 0)) == pytest.approx(2 / 3)


@pytest.mark.parametrize(("demand", "arrives", "found"), [(30, 3, (5, 0)), (55, 3, (4, 0)), (14, 1, (9, 0))])
def test_a_newcomer_ends_the_lake_in_the_month_of_the_environment(demand, arrives, found):
    assert taking.last_month(demand, arrives=arrives) == found
    late = pool_player("steady", amount=demand, arrives=arrives)
    run = play_commons(fishery(), ["universaliser"] * 4 + [late], episodes=1)
    assert (run.survived[0], run.stocks[0, found[0]]) == found


def test_the_largest_demand_that_is_borne():
    """From 100 a newcomer who takes 12 brings the lake to 96, where 9 each and 12 leave 48."""
    assert taking.last_month(12, months=1_000) == (1_000, 48)
    assert taking.last_month(13, months=1_000)[0] < 1_000


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("govsim", effort="quick").stands
