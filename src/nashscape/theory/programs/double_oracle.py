"""Equilibria in mixed parameters of two players by double oracle: each answers the mixture of the other at its best."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from nashscape.semantics import ParametricGame
from nashscape.theory.programs.deviations import Deviations, best_deviations, problems

Floats = npt.NDArray[np.float64]

ROUNDS = 24
NEGLIGIBLE = 1e-9
ROUNDING = 1e-12
"""Of the size of payoffs: more than sums of a few dozen products can be wrong by in double precision."""


@dataclass(frozen=True)
class MixedParameters:
    """Two mixtures over parameters from which nobody gains more than ε by any parameter in the box.

    Attributes:
        parameters: those that are mixed, of both players, `[m_1]` and `[m_2]`.
        weights: their probabilities.
        epsilon: what no deviation of any player exceeds, in payoff units: a bound over the whole box, proved.
        rounds: how often best answers were added.
    """

    parameters: tuple[Floats, Floats]
    weights: tuple[Floats, Floats]
    epsilon: float
    rounds: int


def double_oracle(game: ParametricGame, bound: float, tolerance: float) -> MixedParameters:
    """An ε-equilibrium in mixed parameters of two players with one parameter each; the ε is proved, not assumed.

    Start from both ends and the middle of the range; find an equilibrium of the game between those parameters; add both
    best answers over the whole range; repeat until they gain less than the tolerance.

    Args:
        game: a game of two players with one parameter each.
        bound: M of the box.
        tolerance: in payoff units, where to stop.

    Raises:
        NotUnrollable: for semantics without bounds.

    Source: McMahan, Gordon, Blum (2003) for zero-sum games; here with general sums.
    """
    mine = [np.array([-bound, 0.0, bound]) for _ in range(2)]
    rounding = ROUNDING * max(float(np.abs(_payoffs(game, *mine)).max()), game.game.payoff_range)
    best: MixedParameters | None = None
    for number in range(1, ROUNDS + 1):
        weights = bimatrix_equilibrium(*_payoffs(game, *mine))
        mixed = [(own[w > NEGLIGIBLE], w[w > NEGLIGIBLE]) for own, w in zip(mine, weights, strict=True)]
        mixed = [(own, w / w.sum()) for own, w in mixed]
        answers = [_answer(game, player, mixed[1 - player], bound, tolerance / 10) for player in (0, 1)]
        worth = _worth(game, *mixed)
        gains = [float(own.floor + own.found.gain_high[0] - u) for own, u in zip(answers, worth, strict=True)]
        found = MixedParameters(
            (mixed[0][0], mixed[1][0]), (mixed[0][1], mixed[1][1]), max(0.0, *gains) + rounding, number
        )
        best = found if best is None or found.epsilon < best.epsilon else best
        fresh = [float(own.found.at[0]) for own in answers]
        if best.epsilon <= tolerance or all(np.abs(own - t).min() < 1e-12 for own, t in zip(mine, fresh, strict=True)):
            break
        mine = [np.unique(np.append(own, t)) for own, t in zip(mine, fresh, strict=True)]
    assert best is not None
    return best


@dataclass(frozen=True)
class _Answer:
    """Best answers to a mixture, measured from what the middle of the range gives."""

    found: Deviations
    floor: float


def _answer(game: ParametricGame, player: int, other: tuple[Floats, Floats], bound: float, tolerance: float) -> _Answer:
    parameters, weights = other
    # padded, so that mixtures of different lengths share a program
    count = 1 << (len(parameters) - 1).bit_length()
    profiles = np.zeros((1, count, 2))
    profiles[0, : len(parameters), 1 - player] = parameters
    profiles[0, len(parameters) :, 1 - player] = parameters[-1]
    padded = np.zeros((1, count))
    padded[0, : len(weights)] = weights
    found = best_deviations(problems([game], player, profiles, padded), -bound, bound, tolerance)
    table = _payoffs(game, *((np.zeros(1), parameters) if player == 0 else (parameters, np.zeros(1))))[player]
    return _Answer(found, float(table.ravel() @ weights))


def _worth(game: ParametricGame, first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> list[float]:
    return [float(first[1] @ table @ second[1]) for table in _payoffs(game, first[0], second[0])]


def _payoffs(game: ParametricGame, first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Both players' utilities for every pair of parameters, `[m_1, m_2]` each."""
    pairs = np.stack(np.meshgrid(first, second, indexing="ij"), axis=-1).reshape(-1, 2)
    with jax.enable_x64(True):
        values = np.asarray(jax.vmap(game.utilities)(jnp.asarray(pairs)), np.float64)
    table = values.T.reshape(2, len(first), len(second))
    return table[0], table[1]


def bimatrix_equilibrium(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """One equilibrium of a two-player game, as mixed strategies, by mixed-integer programming.

    Every action has a regret that is zero or else a probability that is; a yes or no per action chooses which.

    Args:
        first: payoffs of the first player, `[m, k]`.
        second: payoffs of the second, `[m, k]`.

    Source: Sandholm, Gilpin, Conitzer (2005), formulation 1.
    """
    m, k = first.shape
    a, b = ((table - table.min()) / max(float(np.ptp(table)), 1e-300) for table in (first, second))
    # unknowns: x [m], y [k], values u and v, and a yes or no for every action: whether it is left out
    x, y, u, v, left = slice(0, m), slice(m, m + k), m + k, m + k + 1, slice(m + k + 2, 2 * (m + k) + 2)
    size = left.stop
    rows, low, high = [], [], []

    def require(row: Floats, least: float, most: float) -> None:
        rows.append(row)
        low.append(least)
        high.append(most)

    for part in (x, y):
        row = np.zeros(size)
        row[part] = 1
        require(row, 1, 1)
    for value, other, table, actions in ((u, y, a, range(m)), (v, x, b.T, range(m, m + k))):
        for own, action in zip(table, actions, strict=True):
            row = np.zeros(size)
            row[value], row[other] = 1, -own
            require(row, 0, np.inf)  # no action is worth more than the value
            regret = row.copy()
            regret[left.start + action] = -1
            require(regret, -np.inf, 0)  # and a played one is worth no less
            row = np.zeros(size)
            row[action], row[left.start + action] = 1, 1
            require(row, -np.inf, 1)  # what is left out is not played
    kinds = np.zeros(size)
    kinds[left] = 1
    solved = milp(
        np.zeros(size),
        constraints=LinearConstraint(np.stack(rows), low, high),
        integrality=kinds,
        bounds=Bounds(np.zeros(size), np.ones(size)),
    )
    mixed = [np.clip(solved.x[part], 0.0, None) for part in (x, y)]
    return mixed[0] / mixed[0].sum(), mixed[1] / mixed[1].sum()
