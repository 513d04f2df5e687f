"""Statistics of scores of runs, against fractions, enumeration, SciPy and simulated coverage."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from nashscape.core import (
    InputError,
    area_under_curve,
    clopper_pearson,
    interquartile_mean,
    optimality_gap,
    performance_profile,
    probability_of_improvement,
    stratified_mean,
)


def in_fractions(scores):
    """The interquartile mean, entry by entry, in fractions."""
    ordered, n = sorted(map(Fraction, scores)), len(scores)
    first, last = Fraction(n, 4), Fraction(3 * n, 4)
    inside = [max(Fraction(0), min(Fraction(k + 1), last) - max(Fraction(k), first)) for k in range(n)]
    return sum(w * x for w, x in zip(inside, ordered, strict=True)) / sum(inside)


@pytest.mark.parametrize(
    ("scores", "value"),
    [
        ((0, 0, 9), Fraction(3, 2)),
        ((0, 1, 2, 6, 20), Fraction(29, 10)),
        ((0, 0, 0, 0, 1, 1, 8), Fraction(5, 14)),
        ((1, 2, 3, 4), Fraction(5, 2)),
        ((0, 1, 2, 3, 4, 5, 6, 7), Fraction(7, 2)),
        ((7,), Fraction(7)),
        ((1, 4), Fraction(5, 2)),
    ],
)
def test_parts_of_scores_count_where_a_quartile_cuts_them(scores, value):
    assert in_fractions(scores) == value
    assert interquartile_mean(scores).value == pytest.approx(float(value), abs=1e-14)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 7, 8, 13])
def test_the_interquartile_mean_keeps_what_changes_nothing(n):
    random = np.random.default_rng(n)
    scores = random.exponential(size=n)
    found = interquartile_mean(scores).value
    assert found == pytest.approx(float(in_fractions(scores.tolist())), abs=1e-13)
    assert interquartile_mean(np.repeat(scores, 4)).value == pytest.approx(found, abs=1e-13)
    assert interquartile_mean(random.permutation(scores)).value == pytest.approx(found, abs=1e-13)
    assert interquartile_mean(3 * scores - 7).value == pytest.approx(3 * found - 7, abs=1e-12)
    if n % 4 == 0:
        assert found == pytest.approx(stats.trim_mean(scores, 0.25), abs=1e-13)


TABLE = [[0, 10], [0, 10], [0, 10], [1, 20]]


def test_tasks_are_pooled_and_counted():
    found = interquartile_mean(TABLE)
    assert (found.value, found.trials) == (5.25, 8)
    assert found.method == "expanded bootstrap, approximate"
    assert interquartile_mean(np.arange(10.0)).method == "expanded bootstrap"


def all_resamples(table, shared):
    """Every resample there is, each as likely as any other."""
    runs, tasks = table.shape
    rows = [list(itertools.product(range(runs), repeat=runs))] * (1 if shared else tasks)
    for drawn in itertools.product(*rows):
        columns = drawn * tasks if shared else drawn
        yield [table[k, j] for j, column in enumerate(columns) for k in column]


@pytest.mark.parametrize("shared", [False, True])
def test_the_bootstrap_draws_runs_within_tasks_or_whole_rows(shared):
    table = np.array([[0.0, 10.0], [1.0, 11.5], [4.0, 20.0]])
    every = np.sort([float(in_fractions(own)) for own in all_resamples(table, shared)])
    found = interquartile_mean(table, 0.8, interval="percentile", shared_runs=shared, resamples=40_000)
    # ends may be a neighbour of the quantile among the few values that there are
    for end, share in ((found.low, 0.1), (found.high, 0.9)):
        below, through = np.mean(every < end - 1e-9), np.mean(every <= end + 1e-9)
        assert below - 0.01 <= share <= through + 0.01


def test_whole_rows_that_hang_together_are_known_less_well():
    random = np.random.default_rng(0)
    table = random.normal(size=(20, 1)) + np.array([0.0, 0.1, 0.2, 0.3])
    own, shared = (interquartile_mean(table, shared_runs=kind) for kind in (False, True))
    assert shared.high - shared.low > 1.5 * (own.high - own.low)


def test_the_interval_is_the_same_for_the_same_seed_and_wider_than_percentiles():
    scores = np.random.default_rng(3).exponential(size=7)
    wide, narrow = (interquartile_mean(scores, interval=kind) for kind in ("expanded", "percentile"))
    assert wide == interquartile_mean(scores)
    assert wide != interquartile_mean(scores, seed=1)
    assert wide.low < narrow.low
    assert narrow.high < wide.high
    single = interquartile_mean([3.0])
    assert (single.low, single.high) == (-np.inf, np.inf)


# made by rliable 1.2.0, stratified bootstrap of 20,000, seed 1, of the scores that `of_rliable` makes
RLIABLE = {
    "iqm": (0.63676871, 0.5744545, 0.69807546),
    "improvement": 0.69618056,
    "profile": (1.0, 0.70833333, 0.26388889),
    "gap": 0.37052618,
}


def of_rliable():
    random = np.random.default_rng(5)
    return random.beta(2.0, 1.3, size=(12, 6)), random.beta(1.5, 1.6, size=(16, 6))


def test_it_agrees_with_rliable_where_four_divides_the_number_of_scores():
    x, y = of_rliable()
    found = interquartile_mean(x, interval="percentile", resamples=20_000)
    value, low, high = RLIABLE["iqm"]
    assert found.value == pytest.approx(value, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.004)
    assert probability_of_improvement(x, y).value == pytest.approx(RLIABLE["improvement"], abs=1e-6)
    assert performance_profile(x, [0.2, 0.5, 0.8]).share == pytest.approx(RLIABLE["profile"], abs=1e-6)
    assert optimality_gap(x, 1.0).value == pytest.approx(RLIABLE["gap"], abs=1e-6)


def test_ties_count_half_and_the_direction_is_kept():
    x, y = (1, 1, 0, 0, 1), (1, 0, 0, 0, 1)
    one, other = probability_of_improvement(x, y), probability_of_improvement(y, x)
    assert (one.value, other.value) == pytest.approx((0.6, 0.4), abs=1e-15)
    assert (other.low, other.high) == pytest.approx((1 - one.high, 1 - one.low))
    assert one == area_under_curve(x, y)
    assert one.value == pytest.approx(stats.mannwhitneyu(x, y).statistic / 25, abs=1e-15)
    assert probability_of_improvement(x, x).value == 0.5
    alike = probability_of_improvement([2.0] * 5, [2.0] * 4)
    assert alike.value == 0.5
    assert alike.low < 0.2
    assert alike.high > 0.8


@pytest.mark.parametrize("shared", [False, True])
def test_of_several_tasks_it_is_the_mean_and_scales_need_not_agree(shared):
    random = np.random.default_rng(7)
    x, y = np.round(random.normal(0.6, 1.5, (6, 3))), np.round(random.normal(size=(9, 3)))
    every = [np.mean([(a > b) + (a == b) / 2 for a in x[:, k] for b in y[:, k]]) for k in range(3)]
    found = probability_of_improvement(x, y, shared_runs=shared)
    assert found.value == pytest.approx(np.mean(every), abs=1e-14)
    assert probability_of_improvement(y, x, shared_runs=shared).value == pytest.approx(1 - found.value, abs=1e-15)
    scale = np.array([1.0, 100.0, 1e-3])
    again = probability_of_improvement(np.exp(x) * scale, np.exp(y) * scale, shared_runs=shared)
    assert again == found
    assert found.trials == 45


def test_the_interval_of_several_tasks_is_that_of_the_sum_of_their_variances():
    random = np.random.default_rng(2)
    x, y = random.normal(0.4, 1.0, (14, 2)), random.normal(size=(25, 2))
    # rows that hang together, so that their size is below that of single runs
    x[:, 1], y[:, 1] = x[:, 0] + 0.3 * x[:, 1], y[:, 0] + 0.3 * y[:, 1]
    kernel = (x[:, None] > y[None, :]).astype(float)
    for shared in (False, True):
        own = kernel.mean(axis=2, keepdims=True) if shared else kernel
        tasks = own.shape[2]
        parts = [own.mean(axis=1).var(axis=0, ddof=1) / 14, own.mean(axis=0).var(axis=0, ddof=1) / 25]
        variance = sum(part.sum() for part in parts) / tasks**2
        squares = sum((part**2).sum() / d for part, d in zip(parts, (13, 24), strict=True)) / tasks**4
        found = probability_of_improvement(x, y, shared_runs=shared)
        t, p = stats.t.ppf(0.975, variance**2 / squares), found.value
        for end in (found.low, found.high):
            spread = np.sqrt(variance * end * (1 - end) / (p * (1 - p)))
            assert abs(p - end) == pytest.approx(t * spread, rel=1e-9)


def test_a_profile_is_the_share_above_with_exact_intervals():
    table = np.array([[0.2, 0.5], [0.5, 0.9], [0.7, 0.1]])
    found = performance_profile(table, [0.1, 0.5, 0.9], level=0.9)
    assert found.share == pytest.approx([5 / 6, 2 / 6, 0.0])
    for k, count in enumerate((5, 2, 0)):
        one = clopper_pearson(count, 6, 0.9)
        assert (found.low[k], found.high[k]) == (one.low, one.high)
    # each of two tasks is held at 95 %
    half = stats.kstwo.ppf(0.95, 3)
    assert found.band_high == pytest.approx(np.minimum(found.share + half, 1))
    shared = performance_profile(table, [0.1, 0.5, 0.9], level=0.9, shared_runs=True)
    assert "betting" in shared.method
    assert (shared.low <= shared.share).all()
    assert (shared.share <= shared.high).all()


@pytest.mark.long
def test_the_band_holds_the_whole_curve():
    random, tau = np.random.default_rng(4), np.linspace(-2, 3, 11)
    truth = (stats.norm.sf(tau) + stats.norm.sf(tau, 1.0, 0.3)) / 2
    held, points = [], []
    for _ in range(120):
        shared = random.normal(size=(9, 1)) * np.array([[1.0, 0.3]]) + np.array([[0.0, 1.0]])
        found = performance_profile(shared, tau, level=0.8, shared_runs=True)
        held.append(((found.band_low <= truth + 1e-12) & (truth <= found.band_high + 1e-12)).all())
        points.append((found.low[5] <= truth[5]) & (truth[5] <= found.high[5]))
    assert np.mean(held) > 0.8
    assert np.mean(points) > 0.8
    assert not (performance_profile([1.0, 2.0], [0.0, 3.0]).band_low > 0.99).any()


def test_what_is_above_the_optimum_does_not_make_up():
    assert optimality_gap([0.5, 1.0, 1.5, 0.7], 1.0).value == pytest.approx(0.2)
    table = np.array([[0.1, 2.0], [0.6, 0.4], [0.9, 0.8]])
    short = np.array([[0.9, 0.0], [0.4, 0.6], [0.1, 0.2]])
    assert optimality_gap(table, 1.0).value == pytest.approx(short.mean())
    assert optimality_gap(table, 1.0) == stratified_mean(short)
    shared, rows = optimality_gap(table, 1.0, shared_runs=True), stratified_mean(short.mean(axis=1, keepdims=True))
    assert (shared.low, shared.high) == pytest.approx((rows.low, rows.high))


LAWS = {
    "normal": lambda r, size, d: r.normal(d, 1.0, size),
    "two peaks": lambda r, size, d: (r.random(size) < 0.3 + 0.15 * d) + 0.1 * r.normal(size=size),
    "two values": lambda r, size, d: (r.random(size) < 0.3 + 0.15 * d).astype(float),
    "skewed": lambda r, size, d: r.exponential(size=size) + d / 2,
}


@pytest.mark.long
@pytest.mark.parametrize("kind", LAWS)
@pytest.mark.parametrize("n", [5, 10, 25])
@pytest.mark.parametrize("shift", [0.0, 1.0, 2.5])
def test_the_improvement_is_covered(kind, n, shift):
    random, draw = np.random.default_rng(n), LAWS[kind]
    truth = probability_of_improvement(draw(random, 20_000, shift), draw(random, 20_000, 0)).value
    made = [probability_of_improvement(draw(random, n, shift), draw(random, n, 0)) for _ in range(800)]
    assert np.mean([one.contains(truth) for one in made]) > 0.925


@pytest.mark.long
@pytest.mark.parametrize("kind", ["normal", "two peaks", "skewed"])
@pytest.mark.parametrize(("runs", "least"), [(5, 0.89), (10, 0.925), (25, 0.925)])
def test_the_interquartile_mean_is_covered(kind, runs, least):
    random, draw = np.random.default_rng(runs), LAWS[kind]
    truth = interquartile_mean(draw(random, 400_000, 2.0), resamples=2).value
    made = [interquartile_mean(draw(random, runs, 2.0), resamples=1000, seed=k) for k in range(500)]
    assert np.mean([one.contains(truth) for one in made]) > least


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: interquartile_mean([]), "for every run"),
        (lambda: interquartile_mean([[[1.0]]]), "for every run in every task"),
        (lambda: interquartile_mean([1.0, np.nan]), "finite"),
        (lambda: interquartile_mean([1.0, 2.0], interval="exact"), "interval"),
        (lambda: interquartile_mean([1.0, 2.0], level=1.0), "level"),
        (lambda: probability_of_improvement([[1.0, 2.0]], [1.0]), "same tasks; got 2 and 1"),
        (lambda: probability_of_improvement([np.nan], [1.0]), "none of them NaN"),
        (lambda: performance_profile([1.0], [1.0, 1.0]), "must rise"),
        (lambda: performance_profile([1.0], []), "one at least"),
        (lambda: optimality_gap([1.0], np.inf), "optimum"),
    ],
)
def test_what_are_no_scores_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
