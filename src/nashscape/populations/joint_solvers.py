"""Meta-solvers that weigh profiles of strategies together, and not the strategies of each side by themselves."""

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games import dense
from nashscape.populations.meta_solvers import MetaGame, nash
from nashscape.theory import coarse_correlated_equilibrium, correlated_equilibrium

Floats = npt.NDArray[np.float64]


def ce(meta: MetaGame, *, objective: str = "entropy") -> list[Floats]:
    """A correlated equilibrium: the most random, or that of largest welfare and so on, see `correlated_equilibrium`.

    Args:
        meta: the game.
        objective: "entropy", "welfare", "least_welfare", "best" or "worst".
    """
    return [_normed(correlated_equilibrium(dense(meta.payoffs), objective=objective).distribution)]


def cce(meta: MetaGame, *, objective: str = "entropy") -> list[Floats]:
    """A coarse correlated equilibrium: the most random, or that of largest welfare and so on.

    Args:
        meta: the game.
        objective: "entropy", "welfare", "least_welfare", "best" or "worst".
    """
    return [_normed(coarse_correlated_equilibrium(dense(meta.payoffs), objective=objective).distribution)]


def rectified(meta: MetaGame) -> list[Floats]:
    """The strategies of a Nash equilibrium, each with those of it that it beats, or to which it does not lose.

    `p_i p_j` where i gets nothing less than j: who learns from it meets whom it is good against, and not whom it loses
    to. For two sides that share a pool and get the opposite of each other.

    Args:
        meta: the game.
    """
    if not meta.shared or len(meta.sizes) != 2:
        raise InputError("rectified opponents are of two sides that share one pool, symmetric=True")
    one = meta.payoffs[0]
    if np.abs(one + one.T).max() > meta.room:
        raise InputError("rectified opponents are of two sides that get the opposite of each other")
    mine, theirs = nash(meta)
    return [_normed(np.outer(mine, theirs) * (one >= -meta.room))]


def _normed(weights: Floats) -> Floats:
    made = np.maximum(np.asarray(weights, float), 0.0)
    normed: Floats = made / made.sum()
    return normed
