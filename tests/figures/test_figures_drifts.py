"""Proved drift: balls, corners, guaranteed approach and measured bars against the numbers of the results."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from nashscape import InputError, figures, games, lookahead, pg
from nashscape.core import Status
from nashscape.figures import draw, drift_figure
from nashscape.figures.drifts import ATTRACTS, REPELS
from nashscape.theory import drift_constants
from nashscape.theory.resting.drift_results import PROVED

HUNT = games.stag_hunt()


def inside(figure):
    """Whether all lies on the page, and the legend and title off the panels."""
    figures.to_png_bytes(figure)
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    on_page = box.x0 > -0.02 and box.y0 > -0.02 and box.x1 < page[0] + 0.02 and box.y1 < page[1] + 0.02
    others = [one.get_window_extent() for one in (*figure.legends, *([figure._suptitle] if figure._suptitle else []))]
    return on_page and not any(own.overlaps(axes.get_tightbbox()) for own in others for axes in figure.axes)


@pytest.fixture(scope="module")
def ball():
    return drift_constants(lookahead(), games.matching_pennies(), [0.0, 0.0])


@pytest.fixture(scope="module")
def corner():
    return drift_constants(pg(), HUNT, [-8.0, -8.0])


@pytest.mark.long
def test_a_ball_its_approach_and_the_measured_drifts(ball):
    figure = ball.plot()
    plane, approach, bars = figure.axes
    (circle,) = plane.patches
    np.testing.assert_allclose(circle.center, ball.theta)
    assert circle.radius == ball.radius
    assert plane.lines[-1].get_xydata().tolist() == [ball.theta.tolist()]
    t, bound = approach.lines[0].get_data()
    np.testing.assert_allclose(bound, ball.radius * np.exp(-ball.rate * t), rtol=1e-12)
    assert (t[0], t[-1]) == (0.0, pytest.approx(3 / ball.rate))
    half = approach.lines[1].get_xydata()
    np.testing.assert_allclose(half[1], [np.log(2) / ball.rate, ball.radius / 2])
    assert (approach.get_xlabel(), approach.get_ylabel()) == (
        "time t of the flow (sum of step sizes)", "distance from the point, at most",
    )  # fmt: skip
    heights = [bar.get_height() for bar in bars.patches]
    assert heights == [ball.measured_drift, ball.base_drift, ball.correction_drift]
    assert bars.lines[0].get_ydata() == [0.0, 0.0]
    assert figure.get_suptitle() == (
        f"lookahead on matching_pennies: comes to the point at rate {ball.rate:.3g}, and by steps below "
        f"{ball.step_bound:.3g}"
    )
    assert inside(figure)


def test_a_corner_has_its_sub_box_and_the_time_of_arrival(corner):
    assert corner.fixed == (-1, -1)
    figure = draw(corner)
    plane, arrival = figure.axes
    (square,) = plane.patches
    assert square.get_xy() == (-8.0, -8.0)
    assert square.get_width() == square.get_height() == corner.side
    assert [line.get_xdata()[0] for line in plane.lines[:1]] == [-8.0]
    assert plane.get_xlim()[0] < -8.0 < -8.0 + corner.side < plane.get_xlim()[1]
    assert (plane.get_xlabel(), plane.get_ylabel()) == ("logit of C, player 1", "logit of C, player 2")
    t, bound = arrival.lines[0].get_data()
    assert t.tolist() == [0.0, corner.time]
    assert bound[0] == corner.side
    assert bound[1] == pytest.approx(0.0, abs=1e-9 * corner.side)
    for arrow in plane.texts:
        # towards the corner in every parameter
        assert (np.subtract(arrow.xy, arrow.get_position()) < 0).all()
    assert len(plane.texts) == 2
    assert inside(figure)
    other = drift_constants(pg(), HUNT, [8.0, 8.0])
    (square,) = drift_figure(other).axes[0].patches
    np.testing.assert_allclose(np.array(square.get_xy()) + other.side, other.theta)


@pytest.mark.long
def test_other_dimensions_have_the_bound_of_the_distance_alone(ball, corner):
    three = replace(corner, theta=np.full(3, -8.0), fixed=(-1, -1, -1))
    (axes,) = drift_figure(three).axes
    assert axes.lines[0].get_xdata().tolist() == [0.0, corner.time]
    figure = drift_figure(replace(ball, theta=np.zeros(3), fixed=(0, 0, 0)), title="mine")
    assert [axes.get_title() for axes in figure.axes] == ["half as far by t ≈ 26.9", "drift as measured"]
    assert figure.get_suptitle() == "mine"
    assert inside(figure)


def test_where_nothing_is_proved_the_reason_is_said_and_drifts_shown(ball):
    none = replace(
        ball, verdict="none", reason="it is a saddle", status=Status.UNRESOLVED, measured_drift=-0.2, base_drift=0.125,
        correction_drift=-0.325, **dict.fromkeys(PROVED),
    )  # fmt: skip
    figure = draw(none)
    (bars,) = figure.axes
    assert [bar.get_height() for bar in bars.patches] == [-0.2, 0.125, -0.325]
    colours = [to_hex(bar.get_facecolor()).upper() for bar in bars.patches]
    assert colours == [REPELS.colour, ATTRACTS.colour, REPELS.colour]
    assert [bool(bar.get_hatch()) for bar in bars.patches] == [True, False, True]
    assert [text.get_text() for text in bars.texts] == ["−0.2", "0.125", "−0.325"]
    bottom, top = bars.get_ylim()
    assert bottom < -0.325 < 0.125 < top
    assert figure.get_suptitle().replace("\n", " ") == (
        "lookahead on matching_pennies: nothing is proved; it is a saddle"
    )
    assert inside(figure)
    still = drift_constants(pg(), games.matching_pennies(), [0.0, 0.0])
    assert "μ = 0 is" in still.reason
    (bars,) = draw(still).axes
    assert [text.get_text() for text in bars.texts] == ["0", "0", "0"]
    assert bars.get_ylim() == (-1.0, 1.0)


def test_ends_of_the_box_without_a_proof_have_words_alone():
    for at, where in (([8.0, 8.0], "at a corner"), ([8.0, 0.0], "on a face")):
        found = drift_constants(pg(), games.prisoners_dilemma(), at)
        figure = draw(found)
        (axes,) = figure.axes
        (text,) = axes.texts
        assert text.get_text() == f"drifts are measured inside the box; this point lies {where}"
        assert figure.get_suptitle().replace("\n", " ").endswith(found.reason)
        assert inside(figure)
    with pytest.raises(InputError, match="expected DriftConstants"):
        drift_figure(None)
