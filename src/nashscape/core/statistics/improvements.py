"""How likely a run of one arm scores higher than a run of another: in one task, or in the mean over several."""

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import finite_number
from nashscape.core.errors import InputError
from nashscape.core.statistics.estimates import Estimate
from nashscape.core.statistics.rank_statistics import placements, wilson_of_area

Floats = npt.NDArray[np.float64]


def probability_of_improvement(
    scores: npt.ArrayLike, reference: npt.ArrayLike, level: float = 0.95, *, shared_runs: bool = False
) -> Estimate:
    """The chance that a run X of an arm scores higher than a run Y of a reference, `P(X > Y) + P(X = Y)/2`.

    Ties count half, so that both chances of two arms sum to one. Of several tasks it is the mean of the tasks' own
    chances; their scores are not pooled and need not have the same scale. Of one task it is `area_under_curve`, with
    its interval: Wilson's at the effective sample size of DeLong's variance. Of T tasks with runs of their own the
    variance is `Σ_t V_t/T²`, and the size is from T min(m, n) to T (m + n); where a row is one run in all tasks, a
    run's placements are averaged over tasks first, and it is from min(m, n) to m + n.

    It is approximate. In simulations at 95 % (normal, unequal spread, two values, two peaks, counts; chances from .5 to
    .96) it covered in 94 to 99 % of cases with 5, 10 and 25 runs of both, in 90 to 98 % with 5 of one and 25 of the
    other, and for four unlike tasks in 95 to 99 % with 2 to 10 runs.

    Args:
        scores: of the arm, `[m]` or `[m, tasks]`, larger is better; infinite ones are the best and the worst.
        reference: scores of the reference, `[n]` or `[n, tasks]`.
        level: confidence level.
        shared_runs: whether a row is one run in all tasks, whose scores may depend on each other.

    Raises:
        InputError: for no scores, NaN, and different numbers of tasks.

    Example:
        >>> print(probability_of_improvement([1, 1, 0, 0, 1], [1, 0, 0, 0, 1]))
        0.6000 [0.2479, 0.8722] (DeLong, Wilson 95 %, n = 10)

    Source: Agarwal et al. (2021); DeLong, DeLong and Clarke-Pearson (1988) for the variance.
    """
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    x, y = _tasks(scores, "scores"), _tasks(reference, "scores of the reference")
    if x.shape[1] != y.shape[1]:
        raise InputError(f"both arms need the same tasks; got {x.shape[1]} and {y.shape[1]} of them")
    pairs = list(zip(x.T, y.T, strict=True))
    above = np.stack([placements(own, other) for own, other in pairs], axis=1)
    below = np.stack([1.0 - placements(other, own) for own, other in pairs], axis=1)
    if shared_runs:
        above, below = above.mean(axis=1, keepdims=True), below.mean(axis=1, keepdims=True)
    low, high = wilson_of_area(above, below, level)
    return Estimate(float(above.mean()), low, high, level, "DeLong, Wilson", trials=x.size + y.size)


def _tasks(scores: npt.ArrayLike, name: str) -> Floats:
    made = np.asarray(scores, np.float64)
    made = made[:, None] if made.ndim == 1 else made
    if made.ndim != 2 or not made.size or np.isnan(made).any():
        raise InputError(
            f"{name} are numbers, none of them NaN, of runs, [runs], or of runs in tasks, [runs, tasks]; "
            f"got an array of shape {np.shape(scores)}"
        )
    return made
