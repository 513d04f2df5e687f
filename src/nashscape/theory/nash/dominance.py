"""Which of several equilibria: payoff dominance, risk factors, and risk dominance between strict ones."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def risk_factors(payoffs: Floats, profile: Sequence[int]) -> Floats:
    """For each player the least p such that the equilibrium action is best whenever the others play theirs with
    probability p or more, whatever else they do: `max D/(D + L)`, `[n]`.

    L is the loss from a deviation in equilibrium and D the most that it gains at any other joint action of the others.
    In a 2×2 game with equilibria a and b it is `L_i(b) / (L_i(a) + L_i(b))`; 0 is a dominant action, and in symmetric
    games risk dominance is ½ or less.

    Args:
        payoffs: `[n, a_1, …, a_n]`, in which the profile is a strict equilibrium.
        profile: action indices.

    Example:
        >>> from nashscape import games
        >>> risk_factors(games.stag_hunt().payoffs, (0, 0)).round(4).tolist()
        [0.6667, 0.6667]

    Source: Morris, Rob, Shin, p-dominance and belief potential (1995).
    """
    factors = []
    for i, own in enumerate(payoffs):
        table = np.moveaxis(own, i, 0).reshape(own.shape[i], -1)
        others = np.delete(np.array(own.shape), i)
        here = int(np.ravel_multi_index(tuple(np.delete(np.array(profile), i)), tuple(others)))
        gain = np.delete(table - table[profile[i]], profile[i], axis=0)
        loss, most = -gain[:, here], np.delete(gain, here, axis=1).max(axis=1, initial=0.0)
        # whoever has no other action is sure of it
        # a tie on both sides: as good as any other belief
        whole = most + loss
        factors.append(float(np.where(whole > 0, most / np.where(whole > 0, whole, 1.0), 1.0).max(initial=0.0)))
    return np.array(factors)


def deviation_losses(payoffs: Floats, profile: Sequence[int], other: Sequence[int]) -> Floats:
    """What each player loses by playing the action of `other` when the rest play `profile`, `[n]`, in payoff units.

    >>> from nashscape import games
    >>> deviation_losses(games.stag_hunt().payoffs, (0, 0), (1, 1)).tolist()
    [1.0, 1.0]
    """
    losses = []
    for i, own in enumerate(payoffs):
        deviation = (*profile[:i], other[i], *profile[i + 1 :])
        losses.append(float(own[tuple(profile)] - own[deviation]))
    return np.array(losses)


def risk_dominates(payoffs: Floats, profile: Sequence[int], other: Sequence[int]) -> bool:
    """Whether one strict equilibrium of two players risk-dominates another: the larger product of deviation losses.

    In larger games this compares the two in the 2×2 game of their actions alone. Equal products: neither does.

    >>> from nashscape import games
    >>> risk_dominates(games.stag_hunt().payoffs, (1, 1), (0, 0))
    True

    Source: Harsanyi, Selten, A General Theory of Equilibrium Selection in Games (1988), section 3.9.
    """
    mine = float(deviation_losses(payoffs, profile, other).prod())
    theirs = float(deviation_losses(payoffs, other, profile).prod())
    # a product that differs by rounding alone is the same
    return mine - theirs > 1e-12 * max(mine, theirs)


def payoff_dominant(values: Floats) -> int | None:
    """The number of the equilibrium that gives every player more than all others do, if there is one.

    Args:
        values: payoffs of equilibria, `[E, n]`, at least two.

    >>> payoff_dominant(np.array([[4.0, 4.0], [2.0, 2.0]])), payoff_dominant(np.array([[2.0, 1.0], [1.0, 2.0]]))
    (0, None)
    """
    if len(values) < 2:
        return None
    best = int(values[:, 0].argmax())
    return best if (np.delete(values, best, axis=0) < values[best]).all() else None
