"""Beliefs at which the concave envelope touches the value without revealing: found by search, for others to prove."""

from typing import NamedTuple

import numpy as np

from nashscape.theory.concepts.team_bounds import matrix_value
from nashscape.theory.one_sided.state_games import Floats, StateGames

STARTS = 20
"""Random beliefs from which a search begins, besides the corners and the prior."""
ROUNDS = 30
CLIMBED = 4
"""Beliefs from which each round climbs."""
RADII = (0.3, 0.1, 0.03, 0.01, 0.003, 1e-3, 1e-4)
"""By how much the probability of a state may change in a step; those of rows three times as much."""
STEPS = 15
PATIENCE = 2
"""Rounds without any better split after which a search ends."""


class _Split(NamedTuple):
    """Weights of beliefs that average to the prior with the most value, that value, and the prices of states."""

    weights: Floats
    value: float
    prices: Floats


def _best_split(games: StateGames, points: Floats, worth: Floats) -> _Split:
    from scipy.optimize import linprog

    found = linprog(-worth, A_eq=points.T, b_eq=games.chances, method="highs")
    return _Split(found.x, -float(found.fun), -found.eqlin.marginals)


def contact_points(games: StateGames, tolerance: float, effort: int = 1) -> Floats:
    """Beliefs into which the prior is split best, as far as a search finds, `[n, states]`.

    By generating columns: prices of states are what the beliefs known so far are worth, and who finds a belief worth
    more than its price adds it.

    Args:
        games: tables and prior.
        tolerance: ten times what a belief has to be worth more than its price, in payoff units.
        effort: by how many times as many starts, climbs and rounds without success it is more than the least.

    >>> from nashscape.theory.one_sided.state_games import state_games
    >>> kinks = state_games([[[4, 0, 2], [4, 0, -2]], [[0, 4, -2], [0, 4, 2]]], [0.5, 0.5])
    >>> sorted(contact_points(kinks, 1e-6).round(6).tolist())
    [[0.25, 0.75], [0.75, 0.25]]
    """
    states = len(games.prior)
    random = np.random.default_rng(effort).dirichlet(np.ones(states), effort * STARTS)
    points = np.vstack([np.eye(states), games.chances, random])
    worth = np.array([_worth(games.at(point)) for point in points])
    split, stalled = _best_split(games, points, worth), 0
    for _ in range(ROUNDS):
        begun = np.argsort(points @ split.prices - worth)[: effort * CLIMBED]
        found = [_climbed(games.payoffs - split.prices[:, None, None], points[k]) for k in begun]
        better = [belief for belief, gain in found if gain > tolerance / 10]
        if not better or stalled >= effort * PATIENCE:
            break
        points = np.vstack([points, better])
        worth = np.concatenate([worth, [_worth(games.at(point)) for point in better]])
        before, split = split, _best_split(games, points, worth)
        stalled = stalled + 1 if split.value <= before.value + tolerance / 10 else 0
    chosen: Floats = points[split.weights > 1e-9]
    return chosen


def _worth(table: Floats) -> float:
    return matrix_value(table)[0]


def _climbed(tables: Floats, belief: Floats) -> tuple[Floats, float]:
    """A belief from which small steps do not raise the value of the mean table, and that value."""
    value, rows, _ = matrix_value(np.tensordot(belief, tables, 1))
    for _ in range(STEPS):
        for radius in RADII:
            after = _stepped(tables, belief, rows, radius)
            found, own, _ = matrix_value(np.tensordot(after, tables, 1))
            if found > value + 1e-11:
                belief, value, rows = after, found, own
                break
        else:
            break
    return belief, value


def _stepped(tables: Floats, belief: Floats, rows: Floats, radius: float) -> Floats:
    """The best step of belief and mixture together where the product of the two is made linear, within a radius."""
    from scipy.optimize import linprog

    (states, m), columns = tables.shape[:2], tables.shape[2]
    by_state, by_row = np.einsum("i,kij->kj", rows, tables), np.einsum("k,kij->ij", belief, tables)
    sums = np.zeros((2, states + m + 1))
    sums[0, :states], sums[1, states:-1] = 1.0, 1.0
    near = [(max(0.0, p - radius), min(1.0, p + radius)) for p in belief]
    near += [(max(0.0, p - 3 * radius), min(1.0, p + 3 * radius)) for p in rows]
    found = linprog(
        [0.0] * (states + m) + [-1.0], np.hstack([-by_state.T, -by_row.T, np.ones((columns, 1))]), -belief @ by_state,
        sums, [1.0, 1.0], [*near, (None, None)], method="highs",
    )  # fmt: skip
    made: Floats = np.maximum(found.x[:states], 0.0)
    return made / made.sum()
