"""Equilibria of several players of whom at most two mix, exactly: two-player games in which the others stay put."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.budgets import Budget
from nashscape.theory.nash.extreme_equilibria import Extremes, extreme_equilibria
from nashscape.theory.nash.response_vertices import Strategy

Profile = tuple[Strategy, ...]


@dataclass(frozen=True)
class Piece:
    """Profiles that belong together.

    Attributes:
        points: products of strategies; where `filled` all products of mixtures of these are equilibria.
        filled: whether that is so; else a curved border cuts the products, and the points need not be equilibria.
    """

    points: tuple[Profile, ...]
    filled: bool


@dataclass(frozen=True)
class _Cut:
    """Points of one player's strategies, and what others gain by staying put there."""

    points: tuple[Strategy, ...]
    gains: tuple[tuple[Fraction, ...], ...]


def faces(shape: Sequence[int]) -> int:
    """How many two-player games there are in a game: one for every two players and what the others play."""
    return sum(
        int(np.prod([k for p, k in enumerate(shape) if p not in pair], initial=1))
        for pair in itertools.combinations(range(len(shape)), 2)
    )


def on_faces(payoffs: Objects, budget: Budget) -> Iterator[Piece]:
    """All equilibria in which at most two players mix, in pieces.

    For every two players and pure actions of the others, the extreme equilibria of the two's game are found exactly;
    those remain at which no other gains by leaving. That gain is linear in each of the two strategies, so that a
    maximal Nash subset in which one of the two is fixed is cut by planes, exactly; any other only where it holds at all
    its corners, or at none.

    Args:
        payoffs: of n ≥ 3 players as fractions, `[n, a_1, …, a_n]`.
        budget: when to stop, by raising `Stopped`.
    """
    shape = payoffs.shape[1:]
    for i, j in itertools.combinations(range(len(shape)), 2):
        others = [p for p in range(len(shape)) if p not in (i, j)]
        table = np.moveaxis(payoffs, (1 + i, 1 + j), (-2, -1))
        for actions in itertools.product(*(range(shape[p]) for p in others)):
            budget.check()
            staying = [
                table[p, *actions] - table[p, *actions[:q], b, *actions[q + 1 :]]
                for q, p in enumerate(others)
                for b in range(shape[p])
                if b != actions[q]
            ]
            pure = {p: _unit(shape[p], a) for p, a in zip(others, actions, strict=True)}
            found = extreme_equilibria(np.stack([table[p, *actions] for p in (i, j)]), budget)
            budget.check()
            for first, second, filled in _pieces(found, staying):
                yield Piece(
                    tuple(
                        tuple(x if p == i else y if p == j else pure[p] for p in range(len(shape)))
                        for x, y in itertools.product(first, second)
                    ),
                    filled,
                )


def _unit(size: int, action: int) -> Strategy:
    return tuple(Fraction(int(a == action)) for a in range(size))


def _pieces(
    found: Extremes, staying: Sequence[Objects]
) -> Iterator[tuple[tuple[Strategy, ...], tuple[Strategy, ...], bool]]:
    """What is left of every maximal Nash subset: strategies of both players, and whether their products are filled."""
    for numbers in found.subsets:
        first = tuple(dict.fromkeys(found.profiles[k][0] for k in numbers))
        second = tuple(dict.fromkeys(found.profiles[k][1] for k in numbers))
        gains = [np.array([[_bilinear(x, table, y) for y in second] for x in first], dtype=object) for table in staying]
        if any((own < 0).all() for own in gains):
            continue
        if all((own >= 0).all() for own in gains):
            yield first, second, True
            continue
        # along an edge of the product every gain is linear
        for b, y in enumerate(second):
            points = _cut(_Cut(first, tuple(tuple(own[a, b] for own in gains) for a in range(len(first)))))
            if points:
                yield points, (y,), True
        for a, x in enumerate(first):
            points = _cut(_Cut(second, tuple(tuple(own[a, b] for own in gains) for b in range(len(second)))))
            if points:
                yield (x,), points, True
        if len(first) > 1 and len(second) > 1:
            yield first, second, False


def _bilinear(x: Strategy, table: Objects, y: Strategy) -> Fraction:
    return sum((p * q * table[a, b] for a, p in enumerate(x) if p for b, q in enumerate(y) if q), start=Fraction(0))


def _cut(cut: _Cut) -> tuple[Strategy, ...]:
    """Points whose mixtures are those mixtures at which no gain is negative."""
    points, gains = list(cut.points), list(cut.gains)
    for c in range(len(gains[0])):
        kept = [k for k, own in enumerate(gains) if own[c] >= 0]
        crossing = [
            (k, q, gains[k][c] / (gains[k][c] - gains[q][c]))
            for k in range(len(points))
            for q in range(len(points))
            if gains[k][c] > 0 > gains[q][c]
        ]
        points, gains = (
            [points[k] for k in kept] + [_between(points[k], points[q], t) for k, q, t in crossing],
            [gains[k] for k in kept] + [_between(gains[k], gains[q], t) for k, q, t in crossing],
        )
    return tuple(dict.fromkeys(points))


def _between(one: tuple[Fraction, ...], other: tuple[Fraction, ...], t: Fraction) -> tuple[Fraction, ...]:
    return tuple(a + t * (b - a) for a, b in zip(one, other, strict=True))
