"""How large a share of runs scores above each of many thresholds, with intervals; and how far runs fall short."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import finite_array, finite_number
from nashscape.core.errors import InputError
from nashscape.core.statistics.bounded_means import bounded_mean
from nashscape.core.statistics.estimates import Estimate, clopper_pearson
from nashscape.core.statistics.interquartile_means import score_table
from nashscape.core.statistics.stratified_means import stratified_mean

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PerformanceProfile:
    """The share of runs that score above a threshold, as a function of it.

    Attributes:
        thresholds: rising, `[M]`.
        share: of the scores that are larger, `[M]`.
        low: lower ends of the intervals of each share by itself, `[M]`.
        high: upper ends.
        band_low: lower ends of a band that holds the whole curve, at all thresholds at once, `[M]`.
        band_high: upper ends.
        level: confidence level, of each interval and of the band.
        method: of the intervals, and of the band.
        trials: number of scores, runs · tasks.
    """

    thresholds: Floats
    share: Floats
    low: Floats
    high: Floats
    band_low: Floats
    band_high: Floats
    level: float
    method: str
    trials: int


def performance_profile(
    scores: npt.ArrayLike, thresholds: npt.ArrayLike, level: float = 0.95, *, shared_runs: bool = False
) -> PerformanceProfile:
    """The share of scores above each threshold τ, `(1/N) #{x > τ}` of all N = runs · tasks, with intervals and a band.

    Intervals of single thresholds are Clopper and Pearson's: independent scores of unlike tasks vary less than alike
    ones, so that they cover at least at their level (Hoeffding 1956). Where a row is one run in all tasks they are
    those of `bounded_mean` of the runs' own shares. The band is `share ± d`, d the quantile of Kolmogorov's statistic
    of R runs at `1 − α/tasks`: every task's curve is then within d of the truth with probability `1 − α` at least, and
    so is their mean, whatever rows share. It covers at least at its level, at all thresholds at once.

    Args:
        scores: of runs, `[runs]` or `[runs, tasks]`; tasks on a common scale.
        thresholds: τ, rising, `[M]`.
        level: confidence level.
        shared_runs: whether a row is one run in all tasks, whose scores may depend on each other.

    Raises:
        InputError: for scores that are none, and thresholds that do not rise.

    Example:
        >>> found = performance_profile([0.2, 0.5, 0.5, 0.9], [0.0, 0.5, 1.0])
        >>> found.share.tolist(), found.high.round(3).tolist(), found.band_high.round(3).tolist()
        ([1.0, 0.25, 0.0], [1.0, 0.806, 0.602], [1.0, 0.874, 0.624])

    Source: Agarwal et al. (2021); Simard and L'Ecuyer (2011) for the law of the statistic, which ties make no larger.
    """
    from scipy.stats import kstwo

    table, tau = score_table(scores, "scores"), finite_array(thresholds, "thresholds", ndim=1)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    if not tau.size or (np.diff(tau) <= 0).any():
        raise InputError("the thresholds of a profile must rise, and there must be one at least")
    (runs, tasks), above = table.shape, table[None] > tau[:, None, None]
    share = above.mean(axis=(1, 2))
    if shared_runs and tasks > 1:
        made = [bounded_mean(own, 0.0, 1.0, level) for own in above.mean(axis=2)]
    else:
        made = [clopper_pearson(int(own.sum()), own.size, level) for own in above]
    half = float(kstwo.ppf(1 - (1 - level) / tasks, runs))
    return PerformanceProfile(
        thresholds=tau,
        share=share,
        low=np.array([one.low for one in made]),
        high=np.array([one.high for one in made]),
        band_low=np.maximum(share - half, 0.0),
        band_high=np.minimum(share + half, 1.0),
        level=level,
        method=f"{made[0].method}; Kolmogorov",
        trials=table.size,
    )


def optimality_gap(
    scores: npt.ArrayLike, optimum: float, level: float = 0.95, *, shared_runs: bool = False
) -> Estimate:
    """By how much scores fall short of an optimum in the mean, `γ − mean(min(x, γ))`, with a Student interval.

    What is above the optimum γ does not make up for what is below it. The interval is that of `stratified_mean`, tasks
    being strata, of rows that are one run in all tasks that of the runs' own gaps.

    Args:
        scores: of runs, `[runs]` or `[runs, tasks]`.
        optimum: γ, in units of the scores.
        level: confidence level.
        shared_runs: whether a row is one run in all tasks.

    Returns:
        An estimate; its ends are NaN for one run, and where all gaps within every task agree.

    Raises:
        InputError: for scores that are none.

    Example:
        >>> optimality_gap([0.5, 1.0, 1.5, 0.7], 1.0).value
        0.2

    Source: Agarwal et al. (2021).
    """
    table, best = score_table(scores, "scores"), finite_number(optimum, "optimum")
    short = np.maximum(best - table, 0.0)
    return stratified_mean(short.mean(axis=1, keepdims=True) if shared_runs else short, level)
