import numpy as np
import pytest
from matplotlib.colors import to_hex

from nashscape import InputError, basin_map, compare, figures, games, meta_mapg, pg, sampled, simulate
from nashscape.figures.basins import basin_atlas, first_hit_atlas
from nashscape.figures.gains import PARTS, gain_loss
from nashscape.figures.grids import _stretches
from nashscape.figures.style import percent


def legend(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def inside(figure):
    """Whether everything drawn lies on the sheet."""
    figures.to_png_bytes(figure)
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    return box.x0 > -0.02 and box.y0 > -0.02 and box.x1 < page[0] + 0.02 and box.y1 < page[1] + 0.02


@pytest.mark.long
def test_an_atlas_has_a_panel_per_rule_with_labels_and_shares(maps):
    figure = basin_atlas(maps)
    assert [axes.get_title() for axes in figure.axes] == ["pg", "meta_mapg"]
    for axes, basin in zip(figure.axes, maps.values(), strict=True):
        assert axes.get_xlabel() == "P(C) of player 1 at the start"
        assert axes.get_ylabel() == "P(C) of player 2 at the start"
        expected = {f"{name} {percent(count / basin.cells)}" for name, count in basin.outcomes().items()}
        assert set(legend(axes)) == expected
    assert inside(figure)


def test_the_boundary_lies_where_the_first_target_begins(maps):
    figure = basin_atlas(maps["pg"])
    lines = figure.axes[0].collections
    assert lines, "the basin of CC has a boundary"
    points = np.concatenate([path.vertices for path in lines[-1].get_paths()])
    axis, basin = maps["pg"].axis, maps["pg"].reached("CC")[0]
    step = axis[1] - axis[0]
    for x, y in points[::5]:
        near = basin[np.ix_(np.abs(axis - x) <= 1.01 * step, np.abs(axis - y) <= 1.01 * step)]
        assert near.any()
        assert not near.all()


def test_runs_are_drawn_over_the_map_of_their_rule(maps, run):
    figure = basin_atlas(maps, [run])
    without, drawn = figure.axes
    assert not without.lines
    start = next(line for line in drawn.lines if line.get_marker() == "o")
    assert start.get_xydata().tolist() == [[pytest.approx(0.6), pytest.approx(0.55)]]
    assert inside(figure)
    # player 1 across, player 2 upwards, and the arrow points onwards
    path = np.stack([own[:, 0] for own in run.strategies], axis=1)
    np.testing.assert_allclose(drawn.lines[0].get_xydata(), np.clip(path, *drawn.get_xlim()))
    [arrow] = [text for text in drawn.texts if getattr(text, "arrow_patch", None) is not None]
    ahead = np.subtract(arrow.xy, arrow.xyann)
    assert ahead @ (path[-1] - path[0]) > 0


def test_runs_without_a_map_are_refused(maps):
    lost = simulate(games.stag_hunt(), pg(), start=[0.4, 0.7], steps=5)
    with pytest.raises(InputError, match="no map of it"):
        basin_atlas({"meta_mapg": maps["meta_mapg"]}, [lost])


@pytest.mark.long
def test_maps_of_several_runs_show_shares_on_one_scale(sampled_maps):
    figure = basin_atlas(sampled_maps)
    assert [axes.get_ylabel() for axes in figure.axes][-1] == "share of runs that reach CC"
    share = sampled_maps["pg"].reached("CC").mean()
    assert f"CC {percent(share)} of runs" in legend(figure.axes[0])
    assert inside(figure)


@pytest.mark.long
def test_three_players_are_sliced_and_four_refused():
    payoffs = np.random.default_rng(3).normal(size=(3, 2, 2, 2))
    game = games.dense(payoffs)
    basin = basin_map(game, pg(), grid=5, steps=20, targets=["AAA"])
    figure = basin_atlas(basin)
    assert [axes.get_title() for axes in figure.axes] == [
        f"pg, player 3 starts at {p}" for p in ("0.32", "0.50", "0.68")
    ]
    four = games.dense(np.random.default_rng(3).normal(size=(4, 2, 2, 2, 2)))
    with pytest.raises(InputError, match="slice it"):
        basin_atlas(basin_map(four, pg(), grid=2, steps=2, targets=["AAAA"]))


@pytest.mark.parametrize("bad", [{}, [1, 2], {"pg": 3}, "pg"])
def test_anything_but_maps_is_refused(bad):
    with pytest.raises(InputError, match="BasinMap"):
        basin_atlas(bad)


def test_maps_of_different_grids_are_refused(maps):
    other = basin_map(games.stag_hunt(), pg(), grid=5)
    with pytest.raises(InputError, match="one game, grid and targets"):
        basin_atlas({"a": maps["pg"], "b": other})


def test_an_endpoint_grid_reaches_past_its_limits():
    basin = basin_map(games.stag_hunt(), pg(), grid=10, kind="endpoints")
    low, high = basin_atlas(basin).axes[0].get_xlim()
    assert (low, high) == (pytest.approx(0.0), pytest.approx(1.0))


def test_first_hits_share_a_scale_and_mark_cells_that_never_hit(maps):
    figure = first_hit_atlas(maps)
    images = [axes.images[0] for axes in figure.axes[:2]]
    assert images[0].get_clim() == images[1].get_clim()
    assert figure.axes[2].get_ylabel() == "updates until CC first held"
    never = (maps["pg"].first_hit[0] < 0).mean()
    assert legend(figure.axes[0]) == [f"never: {percent(never)} of cells"]
    shown = np.ma.getdata(images[0].get_array())[~np.ma.getmaskarray(images[0].get_array())]
    assert sorted(shown) == sorted(maps["pg"].first_hit[maps["pg"].first_hit >= 0])
    # asymmetric starts tell the players apart: the first runs across
    lone = basin_map(games.dense([[[4, 0], [1, 1]], [[2, 1], [0, 3]]]), pg(), grid=7, steps=60)
    image = first_hit_atlas(lone).axes[0].images[0]
    hits = np.ma.masked_less(lone.first_hit[0], 0)
    assert (hits.filled(-1) != hits.T.filled(-1)).any()
    np.testing.assert_array_equal(image.get_array().filled(-1), hits.T.filled(-1))
    assert inside(figure)


def test_gains_and_losses_add_up(maps):
    figure = gain_loss(maps, "pg")
    comparison = compare(maps["meta_mapg"], maps["pg"])
    entries = legend(figure.axes[0])
    assert entries[:2] == [f"gained {percent(comparison.gained_share)}", f"lost {percent(comparison.lost_share)}"]
    assert [entry.split()[0] for entry in entries] == ["gained", "lost", "both", "neither"]
    assert inside(figure)


def cells_inside(patch, axis):
    """Which cells of a grid a filled area covers, by their centres."""
    x, y = np.meshgrid(axis, axis, indexing="ij")
    return patch.get_path().contains_points(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)


def test_the_areas_of_gains_and_losses_cover_their_own_cells(maps):
    axes, comparison = gain_loss(maps, "pg").axes[0], compare(maps["meta_mapg"], maps["pg"])
    both = maps["meta_mapg"].reached("CC")[0] & maps["pg"].reached("CC")[0]
    gained, lost = comparison.gained[0], comparison.lost[0]
    masks = {"gained": gained, "lost": lost, "both": both, "neither": ~(gained | lost | both)}
    areas = {to_hex(patch.get_facecolor()).upper(): patch for patch in axes.patches}
    drawn = {name: mask for name, mask in masks.items() if mask.any()}
    assert len(axes.patches) == len(drawn) >= 3
    for name, mask in drawn.items():
        np.testing.assert_array_equal(cells_inside(areas[PARTS[name].colour.upper()], maps["pg"].axis), mask)


def test_a_comparison_alone_tells_changed_from_unchanged(maps):
    figure = compare(maps["meta_mapg"], maps["pg"]).plot()
    assert [entry.split()[0] for entry in legend(figure.axes[0])] == ["gained", "lost", "unchanged"]


def test_gains_of_sampled_maps_are_net_shares():
    rules, how = [pg(), meta_mapg(peer=4)], {"estimator": sampled(batch=64), "rollouts": 3}
    sampled_maps = basin_map(games.stag_hunt(), rules, grid=5, steps=140, **how)
    figure = gain_loss(sampled_maps)
    net = sampled_maps["meta_mapg"].reached("CC").mean(axis=0) - sampled_maps["pg"].reached("CC").mean(axis=0)
    assert (net > 0).any()
    np.testing.assert_allclose(figure.axes[0].images[0].get_array().T, net)
    assert inside(figure)


def test_comparisons_that_have_no_map_are_refused(entries, maps):
    with pytest.raises(InputError, match="entry_figure"):
        gain_loss(compare(entries["meta_mapg"], entries["pg"]))
    with pytest.raises(InputError, match="no rule to compare"):
        gain_loss({"pg": maps["pg"]})
    with pytest.raises(InputError, match="unknown baseline"):
        gain_loss(maps, "lola")


def test_areas_are_filled_cell_by_cell():
    mask = np.array([[True, True, False, True], [False, False, False, False]])
    assert _stretches(mask) == [(0, 0, 2), (0, 3, 4)]


def test_axes_have_the_names_of_the_players():
    game = games.dense([[[3.0, 0.0], [2.0, 1.0]], [[3.0, 2.0], [0.0, 1.0]]], actions=[("go", "stay"), ("L", "R")],
                       players=("Ann", "Bob"))  # fmt: skip
    maps = basin_map(game, [pg(), meta_mapg()], grid=5)
    for figure in (maps.plot(), gain_loss(maps, "pg"), first_hit_atlas(maps)):
        axes = figure.axes[0]
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("P(go) of Ann at the start", "P(L) of Bob at the start")
