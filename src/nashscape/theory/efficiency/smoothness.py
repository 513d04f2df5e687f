"""Smoothness: a bound on what equilibria cost that holds for all of them at once, and for learners without regret."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from nashscape.core.exact_numbers import Objects
from nashscape.games import DenseGame
from nashscape.theory.efficiency.objectives import COST, Objective

MOST_PROFILES = 4_000
"""Profiles of the largest games that are looked at."""

MOST_OPTIMA = 8
"""Best profiles that are tried."""


class Smooth(NamedTuple):
    """`price`, the bound, and the `λ` and `μ` that prove it; both None where no finite ones do."""

    price: Fraction
    lam: Fraction | None
    mu: Fraction | None


def smooth_bound(form: DenseGame, judged: Objective) -> Smooth | None:
    """The least bound of the kind of Roughgarden, for sums over players; None without one, or where that is too much.

    For costs, `Σ_i C_i(s*_i, s_-i) ≤ λ C(s*) + μ C(s)` for all s and a best s* bounds the price by `λ/(1 − μ)`. With `z
    = 1/(1 − μ)` and the price ρ, that is the linear program `min ρ, ρ C(s*) ≥ C(s) + z (D(s) − C(s))` in two variables,
    where D(s) stands on the left of the first line: its optimum is the lowest point of an upper envelope of lines. For
    welfare `Σ_i u_i(s*_i, s_-i) ≥ λ W(s*) − μ W(s)` and `(1 + μ)/λ`.
    """
    best = judged.optimum
    if judged.kind != "sum" or judged.values.size > MOST_PROFILES or best == 0:
        return None
    places = np.argwhere(judged.values == best)[:MOST_OPTIMA]
    bounds = [_of_one(form, judged, tuple(map(int, place))) for place in places]
    found = [own for own in bounds if own is not None]
    return min(found, key=lambda own: own.price) if found else None


def _of_one(form: DenseGame, judged: Objective, star: tuple[int, ...]) -> Smooth | None:
    deviated = sum(np.take(own, [star[i]], axis=i) for i, own in enumerate(form.fractions))
    deviated = np.broadcast_to(-deviated if judged.sense == COST else deviated, judged.values.shape)
    best, sign = judged.optimum, judged.sign
    # lines over z, of which the upper envelope is to be low; of welfare with their signs turned
    at, slope = judged.values.ravel() * sign / best, ((deviated - judged.values) * sign / best).ravel()
    z, height = lowest(at, slope)
    if judged.sense == COST:
        return Smooth(height, height / z if z else None, 1 - 1 / z if z else None)
    share = -height
    return Smooth(1 / share, share / z if z else None, 1 / z - 1 if z else None) if share > 0 else None


def lowest(at: Objects, slope: Objects) -> tuple[Fraction, Fraction]:
    """Where the largest of `at + z slope` is least for z ≥ 0, and how large it is there; one slope is not above 0.

    >>> from nashscape.core.exact_numbers import fractions_of
    >>> lines = [fractions_of(np.array(own)) for own in ([3.0, 1.0, 0.0], [-1.0, 1.0, 0.0])]
    >>> [str(own) for own in lowest(*lines)]
    ['1', '2']
    """
    z = Fraction(0)
    while True:
        height = (at + z * slope).max()
        steepest = max(b for a, b in zip(at, slope, strict=True) if a + z * b == height)
        if steepest >= 0:
            return z, height
        # as far as the line that goes down leads before another is above it
        start = height - steepest * z
        z = min((a - start) / (steepest - b) for a, b in zip(at, slope, strict=True) if b > steepest)
