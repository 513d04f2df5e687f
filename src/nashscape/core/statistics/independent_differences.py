"""The difference of the success rates of two independent samples, with an interval that never covers less."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.statistics.estimates import Estimate, checked_counts, clopper_pearson
from nashscape.core.statistics.paired_differences import NUISANCE

Floats = npt.NDArray[np.float64]

HALVINGS, FINE = 24, 256
"""Ends are found to a part in 2²⁴ of the range; where a bound is needed, to a part in 256 of their distance."""

LOOKED_AT, PARTS, DEPTH = 16, 8, 7
"""Rates among which the worst is looked for at first; parts of their range in which the bound is made; how often these
are halved at most: what is then still open counts as possible."""

FAR = 6.5
"""Counts that are so many standard deviations from their mean are left out; their probability is added to tails."""


def independent_difference(
    successes_1: int, trials_1: int, successes_2: int, trials_2: int, level: float = 0.95
) -> Estimate:
    """The difference `p_1 − p_2` of the success rates of two independent samples, with an exact interval.

    Of m trials x succeeded, of n others y. A difference δ is possible if for some rates p_1, p_2 = p_1 − δ, each in its
    own Clopper–Pearson interval of a twentieth of the error, neither `P(X/m − Y/n ≥ x/m − y/n)` nor `P(X/m − Y/n ≤ x/m
    − y/n)` is below half of what is left of the error; the interval holds all such δ. It covers δ at least at its
    level, whatever the rates and however unequal m and n: the tail rises with one rate and falls with the other, so
    that its ends bound it over whole ranges of rates, and none is looked up on a grid.

    >>> print(independent_difference(40, 100, 45, 150))
    0.1000 [-0.0296, 0.2287] (exact independent 95 %, n = 250)

    Raises `InputError` for impossible counts.

    Source: Santner and Snell (1980) for the order; Berger and Boos (1994) for the bound over a nuisance parameter.
    """
    x, m, level = checked_counts(successes_1, trials_1, level)
    y, n, level = checked_counts(successes_2, trials_2, level)
    error = 1.0 - level
    tail, inner = (1.0 - NUISANCE) * error / 2, 1.0 - NUISANCE * error / 2
    first, second = clopper_pearson(x, m, inner), clopper_pearson(y, n, inner)
    high = _Tail(x, m, y, n, first, second).end(tail)
    low = -_Tail(y, n, x, m, second, first).end(tail)
    return Estimate(x / m - y / n, low, high, level, "exact independent", trials=m + n)


class _Tail:
    """`P(X/m − Y/n ≤ x/m − y/n)` as a function of both rates."""

    def __init__(self, x: int, m: int, y: int, n: int, first: Estimate, second: Estimate) -> None:
        self.m, self.n, self.value, self.first, self.second = m, n, x / m - y / n, first, second
        self.net = x * n - y * m  # in whole numbers there are no ties by rounding

    def end(self, tail: float) -> float:
        """A difference that is refuted, with all beyond it, and is hardly larger than need be.

        All beyond it are: from rates at a larger difference one comes to some at a smaller one by lowering the first
        and raising the second, which raises the tail.
        """
        inside, outside = self.value, self.first.high - self.second.low
        most = outside
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            edges = self._range(middle)
            rates = np.linspace(*edges, LOOKED_AT)
            refuted = edges[0] > edges[1] or (self(rates + middle, rates) < tail).all()
            inside, outside = (inside, middle) if refuted else (middle, outside)
        step = 0.0
        while outside + step < most and not self._refuted(outside + step, tail):
            step = max(2 * step, (outside - self.value) / FINE)
        return min(outside + step, most)

    def _range(self, difference: float) -> tuple[float, float]:
        """The least and the largest second rate that go with a difference; the other way round where there is none."""
        low = max(self.second.low, self.first.low - difference, 0.0)
        return low, min(self.second.high, self.first.high - difference, 1.0 - difference)

    def _refuted(self, difference: float, tail: float) -> bool:
        """Whether the tail is smaller for all rates of this difference."""
        low, high = self._range(difference)
        if low > high:
            return True
        edges = np.linspace(low, high, PARTS + 1)
        ranges = np.stack([edges[:-1], edges[1:]], axis=1)
        for _ in range(DEPTH):
            # over a range the tail is no larger than with the lowest first and the highest second rate
            ranges = ranges[self(ranges[:, 0] + difference, ranges[:, 1]) >= tail]
            if not len(ranges):
                return True
            middle = ranges.mean(axis=1)
            if (self(middle + difference, middle) >= tail).any():
                return False
            ranges = np.concatenate([np.c_[ranges[:, 0], middle], np.c_[middle, ranges[:, 1]]])
        return False

    def __call__(self, first: Floats, second: Floats) -> Floats:
        """The tail at pairs of rates, `[K]`."""
        from scipy.special import bdtr
        from scipy.stats import binom

        first, second = np.clip(first, 0.0, 1.0), np.clip(second, 0.0, 1.0)
        mean, spread = self.n * second, FAR * np.sqrt(self.n * second * (1 - second)) + FAR
        counts = np.arange(max(0, int((mean - spread).min())), min(self.n, int((mean + spread).max()) + 1) + 1)
        most = (self.net + counts * self.m) // self.n
        reached: Any = bdtr(np.clip(most, 0, self.m)[None], self.m, first[:, None])
        law = binom.pmf(counts[None], self.n, second[:, None])
        missing = np.maximum(1.0 - law.sum(axis=1), 0.0)
        return np.asarray((law * np.where(most < 0, 0.0, reached)).sum(axis=1) + missing)
