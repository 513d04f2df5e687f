"""Softmaxes and sigmoids over boxes of logits, as polynomials with a rest.

With `p_a` the probability of action a at the middle of a box and `x_k` what is added to the logits, the last of which
is zero, the probability at x is `p_a e^{x_a} / (1 + Σ_k p_k (e^{x_k} − 1))`. Comparing powers, the coefficients of its
Taylor series follow from one another,

    c_a[n] = p_a [n = n_a e_a] / n_a! − Σ_k Σ_{m = 1}^{n_k} (p_k / m!) c_a[n − m e_k].

They are worked out to an order of `ORDERS`; those above the degree of a polynomial count by their size.

**What is beyond.** Along a line `z + s t`, with D the largest difference between two entries of t, let s be complex
with `D |Im s| ≤ ρ < π`. Then the angles of the terms of `Σ_b exp(z_b + s t_b)` are within ρ of each other, so that the
sum is at least `cos(ρ/2)` times the sum of their sizes, and `|p_a| ≤ 1/cos(ρ/2)`. By Cauchy's estimate on circles of
radius `ρ/D` about real numbers Taylor's remainder of order N is at most `D^N / (ρ^N cos(ρ/2))`, for every such ρ.

**Rounding.** Probabilities are right to ε = 2⁻⁴³. With `X = Σ_k x_k` all coefficients are at most those of
`e^X / (2 − e^X)`, as the recursion shows with all signs turned to plus and probabilities to one. If those of an order
below n are right to `(2n − 1) ε` of these, then those of order n are to `(2n + 1) ε`: another ε for the probability
they are multiplied by, and less than another for rounding. Up to the order 7 that is below 2⁻³⁹; of the last action,
which is one less the others, as often as there are others.
"""

from itertools import product
from math import comb, factorial
from typing import Any

import jax.numpy as jnp
import numpy as np

from nashscape.tracing.interval_formulas import ELEMENTARY
from nashscape.tracing.intervals import up
from nashscape.tracing.polynomial_arithmetic import OPERATIONS
from nashscape.tracing.polynomials import DEGREE, Polynomial

ORDERS = {1: 7, 2: 7, 3: 5, 4: 4}
"""By the number of free logits; programs for more of them grow fast."""

ROUNDED = 2.0**-39
Powers = tuple[int, ...]


def _largest(order: int) -> float:
    """The least of `1 / (ρ^order cos(ρ/2))`, moved up by far more than is lost by rounding."""
    rho = np.linspace(0.5, 3.1, 2601)
    return float((1 / (rho**order * np.cos(rho / 2))).min()) * (1 + 1e-9)


def _majorants(order: int) -> list[float]:
    """Coefficients of `e^x / (2 − e^x)`: numbers of ordered partitions, twice, over factorials."""
    ordered = [1]
    for n in range(1, order + 1):
        ordered.append(sum(comb(n, k) * ordered[n - k] for k in range(1, n + 1)))
    return [1.0, *(2 * ordered[n] / factorial(n) * (1 + 1e-9) for n in range(1, order + 1))]


BEYOND = {order: _largest(order + 1) for order in set(ORDERS.values())}
MAJORANTS = _majorants(max(ORDERS.values()))


def strategy_polynomials(middle: list[Any], radius: list[Any], numbers: list[int]) -> list[Polynomial]:
    """The probabilities of all actions, the logit of the last of which is zero.

    Args:
        middle: of the logits of all actions but the last.
        radius: how far these are from it.
        numbers: of the variables that they are.
    """
    order = ORDERS[len(middle)]
    series = _series(_softmax(middle), radius, order)
    around = sum(radius[1:], start=radius[0])
    slips = sum(c * around**m for m, c in enumerate(MAJORANTS[: order + 1]))
    beyond = BEYOND[order] * _spread(radius) ** (order + 1) + ROUNDED * len(series) * slips
    found = []
    for own in series:
        high = [jnp.abs(x) for powers, x in own.items() if sum(powers) > DEGREE]
        terms = {
            tuple(j for j, power in zip(numbers, powers, strict=True) for _ in range(power)): x
            for powers, x in own.items()
            if sum(powers) <= DEGREE
        }
        found.append(Polynomial.exact(terms, up(sum(high, start=beyond), ELEMENTARY)))
    return found


def sigmoid_polynomials(middle: Any, radius: Any, number: int) -> list[Polynomial]:
    """A sigmoid and its first three derivatives: s, `s′ = s(1−s)`, `s″ = s′(1−2s)`, `s‴ = s′(1−6s′)`."""
    mul, sub = OPERATIONS["mul"], OPERATIONS["sub"]
    [s, other] = strategy_polynomials([middle], [radius], [number])
    slope = mul(s, other)
    one, two, six = np.float64(1.0), np.float64(2.0), np.float64(6.0)
    bends = [sub(one, mul(factor, x)) for factor, x in ((two, s), (six, slope))]
    return [s, slope, *(mul(slope, bend) for bend in bends)]


def _softmax(logits: list[Any]) -> list[Any]:
    top = jnp.maximum(0.0, jnp.stack(logits).max(axis=0))
    sizes = [jnp.exp(z - top) for z in [*logits, jnp.zeros_like(top)]]
    whole = sum(sizes)
    return [x / whole for x in sizes]


def _spread(radius: list[Any]) -> Any:
    """The largest difference between two entries of a step, of which the last is zero."""
    if len(radius) == 1:
        return radius[0]
    stacked = jnp.sort(jnp.stack(radius), axis=0)
    return up(stacked[-1] + stacked[-2])


def _series(p: list[Any], radius: list[Any], most: int) -> list[dict[Powers, Any]]:
    """Taylor coefficients of all probabilities, by powers of the logits over their radius."""
    free = len(p) - 1
    steps = [[r**m / factorial(m) for m in range(most + 1)] for r in radius]
    weights = [[own * step for step in line] for own, line in zip(p, steps, strict=False)]
    orders = sorted((n for n in product(range(most + 1), repeat=free) if 0 < sum(n) <= most), key=sum)
    found: list[dict[Powers, Any]] = [{(0,) * free: own} for own in p]
    for n in orders:
        lower = [(k, m, (*n[:k], n[k] - m, *n[k + 1 :])) for k in range(free) for m in range(1, n[k] + 1)]
        for a, own in enumerate(found[:free]):
            falls = [weights[k][m] * own[before] for k, m, before in lower]
            taken = sum(falls[1:], start=falls[0])
            own[n] = weights[a][n[a]] - taken if n[a] == sum(n) else -taken
        # probabilities add up to one
        found[free][n] = -sum((own[n] for own in found[1:free]), start=found[0][n])
    return found
