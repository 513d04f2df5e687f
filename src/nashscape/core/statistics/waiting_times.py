"""The probability that a trial succeeds, from runs that stop at their first success or after a number of trials."""

from collections.abc import Callable

import numpy as np

from nashscape.core.checks import finite_number, positive_integer
from nashscape.core.errors import InputError
from nashscape.core.statistics.lattice_sums import likely, power


def waiting_interval(failed: int, runs: int, budget: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of p from the number F of failed trials in runs that stop at their first success.

    Every run makes independent trials until one succeeds, at most `budget`, so that its failures are a geometric number
    cut off at the budget, and F is a sum of such numbers, the smaller the larger p. The ends are where `P(F ≤ failed)`
    and `P(F ≥ failed)` come down to (1 − level)/2, which covers p at least at its level, as Clopper and Pearson's
    interval does for a fixed number of trials.

    Args:
        failed: trials that failed, in all runs, from 0 to runs · budget.
        runs: number of runs.
        budget: trials that a run makes at most.
        level: confidence level.

    Raises:
        InputError: for impossible counts.

    Example:
        >>> [round(end, 4) for end in waiting_interval(0, 20, 13)]  # all at once: as 20 of 20
        [0.8316, 1.0]
        >>> [round(end, 4) for end in waiting_interval(13, 1, 13)]  # one run without success: as 0 of 13
        [0.0, 0.2471]

    Source: Clopper and Pearson (1934) for the construction.
    """
    runs, budget = positive_integer(runs, "runs"), positive_integer(budget, "budget")
    failed = positive_integer(failed, "failed", at_least=0)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    if failed > runs * budget:
        raise InputError(f"failed trials must not exceed {runs} runs of {budget} trials; got {failed}")
    tail = (1 - level) / 2
    low = 0.0 if failed == runs * budget else _where(lambda p: _at_most(failed, runs, budget, p) - tail)
    high = 1.0 if failed == 0 else _where(lambda p: 1.0 - _at_most(failed - 1, runs, budget, p) - tail)
    return low, high


def _where(excess: Callable[[float], float]) -> float:
    """The probability at which a tail has the wanted size."""
    from scipy.optimize import brentq

    return float(brentq(excess, 0.0, 1.0, xtol=1e-15))


def _at_most(failed: int, runs: int, budget: int, p: float) -> float:
    """`P(F ≤ failed)`."""
    if p in (0.0, 1.0):
        return float(p == 1.0 or failed == runs * budget)
    stays = np.power(1.0 - p, np.arange(1, budget + 1))  # P(more than k − 1 failures)
    mean = float(stays.sum())
    square = float((stays * (2 * np.arange(1, budget + 1) - 1)).sum())
    stretch = likely(0, runs * budget, runs * mean, runs * max(square - mean**2, 0.0), budget)
    if not stretch.first <= failed < stretch.last:
        return float(failed >= stretch.last)
    turn = np.exp(1j * stretch.frequencies)
    z = (1.0 - p) * turn
    ends = np.power(z, budget)
    law = stretch.masses(power(p * (1.0 - ends) / (1.0 - z) + ends, runs))
    return float(law[: failed - stretch.first + 1].sum())
