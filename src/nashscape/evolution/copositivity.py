"""Whether a quadratic form is positive where some of its variables are not negative, decided in fractions."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from nashscape.evolution.exact_systems import Matrix, equalised

Point = Mapping[int, Fraction]


class Verdict(NamedTuple):
    """Of a form Q: 1 if `wᵀQw > 0` for all w that are allowed but zero, 0 if it is never negative, −1 if it is.

    Attributes:
        sign: one of these.
        where: where the form is zero, or negative; variables that are absent are zero.
    """

    sign: int
    where: Point | None


def copositive(form: Matrix, free: Sequence[int]) -> Verdict:
    """Whether a symmetric form is positive where all variables but the free ones are not negative.

    Free variables are taken out by completing squares. Of the others the form has its least value on the simplex at a
    point where `Q w = v` on the support of w; of those with the smallest support the only such point on it, and v is
    that value. So all supports are looked at: 2^m small systems.

    >>> one = Fraction(1)
    >>> copositive([[one, -2 * one], [-2 * one, one]], []).sign, copositive([[one, 2 * one], [2 * one, one]], []).sign
    (-1, 1)
    >>> copositive([[one, 2 * one], [2 * one, one]], [0]).sign
    -1
    """
    left = [list(row) for row in form]
    squares: list[tuple[int, Point]] = []
    flat: Point | None = None
    bound = list(range(len(form)))
    for i in free:
        bound.remove(i)
        own, slopes = left[i][i], {j: left[i][j] for j in bound if left[i][j]}
        if own < 0:
            return Verdict(-1, _completed({i: Fraction(1)}, squares))
        if own == 0 and slopes:
            j, slope = next(iter(slopes.items()))
            return Verdict(-1, _completed({i: -(left[j][j] + 1) / (2 * slope), j: Fraction(1)}, squares))
        if own == 0:
            flat = flat or _completed({i: Fraction(1)}, squares)
            continue
        for j, k in itertools.product(slopes, repeat=2):
            left[j][k] -= slopes[j] * slopes[k] / own
        squares.append((i, {j: slope / own for j, slope in slopes.items()}))
    for support, weights, value in _stationary(left, bound):
        if value <= 0:
            where = _completed(dict(zip(support, weights, strict=True)), squares)
            if value < 0:
                return Verdict(-1, where)
            flat = flat or where
    return Verdict(1, None) if flat is None else Verdict(0, flat)


def _stationary(form: Matrix, variables: Sequence[int]) -> Iterator[tuple[tuple[int, ...], list[Fraction], Fraction]]:
    """Supports, with the only point of the simplex inside them where the form is stationary, and its value there."""
    for size in range(1, len(variables) + 1):
        for support in itertools.combinations(variables, size):
            found = equalised(form, support, support)
            if found.values and not found.free and all(share > 0 for share in found.values[:-1]):
                yield support, found.values[:-1], found.values[-1]


def _completed(where: dict[int, Fraction], squares: Sequence[tuple[int, Point]]) -> Point:
    """The point with the variables that were taken out, at which their squares vanish."""
    for i, slopes in reversed(squares):
        where[i] = -sum((slope * where[j] for j, slope in slopes.items() if j in where), Fraction(0))
    return where
