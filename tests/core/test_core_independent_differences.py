"""The interval of the difference of independent rates: coverage by enumeration, ends by another search."""

import numpy as np
import pytest
from scipy.stats import beta, binom

from nashscape.core import InputError
from nashscape.core.statistics.independent_differences import independent_difference

M, N = 6, 11


@pytest.mark.long
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_it_covers_at_least_at_its_level_whatever_the_rates(level):
    made = [[independent_difference(x, M, y, N, level) for y in range(N + 1)] for x in range(M + 1)]
    low, high = (np.array([[getattr(one, end) for one in row] for row in made]) for end in ("low", "high"))
    rates = np.concatenate([[0.001, 0.01], np.linspace(0.04, 0.96, 24), [0.99, 0.999]])
    first, second = (binom.pmf(np.arange(k + 1)[:, None], k, rates) for k in (M, N))
    covered = np.empty((len(rates), len(rates)))
    for i, p in enumerate(rates):
        for j, q in enumerate(rates):
            inside = (low <= p - q + 1e-12) & (p - q - 1e-12 <= high)
            covered[i, j] = first[:, i] @ inside @ second[:, j]
    assert covered.min() >= level
    # and is not made of air: counts are few and so are steps, but in the mean it is not far above
    assert covered.mean() < level + 0.75 * (1 - level)


@pytest.mark.parametrize("counts", [(4, 9, 3, 14), (0, 8, 2, 5), (30, 40, 50, 90)])
def test_its_ends_are_where_the_worst_rates_leave_the_tail(counts):
    x, m, y, n = counts
    found = independent_difference(*counts)
    net = np.arange(m + 1)[:, None] / m - np.arange(n + 1)[None] / n <= x / m - y / n + 1e-12

    def ends(k, of):
        # Clopper and Pearson by quantiles of beta distributions, a twentieth of the error
        low = 0.0 if k == 0 else beta.ppf(0.00125, k, of - k + 1)
        return low, 1.0 if k == of else beta.ppf(1 - 0.00125, k + 1, of - k)

    def worst(difference):
        q = np.linspace(0.0, 1.0, 1201)
        p = q + difference
        kept = (p >= ends(x, m)[0]) & (p <= ends(x, m)[1]) & (q >= ends(y, n)[0]) & (q <= ends(y, n)[1])
        masses = (binom.pmf(np.arange(of + 1)[:, None], of, own[kept]) for of, own in ((m, p), (n, q)))
        return max(np.einsum("xk,yk,xy->k", *masses, net), default=0.0)

    tail = 0.9 * 0.05 / 2
    width = found.high - found.value
    assert worst(found.high) <= tail
    assert worst(found.high - 0.02 * width) > tail


def test_the_samples_may_change_places():
    one, other = independent_difference(7, 20, 3, 31), independent_difference(3, 31, 7, 20)
    assert (one.low, one.high, one.value) == (-other.high, -other.low, -other.value)
    assert one.trials == 51


def test_extreme_counts():
    none = independent_difference(0, 5, 0, 9)
    assert none.low < none.value == 0.0 < none.high
    assert independent_difference(0, 10, 10, 10).low == -1.0
    assert independent_difference(12, 12, 0, 12).high == 1.0
    many = independent_difference(300, 1000, 250, 1000)
    # with many trials it is close to that of the normal distribution
    half = 1.96 * np.sqrt(0.3 * 0.7 / 1000 + 0.25 * 0.75 / 1000)
    assert half < many.high - 0.05 < 1.1 * half


@pytest.mark.parametrize(("counts", "message"), [((3, 2, 1, 4), "must not exceed"), ((1, 2, 0, 0), "trials")])
def test_impossible_counts_are_refused(counts, message):
    with pytest.raises(InputError, match=message):
        independent_difference(*counts)
