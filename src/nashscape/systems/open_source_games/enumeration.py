"""Open-source games looked at point by point in NumPy alone: a second opinion that shares nothing with the library.

Games are payoff tables `[2, 2, 2]` (player, own action of the first, of the second), couplings `[2, 2]` with
`z_i = θ_i + Σ_j b_ij θ_j` and zeros on the diagonal.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SLACK = 1e-9
"""Of a valley: what rounding may make of a flat utility."""
APART = 0.5
"""Between two payoffs of a random dilemma, so that none takes for ever."""
NUDGE = 1e-5
"""Of a parameter, for a central difference."""


def utilities(payoffs: Floats, coupling: Floats, first: Floats, second: Floats) -> Floats:
    """What both players get at parameters θ_1 and θ_2, `[2, …]`."""
    p = 1 / (1 + np.exp(-(first + coupling[0, 1] * second)))
    q = 1 / (1 + np.exp(-(second + coupling[1, 0] * first)))
    chances = np.array([[p * q, p * (1 - q)], [(1 - p) * q, (1 - p) * (1 - q)]])
    return np.asarray(np.tensordot(payoffs, chances, axes=([1, 2], [0, 1])))


@dataclass(frozen=True)
class Enumerated:
    """A game on a grid of parameters.

    Attributes:
        quasi_concave: whether no utility has a valley along the own parameter.
        least_gain: the smallest, over all profiles of the grid, of what somebody gains most by leaving alone.
        allowed: what that can be though there is an equilibrium, since it may lie between the points of the grid.
    """

    quasi_concave: bool
    least_gain: float
    allowed: float

    @property
    def has_equilibrium(self) -> bool:
        """Whether one of the grid's profiles is as near to an equilibrium as the grid can tell."""
        return self.least_gain <= self.allowed


def enumerated(payoffs: Floats, coupling: Floats, bound: float, points: int = 101) -> Enumerated:
    """A game on a grid of so many parameters for each player, from −bound to bound."""
    axis = np.linspace(-bound, bound, points)
    values = utilities(payoffs, coupling, axis[:, None], axis[None, :])
    own = [values[0].T, values[1]]  # rows: the other's parameter; columns: the own one
    gains = [table.max(axis=1, keepdims=True) - table for table in own]
    gain = np.maximum(gains[0].T, gains[1])
    # from an equilibrium to the nearest profile both parameters move by half a step: of a gain, one term moves with
    # both of them, the other with the other's alone
    steps = [[np.abs(np.diff(table, axis=axis)).max() / 2 for axis in (0, 1)] for table in own]
    allowed = max(2 * other + mine for other, mine in steps)
    return Enumerated(not any(map(_has_valley, own)), float(gain.min()), float(allowed))


def _has_valley(rows: Floats) -> bool:
    """Whether somewhere in a row a value lies below ones on both of its sides."""
    left = np.maximum.accumulate(rows, axis=1)
    right = np.maximum.accumulate(rows[:, ::-1], axis=1)[:, ::-1]
    return bool((rows < np.minimum(left, right) - SLACK).any())


def random_games(count: int, seed: int) -> list[tuple[Floats, Floats]]:
    """Payoffs that are normal, and couplings between −1 and 1, each player's own."""
    draws = np.random.default_rng(seed)
    return [(draws.normal(size=(2, 2, 2)), draws.uniform(-1, 1, (2, 2)) * (1 - np.eye(2))) for _ in range(count)]


def random_dilemmas(count: int, seed: int) -> list[Floats]:
    """Dilemmas T > R > P > S whose payoffs differ from player to player, with S + T ≥ 2P and 2R ≥ S + T."""
    draws, found = np.random.default_rng(seed), list[Floats]()
    while len(found) < count:
        tables = np.sort(draws.uniform(0, 6, (2, 4)), axis=1)
        S, P, R, T = tables.T
        if (np.diff(tables, axis=1) >= APART).all() and (S + T >= 2 * P).all() and (2 * R >= S + T).all():
            found.append(np.array([[[R[0], S[0]], [T[0], P[0]]], [[R[1], T[1]], [S[1], P[1]]]]))
    return found


def ascended(payoffs: Floats, coupling: Floats, starts: Floats, steps: int, size: float) -> Floats:
    """Probabilities of the first action `[2, N]` after selfish ascent from starts `[2, N]`, by central differences."""
    theta = np.array(starts, float)
    for _ in range(steps):
        up, down = (
            [utilities(payoffs, coupling, theta[0] + sign * NUDGE, theta[1])[0],
             utilities(payoffs, coupling, theta[0], theta[1] + sign * NUDGE)[1]]
            for sign in (1, -1)
        )  # fmt: skip
        theta = theta + size * (np.array(up) - np.array(down)) / (2 * NUDGE)
    return np.asarray(1 / (1 + np.exp(-(theta + coupling @ theta))))
