"""How equal, how restrained, how alike, how efficient: numbers of what became of a commons."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number
from nashscape.core.calls import public

Floats = npt.NDArray[np.float64]

ROUNDING = 1e-4
"""Of what is taken of stocks in single precision, as a share of it."""


@public()
def gini(amounts: npt.ArrayLike) -> Any:
    """The Gini coefficient, half of the mean difference over the mean: `Σ_i Σ_j |x_i − x_j| / (2 n Σ_i x_i)`.

    From 0, where all have the same, to `(n − 1)/n`, where one has all. Where nobody has anything it is 0.

    Args:
        amounts: of n players along the last axis, `[…, n]`, none negative.

    Returns:
        A number, or one for each row of n.

    Raises:
        InputError: for negative amounts, of which there is no Gini coefficient: the formula leaves [0, 1] there and
            divides by zero. Nothing is clipped.

    Example:
        >>> gini([5, 5]), gini([7, 1]), gini([16, 0, 0, 0])
        (0.0, 0.375, 0.75)

    Source: C. Gini, Variabilità e mutabilità, 1912.
    """
    given = finite_array(amounts, "amounts")
    if not given.ndim or not given.shape[-1]:
        raise InputError(f"amounts are those of one player or more, [n]; got shape {given.shape}")
    if given.size and given.min() < 0:
        raise InputError(f"the Gini coefficient is of amounts from 0 on; got {given.min():g}: count from what all have "
                         "at least, or take another index")  # fmt: skip
    n, rising = given.shape[-1], np.sort(given, axis=-1)
    apart = rising @ (2 * np.arange(1, n + 1) - n - 1.0)
    total = n * rising.sum(axis=-1)
    found = np.divide(apart, total, out=np.zeros_like(total), where=total > 0)
    return found if found.ndim else float(found)


def _counts(demands: npt.ArrayLike) -> tuple[Floats, int]:
    """How many players demand the same as each, itself too, `[…, n]`, and n."""
    given = np.asarray(demands, float)
    if not given.ndim or given.shape[-1] < 2:
        raise InputError(f"a norm is one of two players or more, along the last axis; got shape {given.shape}")
    return (given[..., :, None] == given[..., None, :]).sum(axis=-1).astype(float), given.shape[-1]


@public()
def norm_entropy(demands: npt.ArrayLike) -> Any:
    """How many norms there are: the entropy of demands, `−Σ_k p_k log p_k / log n`, p_k the share who demand k.

    0 where all demand the same, 1 where no two do.

    Args:
        demands: of n players along the last axis, `[…, n]`; what counts is which are equal.

    Raises:
        InputError: for fewer than two players.

    Example:
        >>> norm_entropy([10, 10, 10, 10]), norm_entropy([10, 10, 20, 20]), norm_entropy([0, 5, 10, 20])
        (0.0, 0.5, 1.0)
    """
    counts, n = _counts(demands)
    # −Σ_k p_k log p_k is the mean of −log p over players, each of whom has the share of its own demand
    found = np.abs(np.log(n / counts).mean(axis=-1) / np.log(n))
    return found if found.ndim else float(found)


@public()
def norm_similarity(demands: npt.ArrayLike) -> Any:
    """How likely two different players, drawn evenly, demand the same: `Σ_k c_k (c_k − 1) / (n (n − 1))`.

    Args:
        demands: of n players along the last axis, `[…, n]`; what counts is which are equal.

    Raises:
        InputError: for fewer than two players.

    Example:
        >>> norm_similarity([10, 10, 10, 20]), norm_similarity([0, 5, 10, 20])
        (0.5, 0.0)
    """
    counts, n = _counts(demands)
    found = (counts - 1).sum(axis=-1) / (n * (n - 1))
    return found if found.ndim else float(found)


@public()
def efficiency(total: float, planner: float, subgame_perfect: float = 0.0) -> float:
    """How much of what a planner gets over a benchmark is got: `(W − W_0) / (W* − W_0)`.

    All are counted alike: what a planner gets is discounted as its pool is, and what a run took is not, so that the
    planner of a run is that of the same pool with `discount=1`.

    Args:
        total: W, of all players together.
        planner: W*, the most that all can get together, of `theory.commons_planner`.
        subgame_perfect: W_0, what they get in equilibrium, of `theory.commons_equilibrium`; with 0 it is the share of
            the planner's total.

    Raises:
        InputError: for a planner who gets no more than the benchmark, or less than was got.

    Example:
        >>> round(efficiency(600, 650), 3), round(efficiency(600, 650, 100), 3)
        (0.923, 0.909)
    """
    most, least = finite_number(planner, "planner"), finite_number(subgame_perfect, "subgame_perfect")
    if not most > least:
        raise InputError(f"a planner gets more than the benchmark; got {most:g} and {least:g}: nothing is to be gained")
    found = finite_number(total, "total")
    if found > most + ROUNDING * abs(most):
        raise InputError(
            f"nobody gets more than a planner; got {found:g} and {most:g}: count both without discounts, as by the "
            "planner of the pool with discount=1, and nothing that comes from outside"
        )
    return (found - least) / (most - least)
