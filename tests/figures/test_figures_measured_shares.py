"""Shares beside a promise or a price: simulated bounds and combinations, against the numbers of the results."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from nashscape import InputError, Status, cheapest_combination, figures, games
from nashscape.core import clopper_pearson, record, wilson
from nashscape.figures import combination_figure, draw, simulated_bound_figure
from nashscape.figures.combinations import MARKS
from nashscape.figures.simulated_bounds import FAILURE, SUCCESS
from nashscape.selection.maps.probable_coverages import SimulatedBound
from nashscape.selection.steering.combinations import Combination


def legend(owner):
    return [text.get_text() for text in owner.get_texts()]


def inside(figure):
    """Whether all lies on the page, and legends and title off the panels."""
    figures.to_png_bytes(figure)
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    on_page = box.x0 > -0.02 and box.y0 > -0.02 and box.x1 < page[0] + 0.02 and box.y1 < page[1] + 0.02
    others = [one.get_window_extent() for one in (*figure.legends, figure._suptitle)]
    return on_page and not any(own.overlaps(axes.get_tightbbox()) for own in others for axes in figure.axes)


# --- simulated bounds -----------------------------------------------------------------------------------


def simulated(failures=3, n=60, d=2, promised=0.9, coordinates="strategies"):
    starts = np.random.default_rng(0).uniform(0.2, 0.6, size=(n, d))
    success = np.arange(n) >= failures
    return SimulatedBound(
        "CC", starts, coordinates, success, np.where(success, 5, -1).astype(np.int32), promised, 0.95,
        Status.COMPLETE, record("test", {"actions": games.stag_hunt().actions}),
    )  # fmt: skip


def test_starts_are_drawn_by_whether_they_succeeded():
    found = simulated()
    figure = found.plot()
    plane, share = figure.axes
    good, bad = plane.lines
    np.testing.assert_array_equal(good.get_xydata(), found.starts[found.success])
    np.testing.assert_array_equal(bad.get_xydata(), found.starts[~found.success])
    assert (good.get_color(), good.get_marker()) == (SUCCESS, "o")
    assert (bad.get_color(), bad.get_marker()) == (FAILURE, "x")
    assert legend(plane.get_legend()) == ["succeeded: 57", "failed: 3"]
    assert plane.get_xlabel() == "P(C) of player 1 at the start"
    assert draw(simulated(coordinates="parameters")).axes[0].get_ylabel() == "parameter 2 at the start"
    interval, point, promise = share.lines[:3]
    exact = clopper_pearson(57, 60, 0.9)
    assert interval.get_ydata() == pytest.approx([exact.low, exact.high])
    assert point.get_ydata() == pytest.approx([57 / 60])
    assert promise.get_ydata() == [0.9, 0.9]
    assert [text.get_text() for text in share.texts] == [f"at least {exact.low:.4f}", "0.9500", "certified 0.9"]
    assert [tick.get_text() for tick in share.get_xticklabels()] == ["57 of\n60 runs"]
    assert share.get_ylabel() == "share of runs in a trap of CC"
    assert figure.get_suptitle().splitlines() == [
        f"CC: simulated at least {exact.low:.4f}, to 95 % confidence", "does not contradict the certified 0.9",
    ]  # fmt: skip
    assert inside(figure)


@pytest.mark.parametrize(("failures", "promised"), [(0, 0.95), (60, None), (30, 0.95), (0, None)])
def test_the_share_panel_shows_all_there_is_and_no_share_beyond_one(failures, promised):
    found = simulated(failures, promised=promised)
    figure = simulated_bound_figure(found)
    share = figure.axes[1]
    low, high = share.get_ylim()
    assert all(low < end < high for end in (found.simulated.low, found.simulated.high, promised or 0.5 * (low + high)))
    assert all(0.0 <= tick <= 1.0 for tick in share.get_yticks())
    said = figure.get_suptitle().splitlines()[1]
    assert found.contradicts == (failures == 30)
    expected = "nothing is certified of all of these starts"
    if promised is not None:
        expected = f"{'CONTRADICTS' if failures == 30 else 'does not contradict'} the certified 0.95"
    assert said == expected
    assert inside(figure)


def test_other_numbers_of_coordinates_have_the_share_alone():
    for d in (1, 3):
        figure = draw(simulated(d=d))
        (axes,) = figure.axes
        assert axes.get_ylabel() == "share of runs in a trap of CC"
        assert inside(figure)
    assert simulated_bound_figure(simulated(), title="mine").get_suptitle() == "mine"
    with pytest.raises(InputError, match="expected a SimulatedBound"):
        simulated_bound_figure(0.95)


# --- combinations ---------------------------------------------------------------------------------------


def combined(verdicts, costs, successes, unsettled=None, movable=None, status=Status.COMPLETE):
    k = len(costs)
    tried = np.stack([np.arange(k), np.full(k, 10.0)], axis=1)
    return Combination(
        "stag_hunt", "lola", ("peer", "warm_up"), "CC", 0.5, tried, np.array(costs, np.float64),
        tuple(wilson(own, 100) for own in successes), np.full(k, 100), np.array(unsettled or [0] * k),
        np.array(movable or [False] * k), tuple(verdicts), 9, status, record("test", {}),
    )  # fmt: skip


def drawn(axes, marker):
    return {(float(x), float(y)) for line in axes.lines if line.get_marker() == marker for x, y in line.get_xydata()}


def test_shares_lie_at_their_costs_with_their_intervals_and_verdicts():
    found = combined([False, None, True], [0, 1, 3], [20, 48, 80], status=Status.UNDECIDED)
    figure = found.plot()
    (axes,) = figure.axes
    for k, verdict in enumerate(found.verdicts):
        colour, marker, _ = MARKS[verdict]
        points = [line for line in axes.lines if line.get_marker() == marker and line.get_color() == colour]
        assert [line.get_xydata().tolist() for line in points] == [[[found.costs[k], found.shares[k].value]]]
        bars = [line for line in axes.lines if line.get_color() == colour and line.get_linewidth() > 3]
        assert list(bars[0].get_ydata()) == [found.shares[k].low, found.shares[k].high]
    wanted = axes.lines[0]
    assert wanted.get_ydata() == [0.5, 0.5]
    (ring,) = [line for line in axes.lines if line.get_markersize() > 12]
    assert ring.get_xydata().tolist() == [[3.0, 0.8]]
    (name,) = axes.texts
    assert name.get_text() == "cost 3\npeer = 2\nwarm_up = 10"
    assert name.xy == (3.0, 0.8)
    assert legend(figure.legends[0]) == [
        "wanted: 0.5", "reaches it: 1", "does not: 1", "left open: 1", "95 % interval",
    ]  # fmt: skip
    assert figure.get_suptitle().splitlines() == [
        "lola on stag_hunt, 3 of 9 combinations tried", "CC at least 0.5 at cost 3: peer = 2, warm_up = 10 (undecided)",
    ]  # fmt: skip
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("cost, in the units of the prices", "share that reaches CC")
    assert inside(figure)


def test_whiskers_reach_to_what_unsettled_runs_could_add():
    found = combined(
        [False] * 3, [0, 1, 2], [20, 30, 40], [10, 40, 0], [False, True, False], status=Status.UNRESOLVED
    )  # fmt: skip
    figure = draw(found)
    (axes,) = figure.axes
    assert list(drawn(axes, "_")) == [(0.0, pytest.approx(0.3))]
    assert list(drawn(axes, "^")) == [(1.0, pytest.approx(0.7))]
    whiskers = [line.get_ydata() for line in axes.lines if line.get_linewidth() == 1.0 and len(line.get_xdata()) == 2]
    assert whiskers == [pytest.approx([0.2, 0.3]), pytest.approx([0.3, 0.7])]
    assert legend(figure.legends[0])[-2:] == ["could rise by unsettled runs", "could rise enough"]
    assert figure.get_suptitle().endswith("CC at least 0.5: reached by none of them (unresolved)")
    assert not axes.texts
    assert inside(figure)


def test_combinations_of_one_cost_stand_beside_each_other():
    found = combined([False] * 4 + [True], [0, 1, 1, 1, 2], [1, 2, 3, 4, 99])
    figure = draw(found)
    (axes,) = figure.axes
    places = sorted(x for x, _ in drawn(axes, "X"))
    np.testing.assert_allclose(places, [0.0, 0.9, 1.0, 1.1])
    assert inside(figure)
    (alone,) = draw(combined([True], [0], [60])).axes
    assert drawn(alone, "o") == {(0.0, 0.6)}


def test_real_combinations_know_their_runs():
    found = cheapest_combination(games.stag_hunt(), {"peer": [0, 2.4]}, {"peer": 1}, "CC", 0.5, grid=11, steps=20)
    assert found.trials.tolist() == [121, 121]
    figure = combination_figure(found, title="mine")
    assert figure.get_suptitle() == "mine"
    tops = {y for _, y in drawn(figure.axes[0], "^")}
    expected = [one.value + own / 121 for one, own in zip(found.shares, found.unsettled, strict=True)]
    assert sorted(tops) == pytest.approx(sorted(np.array(expected)[found.movable]))
    assert "bracket by cells at the boundary" in legend(figure.legends[0])
    assert {to_hex(line.get_color()).upper() for line in figure.axes[0].lines} >= {MARKS[False][0]}
    more = replace(found, unsettled=np.array([0, 0]), movable=np.array([False, False]))
    assert not drawn(draw(more).axes[0], "^")
    with pytest.raises(InputError, match="expected a Combination"):
        combination_figure([found])
