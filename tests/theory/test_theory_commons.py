"""Planners and equilibria of common pools against published totals and all ways to play."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from nashscape import environments, theory
from nashscape.core import InputError


def best_by_hand(stock, rounds, n, demands, capacity, collapse, gamma):
    """The most of a pool that doubles, over all profiles in all rounds."""
    if rounds == 0:
        return Fraction(0)
    found = []
    for profile in product(demands, repeat=n):
        taken = min(sum(profile), stock)
        left = stock - taken
        on = left > 0 and left >= collapse
        rest = best_by_hand(min(capacity, 2 * left), rounds - 1, n, demands, capacity, collapse, gamma) if on else 0
        found.append(taken + gamma * rest)
    return max(found)


def test_the_planner_of_the_fishery_takes_half_and_all_at_the_end():
    plan = theory.commons_planner(environments.fishery())
    assert plan.total == 11 * 50 + 100
    assert plan.taken == (50,) * 11 + (100,)
    assert plan.stocks == (100,) * 12


@pytest.mark.parametrize(("players", "gamma"), [(2, "1"), (3, "0.7")])
def test_the_planner_gets_the_most_of_all_ways_to_play(players, gamma):
    options = {"demands": (0, 1, 4), "capacity": 9, "initial": 5, "collapse": 2, "unit": 1, "rounds": 3}
    pool = environments.common_pool(players, discount=float(gamma), **options)
    wanted = best_by_hand(5, 3, players, (0, 1, 4), 9, 2, Fraction(gamma))
    assert theory.commons_planner(pool).total == wanted


def test_all_is_taken_at_once_in_the_equilibrium_of_the_fishery():
    found = theory.commons_equilibrium(environments.fishery(rationing="proportional"))
    assert (found.total, found.demands, found.dominant) == (pytest.approx(100), (100.0,), True)


def test_no_single_deviation_gains_in_the_exact_game():
    options = {"demands": (0, 3, 6), "capacity": 12, "initial": 8, "collapse": 2, "unit": 1, "rounds": 3}
    pool = environments.common_pool(2, **options)
    found, game = theory.commons_equilibrium(pool), pool.exact()
    values = [np.zeros(game.n_states)]
    payoffs, ahead = np.asarray(game.payoffs)[0].reshape(-1, 3, 3), np.array(game.successors).reshape(-1, 3, 3)
    for _ in range(3):
        worth = payoffs + values[-1][ahead]
        rest = [[j for j in range(3) if worth[s, j, j] >= worth[s, :, j].max() - 1e-9] for s in range(len(worth))]
        values.append(np.array([worth[s, own[-1], own[-1]] for s, own in enumerate(rest)]))
    assert found.total == pytest.approx(2 * values[-1][0])


def test_where_no_common_demand_is_an_equilibrium_it_is_said():
    found = theory.commons_equilibrium(environments.valves(0.1, clock=True, rounds=1))
    assert (found.total, found.demands) == (pytest.approx(0.1), (0.025,))
    with pytest.raises(InputError, match="no demand is an equilibrium if all make it"):
        theory.commons_equilibrium(environments.common_pool(2, demands=(0, 1, 2), capacity=12, unit=1, rounds=4))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: theory.commons_planner(environments.common_pool()), "give common_pool a unit"),
        (lambda: theory.commons_equilibrium(environments.fishery()), "drawn one by one"),
        (lambda: theory.commons_equilibrium(environments.valves()), "clock=True"),
    ],
)
def test_what_is_not_computed_is_refused(make, reason):
    with pytest.raises(InputError, match=reason):
        make()
