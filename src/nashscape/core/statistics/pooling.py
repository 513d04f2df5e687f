"""A quantity from several replicates of the same, with an interval."""

import numpy as np
import numpy.typing as npt

from nashscape.core.statistics.estimates import Estimate, clopper_pearson

LEAST_VALUES = 8
"""Replicates from which on the spread of their values says something: two may agree by chance."""


def pooled(values: npt.ArrayLike, successes: npt.ArrayLike, trials: npt.ArrayLike, level: float) -> Estimate | None:
    """The quantity of a point from its replicates, with an interval.

    Where every replicate counts successes in trials, k = Σ k_r of n = Σ n_r, the interval is Clopper and Pearson's,
    which covers at least at its level, also where trials are divided among strata. Otherwise it is Student's of the
    replicates' values, x̄ ± t s/√R, which is exact for normal values and approximate for others. There is none for fewer
    than `LEAST_VALUES`, where a value is not finite, and where all agree: nothing then says how others would differ.

    Args:
        values: of the replicates, `[R]`.
        successes: of each, NaN where there are none, `[R]`.
        trials: of each, likewise.
        level: confidence level.

    Example:
        >>> print(pooled([0.25, 0.75], [5, 15], [20, 20], 0.95))
        0.5000 [0.3380, 0.6620] (Clopper–Pearson 95 %, n = 40)
    """
    x, k, n = (np.asarray(column, float) for column in (values, successes, trials))
    if x.size and np.isfinite(k).all() and np.isfinite(n).all() and n.sum() > 0:
        return clopper_pearson(round(k.sum()), round(n.sum()), level)
    if x.size < LEAST_VALUES or not np.isfinite(x).all() or (x == x[0]).all():
        return None
    from scipy.special import stdtrit

    half = float(stdtrit(x.size - 1, (1 + level) / 2)) * float(x.std(ddof=1)) / x.size**0.5
    mean = float(x.mean())
    return Estimate(mean, mean - half, mean + half, level, "Student", trials=x.size)
