"""All extreme equilibria of two players: pairs of corners whose labels together are all labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.theory.nash.response_vertices import Vertices, response_vertices

Floats = npt.NDArray[np.float64]

SAME = 1e-7
"""Strategies that differ by less in every probability are one."""


@dataclass(frozen=True)
class Extremes:
    """The extreme equilibria of a two-player game.

    Attributes:
        profiles: their strategies.
        degenerate: whether some strategy of either player has more best responses than actions it plays.
        components: numbers of extreme equilibria that hang together, for every connected set of equilibria; a set of
            one is an isolated equilibrium.
    """

    profiles: tuple[tuple[Floats, Floats], ...]
    degenerate: bool
    components: tuple[tuple[int, ...], ...]


def extreme_equilibria(payoffs: Floats) -> Extremes:
    """Every extreme equilibrium; the convex hulls of those that share a strategy make up all others.

    An action of a player is a *label* of the own strategy if it is not played, and of the other's if it is a best
    response. A profile is an equilibrium if and only if every action is a label of either strategy; those of which both
    strategies are corners of the best-response polyhedra are the extreme ones. If no strategy has more best responses
    than actions it plays there are no others.

    Args:
        payoffs: of both players, `[2, m, k]`.

    Source: Mangasarian (1964); Avis, Rosenberg, Savani, von Stengel (2010).
    """
    row, column = (_in_units(own) for own in payoffs)
    first, second = response_vertices(column), response_vertices(row.T)
    pairs = _without_repeats(_complete_pairs(first, second), first, second)
    return Extremes(
        profiles=tuple((first.strategies[a].copy(), second.strategies[b].copy()) for a, b in pairs),
        degenerate=first.degenerate or second.degenerate,
        components=_groups(pairs),
    )


def _in_units(own: Floats) -> Floats:
    """Payoffs moved to [0, 1]: differences of rows are what counts."""
    return (own - own.min()) / (float(np.ptp(own)) or 1.0)


def _complete_pairs(first: Vertices, second: Vertices) -> list[tuple[int, int]]:
    """Numbers of corners that have all labels together: no action is without one on both sides."""
    without = np.hstack([~first.unplayed, ~first.best]).astype(np.float32)
    other = np.hstack([~second.best, ~second.unplayed]).astype(np.float32)
    return [(int(a), int(b)) for a, b in np.argwhere(without @ other.T == 0)]


def _without_repeats(pairs: list[tuple[int, int]], first: Vertices, second: Vertices) -> list[tuple[int, int]]:
    """Rounding at a tie can give a corner two sets of labels: one equilibrium then, not two."""
    kept: list[tuple[int, int]] = []
    seen = np.zeros((0, first.strategies.shape[1] + second.strategies.shape[1]))
    for a, b in pairs:
        profile = np.concatenate([first.strategies[a], second.strategies[b]])
        if not (np.abs(seen - profile) < SAME).all(axis=1).any():
            kept.append((a, b))
            seen = np.vstack([seen, profile])
    return kept


def connected(profiles: Sequence[tuple[Floats, ...]]) -> tuple[tuple[int, ...], ...]:
    """Numbers of extreme equilibria of two players that share a strategy, directly or through others.

    >>> heads, tails = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    >>> connected([(heads, heads), (tails, tails), (heads, tails)])
    ((0, 1, 2),)
    """
    numbers = [
        np.unique(np.round([profile[i] for profile in profiles], 7), axis=0, return_inverse=True)[1] for i in (0, 1)
    ]
    return _groups(list(zip(*(own.ravel().tolist() for own in numbers), strict=True)))


def _groups(pairs: list[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Pairs in groups: two that share a strategy are in one, since all mixtures of the others' are equilibria too."""
    groups: list[tuple[set[int], set[int], list[int]]] = []
    for number, (a, b) in enumerate(pairs):
        touching = [group for group in groups if a in group[0] or b in group[1]]
        merged = ({a}, {b}, [number])
        for group in touching:
            merged = (merged[0] | group[0], merged[1] | group[1], merged[2] + group[2])
            groups.remove(group)
        groups.append(merged)
    return tuple(sorted(tuple(sorted(numbers)) for _, _, numbers in groups))
