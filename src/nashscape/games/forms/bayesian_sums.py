"""Sums over the types and the actions of others, of doubles and of fractions alike."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt


def added(player: int, paid: Any, prior: Sequence[Any], played: Sequence[Any], dot: Any, **options: Any) -> Any:
    """What each action of each type of a player adds to its payoff: the others summed over, the last of them first."""
    n = len(played)
    independent = len(prior) > 1
    left = paid if independent else paid * prior[0].reshape(*prior[0].shape, *(1,) * n)
    for j in reversed([j for j in range(n) if j != player]):
        weights = played[j] * prior[j][:, None] if independent else played[j]
        # left are the types of players 0 … j and, behind them, of the player itself, then as many actions
        if left.shape[j] == 1:
            weights = weights.sum(axis=0, keepdims=True)
        left = dot(left, weights, ((j, left.ndim // 2 + j), (0, 1)), **options)
    return left * prior[player][:, None] if independent else left


def joint(prior: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """One array of joint probabilities."""
    made = prior[0]
    for own in prior[1:]:
        made = np.multiply.outer(made, own)
    return made
