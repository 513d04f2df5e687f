"""A number with its interval, and the intervals: Wilson, Clopper–Pearson, stratified, bootstrap, bracket.

Clopper–Pearson covers at least at its level; the others are approximate, as docs/intervals.md shows by their coverage.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import finite_array, finite_number, positive_integer
from nashscape.core.errors import InputError

_BLOCK = 1 << 22  # resampled entries held in memory at a time
_MANY = 30  # observations from which on a bootstrap is called by its name alone
_ALONG_AXIS: tuple[Callable[..., Any], ...] = (np.mean, np.var, np.std, np.median)


@dataclass(frozen=True)
class Estimate:
    """A value with an interval from `low` to `high` and the method that made it.

    `level` is the confidence level, `None` for a bracket, which is no matter of chance; `successes` and `trials`
    are counts where the value is a share of trials, `None` otherwise.

    >>> print(wilson(4218, 10000))
    0.4218 [0.4122, 0.4315] (Wilson 95 %, n = 10000)
    """

    value: float
    low: float
    high: float
    level: float | None
    method: str
    successes: int | None = None
    trials: int | None = None

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        """Value, interval, method, level and count, as one line."""
        level = "" if self.level is None else f" {100 * self.level:g} %"
        count = "" if self.trials is None else f", n = {self.trials}"
        interval = f"[{_digits(self.low)}, {_digits(self.high)}]"
        return f"{_digits(self.value)} {interval} ({self.method}{level}{count})"

    def contains(self, x: float) -> bool:
        """Whether x lies in the interval, ends included."""
        return self.low <= x <= self.high

    def overlaps(self, other: "Estimate") -> bool:
        """Whether the two intervals have a point in common."""
        return self.low <= other.high and other.low <= self.high

    def to_dict(self) -> dict[str, Any]:
        """The fields as a dict."""
        return asdict(self)


def _digits(x: float) -> str:
    return f"{x:.4f}" if x == 0 or 1e-3 <= abs(x) < 1e5 else f"{x:.4g}"


def bracket(low: float, value: float, high: float, method: str) -> Estimate:
    """An estimate whose interval is no matter of chance, such as the share of a noise-free map.

    >>> print(bracket(0.25, 0.2548, 0.26, "boundary cells"))
    0.2548 [0.2500, 0.2600] (boundary cells)

    Raises `InputError` unless low ≤ value ≤ high.
    """
    if not low <= value <= high:
        raise InputError(f"a bracket needs low ≤ value ≤ high; got {low}, {value}, {high}")
    return Estimate(float(value), float(low), float(high), None, method)


def wilson(successes: int, trials: int, level: float = 0.95) -> Estimate:
    """The Wilson score interval of a share k/n of independent trials (Wilson 1927).

    The ends solve |k/n − p| = z √(p(1−p)/n), with z the normal quantile at (1 + level)/2. The interval never
    leaves [0, 1]. It is approximate: in the mean over p it covers at its level for every n, at some p less (.84 in
    place of .95 where n p is about .18, .79 for one trial); `clopper_pearson` never covers less.

    >>> print(wilson(0, 20))
    0.0000 [0.0000, 0.1611] (Wilson 95 %, n = 20)

    Raises `InputError` unless 0 ≤ successes ≤ trials, trials ≥ 1 and 0 < level < 1.
    """
    successes, trials, level = checked_counts(successes, trials, level)
    share = successes / trials
    return Estimate(share, *wilson_ends(share, trials, level), level, "Wilson", successes, trials)


def wilson_ends(share: float, trials: float, level: float) -> tuple[float, float]:
    """The ends of Wilson's interval for a share of so many trials, which need not be a whole number of them."""
    from scipy.special import ndtri

    z2 = float(ndtri((1 + level) / 2)) ** 2 / trials
    centre = (share + z2 / 2) / (1 + z2)
    half = math.sqrt(z2 * share * (1 - share) + z2**2 / 4) / (1 + z2)
    # at a share of 0 or 1 the end is exact; rounding must not move it
    return (0.0 if share == 0 else max(0.0, centre - half), 1.0 if share == 1 else min(1.0, centre + half))


def clopper_pearson(successes: int, trials: int, level: float = 0.95) -> Estimate:
    """The exact interval of a share k/n of independent trials, which covers it at least at its level.

    With α = 1 − level the ends are the α/2 quantile of Beta(k, n−k+1) and the 1 − α/2 quantile of Beta(k+1,
    n−k) (Clopper and Pearson 1934).

    >>> print(clopper_pearson(20, 20))
    1.0000 [0.8316, 1.0000] (Clopper–Pearson 95 %, n = 20)

    Raises `InputError` unless 0 ≤ successes ≤ trials, trials ≥ 1 and 0 < level < 1.
    """
    from scipy.special import betaincinv

    k, n, level = checked_counts(successes, trials, level)
    tail = (1 - level) / 2
    low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - tail))
    return Estimate(k / n, low, high, level, "Clopper–Pearson", k, n)


def stratified(successes_per_stratum: npt.ArrayLike, rollouts: int, level: float = 0.95) -> Estimate:
    """The mean of N strata of equal weight with R rollouts in each, such as the cells of a sampled map.

    With p_c the share in stratum c, its unbiased variance is s_c² = p_c(1−p_c) R/(R−1), and the mean p has
    Var = (1/N²) Σ_c s_c²/R. The interval is Wilson's at the effective sample size (z/t)² p(1−p)/Var (Korn and
    Graubard 1998), where t is Student's quantile at the degrees of freedom of Var, (R−1)(Σ s_c²)²/Σ s_c⁴: a
    variance known from few mixed strata counts for little. It is taken as no less than N·R, which would hold
    for unstratified trials, and as N·R where Var is zero. Like Wilson's it is approximate.

    `successes_per_stratum` has shape [N], each entry from 0 to R.

    >>> print(stratified([4, 4, 3, 0, 0, 0], rollouts=4))
    0.4583 [0.3329, 0.5893] (Wilson at effective n = 54, 6 strata × 4 95 %, n = 24)

    Raises `InputError` for fewer than two rollouts, which say nothing about the variance within a stratum.
    """
    counts = finite_array(successes_per_stratum, "successes per stratum", ndim=1)
    rollouts = positive_integer(rollouts, "rollouts per stratum", at_least=2)
    level = _checked_level(level)
    if counts.size == 0 or (counts != np.rint(counts)).any() or (counts < 0).any() or (counts > rollouts).any():
        raise InputError(f"successes per stratum must be whole numbers from 0 to {rollouts}, and one at least")
    shares = counts / rollouts
    successes, trials = int(counts.sum()), counts.size * rollouts
    share = successes / trials
    within = shares * (1 - shares) * rollouts / (rollouts - 1)
    variance = float(np.sum(within)) / rollouts / counts.size**2
    effective = float(trials)
    if variance > 0:
        freedom = (rollouts - 1) * float(np.sum(within)) ** 2 / float(np.sum(within**2))
        effective = max(effective, normal_over_student(level, freedom) ** 2 * share * (1 - share) / variance)
    method = f"Wilson at effective n = {effective:.0f}, {counts.size} strata × {rollouts}"
    return Estimate(share, *wilson_ends(share, effective, level), level, method, successes, trials)


def normal_over_student(level: float, freedom: float) -> float:
    """z/t, the normal quantile over Student's: intervals are so much too short where a variance is known with no more
    than so many degrees of freedom."""
    from scipy import special

    return float(special.ndtri((1 + level) / 2) / special.stdtrit(freedom, (1 + level) / 2))


def bootstrap(
    sample: npt.ArrayLike,
    statistic: Callable[..., Any] = np.mean,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
    size: int | None = None,
) -> Estimate:
    """The percentile bootstrap interval of a statistic of independent observations.

    `sample` has shape [n]; `statistic` maps such an array to a number. `size` is the number of observations
    drawn for each resample, n by default: a smaller one tells what somebody with fewer repeats should expect
    to see. The interval tends to its level as n grows; below 30 observations it is too short and its method says
    "approximate", and one observation tells nothing of the spread, so that its interval is the whole line. Means of
    bounded values have an interval that holds for every n, `bounded_mean`.

    >>> estimate = bootstrap([1.0, 2.0, 3.0, 4.0, 5.0])
    >>> estimate.value, 1.0 <= estimate.low < 3.0 < estimate.high <= 5.0
    (3.0, True)

    Raises `InputError` for an empty or non-finite sample.
    """
    observed = finite_array(sample, "sample", ndim=1)
    if observed.size == 0:
        raise InputError("the sample is empty; a bootstrap needs at least one observation")
    level = _checked_level(level)
    method = "bootstrap" if observed.size >= _MANY else "bootstrap, approximate"
    resamples = positive_integer(resamples, "resamples", at_least=2)
    size = observed.size if size is None else positive_integer(size, "resample size")
    random = np.random.default_rng(positive_integer(seed, "seed", at_least=0))
    rows = max(1, _BLOCK // size)
    values: list[npt.NDArray[np.float64]] = []
    for first in range(0, resamples, rows):
        count = min(rows, resamples - first)
        values.append(_per_row(statistic, observed[random.integers(0, observed.size, (count, size))]))
    low, high = np.quantile(np.concatenate(values), [(1 - level) / 2, (1 + level) / 2])
    if observed.size == 1:
        low, high = -math.inf, math.inf
    return Estimate(float(statistic(observed)), float(low), float(high), level, method, trials=observed.size)


def _per_row(statistic: Callable[..., Any], rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    if statistic in _ALONG_AXIS:
        return np.asarray(statistic(rows, axis=1))
    return np.array([float(statistic(row)) for row in rows])


def checked_counts(successes: Any, trials: Any, level: Any) -> tuple[int, int, float]:
    """The counts and the level of an interval, refused with `InputError` where they cannot be."""
    trials = positive_integer(trials, "trials")
    successes = positive_integer(successes, "successes", at_least=0)
    if successes > trials:
        raise InputError(f"successes must not exceed trials; got {successes} of {trials}")
    return successes, trials, _checked_level(level)


def _checked_level(level: Any) -> float:
    return finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
