"""Where a Markov chain spends its time, without subtractions: for rates however small, and in the limit of small ones.

States are taken out one by one, the rates through them added to those between the others (Grassmann, Taksar, Heyman
1985). Nothing is subtracted, so that logarithms of rates do, and leading terms `a ε^c` as well.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Terms(NamedTuple):
    """Leading terms `factors · ε^costs` of rates, ε → 0; of what never happens the cost is infinite."""

    costs: Floats
    factors: Floats


def log_stationary(log_rates: Floats) -> Floats:
    """Logarithms of the stationary probabilities of a chain that comes from everywhere to everywhere.

    Args:
        log_rates: logarithms of the rates from the state of the row to that of the column, −∞ where there is none; the
            diagonal counts nothing.

    >>> np.exp(log_stationary(np.log([[1.0, 0.2], [0.6, 1.0]]))).round(4).tolist()
    [0.75, 0.25]
    """
    rates, n = log_rates.copy(), len(log_rates)
    np.fill_diagonal(rates, -np.inf)
    for k in range(n - 1, 0, -1):
        rates[:k, k] -= np.logaddexp.reduce(rates[k, :k])
        rates[:k, :k] = np.logaddexp(rates[:k, :k], rates[:k, k, None] + rates[None, k, :k])
    masses = np.zeros(n)
    for k in range(1, n):
        masses[k] = np.logaddexp.reduce(masses[:k] + rates[:k, k])
    made: Floats = masses - np.logaddexp.reduce(masses)
    return made


def limit_of_stationary(rates: Terms) -> Floats:
    """The stationary probabilities in the limit, by the leading terms of the rates.

    Costs must be whole numbers, so that those of two ways are equal where they are.

    >>> far = np.array([[0.0, 1.0], [3.0, 0.0]])
    >>> limit_of_stationary(Terms(far, np.ones((2, 2)))).tolist()
    [0.0, 1.0]
    """
    costs, factors, n = rates.costs.copy(), rates.factors.copy(), len(rates.costs)
    np.fill_diagonal(costs, np.inf)
    for k in range(n - 1, 0, -1):
        left = _sum(Terms(costs[k, :k], factors[k, :k]))
        costs[:k, k] -= left.costs
        factors[:k, k] /= left.factors
        through = Terms(costs[:k, k, None] + costs[None, k, :k], factors[:k, k, None] * factors[None, k, :k])
        costs[:k, :k], factors[:k, :k] = _sum(
            Terms(np.stack([costs[:k, :k], through.costs]), np.stack([factors[:k, :k], through.factors]))
        )
    cost, mass = np.zeros(n), np.ones(n)
    for k in range(1, n):
        cost[k], mass[k] = _sum(Terms(cost[:k] + costs[:k, k], mass[:k] * factors[:k, k]))
    found = np.where(cost == cost.min(), mass, 0.0)
    made: Floats = found / found.sum()
    return made


def _sum(terms: Terms) -> Terms:
    """Of terms along the first axis the leading ones, added."""
    least = terms.costs.min(0)
    return Terms(least, np.where(terms.costs == least, terms.factors, 0.0).sum(0))
