"""How far sums of noise stray, at all steps at once: exponential supermartingales and Doob's inequality.

Let `N_k = Σ_{t<k} h_t ξ_t`, where given the profile of step t `ξ_t` is the mean over B plays of independent numbers of
expectation zero, of variance at most v_t, within an interval of length b_t. For every rate s > 0 the logarithm of the
expected `exp(s h_t ξ_t)` is at most

    ψ_t(s) = min{ s²h²b²/(8B)  (Hoeffding),   s²h²v/(2B) / (1 − s h b/(3B))  (Bernstein) },

so that `exp(s N_k − Σ_{t<k} ψ_t(s))` is a supermartingale that starts at one, and with probability at least 1 − e^{−L}

    N_k ≤ (Σ_{t<k} ψ_t(s) + L)/s        for all k at once.

Several rates, fixed beforehand, cost a larger L and allow the least of their bounds at every k.

Products of two such means are held by their squares. Let Δ be one, `τ² = b²/(4B)`, and `q` a bound of `4v/b²`. With a
normal Z, `E exp(e Δ²/τ²) = E exp(√(2e) Z Δ/τ)`, and by Hoeffding's bound throughout, or by Bernstein's where |Z| ≤ z,

    E exp(e Δ²/τ²) ≤ M(e) = min{ (1 − 2e)^{−1/2},   (1 − 2e q′)^{−1/2} + exp(−z²(1 − 2e)/2) (1 − 2e)^{−1/2} },
    q′ = q/(1 − 2z√(2e)/(3√B)).

As `|Δg Δm| ≤ τ_g τ_m ((Δg/τ_g)² + (Δm/τ_m)²)/2`, by the convexity of the exponential for any sum of such products

    E exp(s h Σ |coefficient · Δg Δm|) ≤ M(s h Σ |coefficient| τ_g τ_m),

however the means of one step depend on each other, and the sums over the steps are bounded as above.

Sources: Hoeffding (1963); Bernstein's inequality as in Boucheron, Lugosi, Massart (2013), section 2.8; for all times at
once, Ville (1939), Howard, Ramdas, McAuliffe, Sekhon (2020).
"""

import math
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.tracing.intervals import up

Floats = npt.NDArray[np.float64]
RATES = 12
"""How many rates, each twice the one before."""

NORMAL = 6.0
"""z: normal numbers are hardly ever beyond it."""

MANY = 2.0**-40
"""What rounding may lose in these formulas, as a share of their value: thousands of units in the last place."""

LINEAR_SHARE = 0.9
"""Of the allowed probability of failure, for sums of means; the rest for products."""


@dataclass(frozen=True, eq=False)
class Rates:
    """The rates of one question and what their bounds cost.

    Attributes:
        linear: for sums of means, `[RATES]`.
        squared: for sums of products, `[RATES]`.
        linear_cost: L for each of the former.
        squared_cost: L for each of the latter.
    """

    linear: Floats
    squared: Floats
    linear_cost: float
    squared_cost: float


def rates_for(failure: float, components: int, products: bool, deviation: float, largest: float) -> Rates:
    """Rates about those that are best for a sum of some size; any others would be as right, but looser.

    Args:
        failure: the probability with which any of the bounds may fail.
        components: of the sums, each bounded from both sides.
        products: whether there are products.
        deviation: the largest standard deviation of a sum to be expected.
        largest: the largest `h W_t` to be expected.
    """
    share = LINEAR_SHARE if products else 1.0
    linear_cost = _above(math.log(2 * components * RATES / (failure * share)))
    squared_cost = _above(math.log(components * RATES / (failure * (1 - share)))) if products else 0.0
    powers: Floats = np.exp2(np.arange(RATES, dtype=np.float64))
    first = math.sqrt(2 * linear_cost) / max(deviation, 1e-100)
    second = 1 / (32 * max(largest, 1e-100))
    return Rates(np.asarray(first * powers), np.asarray(second * powers), linear_cost, squared_cost)


def _above(x: float) -> float:
    return x * (1 + 1e-12)


def of_means(rates: Any, size: Any, batch: Any, variance: Any, length: Any) -> Any:
    """`ψ_t(s)` for all rates `[RATES, 1]`, from bounds of v and b, `[d, 1, W]`, rounded upwards."""
    lean = rates * size
    plain = lean * lean * length * length / (8 * batch)
    lost = lean * length / (3 * batch)
    # far enough from one that the difference does not lose digits
    sharp = jnp.where(lost < 0.9, lean * lean * variance / (2 * batch) / (1 - jnp.minimum(lost, 0.9)), jnp.inf)
    return up(jnp.minimum(plain, sharp), MANY)


def of_products(rates: Any, size: Any, batch: Any, product: Any, ratio: Any) -> Any:
    """`log M(s h Σ |coefficient| τ_g τ_m)`, rounded upwards; infinite where the rate is too large.

    `product` is B times the sum of `|coefficient| τ_g τ_m`, `[d, 1, W]`, and `ratio` is q, `[W]`.
    """
    e = rates * size * product / batch
    # all that follows grows with e, up to where digits would be lost
    near = jnp.minimum(e, 0.45)
    rest = 1 - 2 * near
    plain = -0.5 * jnp.log1p(-2 * near)
    room = 1 - 2 * NORMAL * jnp.sqrt(2 * near / batch) / 3
    lost = 2 * near * ratio / jnp.maximum(room, 0.1)
    sharp = jnp.expm1(-0.5 * jnp.log1p(-jnp.minimum(lost, 0.9))) + jnp.exp(-(NORMAL**2) * rest / 2 + plain)
    sharp = jnp.where((room > 0.1) & (lost < 0.9), jnp.log1p(sharp), jnp.inf)
    return jnp.where(e < 0.45, up(jnp.minimum(plain, sharp), MANY), jnp.inf)


def radius(sums: Any, rates: Any, cost: Any) -> Any:
    """The least of the bounds at one step, `[d, W]`, from the sums so far, `[d, RATES, W]`."""
    return up(((sums + cost) / rates).min(axis=1), MANY)
