"""How well one quantity orders another: the area under the ROC curve and Spearman's rank correlation, with intervals.

Both depend on the order of values alone; infinite values are the largest and the smallest.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import finite_number
from nashscape.core.errors import InputError
from nashscape.core.statistics.estimates import Estimate, normal_over_student, wilson_ends

Floats = npt.NDArray[np.float64]


def area_under_curve(positive: npt.ArrayLike, negative: npt.ArrayLike, level: float = 0.95) -> Estimate:
    """The area under the ROC curve, `A = P(X > Y) + P(X = Y)/2`, of values X of positives and Y of negatives.

    The chance that a positive drawn at random has the larger value, ties counted half: 1 and 0 for perfect order, 1/2
    for none; `A m n` is the statistic of Mann and Whitney. With `V` the variance of DeLong, DeLong and Clarke-Pearson,
    `s²(P(X_i > Y))/m + s²(P(X > Y_j))/n`, the interval is Wilson's at the effective sample size `(z/t)² A(1−A)/V`,
    where t is Student's quantile at the degrees of freedom of V (Welch and Satterthwaite). The size is no less than
    `min(m, n)`, which no distribution goes below (van Dantzig), and no more than m + n, so that few values in perfect
    order do not pass for certainty. It is approximate: in simulations of normal, unequal, tied and two-peaked values
    at 95 % it covered in 90 to 99 % of cases with eight values or more on both sides, with five in 88 to 99 %, where
    neither side was more than ten times the other. Of eight among 400 or 2,000 far apart it covered in 80 and 77 %.

    Args:
        positive: values X, `[m]`, one at least.
        negative: values Y, `[n]`, one at least.
        level: confidence level; by default 0.95.

    Raises:
        InputError: for no values on a side, and values that are not numbers.

    >>> print(area_under_curve([3.0, 4.0, 4.0, 6.0], [1.0, 2.0, 3.0, 3.5, 4.0]))
    0.8250 [0.3783, 0.9734] (DeLong, Wilson 95 %, n = 9)

    Source: DeLong, DeLong and Clarke-Pearson (1988); van Dantzig (1951).
    """
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    x, y = (_values(own, name) for own, name in ((positive, "positives"), (negative, "negatives")))
    if not len(x) or not len(y):
        raise InputError(f"a ROC curve needs positives and negatives; got {len(x)} and {len(y)}")
    above, below = placements(x, y), 1.0 - placements(y, x)
    low, high = wilson_of_area(above[:, None], below[:, None], level)
    return Estimate(float(above.mean()), low, high, level, "DeLong, Wilson", trials=len(x) + len(y))


def wilson_of_area(above: Floats, below: Floats, level: float) -> tuple[float, float]:
    """The ends of the interval of the mean area of T independent tasks.

    Args:
        above: the share of negatives below each positive, `[m, T]`.
        below: the share of positives above each negative, `[n, T]`.
        level: confidence level.
    """
    (m, tasks), n = above.shape, len(below)
    area, fewest = float(above.mean()), tasks * min(m, n)
    size = float(fewest)
    if min(m, n) > 1 and 0 < area < 1:
        parts = np.stack([above.var(axis=0, ddof=1) / m, below.var(axis=0, ddof=1) / n]) / tasks**2
        variance = float(parts.sum())
        if variance > 0:
            freedom = variance**2 / float((parts**2 / np.array([[m - 1], [n - 1]])).sum())
            size = normal_over_student(level, freedom) ** 2 * area * (1 - area) / variance
            size = min(max(size, fewest), tasks * (m + n))
    return wilson_ends(area, size, level)


def rank_correlation(first: npt.ArrayLike, second: npt.ArrayLike, level: float = 0.95) -> Estimate:
    """Spearman's rank correlation, Pearson's of the ranks of n pairs, ties having their mean rank.

    The interval is `tanh(atanh r ± z √((1 + r²/2)/(n − 3)))` of Bonett and Wright; r is kept half a step,
    `6/(n(n² − 1))`, inside −1 and 1, so that a perfect order of few pairs does not pass for certainty. Below four pairs
    it is from −1 to 1. It is approximate: simulated normal pairs were covered in 93 to 97 % of cases at 95 %, such with
    many ties in more; at a correlation of .99 in 87 %.

    Args:
        first: values, `[n]`, two at least.
        second: values of the same length.
        level: confidence level; by default 0.95.

    Raises:
        InputError: for values that are not numbers, of different lengths, or all alike, which have no order.

    >>> print(rank_correlation([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [2.0, 1.0, 4.0, 3.0, 6.0, 5.0]))
    0.8286 [-0.1272, 0.9865] (Spearman, Bonett–Wright 95 %, n = 6)

    Source: Spearman (1904); Bonett and Wright (2000).
    """
    from scipy.special import ndtri

    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    x, y = _values(first, "first values"), _values(second, "second values")
    if len(x) != len(y) or len(x) < 2:
        raise InputError(f"a rank correlation needs pairs, two at least; got {len(x)} and {len(y)} values")
    if (x == x[0]).all() or (y == y[0]).all():
        raise InputError("values that are all alike have no order; a rank correlation needs two different ones")
    r, n = float(np.corrcoef(_ranks(x), _ranks(y))[0, 1]), len(x)
    r = min(max(r, -1.0), 1.0)
    low, high = -1.0, 1.0
    if n > 3:
        most = 1.0 - 6.0 / (n * (n**2 - 1))
        inner = min(max(r, -most), most)
        half = float(ndtri((1 + level) / 2)) * math.sqrt((1 + r**2 / 2) / (n - 3))
        low, high = (math.tanh(math.atanh(inner) + sign * half) for sign in (-1.0, 1.0))
    return Estimate(r, min(low, r), max(high, r), level, "Spearman, Bonett–Wright", trials=n)


def _values(values: Any, name: str) -> Floats:
    made = np.asarray(values, np.float64)
    if made.ndim != 1 or np.isnan(made).any():
        raise InputError(f"{name} must be a list of numbers, none of them NaN; got an array of shape {made.shape}")
    return made


def _ranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), np.float64)


def placements(these: Floats, others: Floats) -> Floats:
    """The share of the others that each of these values is larger than, ties counted half."""
    order = np.sort(others)
    both = np.searchsorted(order, these, "left") + np.searchsorted(order, these, "right")
    return np.asarray(both / (2 * len(others)))
