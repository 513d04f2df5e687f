"""Comparisons of runs that share nothing: by their counts, never silently, and only of one question."""

import numpy as np
import pytest
from scipy.stats import fisher_exact

import nashscape as ns
from nashscape.core import InputError
from nashscape.core.statistics.independent_differences import independent_difference

HUNT = ns.games.stag_hunt()
HOW = {"steps": 60, "targets": ["CC", "DD"]}


@pytest.fixture(scope="module")
def rule():
    return ns.entry_probability(HUNT, ns.meta_mapg(), n=60, seed=1, level=0.9, **HOW)


@pytest.fixture(scope="module")
def base():
    return ns.entry_probability(HUNT, ns.pg(), n=90, seed=2, level=0.9, **HOW)


def test_it_is_that_of_the_counts(rule, base):
    found = ns.compare(rule, base, independent=True)
    x, y = int(rule.reached("CC").sum()), int(base.reached("CC").sum())
    assert 0 < x < 60
    assert found.share.value == x / 60
    assert found.baseline_share.value == y / 90
    assert found.difference == independent_difference(x, 60, y, 90, 0.9)
    assert found.p_value == pytest.approx(fisher_exact([[x, 60 - x], [y, 90 - y]]).pvalue)
    assert "independent" in found.method
    assert "independent" in found.difference.method
    assert (found.rule, found.baseline, found.outcome) == ("meta_mapg", "pg", "CC")
    asked = [found.question[name] for name in ("seed", "runs", "baseline_seed", "baseline_runs")]
    assert asked == [1, 60, 2, 90]
    back = ns.compare(base, rule, "DD", independent=True)
    z = int(base.reached("DD").sum()), int(rule.reached("DD").sum())
    assert back.difference.value == pytest.approx(z[0] / 90 - z[1] / 60)


def test_a_picture_has_both_shares_and_the_difference(rule, base):
    found = ns.compare(rule, base, independent=True)
    shares, differences = ns.figures.draw({"one": found, "two": found}).axes
    ends = [line.get_xdata() for line in shares.get_lines() if len(line.get_xdata()) == 2]
    np.testing.assert_array_equal(ends[:2], [[e.low, e.high] for e in (found.share, found.baseline_share)])
    assert len(ends) == 4
    np.testing.assert_array_equal(differences.get_lines()[0].get_xdata(), [found.difference.low, found.difference.high])
    assert f"Fisher p = {found.p_value:.2g}" == differences.texts[0].get_text()


def entry(rule=None, game=HUNT, **options):
    return ns.entry_probability(game, rule or ns.pg(), **{"n": 60, "seed": 1, **HOW, **options})


POINTS = ns.starts.strategies([[0.9, 0.9], [0.8, 0.9], [0.1, 0.2]])
GIVEN = {"starts": POINTS, "estimator": ns.sampled(16)}


@pytest.mark.long
@pytest.mark.parametrize(
    ("pair", "options", "message"),
    [
        (lambda: (entry(seed=1), entry(seed=3)), {}, "seed differ.*independent=True"),
        (lambda: (entry(seed=1), entry(n=50)), {}, "runs differ.*independent=True"),
        (lambda: (entry(ns.meta_mapg()), entry()), {"independent": True}, "have seed 1 and share starts"),
        (lambda: (entry(ns.meta_mapg()), entry(n=50)), {"independent": True}, "have seed 1 and share starts"),
        (lambda: (entry(), entry(seed=3, steps=50)), {"independent": True}, "steps differ; only rule, seed"),
        (
            lambda: (entry(), entry(seed=3, starts=ns.starts.normal(std=1.0))),
            {"independent": True},
            "starts.* differ; only rule, seed",
        ),
        (
            lambda: [entry(starts=POINTS, n=3, seed=s) for s in (1, 2)],
            {"independent": True},
            "nothing to chance",
        ),
        (
            lambda: [entry(n=n, seed=n, **GIVEN) for n in (2, 3)],
            {"independent": True},
            "more runs are of other starts",
        ),
        (
            lambda: [ns.basin_map(HUNT, ns.pg(), grid=3, steps=5, seed=s, estimator=ns.sampled(8)) for s in (1, 2)],
            {"independent": True},
            "maps have the same cells",
        ),
    ],
)
def test_what_is_not_independent_or_not_alike_is_refused(pair, options, message):
    with pytest.raises(InputError, match=message):
        ns.compare(*pair(), **options)


def test_without_saying_so_nothing_is_compared_independently(rule, base):
    with pytest.raises(InputError, match=r"not run alike: .*runs.*seed"):
        ns.compare(rule, base)
    other = entry(seed=3, steps=50)
    with pytest.raises(InputError) as refused:
        ns.compare(entry(), other)
    assert "independent=True" not in str(refused.value)


@pytest.mark.long
def test_the_difference_is_covered_over_seeds():
    truth = [entry(rule, n=40_000, seed=99).probability("CC").value for rule in (ns.meta_mapg(), ns.pg())]
    inside = [
        ns.compare(entry(ns.meta_mapg(), seed=2 * k), entry(seed=2 * k + 1), independent=True).difference.contains(
            truth[0] - truth[1]
        )
        for k in range(100, 200)
    ]
    assert np.mean(inside) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 100)
