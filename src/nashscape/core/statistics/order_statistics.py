"""The median of independent values, with the interval of their order statistics."""

import math

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import finite_array, finite_number
from nashscape.core.errors import InputError
from nashscape.core.statistics.estimates import Estimate


def median_interval(sample: npt.ArrayLike, level: float = 0.95) -> Estimate:
    """The median of n independent values of any distribution, with an interval that covers at least at its level.

    It is from the k-th smallest to the k-th largest value, k the largest number with `P(B < k) ≤ (1 − level)/2` for B
    of the binomial distribution of n trials at ½: fewer than k values below the median, or above it, are that unlikely.
    It holds for values with ties as well, and for independent values of strata, whose mixture has the median: the
    number of them below it then varies less (Hoeffding 1956).

    Args:
        sample: `[n]`, one at least.
        level: confidence level; by default 0.95.

    Returns:
        An estimate; its ends are NaN where there are too few values for any interval, five at 95 %.

    Raises:
        InputError: for an empty sample, and values that are not finite.

    Example:
        >>> print(median_interval([3, 1, 4, 1, 5, 9, 2, 6, 5, 3]))
        3.5000 [1.0000, 6.0000] (order statistics 95 %)

    Source: David and Nagaraja, Order Statistics (2003), section 7.1.
    """
    from scipy.special import bdtr

    values = np.sort(finite_array(sample, "sample", ndim=1))
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    if not values.size:
        raise InputError("a median needs at least one value")
    n, middle = values.size, float(np.median(values))
    k = int((bdtr(np.arange(n // 2 + 1), n, 0.5) <= (1 - level) / 2).sum())
    low, high = (float(values[k - 1]), float(values[n - k])) if k else (math.nan, math.nan)
    return Estimate(middle, low, high, level, "order statistics")
