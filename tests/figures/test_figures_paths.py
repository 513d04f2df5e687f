"""Figures of runs, flows and lines in every kind of game."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import figures, games
from nashscape.core import InputError
from nashscape.dynamics import replicator


def legend(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


@pytest.mark.long
def test_a_policy_has_a_line_for_every_state():
    two = games.markov(
        np.random.default_rng(0).normal(size=(2, 2, 2, 2)),
        np.full((2, 2, 2, 2), 0.5),
        discount=0.9,
        states=["day", "night"],
    )
    run = ns.simulate(two, ns.pg(), [[0.2, 0.9], 0.6], steps=10, targets=[])
    axes = run.plot().axes[0]
    assert legend(axes) == [f"player {i}: A in {state}" for i in (1, 2) for state in ("day", "night")]
    drawn = [line.get_ydata()[0] for line in axes.get_lines()]
    np.testing.assert_allclose(drawn, [0.2, 0.9, 0.6, 0.6])
    looks = {(line.get_color(), line.get_linestyle()) for line in axes.get_lines()}
    assert len(looks) == 4


@pytest.mark.long
def test_many_lines_are_named_as_far_as_there_is_room():
    stage = games.stag_hunt()
    run = ns.simulate(games.repeated(stage, memory=2, discount=0.9), ns.pg(), [0.5, 0.5], steps=2)
    names = legend(run.plot().axes[0])
    lines = 2 * run.strategies[0].shape[1]
    assert len(names) == figures.trajectories.MOST_NAMED + 1
    assert names[-1] == f"… and {lines - figures.trajectories.MOST_NAMED} more"


@pytest.mark.long
def test_a_point_is_a_coordinate_and_may_be_anywhere():
    run = ns.simulate(games.tandem(), ns.lola(inner_lr=0.1), [0.3, -0.4], step_size=0.1, steps=50)
    axes = run.plot().axes[0]
    assert axes.get_ylabel() == "coordinate"
    assert legend(axes) == ["player 1: x", "player 2: x"]
    low, high = axes.get_ylim()
    assert low < -0.4
    assert high > run.theta.max()


@pytest.mark.long
def test_a_flow_is_drawn_over_time_with_its_entry():
    flow = replicator(games.stag_hunt(), [0.8, 0.9], time=20.0, targets=["CC"])
    above, paid = flow.plot().axes
    assert (above.get_ylabel(), paid.get_ylabel(), paid.get_xlabel()) == ("probability", "payoff", "time")
    marks = [line.get_xdata()[0] for line in above.get_lines() if line.get_linestyle() == ":"]
    assert marks == [pytest.approx(flow.entry_time)]
    np.testing.assert_allclose(above.get_lines()[0].get_ydata(), flow.strategies[0][:, 0])


def test_a_line_shows_what_is_reached_from_where():
    found = ns.selection.along(games.stag_hunt(), ns.pg(), [0.1, 0.1], [0.9, 0.9])
    figure = found.plot()
    axes = figure.axes[0]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["CC", "DD", "switch"]
    [switch] = [line.get_xdata()[0] for line in axes.get_lines() if len(line.get_xdata())]
    assert found.crossings[0].low <= switch <= found.crossings[0].high
    assert axes.get_xlabel() == "share of the way from (0.1, 0.1) to (0.9, 0.9)"
    # each place that was run lies in the middle of the stretch of its colour
    spans = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in axes.patches]
    middles = (found.scanned[1:] + found.scanned[:-1]) / 2
    np.testing.assert_allclose([low for low, _ in spans], [0.0, *middles])
    np.testing.assert_allclose([high for _, high in spans], [*middles, 1.0])


@pytest.mark.parametrize("draw", [figures.run_figure, figures.flow_figure, figures.line_figure])
def test_anything_else_is_refused(draw):
    with pytest.raises(InputError, match="such as"):
        draw(games.stag_hunt())
