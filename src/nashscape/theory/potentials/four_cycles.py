"""Exact and weighted potentials by four-cycles: two players change their actions in turn and change them back."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from nashscape.core.exact_numbers import Objects


@dataclass(frozen=True)
class FourCycle:
    """What the changes of payoffs of two players add up to round a cycle of four profiles.

    Attributes:
        players: numbers of the two, in the order in which they move.
        profiles: the four, each by action indices; from the last one returns to the first.
        gain: the sum of what the mover's payoff changes by, in payoff units; zero round all cycles of a game with an
            exact potential.
    """

    players: tuple[int, int]
    profiles: tuple[tuple[int, ...], ...]
    gain: Fraction


def mixed_difference(values: Objects, i: int, j: int) -> Objects:
    """`f(a_i, a_j) − f(0, a_j) − f(a_i, 0) + f(0, 0)`, whatever the others play, in the shape of f."""
    along = values - values.take([0], axis=i)
    return along - along.take([0], axis=j)


def worst_four_cycle(payoffs: Objects) -> FourCycle | None:
    """Of the four-cycles through first actions of two players the one of the largest gain; None if all are zero.

    If those have none, no other cycle has: `u_i − u_j` is then a sum of a function of a_i and one of a_j.

    Args:
        payoffs: fractions, `[n, a_1, …, a_n]`.

    Example:
        >>> from nashscape import games
        >>> worst_four_cycle(games.stag_hunt().fractions) is None
        True
        >>> found = worst_four_cycle(games.matching_pennies().fractions)
        >>> found.profiles, str(found.gain)
        (((0, 0), (1, 0), (1, 1), (0, 1)), '-8')

    Source: Monderer, Shapley (1996), corollary 2.9.
    """
    worst: FourCycle | None = None
    for i, j in combinations(range(len(payoffs)), 2):
        # round (0, 0) → (a_i, 0) → (a_i, a_j) → (0, a_j) the changes of the movers add up to −ΔΔ(u_i − u_j)
        gains = -mixed_difference(payoffs[i] - payoffs[j], i, j)
        place = tuple(int(k) for k in np.unravel_index(int(abs(gains).argmax()), gains.shape))
        gain = Fraction(gains[place])
        if gain and (worst is None or abs(gain) > abs(worst.gain)):
            corners = [(0, 0), (place[i], 0), (place[i], place[j]), (0, place[j])]
            worst = FourCycle((i, j), tuple(_moved(place, i, j, *own) for own in corners), gain)
    return worst


def _moved(place: tuple[int, ...], i: int, j: int, a: int, b: int) -> tuple[int, ...]:
    return tuple(a if k == i else b if k == j else own for k, own in enumerate(place))


def exact_potential(payoffs: Objects) -> Objects:
    """The potential of an exact potential game, zero at the first profile, `[a_1, …, a_n]`.

    Players leave their first actions one after the other, and what each gains is added up. Of a game without one it is
    just that sum.

    Example:
        >>> from nashscape import games
        >>> exact_potential(games.stag_hunt().fractions).astype(int).tolist()
        [[0, -1], [-1, 1]]
    """
    shape = payoffs.shape[1:]
    total: Objects = np.full(shape, Fraction(0), dtype=object)
    for i, own in enumerate(payoffs):
        # the players after i still play their first actions
        here = own[(slice(None),) * (i + 1) + (slice(0, 1),) * (len(shape) - i - 1)]
        total = total + (here - here.take([0], axis=i))
    return total


def weights(payoffs: Objects) -> tuple[Fraction, ...] | None:
    """Weights w > 0 with which the game has a weighted potential, `Δu_i = w_i ΔP`; None if there are none.

    Round every four-cycle `ΔΔu_i/w_i = ΔΔu_j/w_j`: one ratio for each pair of players, or none where both are zero
    throughout. The first player of those whose ratios hang together has weight one.

    Example:
        >>> from nashscape import games
        >>> [str(w) for w in weights(games.stag_hunt().affine([1, 3]).fractions)]
        ['1', '3']
        >>> weights(games.matching_pennies().fractions) is None
        True

    Source: Monderer, Shapley (1996), section 2.
    """
    n = len(payoffs)
    ratios: dict[tuple[int, int], Fraction] = {}
    for i, j in combinations(range(n), 2):
        ours, theirs = (mixed_difference(payoffs[k], i, j).ravel().tolist() for k in (i, j))
        found = {Fraction(b) / a if a else None for a, b in zip(ours, theirs, strict=True) if a or b}
        if not found:
            continue
        [ratio, *others] = found
        if others or ratio is None or ratio <= 0:
            return None
        ratios[i, j], ratios[j, i] = ratio, 1 / ratio
    return _consistent(ratios, n)


def _consistent(ratios: dict[tuple[int, int], Fraction], n: int) -> tuple[Fraction, ...] | None:
    """Weights with `w_j = ratio_ij w_i` for all pairs that have a ratio."""
    known: dict[int, Fraction] = {}
    for first in range(n):
        if first in known:
            continue
        known[first], left = Fraction(1), [first]
        while left:
            i = left.pop()
            for j in range(n):
                if (i, j) in ratios and j not in known:
                    known[j] = ratios[i, j] * known[i]
                    left.append(j)
    if any(known[j] != ratio * known[i] for (i, j), ratio in ratios.items()):
        return None
    return tuple(known[i] for i in range(n))


def divided(payoffs: Objects, by: Sequence[Fraction]) -> Objects:
    """Every player's payoffs divided by its weight."""
    return np.stack([own / weight for own, weight in zip(payoffs, by, strict=True)])
