"""Many tests at once: p-values that are corrected for how many there are."""

import numpy as np
import numpy.typing as npt

from nashscape.core.citations import Source

HOLM = Source(
    "holm",
    "Holm: A Simple Sequentially Rejective Multiple Test Procedure. Scandinavian Journal of Statistics 6, 65–70, 1979.",
)


def holm(p_values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Holm's correction of p-values; NaN are not counted, and stay.

    Sorted, the k-th of m is multiplied by m − k + 1 and is at least the one before. The chance that one or more that
    belong to true hypotheses come to α or less is α at most, whatever hangs on what.

    >>> holm([0.01, float("nan"), 0.04, 0.03]).tolist()
    [0.03, nan, 0.06, 0.06]
    """
    given = np.asarray(p_values, float)
    order = np.argsort(given, kind="stable")[: int((~np.isnan(given)).sum())]
    made = np.full(given.shape, np.nan)
    made[order] = np.minimum(1.0, np.maximum.accumulate(given[order] * (len(order) - np.arange(len(order)))))
    return made
