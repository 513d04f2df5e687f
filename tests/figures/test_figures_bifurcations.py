"""Pictures of continuations: what is drawn how, and where."""

from dataclasses import replace

import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError, figures, games
from nashscape.figures import bifurcation_figure, draw
from nashscape.figures.bifurcations import LINES, MARKERS
from nashscape.theory.following.branches import KINDS


@pytest.fixture(scope="module")
def found():
    dilemma = games.prisoners_dilemma()
    return ns.theory.continuation(
        lambda k: ns.open_source(dilemma, k), 0.38, 0.46, start=[0.5, 0.5], at=0.43, parameter="coupling κ", step=0.5
    )


@pytest.mark.long
def test_stable_pieces_are_solid_and_unstable_ones_dashed(found):
    (axes,) = found.plot().axes
    assert axes.get_xlabel() == "coupling κ"
    assert axes.get_ylabel() == "player 1: probability of its action 1"
    assert axes.get_xlim() == (0.38, 0.46)
    labels = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert labels == ["stable", "unstable", "pitchfork"]
    lines = [line for line in axes.lines if len(line.get_xdata()) > 1]
    solid = [line for line in lines if line.get_linestyle() == "-"]
    assert len(solid) == 1
    low, high = sorted(solid[0].get_xdata()[[0, -1]])
    (point,) = found.points
    assert low == 0.38
    assert point.low <= high <= point.high
    branch = found.branches[0]
    drawn = np.concatenate([line.get_xydata() for line in lines[:2]])
    assert {(x, y) for x, y in drawn} == set(zip(branch.values, branch.strategies[0][:, 0], strict=True))
    assert sum(line.get_linestyle() == "--" for line in lines) == 3


@pytest.mark.long
def test_points_are_at_their_bracket_with_the_marker_of_their_kind(found):
    figure = bifurcation_figure(found, player=1, action=1, title="a title")
    (axes,) = figure.axes
    (marks,) = [line for line in axes.lines if line.get_linestyle() == "None"]
    (point,) = found.points
    x, y = marks.get_xydata()[0]
    assert point.low <= x <= point.high
    assert y == point.strategies[1][1]
    assert marks.get_marker() == MARKERS["pitchfork"][0]
    assert axes.get_title() == "a title"
    assert axes.get_ylabel() == "player 2: probability of its action 2"
    figures.to_png_bytes(figure)
    # the curves are those of the second player's second action
    drawn = np.concatenate([line.get_xydata() for line in axes.lines if len(line.get_xdata()) > 1])
    expected = {(x, y) for one in found.branches for x, y in zip(one.values, one.strategies[1][:, 1], strict=True)}
    assert {tuple(place) for place in drawn} == expected


def test_every_kind_looks_different(found):
    assert set(MARKERS) == set(KINDS)
    assert len({marker for marker, _ in MARKERS.values()}) == len({c for _, c in MARKERS.values()}) == len(KINDS)
    assert len({dash for dash, _ in LINES.values()}) == len(LINES)
    (point,) = found.points
    several = replace(found, points=tuple(replace(point, kind=kind) for kind in KINDS))
    labels = [text.get_text() for text in bifurcation_figure(several).axes[0].figure.legends[0].get_texts()]
    assert labels[2:] == list(MARKERS)


def test_neutral_branches_are_dotted_and_points_are_no_probabilities():
    game = games.bilinear(1.0)
    found = ns.theory.continuation(game, 0.1, 1.0, dial=lambda v: ns.learning.sga(strength=0 * v), theta=[0.1, 0.2])
    (axes,) = draw(found).axes
    assert [text.get_text() for text in axes.figure.legends[0].get_texts()] == ["neutral"]
    assert axes.get_ylabel() == "player 1: its coordinate 1"


def test_nothing_found_is_an_empty_picture(found):
    empty = replace(found, branches=(), points=())
    assert draw(empty).legends == []


@pytest.mark.parametrize("place", [{"player": 2}, {"action": 2}, {"player": -1}, {"action": 0.5}])
def test_what_does_not_fit_is_refused(found, place):
    with pytest.raises(InputError, match=r"player|action"):
        bifurcation_figure(found, **place)
    with pytest.raises(InputError, match="expected a Continuation"):
        bifurcation_figure(3)
