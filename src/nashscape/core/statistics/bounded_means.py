"""The mean of bounded values, with an interval that holds for every number of them: by betting."""

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import finite_array, finite_number
from nashscape.core.errors import InputError
from nashscape.core.statistics.estimates import Estimate

STAKE = 0.5
"""The largest part of its capital that a bet can lose."""

HALVINGS = 50


def bounded_mean(sample: npt.ArrayLike, low: float, high: float, level: float = 0.95) -> Estimate:
    """The mean of independent values between two known bounds, with an interval that covers at least at its level.

    Against every mean m one bets, on values above it and with half of the capital on values below, and the interval
    holds the m against which no capital ever grew to 2/α, α = 1 − level: if m is the mean,
    `K_t = Π_{s ≤ t} (1 ± λ_s (x_s − m))` is a martingale, which does so with probability at most α/2 (Ville). Values
    are scaled to [0, 1]; stakes are `λ_s = √(2 log(2/α) / (n v_s))`, cut so that half of the capital at most is at
    risk, and v_s is the variance of the values before s (with one value of variance ¼ and mean ½ put before them).

    Args:
        sample: independent values with one mean, `[n]`, in the order in which they were drawn.
        low: the least value possible, known beforehand.
        high: the largest.
        level: confidence level.

    Raises:
        InputError: for an empty sample, values outside the bounds, or bounds that leave nothing between.

    Example:
        >>> print(bounded_mean([0, 1, 1, 0, 1] * 20, 0, 1))
        0.6000 [0.4643, 0.7230] (betting 95 %, n = 100)

    Source: Waudby-Smith and Ramdas (2024), theorem 3.
    """
    values = finite_array(sample, "sample", ndim=1)
    low, high = finite_number(low, "low"), finite_number(high, "high")
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    if not low < high:
        raise InputError(f"the bounds of a mean need low < high; got {low:g} and {high:g}")
    if values.size == 0 or values.min() < low or values.max() > high:
        raise InputError(f"the sample must have values from {low:g} to {high:g}, one at least")
    x = (values - low) / (high - low)
    least, most = _refuted_below(x, 1.0 - level), 1.0 - _refuted_below(1.0 - x, 1.0 - level)
    mean, span = float(values.mean()), high - low
    return Estimate(
        mean, min(low + span * least, mean), max(low + span * most, mean), level, "betting", trials=values.size
    )


def _refuted_below(x: npt.NDArray[np.float64], error: float) -> float:
    """The largest mean that bets on values above it refute, or zero."""
    counts = np.arange(1, x.size + 1)
    means = (0.5 + np.cumsum(x)) / (counts + 1)
    variances = (0.25 + np.cumsum((x - means) ** 2)) / (counts + 1)
    before = np.concatenate([[0.25], variances[:-1]])
    stakes = np.sqrt(2 * np.log(2 / error) / (x.size * before))
    enough = np.log(2 / error)

    def refuted(m: float) -> bool:
        gains = np.log1p(np.minimum(stakes, STAKE / m) * (x - m))
        return bool(np.cumsum(gains).max() >= enough)

    inside, outside = 1.0, 0.0
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if refuted(middle) else (middle, outside)
    return outside
