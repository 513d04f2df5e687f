"""Values of battles from the end backwards: with best play of both, and of a policy against the best reply."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.games.families.battle_turns import OVER, SideStates, Strength, outcomes
from nashscape.games.matrix_values import matrix_values

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Choose = Callable[[Floats, Ints, Ints], Floats]
"""From what choices lead to, `[n, L, a, a]`, and the states of both sides, `[L]` each, to their values, `[n, L]`."""


class Solved(NamedTuple):
    """Battles with best play of both.

    Attributes:
        values: what each pair of states is worth to the first side, `[n, S, S]`.
        one: how the first side plays there, `[n, S, S, a]`.
        two: how the second side plays there, `[n, S, S, a]`.
        gap: the largest difference of the bounds between which values lie, one turn ahead.
    """

    values: Floats
    one: Floats
    two: Floats
    gap: float


def backwards(side: SideStates, strength: Strength, choose: Choose) -> Floats:
    """The values of all pairs of states, `[n, S, S]`: 1 where the other side has fallen, −1 where the first has.

    In every turn points are lost, so that states with fewer points are known before those with more.
    """
    n, size = len(strength.own), len(side.active)
    values = np.zeros((n, size, size))
    values[:, :, OVER], values[:, OVER, :], values[:, OVER, OVER] = 1.0, -1.0, 0.0
    for one, two in side.pairs():
        values[:, one, two] = choose(outcomes(side, strength, values, one, two), one, two)
    return values


def solve(side: SideStates, strength: Strength) -> Solved:
    """Battles with best play of both: in every state a matrix game of what choices lead to."""
    n, size = len(strength.own), len(side.active)
    actions = strength.own.shape[3] + side.switched.shape[1]
    plays = [np.zeros((n, size, size, actions)) for _ in range(2)]
    gaps = [0.0]

    def choose(ahead: Floats, one: Ints, two: Ints) -> Floats:
        found = matrix_values(ahead.reshape(-1, actions, actions))
        for own, mixtures in zip(plays, (found.rows, found.columns), strict=True):
            own[:, one, two] = mixtures.reshape(n, len(one), actions)
        gaps.append(float((found.high - found.low).max()))
        return found.values.reshape(n, len(one))

    return Solved(backwards(side, strength, choose), plays[0], plays[1], max(gaps))


def worst_values(side: SideStates, strength: Strength, policy: Floats) -> Floats:
    """What the first side gets where it plays a policy, `[n, S, S, a]`, against the best reply to that."""

    def choose(ahead: Floats, one: Ints, two: Ints) -> Floats:
        found: Floats = np.einsum("nla,nlab->nlb", policy[:, one, two], ahead).min(axis=2)
        return found

    return backwards(side, strength, choose)


def met_values(side: SideStates, strength: Strength, one: Floats, two: Floats) -> Floats:
    """What the first side gets where both play policies, `[n, S, S, a]` each."""

    def choose(ahead: Floats, own: Ints, other: Ints) -> Floats:
        found: Floats = np.einsum("nla,nlab,nlb->nl", one[:, own, other], ahead, two[:, own, other])
        return found

    return backwards(side, strength, choose)
