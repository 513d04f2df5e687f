"""Where every subgame-perfect equilibrium is: contributions in the continuum, enclosed cell by cell.

The last completes the threshold from some sum on, and not below it (`turning`), so that what it gives is enclosed for
all sums of a cell. From there payoffs of the second, then of the first, are enclosed for all contributions of a cell;
a cell in which nothing is as good as something elsewhere is left out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.systems.sequential_public_goods.induction import Floats, Terms, seed

Truths = npt.NDArray[np.bool_]

SLACK = 1e-9
"""More than all rounding together, in payoff units."""


@dataclass(frozen=True)
class Enclosure:
    """All that three can give in a subgame-perfect equilibrium.

    Attributes:
        low: contributions at least, `[3]`.
        high: and at most.
        met: whether the threshold is met: True or False of all equilibria, None where it is not known.
    """

    low: Floats
    high: Floats
    met: bool | None

    def all_give(self, least: float) -> bool | None:
        """Whether all three give so much: of every equilibrium, of none, or None."""
        if np.all(self.low >= least):
            return True
        return False if np.any(self.high < least) else None

    def holds(self, least: float) -> bool | None:
        """Whether all give so much and the threshold is met."""
        both = (self.all_give(least), self.met)
        return False if False in both else (None if None in both else True)


def turning(terms: Terms) -> tuple[float, float]:
    """Two sums: up to the first the last does not see to the threshold, from the second on it does.

    What completing costs falls in the sum, since less is missing and more is given anyway; so there is one border, and
    it is bisected.
    """
    if completes(terms, 0.0):
        return -1.0, 0.0
    if not completes(terms, 2.0):
        return 3.0, 3.0
    low, high = 0.0, 2.0
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (low, middle) if completes(terms, middle) else (middle, high)
    return low, high


def completes(terms: Terms, before: float) -> bool:
    """Whether the threshold is met after this sum, to rounding: by the last's own wish, or because that pays."""
    sums = np.array(before)
    free, missing = terms.free(sums), terms.threshold - before
    if before + float(free) >= terms.threshold - SLACK:
        return True
    cost = terms.own(free, sums) - terms.own(np.array(missing), sums)
    return bool(missing <= 1 + SLACK and cost <= terms.penalty)


@dataclass(frozen=True)
class Answers:
    """What may follow after contributions of the first, interval by interval, `[intervals, cells]`, or `[1, cells]`.

    Attributes:
        possible: whether the second may choose in a cell, and the threshold be missed, and met, `[2, …]`.
        second: what it gives, at least and at most.
        third: what the last gives then, at least and at most, `[2, …]` each.
    """

    possible: Truths
    second: tuple[Floats, Floats]
    third: tuple[Floats, Floats]


def answers(terms: Terms, first: tuple[Floats, Floats], edges: Floats, turn: tuple[float, float]) -> Answers:
    """After contributions of the first between two ends, `[intervals]` each; where they are equal, after a point."""
    before = (first[0][:, None], first[1][:, None])
    left, right = edges[None, :-1], edges[None, 1:]
    low, high = before[0] + left, before[1] + right
    missed = terms.free(low), terms.free(np.minimum(high, turn[1]))
    from_turn = np.maximum(low, turn[0])
    least = np.maximum(terms.free(from_turn), terms.threshold - high)
    met = least, np.maximum(terms.free(high), terms.threshold - from_turn)
    third = tuple(np.clip(np.stack(own), 0.0, 1.0) for own in zip(missed, met, strict=True))
    fines = np.array([terms.penalty, 0.0])[:, None, None]
    tops = _own(terms, left, right, before)[1] + terms.share * third[1] - fines
    can = np.stack([low < turn[1], high >= turn[0]])
    possible = can & (tops >= _floor(terms, before, edges, turn)[:, None] - SLACK)
    return Answers(possible, (left, right), (third[0], third[1]))


def _floor(terms: Terms, before: tuple[Floats, Floats], edges: Floats, turn: tuple[float, float]) -> Floats:
    """What the second can make sure of: by the edges of cells, and by what brings the sum to where the last turns."""
    own, low = edges[None, :], before[0] + edges[None, :]
    sure = low >= turn[1]
    third = np.clip(
        np.where(sure, np.maximum(terms.free(low), terms.threshold - before[1] - own), terms.free(low)), 0, 1
    )
    floors = (_own(terms, own, own, before)[0] + terms.share * third - terms.penalty * ~sure).max(axis=1)
    just = (turn[1] - before[1], turn[1] - before[0])
    there = (just[0] >= 0) & (just[1] <= 1)
    after = np.clip(max(float(terms.free(np.array(turn[1]))), terms.threshold - turn[1]), 0.0, 1.0)
    exact = (_own(terms, *just, before)[0] + terms.share * after)[:, 0]
    return np.where(there[:, 0], np.maximum(floors, exact), floors)


def _own(terms: Terms, low: Floats, high: Floats, before: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """The worth of a contribution by itself, over contributions and sums before between two ends."""
    k, q = terms.share - terms.linear, terms.quadratic
    ends = np.minimum(k * low - q * low**2, k * high - q * high**2)
    vertex = np.clip(k / (2 * q), low, high)
    return terms.bonus * low * before[0] + ends, terms.bonus * high * before[1] + k * vertex - q * vertex**2


def enclosed(terms: Terms, cells: int = 200) -> Enclosure:
    """All outcomes of subgame-perfect equilibria, by contributions of the first and the second in cells."""
    edges, turn = np.linspace(0.0, 1.0, cells + 1), turning(terms)
    fines = np.array([terms.penalty, 0.0])[:, None, None]

    def brought(found: Answers, end: int) -> Floats:
        return terms.share * (found.second[end] + found.third[end]) - fines

    # what the first can make sure of, by single contributions
    points = np.union1d(edges, [x for x in (terms.threshold - 2, turn[1] - 1, seed(terms)) if 0 <= x <= 1])
    after = answers(terms, (points, points), edges, turn)
    worst = np.where(after.possible, brought(after, 0), np.inf).min(axis=(0, 2))
    floor = (terms.own(points, np.zeros_like(points)) + worst).max()
    # what is no worse
    left, right, nothing = edges[:-1], edges[1:], np.zeros(cells)
    after = answers(terms, (left, right), edges, turn)
    tops = _own(terms, left, right, (nothing, nothing))[1][:, None] + brought(after, 1)
    possible = after.possible & (tops >= floor - SLACK)
    missed, met = possible.any(axis=(1, 2))
    _, rows, columns = np.nonzero(possible)
    low = [left[rows].min(), left[columns].min(), after.third[0][possible].min()]
    high = [right[rows].max(), right[columns].max(), after.third[1][possible].max()]
    return Enclosure(np.array(low), np.array(high), None if missed and met else bool(met))
