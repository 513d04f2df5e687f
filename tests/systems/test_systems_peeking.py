"""How often an edge is settled wrongly by looking again and again: by all outcomes, and by runs."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import beta, binomtest

from nashscape.ranking.spending import OPEN, SECOND_BETTER, bernoulli, spend
from nashscape.systems.incomplete_information_ranking.peeking import at_our_looks, every_round, settled

ROUNDS = 5


def interval(wins, count, error):
    """Clopper and Pearson's, as quantiles of SciPy's beta law."""
    low = np.where(wins == 0, 0.0, beta.ppf(error / 2, wins, count - wins + 1))
    high = np.where(wins == count, 1.0, beta.ppf(1 - error / 2, wins + 1, count - wins))
    return low, high


def outcome(first, second, errors):
    """Who is settled to be better, 0 or 1, by these results of all rounds; None if nobody is."""
    for n, error in enumerate(errors, start=1):
        if not error:
            continue
        one, two = interval(sum(first[:n]), n, error), interval(sum(second[:n]), n, error)
        if one[0] > two[1]:
            return 0
        if two[0] > one[1]:
            return 1
    return None


@pytest.mark.parametrize("errors", [[0.6] * ROUNDS, [0, 0.9, 0, 0.4, 0.7]])
def test_chances_are_those_of_all_outcomes(errors):
    chances, found = (0.7, 0.45), {0: 0.0, 1: 0.0, None: 0.0}
    for first, second in product(product((0, 1), repeat=ROUNDS), repeat=2):
        wins = sum(first), sum(second)
        weight = np.prod([p**k * (1 - p) ** (ROUNDS - k) for p, k in zip(chances, wins, strict=True)])
        found[outcome(first, second, errors)] += weight
    ours = settled(*chances, np.array(errors))
    assert ours[:3] == pytest.approx((found[1], found[0], found[None]), abs=1e-12)
    assert min(found.values()) > 0.001


def test_chances_are_those_of_runs_with_a_look_after_every_round():
    runs, rounds = 2000, 300
    wins = (np.random.default_rng(0).random((2, runs, rounds)) < np.array([0.51, 0.5])[:, None, None]).cumsum(2)
    ends = [interval(np.arange(n + 1), n, 0.3) for n in range(1, rounds + 1)]
    low, high = (np.stack([ends[n][end][wins[:, :, n]] for n in range(rounds)], axis=2) for end in (0, 1))
    first = [np.where(apart.any(1), apart.argmax(1), rounds) for apart in (low[1] > high[0], low[0] > high[1])]
    exact = settled(0.51, 0.5, every_round(0.3, rounds))
    assert exact.lost < 1e-6
    for mine, other, chance in ((first[0], first[1], exact.wrong), (first[1], first[0], exact.right)):
        assert binomtest(int((mine < other).sum()), runs, chance).pvalue > 1e-3


def test_chances_with_our_looks_are_those_of_the_graphs_that_are_learned():
    runs, rounds, level = 20_000, 200, 0.1  # a level at which mistakes are made at all
    means = np.broadcast_to(np.array([[0.55], [0.5]]), (runs, 2, 1))
    spent = spend(bernoulli(means, np.random.default_rng(1)), runs, (2,), scheme="every", bound="clopper-pearson",
                  level=level, tolerance=0.0, most=2 * rounds, random=np.random.default_rng(2))  # fmt: skip
    # there a look at the one comes before one at the other, so that an edge may be settled in between, seldom
    exact = settled(0.55, 0.5, at_our_looks(level, rounds))
    for told, chance in ((SECOND_BETTER, exact.wrong), (OPEN, exact.open)):
        share = binomtest(int((spent.known == told).sum()), runs).proportion_ci(0.999)
        assert share.low - 0.001 < chance < share.high + 0.001
    assert exact.wrong > 0.005


def test_one_interval_at_every_look_errs_as_told_and_ours_keep_to_their_level():
    error, rounds = 0.3, 2000
    peeked = settled(0.51, 0.5, every_round(error, rounds))
    assert peeked.wrong == pytest.approx(0.295, abs=0.005)
    alike = settled(0.5, 0.5, every_round(error, 300))
    assert alike.wrong == pytest.approx(alike.right)
    assert 1 - alike.open > 1.9 * error
    for larger in (0.5, 0.51):
        ours = settled(larger, 0.5, at_our_looks(1 - error, rounds))
        assert ours.wrong + ours.lost < error / 100
