import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.figures.steering import explanation_figure, plan_figure, steering_figure
from nashscape.selection.explaining.answering import explain
from nashscape.selection.plans.planning import plan
from nashscape.selection.steering.finding import steer

HUNT = ns.games.stag_hunt()


def labels(axes):
    return [text.get_text() for text in axes.figure.legends[0].get_texts()]


@pytest.mark.long
def test_a_steering_figure_has_the_curve_the_bracket_and_the_price():
    found = steer(HUNT, "peer", "CC", 0.5, grid=11, scan=5, tolerance=0.5)
    figure = steering_figure(found)
    shares, prices = figure.axes
    drawn = np.concatenate([line.get_xydata() for line in shares.lines if line.get_marker() in "ox"])
    expected = np.column_stack([found.values, [one.value for one in found.shares]])
    np.testing.assert_allclose(np.array(sorted(drawn.tolist())), expected)
    assert "wanted: 0.5" in labels(shares)
    assert any(label.startswith("bracket [") for label in labels(shares))
    np.testing.assert_allclose(prices.lines[0].get_ydata(), found.prices)
    assert prices.get_xlabel() == "peer coefficient λ"


def test_without_a_bracket_there_is_none():
    found = steer(ns.games.prisoners_dilemma(), "peer", ["CC"], 0.5, grid=11, scan=3)
    assert not any("bracket" in label for label in labels(steering_figure(found).axes[0]))


@pytest.mark.long
def test_a_plan_figure_has_bounds_measurement_and_checks():
    found = plan(HUNT, ns.meta_mapg(), "CC", 0.1, n=200, runs=40)
    tails, notes = plan_figure(found).axes
    lines = {line.get_label(): line.get_ydata() for line in tails.lines}
    np.testing.assert_allclose(lines["published bound, lower bounds put in"], found.published_bound())
    np.testing.assert_allclose(lines["bound of the share measured"], found.bound())
    assert any("40 runs" in label for label in lines)
    assert tails.get_yscale() == "log"
    assert len(notes.texts) == len(found.checks)
    assert any("✗  step sizes" in text.get_text() for text in notes.texts)


@pytest.mark.long
def test_an_explanation_figure_has_a_line_for_every_term():
    found = explain(HUNT, ns.meta_mapg(), [0.5, 0.5], changes=[])
    each, summed = explanation_figure(found).axes
    assert labels(each) == list(found.pushes)
    last = {line.get_label(): line.get_ydata()[-1] for line in summed.lines}
    for name, total in found.totals.items():
        assert last[name] == pytest.approx(total)


def test_of_a_single_term_the_total_does_not_hide_it_and_the_title_names_the_start():
    found = explain(HUNT, ns.pg(), [0.4, 0.75], changes=[])
    each, summed = explanation_figure(found).axes
    assert labels(each) == ["base"]
    assert len(each.lines) == len(summed.lines) == 2
    assert each.figure.get_suptitle() == f"pg on stag_hunt from (0.4, 0.75): {found.outcome}"


@pytest.mark.parametrize("draw", [steering_figure, plan_figure, explanation_figure])
def test_other_things_are_refused(draw):
    with pytest.raises(InputError, match="expected a"):
        draw(3)
