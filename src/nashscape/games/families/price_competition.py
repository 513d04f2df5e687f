"""Bertrand competition: firms set prices, for goods that differ or for one and the same good."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_values
from nashscape.games.families.differentiable_families import quadratic
from nashscape.games.families.shapes import action_counts
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.differentiable_game import DifferentiableGame

Floats = npt.NDArray[np.float64]


@public()
def bertrand(
    firms: int = 2,
    *,
    intercept: float | Sequence[float] = 10.0,
    slope: float = 1.0,
    substitution: npt.ArrayLike = 0.5,
    costs: float | Sequence[float] = 1.0,
) -> DifferentiableGame:
    """Bertrand competition with goods that differ: firm i sets a price `p_i ≥ 0` and earns `(p_i − c_i) q_i`.

    Demand is linear, `q_i = a_i − b p_i + Σ_{j≠i} d_ij p_j`. It may be said to be below zero, where a price is very
    high. Payoffs are concave in the own price, and regrets are exact. The one equilibrium is `bertrand_equilibrium`,
    which is the usual target. The unit of tolerances is the largest profit of a firm in it.

    Args:
        firms: their number n, at least two.
        intercept: `a_i`, what is asked for when all prices are zero, a number or one per firm.
        slope: `b`, above 0, by which the own price lowers it.
        substitution: `d_ij`, by which the price of j raises what is asked of i: a number for all pairs or `[n, n]`, of
            which the diagonal does not matter; not below 0, and in each row with a sum below b.
        costs: `c_i` per unit, a number or one per firm, below `a_i / b`.

    Raises:
        InputError: for numbers outside these limits.

    Example:
        >>> game = bertrand(costs=[1.0, 4.0])
        >>> game.regrets(game.named_points[0].point).round(4).tolist()
        [0.0, 0.0]

    Source: Bertrand (1883); Vives, Oligopoly Pricing (1999), for goods that differ.
    """
    n, a, b, d, c = _market(firms, intercept, slope, substitution, costs)
    matrices, linear = np.zeros((n, n, n)), np.zeros((n, n))
    for i in range(n):
        # (p_i − c_i)(a_i − b p_i + Σ d_ij p_j), of which −c_i a_i is a constant
        matrices[i, i, :] = matrices[i, :, i] = d[i]
        matrices[i, i, i] = -2 * b
        linear[i] = -c[i] * d[i]
        linear[i, i] = a[i] + b * c[i]
    at = _equilibrium(a, b, d, c)
    return quadratic(
        matrices,
        linear,
        -c * a,
        bounds=(0.0, np.inf),
        payoff_range=float((b * (at - c) ** 2).max()),
        players=[f"firm {i + 1}" for i in range(n)],
        named_points=[("equilibrium", [[own] for own in at.tolist()], 0.01 * float(at.max()))],
        name="bertrand",
    )


@public()
def bertrand_equilibrium(
    firms: int = 2,
    *,
    intercept: float | Sequence[float] = 10.0,
    slope: float = 1.0,
    substitution: npt.ArrayLike = 0.5,
    costs: float | Sequence[float] = 1.0,
) -> Floats:
    """The equilibrium prices of `bertrand`, `[n]`: `2b p_i − Σ_j d_ij p_j = a_i + b c_i`.

    >>> bertrand_equilibrium(costs=[1.0, 4.0]).round(4)
    array([7.7333, 8.9333])
    """
    return _equilibrium(*_market(firms, intercept, slope, substitution, costs)[1:])


def _equilibrium(a: Floats, b: float, d: Floats, c: Floats) -> Floats:
    return np.asarray(np.linalg.solve(2 * b * np.eye(len(a)) - d, a + b * c))


def _market(
    firms: Any, intercept: Any, slope: Any, substitution: Any, costs: Any
) -> tuple[int, Floats, float, Floats, Floats]:
    n = positive_integer(firms, "firms", at_least=2)
    a = finite_array(np.full(n, intercept) if np.ndim(intercept) == 0 else intercept, "intercept", shape=(n,))
    b = finite_number(slope, "slope", low=0.0, low_open=True)
    d = finite_array(np.full((n, n), substitution) if np.ndim(substitution) == 0 else substitution, "substitution")
    if d.shape != (n, n):
        raise InputError(f"substitution is a number, or one for every pair of {n} firms; got shape {list(d.shape)}")
    np.fill_diagonal(d, 0.0)
    c = finite_array(np.full(n, costs) if np.ndim(costs) == 0 else costs, "costs", shape=(n,))
    if (d < 0).any() or (d.sum(axis=1) >= b).any():
        raise InputError(
            f"others' prices must raise demand, in all by less than the own price lowers it, {b:g}; substitution is "
            f"{d.tolist()}"
        )
    if (c < 0).any() or (b * c >= a).any():
        raise InputError(
            f"costs are from 0 to below a/b, the price at which a firm alone sells nothing, {(a / b).tolist()}; got "
            f"{c.tolist()}"
        )
    return n, a, b, d, c


@public()
def price_competition(
    prices: npt.ArrayLike = (0, 1, 2, 3, 4),
    costs: npt.ArrayLike = (1, 1),
    *,
    demand: npt.ArrayLike | None = None,
) -> DenseGame:
    """Bertrand competition for one good on a grid of prices: whoever is cheapest sells all, and those who tie share it.

    `u_i = (p_i − c_i) D(p) / m` for the m firms that ask the least price p, and 0 for the others. Of two firms with the
    same cost c both ask c in an equilibrium, and both ask the next price in another: to ask less for all of it would
    leave nothing. Where demand does not fall with the price, they may both ask two steps more.

    Args:
        prices: that can be asked, in rising order, the same for all firms; numbers, fractions or texts.
        costs: `c_i` per unit, one for each of n firms.
        demand: `D(p)`, what is sold at each of the prices, not below 0; one unit at each by default.

    Raises:
        InputError: for prices that do not rise, fewer than two firms, demand that does not fit the prices, and too many
            payoffs.

    Example:
        >>> from nashscape.games import pure_equilibria
        >>> game = price_competition(demand=[8, 7, 6, 5, 4])
        >>> [one.name for one in pure_equilibria(game)]
        ['11', '22']

    Source: Bertrand (1883); Maskin, Tirole (1988) for a grid of prices.
    """
    grid, given = exact_values(prices, "prices"), exact_values(costs, "costs")
    if any(a >= b for a, b in pairwise(grid)):
        raise InputError(f"prices must rise from one to the next; got {[float(own) for own in grid]}")
    if len(given) < 2:
        raise InputError(f"costs are one for each of two firms or more; got {len(given)}")
    sold = exact_values([1] * len(grid) if demand is None else demand, "demand")
    if len(sold) != len(grid) or min(sold) < 0:
        raise InputError(f"demand is a number, not below 0, for each of {len(grid)} prices; got {demand!r}")
    n = len(given)
    shape = action_counts([len(grid)] * n)
    payoffs = np.full((n, *shape), Fraction(0), dtype=object)
    for profile in product(*map(range, shape)):
        least = min(profile)
        cheapest = [i for i, own in enumerate(profile) if own == least]
        for i in cheapest:
            payoffs[(i, *profile)] = (grid[least] - given[i]) * sold[least] / len(cheapest)
    names = [f"{float(own):g}" for own in grid]
    people = [f"firm {i + 1}" for i in range(n)]
    return dense(payoffs, actions=[names] * n, players=people, name="price_competition")
