"""Figures of phase diagrams: panels, axes, curves where closed forms say, keys that name all that is shown."""

from dataclasses import replace

import numpy as np
import pytest

import nashscape as ns
from nashscape import figures
from nashscape.core import InputError
from nashscape.figures import draw, phase_figure
from nashscape.figures.phase_parts import THRESHOLDS, edges, groups
from nashscape.selection import phase_diagram
from nashscape.selection.phases.phase_forms import closed_forms


def dilemma(kappa, T):
    return ns.open_source(ns.games.prisoners_dilemma(T=T), kappa)


@pytest.fixture(scope="module")
def plane():
    return phase_diagram(
        dilemma, [0.9, 0.1, 0.5], values=[5.0, 4.2], parameter="T", n=64, steps=150, projection=ns.unbounded()
    )


@pytest.fixture(scope="module")
def line():
    return phase_diagram(
        lambda k: ns.open_source(ns.games.prisoners_dilemma(), k), np.linspace(0, 1, 6), n=64, steps=150
    )


def panels(figure):
    return {axes.get_title().replace("\n", " "): axes for axes in figure.axes if axes.get_xlabel() == "coupling κ"}


def lines_at(axes):
    return [line.get_xydata().tolist() for line in axes.lines]


@pytest.mark.long
def test_a_plane_has_a_panel_for_everything_it_holds(plane):
    shown = panels(phase_figure(plane))
    assert list(shown) == [
        "where most runs end",
        "share that reaches CC",
        "share that reaches CD or DC",
        "share that reaches DD",
        "along the diagonal",
        "transverse rate at p°, else at ½",
    ]
    assert all(axes.get_ylabel() == "T" for axes in shown.values())
    # cells reach half-way to their neighbours
    np.testing.assert_allclose(shown["where most runs end"].get_xlim(), (-0.1, 1.1))
    np.testing.assert_allclose(shown["where most runs end"].get_ylim(), (3.8, 5.4))


@pytest.mark.long
def test_shares_lie_where_their_cells_are(plane):
    axes = panels(phase_figure(plane))["share that reaches CC"]
    [mesh] = axes.collections
    drawn = mesh.get_array().reshape(2, 3)
    assert drawn[1].tolist() == plane.fraction("CC")[[1, 2, 0], 0].tolist()
    assert drawn[0].tolist() == plane.fraction("CC")[[1, 2, 0], 1].tolist()


@pytest.mark.long
def test_thresholds_are_drawn_at_their_closed_forms(plane):
    closed, shown = plane.closed, panels(phase_figure(plane))
    expected = [
        [[closed.threshold(name)[1], 4.2], [closed.threshold(name)[0], 5.0]]
        for name in ("defection", "cooperation", "half")
    ]
    assert lines_at(shown["along the diagonal"]) == expected
    everywhere = lines_at(shown["where most runs end"])
    assert everywhere[:3] == expected
    assert [[closed.leaving[1], 4.2], [closed.leaving[0], 5.0]] in everywhere
    assert [[np.sqrt(8 / 15), 4.2], [np.sqrt(2 / 3), 5.0]] not in everywhere[:3]
    np.testing.assert_allclose(everywhere[-1], [[np.sqrt(0.4), 4.2], [np.sqrt(2 / 3), 5.0]])


def test_thresholds_that_coincide_are_one_line_with_one_name(plane, line):
    columns = [ns.theory.symmetric_thresholds(ns.games.donation(benefit=benefit)) for benefit in (3.0, 4.0)]
    row = phase_figure(replace(line, closed=closed_forms(columns[:1], line.couplings)))
    named = [text.get_text() for text in row.legends[0].get_texts()]
    assert named[-2:] == ["κ_D = κ_C = κ_½ = 0.333", THRESHOLDS["global_threshold"].label]
    assert [one.get_xdata()[0] for one in row.axes[0].lines] == pytest.approx([1 / 3, np.sqrt(1 / 3)])
    assert [one.get_xdata()[0] for one in row.axes[1].lines] == pytest.approx([1 / 3])
    # over the benefit they coincide as well, but are no one number
    both = phase_figure(replace(plane, closed=closed_forms(columns, plane.couplings), values=np.array([3.0, 4.0])))
    assert [text.get_text() for text in both.legends[0].get_texts()][-2] == "κ_D = κ_C = κ_½"
    np.testing.assert_allclose(lines_at(panels(both)["along the diagonal"]), [[[1 / 3, 3.0], [1 / 4, 4.0]]])


@pytest.mark.long
def test_the_key_names_every_area_and_every_curve(plane):
    figure = phase_figure(plane)
    named = [text.get_text() for text in figure.legends[0].get_texts()]
    occurring = [name for name in plane.outcomes if plane.fraction(name).max() > 0]
    for name in occurring:
        assert any(name in label.split(" or ") for label in named), name
    assert [one.label for one in THRESHOLDS.values()] == named[-len(THRESHOLDS) :]
    figures.to_svg(figure)


def test_verdicts_have_a_panel_per_corner(plane):
    said = np.array([["yes", "no"], ["undecided", "no"], ["no", "no"]])
    judged = replace(plane, program_equilibrium={"CC": said, "DD": said})
    figure = phase_figure(judged)
    assert {"is CC a program equilibrium?", "is DD a program equilibrium?"} <= set(panels(figure))
    named = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "undecided: program equilibrium" in named
    assert len(panels(figure)["is CC a program equilibrium?"].patches) == 3


def test_mirrored_profiles_of_symmetric_games_are_one_area(plane):
    shown = groups(plane)
    assert [group.names for group in shown][:3] == [("CC",), ("CD", "DC"), ("DD",)]
    # runs that rest or move elsewhere in the regions of the two are one area too
    beyond = {group.names: group.label for group in shown if len(group.names) == 2}
    assert beyond == {
        ("CD", "DC"): "CD or DC",
        ("rest within CD", "rest within DC"): "rest within CD or DC",
        ("passing CD", "passing DC"): "passing CD or DC",
    }
    total = sum(plane.fraction(*group.names) for group in shown)
    np.testing.assert_allclose(total, 1.0)
    other = phase_diagram(lambda k: ns.open_source(ns.games.battle_of_the_sexes(), k), [0.1], n=16, steps=20)
    # the targets that pay most stand first; unlike players' profiles are never put together
    assert [group.names for group in groups(other)][:4] == [("BB",), ("SS",), ("BS",), ("SB",)]


def test_a_line_stacks_all_shares_and_marks_thresholds(line):
    figure = phase_figure(line)
    starts, diagonal, transverse = figure.axes
    assert starts.get_ylabel() == "share of starts"
    assert diagonal.get_ylabel() == "share along the diagonal"
    assert transverse.get_xlabel() == "coupling κ"
    top = np.max([area.get_paths()[0].vertices[:, 1].max() for area in starts.collections])
    assert top == pytest.approx(1.0)
    # every area lies on all those below it: together they fill each column once
    for k, kappa in enumerate(line.couplings):
        sizes = []
        for area in starts.collections:
            heights = [y for x, y in area.get_paths()[0].vertices if x == pytest.approx(kappa)]
            sizes.append((min(heights), max(heights)))
        assert sum(high - low for low, high in sizes) == pytest.approx(1.0), k
        ends = [0.0, *(high for _, high in sizes)]
        assert [low for low, _ in sizes] == pytest.approx(ends[:-1]), k
    at = sorted(one.get_xdata()[0] for one in starts.lines)
    np.testing.assert_allclose(at, sorted([0.25, 2 / 3, 3 / 7, np.sqrt(2 / 3), line.closed.leaving[0]]))
    np.testing.assert_allclose(sorted(one.get_xdata()[0] for one in diagonal.lines), [0.25, 3 / 7, 2 / 3])
    np.testing.assert_array_equal(transverse.lines[0].get_ydata(), line.closed.transverse_rate[:, 0])


@pytest.mark.long
def test_diagrams_without_closed_forms_or_diagonal_are_drawn_too():
    game = ns.games.battle_of_the_sexes()
    flat = phase_diagram(lambda k: ns.open_source(game, k), [0.1, 0.4], n=16, steps=20)
    assert len(phase_figure(flat).axes) == 1
    wide = phase_diagram(
        lambda k, preferred: ns.open_source(ns.games.battle_of_the_sexes(preferred), k),
        [0.1, 0.4],
        values=[2, 3],
        parameter="preferred",
        n=16,
        steps=20,
    )
    shown = panels(phase_figure(wide))
    assert not any(axes.lines for axes in shown.values())
    figures.to_png_bytes(phase_figure(wide))


def test_partial_diagrams_are_drawn(plane):
    counts = plane.counts.copy()
    counts[0] = 0
    partial = replace(plane, counts=counts, diagonal=None)
    figures.to_png_bytes(phase_figure(partial))


def test_edges_and_types(plane):
    assert edges(np.array([2.0])).tolist() == [1.5, 2.5]
    assert edges(np.array([0.0, 1.0, 3.0])).tolist() == [-0.5, 0.5, 2.0, 4.0]
    assert "prisoners_dilemma, no bounds" in draw(plane).get_suptitle()
    assert plane.plot(title="mine").get_suptitle() == "mine"
    with pytest.raises(InputError, match="expected a PhaseDiagram"):
        phase_figure(3)


def test_what_was_computed_over_the_coupling_stands_beside_the_shares(line):
    dilemma = ns.games.prisoners_dilemma()
    index = ns.coupling_threshold(dilemma, high=1.0)
    across = ns.theory.transverse_threshold(dilemma, at=[0.3, 0.3], high=1.0, samples=9)
    seen = [0.0, 0.5, 1.0], [-0.4, 0.1, 1.0]
    figure = line.plot(beside=[index, across], steps=seen)
    below = figure.axes[-2:]
    assert [axes.get_ylabel() for axes in below] == ["index of CC", "transverse rate"]
    for axes, one in zip(below, (index, across), strict=True):
        drawn = [own.get_xydata() for own in axes.lines]
        assert any(np.array_equal(own, np.stack([one.values, one.index], axis=1)) for own in drawn)
        assert {text.get_text() for text in axes.texts} == {f"{cross.middle:.4g}" for cross in one.brackets}
    [dots] = [own for own in below[0].lines if own.get_marker() == "o"]
    np.testing.assert_array_equal(dots.get_xydata(), np.transpose(seen))
    assert all(own.get_marker() != "o" for own in below[1].lines)
    assert len(figure.axes) == len(line.plot().axes) + 2


def test_only_thresholds_stand_beside_and_only_beside_a_line(line, plane):
    with pytest.raises(InputError, match="expected a Threshold"):
        line.plot(beside=[3])
    with pytest.raises(InputError, match="over a coupling alone; this one is over T too"):
        plane.plot(beside=[ns.coupling_threshold(ns.games.prisoners_dilemma())])
