"""A game as the sum of a potential game, a harmonic one, and what no choice of one's own changes: in fractions."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from nashscape.core.exact_numbers import Objects


@dataclass(frozen=True)
class Parts:
    """Three games that add up to one, and the potential of the first.

    Attributes:
        potential: `[a_1, …, a_n]`, of mean zero.
        games: payoffs of the potential, the harmonic and the nonstrategic part, `[n, a_1, …, a_n]` each.
    """

    potential: Objects
    games: tuple[Objects, Objects, Objects]


def parts(payoffs: Objects) -> Parts:
    """The parts of a game.

    Let `Π_i` take away the mean over the own action, and `P_S` keep of a function of profiles what depends on the
    actions of exactly the players in S. With h_i the number of actions of player i, and h_S their sum over S,

        φ = Σ_{S ≠ ∅} Σ_{i ∈ S} (h_i/h_S) P_S u_i

    minimises `Σ_i h_i |Π_i(u_i − φ)|²`, as all `P_S` commute with what is projected on. The parts are `Π_i φ`,
    `Π_i(u_i − φ)` and `u_i − Π_i u_i`; they are orthogonal in `⟨u, v⟩ = Σ_i h_i Σ_a u_i(a) v_i(a)`.

    Args:
        payoffs: fractions, `[n, a_1, …, a_n]`.

    Example:
        >>> from nashscape import games
        >>> made = parts(games.matching_pennies().fractions)
        >>> [bool((part == 0).all()) for part in made.games]
        [True, False, True]

    Source: Candogan, Menache, Ozdaglar, Parrilo (2011), theorem 4.1; the sum over S is their pseudo-inverse written
    out.
    """
    counts = payoffs.shape[1:]
    potential: Objects = np.full(counts, Fraction(0), dtype=object)
    for i, own in enumerate(payoffs):
        for members, component in _components(own, 0, ()):
            if i in members:
                potential = potential + component * Fraction(counts[i], sum(counts[k] for k in members))
    strategic = np.stack([own - _mean(own, i) for i, own in enumerate(payoffs)])
    shared = np.stack([potential - _mean(potential, i) for i in range(len(payoffs))])
    made = Parts(potential, (shared, strategic - shared, payoffs - strategic))
    _check(made, payoffs)
    return made


def _components(values: Objects, axis: int, members: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Objects]]:
    """`P_S` of a function for every set S of players; axes of the others have one entry."""
    if axis == values.ndim:
        yield members, values
        return
    mean = _mean(values, axis)
    yield from _components(mean, axis + 1, members)
    yield from _components(values - mean, axis + 1, (*members, axis))


def _mean(values: Objects, axis: int) -> Objects:
    made: Objects = values.sum(axis=axis, keepdims=True) * Fraction(1, values.shape[axis])
    return made


def inner(one: Objects, other: Objects) -> Fraction:
    """`⟨u, v⟩ = Σ_i h_i Σ_a u_i(a) v_i(a)` with h_i the number of actions of player i.

    >>> from nashscape import games
    >>> inner(games.matching_pennies().fractions, games.matching_pennies().fractions)
    Fraction(16, 1)
    """
    counts = one.shape[1:]
    return sum((h * Fraction((a * b).sum()) for h, a, b in zip(counts, one, other, strict=True)), Fraction(0))


def _check(made: Parts, payoffs: Objects) -> None:
    """What is said of the parts, in fractions: they add up, and are orthogonal."""
    potential, harmonic, rest = made.games
    assert (potential + harmonic + rest == payoffs).all(), "the parts add up to the game"
    for one, other in ((potential, harmonic), (potential, rest), (harmonic, rest)):
        assert inner(one, other) == 0, "the parts are orthogonal"
