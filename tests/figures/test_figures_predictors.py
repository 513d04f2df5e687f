"""Pictures of predictors: the curve is that of the result, tenths never part ties."""

from dataclasses import replace

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, wilson
from nashscape.figures import predictor_figure
from nashscape.selection import predictor


@pytest.fixture(scope="module")
def found():
    entries = ns.entry_probability(ns.games.stag_hunt(), [ns.pg(), ns.meta_mapg()], n=100, steps=60)
    values = np.random.default_rng(1).normal(size=100) + 2 * entries["meta_mapg"].reached("CC")
    both = {"smooth": values, "tied": np.round(values / 2)}
    return predictor(entries["meta_mapg"], entries["pg"], both)


def test_curves_are_those_of_the_results(found):
    figure = predictor_figure(found)
    curves, ranked = figure.axes
    _, smooth, tied = curves.get_lines()
    for line, one in ((smooth, found["smooth"]), (tied, found["tied"])):
        np.testing.assert_array_equal(line.get_xdata(), one.roc()[0])
        np.testing.assert_array_equal(line.get_ydata(), one.roc()[1])
        assert f"AUC {one.auc.value:.2f} [{one.auc.low:.2f}, {one.auc.high:.2f}]" in line.get_label()
    assert smooth.get_color() != tied.get_color()
    assert smooth.get_linestyle() != tied.get_linestyle()
    joined = [line for line in ranked.get_lines() if line.get_marker() in ("o", "s")]
    one = found["smooth"]
    tenths = one.gained[np.argsort(one.values)].reshape(10, 10)
    np.testing.assert_allclose(joined[0].get_ydata(), tenths.mean(axis=1))
    np.testing.assert_allclose(joined[0].get_xdata(), np.arange(0.05, 1.0, 0.1) - 0.006)
    bars = [
        line.get_ydata() for line in ranked.get_lines() if line.get_linestyle() == "-" and len(line.get_xdata()) == 2
    ]
    share = wilson(int(tenths[0].sum()), 10)
    np.testing.assert_allclose(bars[0], [share.low, share.high])
    # of every value of the tied one there is one point at most
    values, counts = np.unique(found["tied"].values, return_counts=True)
    assert len(joined[1].get_xdata()) <= len(values)
    assert joined[1].get_ydata()[0] == pytest.approx(
        found["tied"].gained[found["tied"].values <= values[np.searchsorted(np.cumsum(counts), 10)]].mean()
    )


def test_without_gained_starts_there_is_no_curve(found):
    one = replace(found["smooth"], gained=np.zeros(100, bool), auc=None)
    curves = one.plot().axes[0]
    assert len(curves.get_lines()[1].get_xdata()) == 0
    assert "no starts gained, no curve" in curves.get_lines()[1].get_label()


def test_what_does_not_belong_together_is_refused(found):
    with pytest.raises(InputError, match="one game"):
        predictor_figure({"a": found["smooth"], "b": replace(found["tied"], baseline="other")})
    with pytest.raises(InputError, match="expected a Predictor or a dict"):
        predictor_figure([found["smooth"]])
