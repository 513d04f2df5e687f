"""Sets of equilibria of two players: which extreme ones hang together, and the largest products among them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_SUBSETS = 10_000
"""Maximal Nash subsets that are written out."""


@dataclass(frozen=True)
class Subset:
    """A maximal Nash subset: all mixtures of `first` with all mixtures of `second` are equilibria, and no larger
    product is.

    Attributes:
        first: numbers of the first player's vertices.
        second: numbers of the second player's.
    """

    first: tuple[int, ...]
    second: tuple[int, ...]


def components_of(pairs: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Numbers of pairs of vertices in groups: two that share a vertex hang together, and what they hang with.

    >>> components_of([(0, 0), (1, 1), (0, 1), (2, 2)])
    ((0, 1, 2), (3,))
    """
    leader = list(range(len(pairs)))

    def top(k: int) -> int:
        while leader[k] != k:
            leader[k] = leader[leader[k]]
            k = leader[k]
        return k

    first_with: dict[tuple[int, int], int] = {}
    for k, pair in enumerate(pairs):
        for side in (0, 1):
            leader[top(k)] = top(first_with.setdefault((side, pair[side]), k))
    groups: dict[int, list[int]] = {}
    for k in range(len(pairs)):
        groups.setdefault(top(k), []).append(k)
    return tuple(sorted(tuple(own) for own in groups.values()))


def maximal_subsets(pairs: Iterable[tuple[int, int]]) -> tuple[tuple[Subset, ...], bool]:
    """The maximal complete bipartite parts of a graph of pairs, and whether those are all (there can be very many).

    The second sides of maximal parts are the intersections of neighbourhoods, so these are closed under intersection.

    >>> maximal_subsets([(0, 0), (0, 1), (1, 1)])
    ((Subset(first=(0,), second=(0, 1)), Subset(first=(0, 1), second=(1,))), True)

    Source: Winkels (1979); Avis, Rosenberg, Savani, von Stengel (2010), section 2.
    """
    beside: dict[int, int] = {}
    for a, b in pairs:
        beside[a] = beside.get(a, 0) | 1 << b
    closed: set[int] = set()
    complete = True
    for own in beside.values():
        # intersections of what is there with one more neighbourhood
        closed |= {own} | {own & other for other in closed if own & other}
        if len(closed) > MOST_SUBSETS:
            complete = False
            break
    made = [
        Subset(tuple(sorted(a for a, own in beside.items() if own & second == second)), _bits(second))
        for second in closed
    ]
    return tuple(sorted(made, key=lambda one: (one.first, one.second))), complete


def _bits(number: int) -> tuple[int, ...]:
    return tuple(k for k in range(number.bit_length()) if number >> k & 1)
