"""Separatrices, alignments, handoffs and sweeps as pictures."""

from dataclasses import replace

import numpy as np
import pytest

from nashscape import InputError, basin_map, figures, games, lola, meta_mapg, pg, sampled, starts
from nashscape.dynamics import cell_grid
from nashscape.figures import alignment_figure, handoff_figure, separatrix_figure, swept_figure
from nashscape.figures.boundaries import TUBE, errors
from nashscape.selection.alignments import alignment
from nashscape.selection.edges.separatrices import separatrix
from nashscape.selection.plans.handoffs import corrected_steps_needed
from nashscape.selection.sweeps import sweep

GAME = games.stag_hunt(T=3.5)


def legend(axes):
    return [text.get_text() for text in (axes.get_legend() or axes.figure.legends[0]).get_texts()]


def inside(figure):
    figures.to_png_bytes(figure)
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    return box.x0 > -0.02 and box.y0 > -0.02 and box.x1 < page[0] + 0.02 and box.y1 < page[1] + 0.02


@pytest.fixture(scope="module")
def line():
    return separatrix(GAME, pg(), grid=5, steps=150)


@pytest.mark.long
def test_a_separatrix_is_drawn_with_its_error_over_its_own_grid(line):
    figure = line.plot()
    axes = figure.axes[0]
    drawn = np.concatenate([own.get_xydata() for own in axes.lines if own.get_linestyle() == "-"])
    assert {tuple(point) for point in line.points} <= {tuple(point) for point in drawn}
    tubes = axes.collections[0]
    assert len(tubes.get_paths()) == len(line.chords)
    first, second = (line.points[line.chords[:, k]] for k in (0, 1))
    for path, one, other, wide in zip(tubes.get_paths(), first, second, errors(line), strict=True):
        corners = path.vertices[:4]
        np.testing.assert_allclose((corners[0] + corners[3]) / 2, one, atol=1e-12)
        np.testing.assert_allclose((corners[1] + corners[2]) / 2, other, atol=1e-12)
        assert np.linalg.norm(corners[0] - corners[3]) == pytest.approx(2 * wide)
    entries = legend(axes)
    assert f"boundary of CC, {len(line.points)} points within {line.widths.max():.1g}" in entries
    assert f"how far it may be off: at most {errors(line).max():.2g}" in entries
    assert inside(figure)


@pytest.mark.long
def test_a_band_is_as_wide_as_the_wider_bracket_of_its_ends(line):
    # brackets as wide as .1 at one point and .01 elsewhere
    widths = np.full(len(line.points), 0.01)
    widths[line.chords[0, 0]] = 0.1
    uneven = replace(line, outer=line.inner + np.stack([widths, 0.0 * widths], axis=1))
    touched = (line.chords == line.chords[0, 0]).any(axis=1)
    np.testing.assert_allclose(errors(uneven), line.chord_errors + np.where(touched, 0.05, 0.005))


def test_a_separatrix_lies_over_the_map_of_its_rule(line):
    basin = basin_map(GAME, pg(), grid=9, steps=150)
    figure = separatrix_figure(line, basin)
    assert figure.axes[0].get_xlim() == pytest.approx((0.05, 0.95))
    assert legend(figure.axes[0])[0].startswith("CC ")
    with pytest.raises(InputError, match="no map of pg"):
        separatrix_figure(line, {"lola": basin})
    with pytest.raises(InputError, match="its separatrix of"):
        separatrix_figure(line, basin_map(games.chicken(), pg(), grid=3, steps=5))


def test_where_there_is_no_boundary_the_legend_says_so():
    none = separatrix(games.prisoners_dilemma(), pg(), grid=3, steps=100)
    assert legend(separatrix_figure(none).axes[0])[-1] == "no boundary of DD found"


def test_anything_but_separatrices_is_refused(line):
    for bad in ({}, 3, {"pg": 3}):
        with pytest.raises(InputError, match="expected a Separatrix"):
            separatrix_figure(bad)
    assert TUBE not in ("#0072B2", "#E69F00")


def test_alignments_are_maps_on_one_scale_around_zero():
    found = alignment(GAME, meta_mapg(), grid=7)
    figure = found.plot()
    panels = figure.axes[:4]
    assert [axes.get_title() for axes in panels][-1] == "meta_mapg: whole direction"
    for axes, term in zip(panels, found.terms, strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array().T, found.projections[term])
        assert f"{100 * found.positive(term).value:.1f} %" in legend(axes)[0]
        changes = np.ptp(np.sign(found.projections[term])) > 1
        assert ("neither way" in legend(axes)) == changes == bool(axes.collections)
    (low, high) = {axes.images[0].get_clim() for axes in panels}.pop()
    assert low == -high
    assert "0" in [tick.get_text() for tick in figure.axes[4].get_yticklabels()]
    assert inside(figure)


def test_alignments_of_other_starts_are_shares_with_intervals():
    found = alignment(games.shapley(), [pg(), lola()], "AB", at=starts.normal(std=1.0), n=30)
    (axes,) = alignment_figure(found, terms=["base", "peer"]).axes
    names = [tick.get_text() for tick in axes.get_yticklabels()]
    assert names == ["pg: base", "lola: base", "lola: peer"]
    share = found["lola"].positive("peer")
    assert axes.lines[4].get_xdata().tolist() == [share.low, share.high]
    with pytest.raises(InputError, match="unknown term"):
        alignment_figure(found, terms=["own"])
    with pytest.raises(InputError, match="expected an Alignment"):
        alignment_figure(3)


@pytest.mark.long
def test_corrected_steps_are_mapped_beside_none_and_never():
    found = corrected_steps_needed(GAME, meta_mapg(peer=4), cell_grid(2, 7), steps=100)
    figure = found.plot()
    needed = found.needed.reshape(7, 7)
    shown = figure.axes[0].images[0].get_array().T
    np.testing.assert_array_equal(np.ma.getmaskarray(shown), needed <= 0)
    np.testing.assert_array_equal(shown.compressed(), needed[needed > 0])
    none, never = (100 * float(mask.mean()) for mask in (needed == 0, needed < 0))
    assert legend(figure.axes[0]) == [f"none needed: {none:.1f} % of starts", f"never: {never:.1f} % of starts"]
    assert len({patch.get_hatch() for patch in figure.axes[0].patches}) == 2
    assert figure.axes[1].get_ylabel() == "corrected steps needed to reach CC"
    assert inside(figure)


@pytest.mark.long
def test_sampled_handoffs_are_curves():
    found = corrected_steps_needed(
        GAME, meta_mapg(peer=4), starts.normal(std=1.3), n=40, steps=60, handoffs=[0, 20, 60], estimator=sampled(16)
    )
    (axes,) = handoff_figure({"strong": found}).axes
    assert axes.lines[0].get_xdata().tolist() == [0, 20, 60]
    assert axes.lines[0].get_ydata().tolist() == [one.value for one in found.curve()]
    assert legend(axes) == ["strong, then pg"]
    with pytest.raises(InputError, match="expected CorrectedSteps"):
        handoff_figure(3)


def test_a_sweep_draws_its_shares_and_says_what_the_band_is():
    found = sweep(GAME, lambda v: meta_mapg(peer=v), [3, 1], parameter="peer", grid=5, steps=60)
    (axes,) = found.plot().axes
    assert axes.lines[0].get_xydata().tolist() == [[1, found.estimates[1].value], [3, found.estimates[0].value]]
    assert axes.get_xlabel() == "peer coefficient λ"
    assert axes.get_ylabel() == "fraction of starts that reach CC"
    assert legend(axes) == ["bracket: boundary cells", "value"]
    assert swept_figure(found, log=True).axes[0].get_xscale() == "log"
    below = sweep(GAME, lambda v: meta_mapg(peer=v), [-1, 1], grid=3, steps=20)
    with pytest.raises(InputError, match="positive values"):
        swept_figure(below, log=True)
    with pytest.raises(InputError, match="expected a Sweep"):
        swept_figure(3)


def test_distances_are_drawn_in_order_with_their_errors():
    line = separatrix(games.stag_hunt(), pg(), "CC", grid=9)
    starts = [[0.4, 0.7], [0.2, 0.2], [0.9, 0.9], [0.55, 0.4], [0.94, 0.94]]
    found = line.distance(starts)
    axes = found.plot().axes[0]
    order = np.argsort(-found.value)
    drawn = np.concatenate([own.get_xydata() for own in axes.lines if own.get_marker() in ("o", "s")])
    np.testing.assert_allclose(drawn[np.argsort(drawn[:, 0])], np.stack([np.arange(1, 6), found.value[order]], axis=1))
    bars = {segment[0][0]: segment[:, 1] for own in axes.collections for segment in own.get_segments()}
    for place, (value, error) in enumerate(zip(found.value[order], found.error[order], strict=True), 1):
        np.testing.assert_allclose(bars[place], [value - error, value + error])
    hollow = [x for own in axes.lines if own.get_markerfacecolor() == "white" for x in own.get_xdata()]
    nearer = found.rim[order] < np.abs(found.value[order])
    assert sorted(hollow) == (1 + np.flatnonzero(nearer)).tolist()
    assert 0 < nearer.sum() < 5
    assert axes.get_title() == f"{(found.value > 0).sum()} of 5 starts inside the basin"
