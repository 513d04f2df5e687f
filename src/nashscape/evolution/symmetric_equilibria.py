"""All symmetric Nash equilibria of a matrix, by supports, in fractions: the extreme ones, and what they span."""

import itertools
from fractions import Fraction
from typing import NamedTuple

from nashscape.evolution.exact_systems import Matrix, Strategy, equalised, worth


class Face(NamedTuple):
    """Symmetric equilibria with the same support and the same best replies: one, or all between some extreme ones.

    Attributes:
        extremes: the extreme ones.
        support: what they play.
        replies: the best replies to them.
    """

    extremes: tuple[Strategy, ...]
    support: frozenset[int]
    replies: frozenset[int]

    @property
    def middle(self) -> Strategy:
        """The mean of the extreme ones, which lies inside."""
        return tuple(sum(own, Fraction(0)) / len(self.extremes) for own in zip(*self.extremes, strict=True))


def supported(strategy: Strategy) -> frozenset[int]:
    """What a strategy plays."""
    return frozenset(i for i, share in enumerate(strategy) if share)


def best_replies(matrix: Matrix, strategy: Strategy) -> frozenset[int]:
    """What is best against a strategy."""
    values = worth(matrix, strategy)
    return frozenset(i for i, value in enumerate(values) if value == max(values))


def extreme_equilibria(matrix: Matrix) -> list[Strategy]:
    """The symmetric equilibria of which all others are mixtures.

    On each support the equations are solved; where they leave some unknowns free, with so many more best replies.

    >>> one, none = Fraction(1), Fraction(0)
    >>> extreme_equilibria([[one, none], [none, one]])[-1]
    (Fraction(1, 2), Fraction(1, 2))
    """
    n = len(matrix)
    found: dict[Strategy, None] = {}
    for size in range(1, n + 1):
        for support in itertools.combinations(range(n), size):
            outside = [i for i in range(n) if i not in support]
            free = equalised(matrix, support, support).free
            for more in itertools.combinations(outside, free):
                values, left = equalised(matrix, support, [*support, *more])
                if values is None or left or min(values[:-1]) <= 0:
                    continue
                shares = dict(zip(support, values, strict=False))
                strategy = tuple(shares.get(i, Fraction(0)) for i in range(n))
                if best_replies(matrix, strategy) >= supported(strategy):
                    found[strategy] = None
    return list(found)


def symmetric_equilibria(matrix: Matrix) -> list[Face]:
    """All symmetric equilibria, grouped by what they play and what is best against them.

    Two equilibria can be mixed where everything that either plays is a best reply to both; the extreme ones that play
    nothing else, and have these best replies at least, span the group.
    """
    extremes = extreme_equilibria(matrix)
    own = [(supported(one), best_replies(matrix, one)) for one in extremes]
    faces = dict.fromkeys(own)
    waiting = list(faces)
    while waiting:
        support, replies = waiting.pop()
        for other, to_other in own:
            both = support | other, replies & to_other
            if both[0] <= both[1] and both not in faces:
                faces[both] = None
                waiting.append(both)
    return [
        Face(tuple(x for x, (s, b) in zip(extremes, own, strict=True) if s <= face[0] and b >= face[1]), *face)
        for face in sorted(faces, key=lambda face: (len(face[0]), sorted(face[0]), sorted(face[1])))
    ]
