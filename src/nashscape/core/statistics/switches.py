"""Between which values of a number a success probability passes a level, from counts at a few values."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nashscape.core.brackets import Answer, Bracket, brackets_of
from nashscape.core.checks import finite_array, finite_number
from nashscape.core.errors import InputError
from nashscape.core.statistics.estimates import Estimate, checked_counts

Floats = npt.NDArray[np.float64]
Counts = Sequence[int] | npt.NDArray[np.int_]


def switch_interval(
    values: npt.ArrayLike,
    successes: Counts,
    trials: Counts,
    level: float = 0.95,
    *,
    share: float = 0.5,
    rises: bool = True,
) -> Estimate:
    """Where a success probability passes a share, such as the coupling from which half of the runs cooperate.

    From the lowest value upwards it is tested, exactly and at half of the error, that the probability is below the
    share, and one stops at the first value where that is not shown; from the highest downwards that it is above. The
    ends are the last values at which it was shown. Since tests are made in this order, and one that fails ends them,
    both claims hold together with probability at least `level`, whatever the probabilities are and however many values
    there are: at all values up to `low` it is below the share, at all from `high` on above. If it rises along the
    number, the one place where it passes the share lies between them. `switches` is for numbers along which it may
    pass more than once.

    Its value is where the curve that rises and fits the counts best (isotonic regression, straight between values)
    passes the share; half way along a stretch that has exactly the share.

    Args:
        values: of the number, rising, `[m]`.
        successes: at each, `[m]`.
        trials: independent ones at each, `[m]`. At 95 % and a half, five trials can show nothing, six can.
        level: confidence level.
        share: above 0 and below 1.
        rises: whether successes become more likely along the number; False exchanges "below" and "above".

    Returns:
        An estimate; an end is infinite where nothing was shown on its side, the value where the curve does not pass
        the share: at −∞ if it is above it throughout, at ∞ if below.

    Raises:
        InputError: for values that do not rise, and impossible counts.

    Example:
        >>> print(switch_interval([0.2, 0.4, 0.6, 0.8], [0, 2, 9, 10], [10, 10, 10, 10]))
        0.4857 [0.2000, 0.6000] (exact tests in order 95 %, n = 40)

    Source: Maurer, Hothorn and Lehmacher (1995) for tests in a fixed order.
    """
    x, k, n, level = _checked(values, successes, trials, level)
    share = finite_number(share, "share", low=0.0, high=1.0, low_open=True, high_open=True)
    if not rises:
        k, share = n - k, 1.0 - share
    below, above = _shown(k, n, share, (1.0 - level) / 2)
    first = len(x) if below.all() else int(below.argmin())
    last = len(x) if above.all() else int(above[::-1].argmin())
    low = float(x[first - 1]) if first else -np.inf
    high = float(x[len(x) - last]) if last else np.inf
    value = min(max(_passes(x, _isotonic(k, n), share), low), high)
    return Estimate(value, low, high, level, "exact tests in order", trials=int(n.sum()))


def switches(
    values: npt.ArrayLike, successes: Counts, trials: Counts, level: float = 0.95, *, share: float = 0.5
) -> tuple[Bracket, ...]:
    """All changes of a success probability from below a share to above it, or back, that counts show.

    At each of m values it is tested, exactly and with an error of `(1 − level)/(2m)` on each side, whether the
    probability is below the share or above. Neighbours among the values where that is shown, one below and one above,
    are a bracket. All of them are right together with probability at least `level`. Nothing is assumed of how the
    probability depends on the number; what happens between values, and where nothing is shown, may be missed.

    Args:
        values: of the number, rising, `[m]`.
        successes: at each, `[m]`.
        trials: independent ones at each, `[m]`.
        level: confidence level.
        share: above 0 and below 1.

    Raises:
        InputError: for values that do not rise, and impossible counts.

    Example:
        >>> switches([0.0, 1.0, 2.0, 3.0], [0, 20, 11, 1], [20, 20, 20, 20])
        (Bracket(low=0.0, high=1.0, rises=True), Bracket(low=1.0, high=3.0, rises=False))

    Source: Clopper and Pearson (1934) for the tests; Bonferroni.
    """
    x, k, n, level = _checked(values, successes, trials, level)
    share = finite_number(share, "share", low=0.0, high=1.0, low_open=True, high_open=True)
    below, above = _shown(k, n, share, (1.0 - level) / (2 * len(x)))
    answers: dict[float, Answer] = {
        float(at): bool(above[i]) if below[i] or above[i] else None for i, at in enumerate(x)
    }
    return brackets_of(answers)


def within_factor(interval: Estimate | Bracket, prediction: float, factor: float = 2.0) -> Answer:
    """Whether a positive number is predicted to within a factor, `prediction/factor ≤ x ≤ prediction · factor`.

    True if all of the interval is within, False if none of it is, None where it straddles an end.

    Args:
        interval: that holds the number.
        prediction: above 0.
        factor: 1 at least.

    Raises:
        InputError: for a prediction that is not positive, a factor below one, and ends that are not in order.

    Example:
        >>> measured = switch_interval([0.2, 0.4, 0.6, 0.8], [0, 2, 9, 10], [10, 10, 10, 10])
        >>> [within_factor(measured, prediction) for prediction in (0.35, 0.25, 0.05)]
        [True, None, False]
    """
    prediction = finite_number(prediction, "prediction", low=0.0, low_open=True)
    factor = finite_number(factor, "factor", low=1.0)
    low, high = float(interval.low), float(interval.high)
    if not low <= high:
        raise InputError(f"an interval needs low ≤ high; got {low} and {high}")
    least, most = prediction / factor, prediction * factor
    if least <= low and high <= most:
        return True
    return False if high < least or most < low else None


def _checked(
    values: npt.ArrayLike, successes: Counts, trials: Counts, level: float
) -> tuple[Floats, npt.NDArray[np.int_], npt.NDArray[np.int_], float]:
    x = finite_array(values, "values", ndim=1)
    if not x.size or (np.diff(x) <= 0).any():
        raise InputError("the values at which runs were made must rise, and there must be one at least")
    if not len(successes) == len(trials) == x.size:
        raise InputError(f"{x.size} values need as many counts; got {len(successes)} successes, {len(trials)} trials")
    counts = [checked_counts(k, n, level) for k, n in zip(successes, trials, strict=True)]
    return x, np.array([k for k, _, _ in counts]), np.array([n for _, n, _ in counts]), counts[0][2]


def _shown(
    k: npt.NDArray[np.int_], n: npt.NDArray[np.int_], share: float, error: float
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Where the probability is shown to be below the share, and where above: `P(K ≤ k)` and `P(K ≥ k)` at the share."""
    from scipy.special import bdtr

    return bdtr(k, n, share) <= error, bdtr(n - k, n, 1.0 - share) <= error


def _isotonic(k: npt.NDArray[np.int_], n: npt.NDArray[np.int_]) -> Floats:
    """The shares that do not fall and fit the counts best: neighbours that fall are pooled."""
    pools: list[list[int]] = []
    for own, many in zip(k.tolist(), n.tolist(), strict=True):
        pools.append([own, many, 1])
        # in whole numbers, so that rounding pools nothing
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] >= pools[-1][0] * pools[-2][1]:
            last = pools.pop()
            pools[-1] = [one + other for one, other in zip(pools[-1], last, strict=True)]
    return np.concatenate([np.full(width, own / many) for own, many, width in pools])


def _passes(x: Floats, shares: Floats, share: float) -> float:
    """Where the straight lines between rising shares pass one of them, ±∞ where they do not."""
    if shares[0] > share:
        return -np.inf
    if shares[-1] < share:
        return np.inf
    first, last = int(np.searchsorted(shares, share, "left")), int(np.searchsorted(shares, share, "right")) - 1
    if first <= last:
        return float(x[first] + x[last]) / 2
    part = (share - shares[first - 1]) / (shares[first] - shares[first - 1])
    return float(x[first - 1] + part * (x[first] - x[first - 1]))
