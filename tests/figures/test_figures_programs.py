"""Figures of thresholds, program equilibria and effective couplings show what the results hold."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import figures, games
from nashscape.core import InputError
from nashscape.figures.programs import MARKERS
from nashscape.semantics import coupled, parametric

DILEMMA = ns.open_source(games.prisoners_dilemma(), 0.7)


def test_a_boundary_test_shows_the_gain_of_every_deviation():
    test = ns.theory.boundary_test(DILEMMA, "CC", bound=2.0)
    [axes] = test.plot().axes
    assert axes.get_ylabel() == "gain (payoff units)"
    lines = [line for line in axes.lines if len(line.get_xdata()) > 2]
    assert len(lines) == 2
    assert len({line.get_linestyle() for line in lines}) == 2
    np.testing.assert_allclose(max(lines[0].get_ydata()), test.gain[0], atol=1e-4)
    np.testing.assert_allclose(lines[0].get_ydata()[-1], 0.0, atol=1e-12)
    assert "no" in axes.get_title()


@pytest.mark.long
def test_a_search_is_named_and_not_drawn():
    test = ns.theory.boundary_test(parametric(games.rock_paper_scissors(), coupled((3, 3), 0.2)), (0, 0), bound=1.0)
    [axes] = test.plot().axes
    assert any("3 parameters" in text.get_text() for text in axes.figure.legends[0].get_texts())


@pytest.mark.long
@pytest.mark.parametrize("players", [2, 3])
def test_program_equilibria_have_a_mark_each(players):
    game = games.stag_hunt() if players == 2 else games.public_goods(3)
    found = ns.program_equilibria(ns.open_source(game, 0.3), bound=2.0, starts=8 if players == 2 else 2)
    [axes] = found.plot().axes
    marked = [line for line in axes.lines if line.get_marker() in {marker for marker, _ in MARKERS.values()}]
    rings = [line for line in marked if line.get_fillstyle() == "none"]
    assert len(marked) - len(rings) == len(found.equilibria) + len(found.rejected)
    if players == 2:
        assert len(rings) == sum(one.attracting for one in found.equilibria + found.rejected)


@pytest.mark.long
def test_an_existence_report_shows_mixtures_or_verdicts():
    report = ns.theory.existence_report(DILEMMA, bound=2.0)
    [axes] = report.plot().axes
    drawn = [line for line in axes.lines if len(line.get_xdata())]
    np.testing.assert_allclose([line.get_ydata().sum() for line in drawn], 1.0)
    [axes] = ns.theory.existence_report(parametric(games.public_goods(3)), bound=1.0).plot().axes
    assert len(axes.figure.legends[0].get_texts()) == 3


def test_effective_coupling_on_the_diagonal_and_at_one_profile():
    found = ns.theory.effective_coupling(ns.peer_only(), games.stag_hunt())
    left, right = found.plot().axes
    assert left.get_ylabel() == "effective coupling κ"
    assert right.get_ylabel() == "residual"
    np.testing.assert_array_equal(left.lines[1].get_ydata(), found.coupling[:, 0])
    one = ns.theory.effective_coupling(ns.peer_only(), games.stag_hunt(), [0.4, 0.6])
    assert [bar.get_height() for bar in one.plot().axes[0].patches] == one.coupling[0].tolist()


def test_thresholds_show_the_index_and_the_plane_where_there_are_closed_forms():
    found = ns.coupling_threshold(games.prisoners_dilemma())
    index, plane = found.plot().axes
    assert index.get_xlabel() == "coupling"
    np.testing.assert_allclose(index.lines[2].get_xdata(), found.brackets[0].middle)
    assert plane.get_xlabel() == "probability of cooperation p"
    labels = {text.get_text() for text in plane.figure.legends[0].get_texts()}
    assert {"κ_D = 0.25", "κ_C = 0.6667", "global = 0.8165", "κ*(p)"} <= labels
    # cooperation falls at coupling zero and grows at one, in the colours of the key
    areas = {
        patch.get_label(): patch.get_facecolor()[:3]
        for patch in plane.figure.legends[0].legend_handles
        if hasattr(patch, "get_facecolor")
    }
    [image] = plane.images
    shown = image.cmap(image.norm(image.get_array()))[..., :3]
    rows = np.linspace(image.get_extent()[2], image.get_extent()[3], len(shown))
    assert shown[np.argmin(abs(rows)), len(shown[0]) // 2] == pytest.approx(areas["cooperation falls"])
    assert shown[np.argmin(abs(rows - 1)), len(shown[0]) // 2] == pytest.approx(areas["cooperation grows"])
    asymmetric = games.bimatrix([[1.0, 2.0], [3.0, 0.0]], [[1.0, 2.0], [0.0, 0.0]])
    assert len(ns.coupling_threshold(asymmetric).plot().axes) == 1


@pytest.mark.long
def test_a_sensitivity_ratio_shows_every_pair_beside_its_threshold_and_the_parts_of_every_pull():
    game = games.dense(np.random.default_rng(5).normal(size=(3, 2, 3, 2)))
    semantics = ns.semantics.networked(
        (2, 3, 2), ns.semantics.read_all((2, 3, 2), sizes=(1, 2, 3), pooling="each", seed=1), sizes=(1, 2, 3)
    )
    found = ns.theory.sensitivity_ratio(ns.parametric(game, semantics), [0.2, -0.4, 0.3, 0.1, 0.5, -0.2])
    left, right = found.plot().axes
    pairs = [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]
    bars = {text.get_text(): bar.get_height() for text, bar in zip(left.get_xticklabels(), left.patches, strict=True)}
    assert bars == {f"{j + 1}→{k + 1}": found.ratios[j, k] for j, k in pairs}
    lines = [line[0, 1] for line in left.collections[0].get_segments()]
    assert lines == [found.thresholds[j, k] for j, k in pairs]
    own, others, rest = (np.array([bar.get_height() for bar in right.patches[k : k + 3]]) for k in (0, 3, 6))
    np.testing.assert_allclose(own, np.diagonal(found.sensitivities * found.stakes))
    np.testing.assert_allclose(own + others + rest, found.pulls)
    [sums] = [line for line in right.lines if line.get_marker() == "D"]
    np.testing.assert_array_equal(sums.get_ydata(), found.pulls)
    assert rest[0] != 0  # the second player has three actions, of which only one is asked about
    plain = ns.theory.sensitivity_ratio(DILEMMA, [0.2, -0.4]).plot()
    shown = {text.get_text() for text in plain.legends[0].get_texts()}
    ratios = {"κ*, its threshold", "ρ, how strongly it is read"}
    assert shown - ratios == {"own move", "readers' moves", "pull, their sum"}


def test_a_spectrum_has_its_eigenvalues_in_the_plane():
    found = ns.theory.transverse_spectrum(ns.open_source(games.prisoners_dilemma(), 0.5), [0.2])
    [axes] = found.plot().axes
    np.testing.assert_array_equal(axes.lines[1].get_xdata(), found.along.real)
    np.testing.assert_array_equal(axes.lines[2].get_xdata(), found.across.real)
    assert axes.get_xlabel() == "real part, per unit of time"
    held = ns.theory.transverse_spectrum(ns.open_source(games.prisoners_dilemma(), 0.9), [2.0], bound=2.0)
    assert "held" in held.plot().axes[0].get_title()


def test_other_results_are_refused():
    for figure in (
        figures.boundary_figure, figures.program_figure, figures.existence_figure, figures.effective_figure,
        figures.threshold_figure, figures.spectrum_figure, figures.sensitivity_figure,
    ):  # fmt: skip
        with pytest.raises(InputError, match="expected"):
            figure(3)
