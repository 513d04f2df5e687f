"""The interquartile mean of scores of runs, with intervals: of one task, or of several together."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import choice, finite_array, finite_number, positive_integer
from nashscape.core.citations import Source
from nashscape.core.errors import InputError
from nashscape.core.statistics.estimates import Estimate

Floats = npt.NDArray[np.float64]

PRECIPICE = Source(
    "statistical_precipice",
    "Agarwal, Schwarzer, Castro, Courville, Bellemare: Deep Reinforcement Learning at the Edge of the Statistical "
    "Precipice. NeurIPS 2021.",
    "https://arxiv.org/abs/2108.13264",
)

EXPANDED = Source(
    "expanded_percentiles",
    "Hesterberg: What Teachers Should Know About the Bootstrap. The American Statistician 69, 371–386, 2015.",
    "https://doi.org/10.1080/00031305.2015.1089789",
)

INTERVALS = ("expanded", "percentile")
BLOCK = 1 << 20
"""Resampled scores that are held in memory at a time."""
FEW = 5
"""Runs of a task below which the interval is too short."""


def interquartile_mean(
    scores: npt.ArrayLike,
    level: float = 0.95,
    *,
    interval: str = "expanded",
    shared_runs: bool = False,
    resamples: int = 4000,
    seed: int = 0,
) -> Estimate:
    """The mean of the middle half of all scores, with a bootstrap interval.

    Of N sorted scores a quarter of their number is left out at both ends, `IQM = (2/N) Σ_k w_k x_(k)`, where
    `w_k = |[k − 1, k] ∩ [N/4, 3N/4]|`: of a score that a quartile cuts, the part inside counts. So 4 need not divide N,
    and every score taken k times changes nothing. Scores of several tasks are pooled, N = runs · tasks; this is not the
    mean of the tasks' own interquartile means.

    Runs are drawn with replacement within every task. "percentile" has the quantiles α/2 and 1 − α/2 of the means of
    resamples, as the first source. "expanded" has those at `Φ(∓ t √(R/(R − 1)))`, R the runs of a task and t Student's
    quantile at `tasks · (R − 1)` degrees of freedom (of shared runs R − 1): resamples of few runs vary too little. Both
    are approximate. In simulations at 95 % (normal, skewed, two-peaked, Cauchy) the expanded one covered in 91 to 98 %
    of cases with five runs or more, percentiles in 86 to 96 %; of four tasks with three runs in 80 and 74 %.

    Args:
        scores: of runs, `[runs]`, or of runs in tasks, `[runs, tasks]`.
        level: confidence level.
        interval: "expanded" or "percentile".
        shared_runs: whether a row is one run in all tasks, whose scores may depend on each other, so that whole rows
            are drawn; by default every entry is a run of its own.
        resamples: how many.
        seed: of the drawing.

    Returns:
        An estimate whose trials are N. Of one run a task the interval is the whole line.

    Raises:
        InputError: for no scores, and scores that are not finite.

    Example:
        >>> interquartile_mean([0, 0, 9]).value
        1.5
        >>> print(interquartile_mean([[0, 10], [0, 10], [0, 10], [1, 20]], interval="percentile"))
        5.2500 [5.0000, 7.7500] (percentile bootstrap, approximate 95 %, n = 8)

    Source: Agarwal et al. (2021), who leave out whole scores only; Hesterberg (2015), section 4.
    """
    table = score_table(scores, "scores")
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    kind, runs = choice(interval, "interval", INTERVALS), len(table)
    value = float(middle_means(table.reshape(1, -1))[0])
    method = f"{kind} bootstrap{', approximate' if runs < FEW else ''}"
    made = np.concatenate([middle_means(own) for own in _resamples(table, shared_runs, resamples, seed)])
    if runs == 1:
        return Estimate(value, -math.inf, math.inf, level, method, trials=table.size)
    tail = (1 - level) / 2
    if kind == "expanded":
        tail = _expanded(tail, runs, 1 if shared_runs else table.shape[1])
    low, high = np.quantile(made, [tail, 1 - tail])
    return Estimate(value, min(float(low), value), max(float(high), value), level, method, trials=table.size)


def score_table(scores: npt.ArrayLike, name: str) -> Floats:
    """Scores as an array `[runs, tasks]`, one task where they are a list.

    Raises:
        InputError: for anything else, no scores, and such as are not finite.
    """
    table = finite_array(scores, name)
    if table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2 or not table.size:
        raise InputError(
            f"{name} are a number for every run, [runs], or for every run in every task, [runs, tasks]; "
            f"got an array of shape {np.shape(scores)}"
        )
    return table


def middle_means(rows: Floats) -> Floats:
    """The interquartile mean of every row, `[rows, N]`.

    >>> middle_means(np.array([[0.0, 1.0, 2.0, 6.0, 20.0]])).tolist()
    [2.9]
    """
    count = rows.shape[1]
    place = np.arange(count)
    weights = np.clip(np.minimum(place + 1, 0.75 * count) - np.maximum(place, 0.25 * count), 0.0, None)
    return np.asarray(np.sort(rows, axis=1) @ weights / (count / 2))


def _expanded(tail: float, runs: int, groups: int) -> float:
    """The tail of a normal law that is as long as Student's is for so many groups of runs, and their spread."""
    from scipy.special import ndtr, stdtrit

    return float(ndtr(math.sqrt(runs / (runs - 1)) * stdtrit(groups * (runs - 1), tail)))


def _resamples(table: Floats, shared_runs: bool, resamples: int, seed: int) -> Iterator[Floats]:
    """Pooled scores of resamples, `[rows, N]` at a time: runs drawn with replacement within every task."""
    resamples = positive_integer(resamples, "resamples", at_least=2)
    random = np.random.default_rng(positive_integer(seed, "seed", at_least=0))
    runs, tasks = table.shape
    rows = max(1, BLOCK // table.size)
    for first in range(0, resamples, rows):
        count = min(rows, resamples - first)
        drawn = random.integers(0, runs, (count, runs, 1 if shared_runs else tasks))
        yield table[drawn, np.arange(tasks)].reshape(count, -1)
