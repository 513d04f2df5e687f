"""Predictors of what a start gains: against the pairs written out, SciPy, and what cannot be told."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import nashscape as ns
from nashscape.core import InputError, Outcome, Status, target_code
from nashscape.core.statistics.rank_statistics import area_under_curve, rank_correlation
from nashscape.selection import predictor

GAME = ns.games.dense(
    [[[4.0, 0.0, 1.0], [3.0, 2.5, 0.5]], [[3.0, 2.0, 0.0], [0.5, 2.0, 1.0]]], actions=[["A", "B"], ["A", "B", "C"]]
)


@pytest.fixture(scope="module")
def entries():
    along = [ns.reducers.cumulative_alignment("AA", until=4), ns.reducers.welfare("end"), ns.reducers.last_profile()]
    rules = [ns.pg(), ns.meta_mapg(peer=5.0)]
    return ns.entry_probability(GAME, rules, n=160, steps=80, targets=["AA", "BB"], reducers=along)


def pair_of(entries):
    return entries["meta_mapg"], entries["pg"]


def labelled(entry, reached):
    """The same runs with other labels."""
    labels = np.where(reached, target_code(0), int(Outcome.OTHER_EQUILIBRIUM)).astype(np.int8)
    return replace(entry, labels=labels)


@pytest.mark.long
@pytest.mark.parametrize("among", ["all", "missed"])
def test_it_is_the_order_of_gained_starts_and_others(entries, among):
    rule, base = pair_of(entries)
    found = predictor(rule, base, "cumulative_alignment", among=among)
    reached, before = rule.labels == target_code(0), base.labels == target_code(0)
    counts = np.ones(160, bool) if among == "all" else ~before
    x, gained = rule.reduced["cumulative_alignment"][counts], (reached & ~before)[counts]
    np.testing.assert_array_equal(found.values, x)
    np.testing.assert_array_equal(found.gained, gained)
    assert 5 < gained.sum() < gained.size - 5
    wins = [(a > b) + (a == b) / 2 for a in x[gained] for b in x[~gained]]
    assert found.auc.value == pytest.approx(np.mean(wins), abs=1e-14)
    assert found.auc == area_under_curve(x[gained], x[~gained])
    net = reached[counts].astype(float) - before[counts]
    assert found.spearman.value == pytest.approx(stats.spearmanr(x, net).statistic, abs=1e-12)
    assert (found.rule, found.baseline, found.outcome, found.among) == ("meta_mapg", "pg", "AA", among)
    assert {"delong", "bonett_wright"} <= {source.key for source in found.provenance.sources}
    assert (found.question.kind, found.question["by"]) == ("predictor", "cumulative_alignment")
    false, true = found.roc()
    assert np.trapezoid(true, false) == pytest.approx(found.auc.value, abs=1e-14)


@pytest.mark.long
def test_the_gain_may_be_a_quantity(entries):
    rule, base = pair_of(entries)
    random = np.random.default_rng(0).normal(size=160)
    found = predictor(rule, base, random, gain="end_welfare", level=0.8)
    wanted = rule.reduced["end_welfare"].astype(float) - base.reduced["end_welfare"]
    assert found.spearman == rank_correlation(random, wanted, 0.8)
    assert found.auc.level == 0.8
    np.testing.assert_array_equal(found.change, wanted)


def test_several_have_the_names_that_they_were_given(entries):
    rule, base = pair_of(entries)
    both = {"early": rule.reduced["cumulative_alignment"], "minus": -rule.reduced["cumulative_alignment"]}
    found = predictor(rule, base, both)
    assert [one.by for one in found.values()] == list(found) == ["early", "minus"]
    assert found["early"].question.differs(found["minus"].question) == ("by", "values")
    assert found["minus"].auc.value == pytest.approx(1 - found["early"].auc.value)
    assert found["minus"].spearman.value == pytest.approx(-found["early"].spearman.value)


def test_starts_without_a_value_are_left_out_and_counted(entries):
    rule, base = pair_of(entries)
    values = rule.reduced["cumulative_alignment"].astype(float)
    some = np.where(np.arange(160) % 4 == 0, np.nan, values)
    found = predictor(rule, base, some)
    assert (found.left_out, len(found.values)) == (40, 120)
    gained = rule.reached("AA") & ~base.reached("AA")
    kept = ~np.isnan(some)
    assert found.auc == area_under_curve(values[kept & gained], values[kept & ~gained])
    with pytest.raises(InputError, match="none of them has a value"):
        predictor(rule, base, np.full(160, np.nan))


def test_where_nothing_is_gained_or_all_is_alike_there_is_no_number(entries):
    rule, base = pair_of(entries)
    values = np.arange(160.0)
    nothing = predictor(base, base, values)
    assert (nothing.auc, nothing.spearman, nothing.status) == (None, None, Status.UNDECIDED)
    assert "AUC none" in repr(nothing)
    with pytest.raises(InputError, match="0 of 160 starts are gained"):
        nothing.roc()
    every = predictor(labelled(rule, np.ones(160, bool)), labelled(base, np.zeros(160, bool)), values)
    assert (every.auc, every.spearman) == (None, None)
    # lost starts are no gained ones, and tell the net gains apart all the same
    lost = predictor(labelled(rule, np.zeros(160, bool)), labelled(base, values > 80), values)
    assert lost.auc is None
    assert lost.spearman.value < -0.8
    assert lost.status is not Status.UNDECIDED
    tied = predictor(rule, base, np.ones(160))
    assert (tied.auc.value, tied.spearman) == (0.5, None)
    assert tied.auc.low < 0.4
    assert tied.auc.high > 0.6


def test_of_a_map_without_noise_there_is_no_chance():
    game = ns.games.stag_hunt()
    maps = ns.basin_map(game, [ns.pg(), ns.meta_mapg()], grid=9)
    peer = ns.alignment(game, ns.meta_mapg(), "CC", grid=9).projections["peer"]
    found = predictor(maps["meta_mapg"], maps["pg"], peer)
    gained = (maps["meta_mapg"].reached("CC") & ~maps["pg"].reached("CC"))[0]
    assert found.auc.value == pytest.approx(
        stats.mannwhitneyu(peer[gained], peer[~gained]).statistic / (gained.sum() * (~gained).sum())
    )
    assert found.auc.level is None
    assert found.auc.low == found.auc.high == found.auc.value
    assert found.spearman.level is None


@pytest.mark.parametrize(
    ("by", "options", "message"),
    [
        ("welfare", {}, "reduced under meta_mapg"),
        ("last_profile", {}, r"one number for each of the starts, of shape \(160,\)"),
        (np.ones(3), {}, "one number for each"),
        (1.0, {}, "one number for each"),
        (np.ones(160), {"among": "lost"}, "among"),
        (np.ones(160), {"gain": "payoffs"}, "reduced under meta_mapg"),
        (np.ones(160), {"outcome": "XX"}, "XX"),
        (np.ones(160), {"level": 2.0}, "level"),
    ],
)
def test_what_does_not_fit_is_refused(entries, by, options, message):
    with pytest.raises(InputError, match=message):
        predictor(*pair_of(entries), by, **options)


def test_the_baseline_need_not_be_reduced_and_other_starts_are_refused(entries):
    bare = ns.entry_probability(GAME, ns.pg(), n=160, steps=80, targets=["AA", "BB"])
    values = entries["meta_mapg"].reduced["cumulative_alignment"]
    assert predictor(entries["meta_mapg"], bare, values).auc == predictor(*pair_of(entries), values).auc
    other = ns.entry_probability(GAME, ns.pg(), n=160, steps=80, targets=["AA", "BB"], seed=1)
    with pytest.raises(InputError, match="seed"):
        predictor(entries["meta_mapg"], other, np.ones(160))
