"""Mixtures to commit to: linear programs in fractions over the leader's mixtures, for every reply of the follower."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.linear_programs import maximum
from nashscape.theory.nash.tableaus import Tableau, positive_matrix, whole_numbers


def best_floor(rows: Objects, worths: Objects) -> Objects | None:
    """The mixture x with `Cx ≥ 0` at which the least of several payoffs `w_c · x` is largest; None where there is none.

    Args:
        rows: C, fractions, `[k, m]`.
        worths: w, fractions, `[c, m]`.

    Example:
        >>> zero, one = Fraction(0), Fraction(1)
        >>> found = best_floor(np.zeros((0, 2), dtype=object), np.array([[one, zero], [zero, one]], dtype=object))
        >>> [str(p) for p in found]
        ['1/2', '1/2']
    """
    m = worths.shape[1]
    # a floor below payoffs that are all positive pushes the sum of x up to one
    floors = np.hstack([-positive_matrix(worths), np.full((len(worths), 1), 1, dtype=object)])
    held = [np.append(whole_numbers(-row), 0) for row in rows]
    matrix = np.array([*held, np.append(np.full(m, 1, dtype=object), 0), *floors], dtype=object)
    right = np.array([0] * len(rows) + [1] + [0] * len(worths), dtype=object)
    found = maximum(Tableau.of(matrix, right), [0] * m + [1])
    return np.array(found.solution[:m], dtype=object) if found.value else None


def floor_of(worths: Objects, mixture: Objects) -> Fraction:
    """The least of several payoffs at a mixture."""
    least: Fraction = min((worths @ mixture).tolist())
    return least


@dataclass(frozen=True)
class Reply:
    """What the leader gets by a mixture to which an action is a best reply.

    Attributes:
        action: the follower's action.
        value: what the leader gets; None where the action is never wanted.
        mixture: one that gets it, or comes near it.
        inside: a mixture to which nothing else is a best reply, but actions that pay the follower just the same;
            None where ties with others cannot be left.
        same: the actions that pay the follower the same as this one whatever the leader does.
    """

    action: int
    value: Fraction | None
    mixture: Objects | None
    inside: Objects | None
    same: tuple[int, ...]


def ahead(follower: Objects, b: int) -> Objects:
    """What action b gets more than every action, by the leader's actions, `[k, m]`; `follower` is `[m, k]`."""
    return (follower[:, [b]] - follower).T


def inside(follower: Objects, b: int) -> tuple[Objects | None, tuple[int, ...]]:
    """A mixture at which only b and what equals it everywhere are best replies, None where there is none; and these."""
    more = ahead(follower, b)
    same = tuple(c for c, row in enumerate(more) if not any(row))
    others = [row for c, row in enumerate(more) if c not in same]
    m = len(follower)
    unit = np.array([[Fraction(int(a == k)) for a in range(m)] for k in range(m)], dtype=object)
    worths = np.array([*unit, *others], dtype=object)
    found = best_floor(np.zeros((0, m), dtype=object), worths)
    assert found is not None, "without inequalities there is a mixture"
    return (found if floor_of(worths, found) > 0 else None), same


def strong_reply(leader: Objects, follower: Objects, b: int) -> Reply:
    """The most that the leader gets where b is a best reply, and ties are broken for the leader."""
    mixture = best_floor(ahead(follower, b), leader[:, [b]].T)
    value = None if mixture is None else floor_of(leader[:, [b]].T, mixture)
    return Reply(b, value, mixture, None, (b,))


def weak_reply(leader: Objects, follower: Objects, b: int) -> Reply:
    """The most that the leader gets in the limit of mixtures to which b and its equals are the only best replies."""
    within, same = inside(follower, b)
    if within is None:
        return Reply(b, None, None, None, same)
    worths = leader[:, list(same)].T
    mixture = best_floor(ahead(follower, b), worths)
    assert mixture is not None, "it is not empty: there is a mixture inside"
    return Reply(b, floor_of(worths, mixture), mixture, within, same)


def attained(leader: Objects, follower: Objects, reply: Reply) -> Objects | None:
    """A mixture at which ties broken against the leader leave it this value exactly; None where there is none.

    Of the optimal mixtures one is looked at that leaves as many ties as can be left. Actions that tie at all of them
    have to be worth the value too, which is one more inequality; and so on.
    """
    assert reply.value is not None, "a reply that is never wanted has no value"
    more, worth = ahead(follower, reply.action), leader.T - reply.value
    asked: Sequence[int] = reply.same
    while True:
        rows = np.array([*more, *worth[list(asked)]], dtype=object)
        points, tied = [], []
        for c in range(follower.shape[1]):
            point = best_floor(rows, more[[c]])
            if point is None:
                return None
            points.append(point)
            if floor_of(more[[c]], point) == 0:
                tied.append(c)
        if set(tied) <= set(asked):
            return np.array(sum(points) / len(points), dtype=object)
        asked = sorted({*asked, *tied})
