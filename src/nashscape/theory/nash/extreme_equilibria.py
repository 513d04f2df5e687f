"""All extreme equilibria of two players: pairs of vertices whose labels together are all labels, exactly."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.budgets import FOREVER, Budget, Stopped
from nashscape.theory.nash.nash_subsets import components_of, maximal_subsets
from nashscape.theory.nash.response_vertices import Strategy, Vertex, Vertices, response_vertices


@dataclass(frozen=True)
class Extremes:
    """The extreme equilibria of a two-player game.

    Attributes:
        profiles: their strategies, in fractions.
        complete: whether both polytopes were walked through to the end, so that there are no others.
        degenerate: whether some strategy of either player has more best responses than actions it plays; None where
            the walk was cut short.
        components: numbers of extreme equilibria that hang together, for every connected set of equilibria; a set of
            one is an isolated equilibrium.
        subsets: numbers of the extreme equilibria of every maximal Nash subset; all equilibria are the products of
            mixtures of their strategies.
        first: vertices of the first player's strategies.
        second: vertices of the second player's.
        all_subsets: whether `subsets` are all.
    """

    profiles: tuple[tuple[Strategy, Strategy], ...]
    complete: bool
    degenerate: bool | None
    components: tuple[tuple[int, ...], ...]
    subsets: tuple[tuple[int, ...], ...]
    first: Vertices
    second: Vertices
    all_subsets: bool = True


def extreme_equilibria(payoffs: Objects, budget: Budget = FOREVER) -> Extremes:
    """Every extreme equilibrium; the products of mixtures of those in a Nash subset make up all others.

    An action of a player is a *label* of the own strategy if it is not played, and of the other's if it is a best
    response. A profile is an equilibrium if and only if every action is a label of either strategy; those of which both
    strategies are vertices of the best-response polyhedra are the extreme ones. If no strategy has more best responses
    than actions it plays there are no others.

    Args:
        payoffs: of both players as fractions, `[2, m, k]`.
        budget: when to stop.

    Example:
        >>> from nashscape import games
        >>> found = extreme_equilibria(games.matching_pennies().fractions)
        >>> [[list(map(str, own)) for own in profile] for profile in found.profiles], found.degenerate
        ([[['1/2', '1/2'], ['1/2', '1/2']]], False)

    Source: Mangasarian (1964); Avis, Rosenberg, Savani, von Stengel (2010).
    """
    row, column = payoffs
    first = _within(budget, 0.4, column)
    second = _within(budget, 0.6, row.T)
    m, k = row.shape
    pairs, paired = _complete_pairs(first.each, [_turned(one.labels, m, k) for one in second.each], (m, k), budget)
    numbers = {pair: number for number, pair in enumerate(pairs)}
    subsets, all_subsets = maximal_subsets(pairs)
    complete = first.complete and second.complete and paired
    return Extremes(
        profiles=tuple((first.each[a].strategy, second.each[b].strategy) for a, b in pairs),
        complete=complete,
        degenerate=first.degenerate or second.degenerate or (False if complete else None),
        components=components_of(pairs),
        subsets=tuple(tuple(numbers[a, b] for a in one.first for b in one.second) for one in subsets),
        first=first,
        second=second,
        all_subsets=all_subsets,
    )


def _turned(labels: int, m: int, k: int) -> int:
    """Labels of the second player, whose own actions come first, in the order of the first player."""
    return labels >> k | (labels & ((1 << k) - 1)) << m


def _complete_pairs(
    first: Sequence[Vertex], second: Sequence[int], shape: tuple[int, int], budget: Budget
) -> tuple[list[tuple[int, int]], bool]:
    """Numbers of vertices that have all labels together; and whether all were compared."""
    m, k = shape
    everything = (1 << m + k) - 1
    having: dict[int, list[int]] = defaultdict(list)
    for b, labels in enumerate(second):
        having[labels].append(b)
    # numbers of one machine word are compared at once
    sets = np.array(list(having), dtype=np.uint64 if m + k <= 64 else object)
    regular = all(labels.bit_count() == k for labels in having)
    pairs: list[tuple[int, int]] = []
    try:
        for a, one in enumerate(first):
            lacking = everything & ~one.labels
            if regular and one.labels.bit_count() == m:
                pairs += [(a, b) for b in having.get(lacking, ())]
                continue
            budget.check()
            wanted = sets.dtype.type(lacking) if m + k <= 64 else lacking
            for labels in sets[(sets & wanted) == wanted] if len(sets) else ():
                pairs += [(a, b) for b in having[int(labels)]]
    except Stopped:
        return sorted(pairs), False
    return sorted(pairs), True


def _within(budget: Budget, share: float, earned: Objects) -> Vertices:
    """Vertices found in a share of the time that is left; an interrupt ends it all."""
    part = budget.part(share)
    return response_vertices(earned, part)
