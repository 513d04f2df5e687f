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
    listed = list(pairs)
    made: list[Subset] = []
    # sets that do not hang together share nothing
    for numbers in components_of(listed):
        made += _of_component([listed[k] for k in numbers], MOST_SUBSETS - len(made))
        if len(made) >= MOST_SUBSETS:
            break
    return tuple(sorted(made, key=lambda one: (one.first, one.second))), len(made) < MOST_SUBSETS


def _of_component(pairs: Sequence[tuple[int, int]], most: int) -> list[Subset]:
    """The maximal parts of one component, at most so many."""
    # bits stand for second sides, numbered within the component
    seconds = sorted({b for _, b in pairs})
    place = {b: k for k, b in enumerate(seconds)}
    beside: dict[int, int] = {}
    for a, b in pairs:
        beside[a] = beside.get(a, 0) | 1 << place[b]
    closed: set[int] = set()
    for own in beside.values():
        # intersections of what is there with one more neighbourhood
        closed |= {own} | {own & other for other in closed if own & other}
        if len(closed) >= most:
            break
    return [
        Subset(
            tuple(sorted(a for a, own in beside.items() if own & second == second)),
            tuple(seconds[k] for k in _bits(second)),
        )
        for second in sorted(closed)[:most]
    ]


def _bits(number: int) -> tuple[int, ...]:
    return tuple(k for k in range(number.bit_length()) if number >> k & 1)
