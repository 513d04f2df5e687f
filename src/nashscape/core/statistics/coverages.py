"""How often an interval of a share holds the truth: by adding up the binomial law, not by simulation."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import finite_array, positive_integer
from nashscape.core.errors import InputError
from nashscape.core.statistics.estimates import Estimate


def interval_coverage(
    interval: Callable[[int, int], Estimate], trials: int, shares: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """The probability `Σ_k P(k) [p in interval(k, n)]` that an interval of n trials holds the true share p.

    Args:
        interval: makes an estimate of the successes and the trials, as `wilson` and `clopper_pearson` do.
        trials: n.
        shares: the true shares, `[m]`, above 0 and below 1.

    Returns:
        The coverage at each, `[m]`.

    Raises:
        InputError: for shares of which there is nothing to estimate.

    Example:
        >>> from nashscape.core import clopper_pearson, wilson
        >>> interval_coverage(wilson, 20, [0.01, 0.5]).round(3).tolist()
        [0.983, 0.959]
        >>> bool(interval_coverage(clopper_pearson, 20, np.arange(1, 100) / 100).min() >= 0.95)
        True
    """
    from scipy.special import gammaln, xlog1py, xlogy

    n, p = positive_integer(trials, "trials"), finite_array(shares, "shares", ndim=1)
    if p.size == 0 or (p <= 0).any() or (p >= 1).any():
        raise InputError("the true shares must lie above 0 and below 1, and there must be one at least")
    found = [interval(k, n) for k in range(n + 1)]
    low, high = (np.array([getattr(one, end) for one in found]) for end in ("low", "high"))
    k = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    masses = np.exp(ways + xlogy(k, p[:, None]) + xlog1py(n - k, -p[:, None]))
    inside = (low <= p[:, None]) & (p[:, None] <= high)
    return np.asarray(np.sum(masses * inside, axis=1))
