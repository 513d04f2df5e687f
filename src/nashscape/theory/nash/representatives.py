"""One equilibrium for a whole set of them: the product of mixtures with the most entropy."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from nashscape.theory.nash.descriptions import described
from nashscape.theory.nash.found import Candidate
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.results import Equilibria, Equilibrium

Floats = npt.NDArray[np.float64]

LEAST = 1e-9
"""Weights of extreme points below this are left out."""


def representatives(found: Equilibria) -> tuple[Equilibrium, ...]:
    """See `Equilibria.representatives`."""
    made = []
    for group in found.components:
        own = [numbers for numbers in found.subsets if len(numbers) > 1 and set(numbers) <= set(group)]
        exact = [[found[k].exact for k in numbers] for numbers in own]
        mixed = [Candidate.exactly(most_mixed([one for one in each if one is not None])) for each in exact]
        if mixed:
            best = max(mixed, key=lambda one: entropy(one.strategies))
            made.append(replace(described(found.form, found.form.fractions, best), isolated=False))
        else:
            made.append(max((found[k] for k in group), key=lambda one: entropy(one.strategies)))
    return tuple(made)


def most_mixed(profiles: Sequence[Sequence[Strategy]]) -> tuple[Strategy, ...]:
    """The profile with the largest entropy among products of mixtures of the profiles' strategies, in fractions.

    Every player's strategy is the mixture of that player's own with the most entropy `−Σ p log p`, which is one alone.
    Weights are rounded to fractions, so that it is a mixture exactly.

    Args:
        profiles: extreme points of a maximal Nash subset.

    Example:
        >>> one, zero = Fraction(1), Fraction(0)
        >>> made = most_mixed([((one, zero), (one, zero)), ((one, zero), (zero, one))])
        >>> [[round(float(p), 6) for p in own] for own in made]
        [[1.0, 0.0], [0.5, 0.5]]
    """
    return tuple(_mixture(list(dict.fromkeys(own))) for own in zip(*profiles, strict=True))


def entropy(strategies: Sequence[Floats]) -> float:
    """The sum of the players' entropies, in units of natural logarithms.

    >>> round(entropy([np.array([0.5, 0.5]), np.array([1.0, 0.0])]), 4)
    0.6931
    """
    return float(-sum((p * np.log(p)).sum() for own in strategies for p in [own[own > 0]]))


def _mixture(points: Sequence[Strategy]) -> Strategy:
    if len(points) == 1:
        return points[0]
    table = np.array([[float(p) for p in one] for one in points])
    count = len(points)

    def cost(weights: Floats) -> tuple[float, Floats]:
        p = np.maximum(weights @ table, 1e-300)
        return float((p * np.log(p)).sum()), table @ (np.log(p) + 1.0)

    solved = minimize(
        cost,
        np.full(count, 1.0 / count),
        jac=True,
        bounds=[(0.0, 1.0)] * count,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1.0, "jac": np.ones_like},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    weights = [Fraction(float(w)) if w > LEAST else Fraction(0) for w in solved.x]
    total = sum(weights)
    return tuple(
        sum((w * p for w, p in zip(weights, own, strict=True)), start=Fraction(0)) / total
        for own in zip(*points, strict=True)
    )
