"""Coverage and proved alignment: what is drawn against the numbers of the results."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from nashscape import InputError, basin_map, certify, figures, games, peer_only, pg
from nashscape.core import Status, record, target_code
from nashscape.figures import alignment_proof_figure, coverage_figure, draw
from nashscape.figures.alignment_proofs import LOOKS as SIGNS
from nashscape.figures.coverages import LOOKS
from nashscape.figures.style import percent
from nashscape.selection import coverage
from nashscape.theory import AlignmentProof, proved_alignment

HUNT = games.stag_hunt()


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def inside(figure):
    """Whether all lies on the page, and the legend and title off the panels."""
    figures.to_png_bytes(figure)
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    on_page = box.x0 > -0.02 and box.y0 > -0.02 and box.x1 < page[0] + 0.02 and box.y1 < page[1] + 0.02
    others = [one.get_window_extent() for one in (*figure.legends, *([figure._suptitle] if figure._suptitle else []))]
    return on_page and not any(own.overlaps(axes.get_tightbbox()) for own in others for axes in figure.axes)


# --- coverage -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def proved():
    return certify(HUNT, pg(), "CC", (0.2, 0.9), resolution=1 / 16)


@pytest.fixture(scope="module")
def covered(proved):
    return coverage(proved, basin_map(HUNT, pg(), grid=21, steps=40))


def with_contradictions(found, count):
    """As if so many cells that reached the target had been certified for the other corner."""
    reached = np.argwhere(found.cells["certified"])[:count]
    proved, wrong = found.proved.copy(), found.contradicted.copy()
    for cell in map(tuple, reached):
        proved[cell], wrong[cell] = 1, True
    return replace(found, proved=proved, contradicted=wrong, contradictions=found.axis[reached])


def shown_at(axes, points):
    """The colour of the topmost area at every point."""
    colours = [None] * len(points)
    for patch in axes.patches:
        for k in np.flatnonzero(patch.get_path().contains_points(points)):
            colours[k] = to_hex(patch.get_facecolor()).upper()
    return colours


@pytest.mark.long
def test_every_cell_of_the_map_has_the_colour_of_its_class(proved, covered):
    assert covered.status is Status.UNRESOLVED
    figure = covered.plot()
    (axes,) = figure.axes
    sets = covered.cells
    assert (sum(mask.astype(int) for mask in sets.values()) == 1).all()
    starts = np.stack(np.meshgrid(covered.axis, covered.axis, indexing="ij"), -1).reshape(-1, 2)
    colours = shown_at(axes, starts)
    label = proved.labels_at(starts)
    reached = covered.labels.ravel() == target_code(0)
    late = covered.labels.ravel() == 0
    for k in range(len(starts)):
        if label[k] == -2:
            name = "outside"
        elif label[k] == -1:
            name = "reached" if reached[k] else "undecided"
        else:
            name = "short" if late[k] else "certified" if label[k] == 0 else "elsewhere"
        assert colours[k] == LOOKS[name].colour.upper()
    assert {name for name, mask in sets.items() if mask.any()} == set(LOOKS) - {"contradicted", "resting"}
    assert axes.get_xlabel() == "P(C) of player 1 at the start"
    assert axes.get_ylabel() == "P(C) of player 2 at the start"
    assert legend(figure)[0] == f"certified for CC and reached: {percent(sets['certified'].mean())}"
    assert len(legend(figure)) == 6
    assert figure.get_suptitle().replace("\n", " ") == (
        f"{percent(covered.certified)} of CC's basin in the region certified, no contradiction"
    )
    assert not axes.lines
    assert inside(figure)


def test_contradictions_are_marked_and_said(covered):
    found = with_contradictions(covered, 3)
    figure = coverage_figure(found)
    (axes,) = figure.axes
    assert len(axes.lines) == 2
    for line in axes.lines:
        np.testing.assert_array_equal(line.get_xydata(), found.contradictions)
        assert line.get_marker() == "x"
    assert shown_at(axes, found.contradictions) == [LOOKS["contradicted"].colour] * 3
    assert legend(figure)[-1] == f"CONTRADICTED: {percent(3 / 441)}"
    assert figure.get_suptitle().replace("\n", " ").endswith("certified, 3 CONTRADICTIONS")
    assert coverage_figure(with_contradictions(covered, 1)).get_suptitle().endswith("1 CONTRADICTION")
    assert inside(figure)
    many = coverage_figure(replace(found, contradictions=np.repeat(found.contradictions, 100, axis=0)))
    assert not many.axes[0].lines


def test_other_numbers_of_players_are_a_bar_of_shares(covered):
    three = {name: np.stack([getattr(covered, name)] * 2, -1) for name in ("labels", "proved", "ends", "contradicted")}
    found = replace(covered, **three, certified=float("nan"), inside=1.0)
    figure = draw(found)
    (axes,) = figure.axes
    shares = [mask.mean() for mask in covered.cells.values() if mask.any()]
    np.testing.assert_allclose([bar.get_width() for bar in axes.patches], shares)
    np.testing.assert_allclose([bar.get_x() for bar in axes.patches], np.cumsum(shares) - shares, atol=1e-12)
    assert [text.get_text() for text in axes.texts] == [percent(share) for share in shares if share >= 0.08]
    assert axes.get_xlabel() == "share of the map's 882 cells"
    assert figure.get_suptitle() == "no start in the region reached CC;\nno contradiction"
    assert inside(figure)
    assert coverage_figure(found, title="mine").get_suptitle() == "mine"
    with pytest.raises(InputError, match="expected a Coverage"):
        coverage_figure({"CC": 0.5})


# --- alignment ------------------------------------------------------------------------------------------


def mixed():
    game = games.dense([[[3.0, 0.0], [5.0, 1.0]], [[4.0, 3.0], [0.0, 2.0]]])
    return proved_alignment(game, peer_only(), "AA")


def cut(sign, bounds, shares, d=3):
    """A proof of boxes that are slices of a cube along the first parameter."""
    shares = np.array(shares, np.float64)
    low, high = np.zeros((len(shares), d)), np.ones((len(shares), d))
    low[1:, 0], high[:, 0] = np.cumsum(shares)[:-1], np.cumsum(shares)
    status = Status.COMPLETE if all(sign) else Status.UNDECIDED
    return AlignmentProof(
        "made",
        "lola",
        "CC",
        "total",
        low,
        high,
        np.array(sign, np.int8),
        shares,
        np.array(bounds),
        status,
        record("test", {}),
    )


@pytest.mark.long
def test_boxes_of_two_parameters_have_the_colour_of_their_sign():
    found = mixed()
    assert set(found.sign.tolist()) == {1, 0, -1}
    figure = found.plot()
    (axes,) = figure.axes
    assert [to_hex(own.get_facecolor()[0]).upper() for own in axes.collections] == [SIGNS[1].colour, SIGNS[-1].colour]
    for own, sign in zip(axes.collections, (1, -1), strict=True):
        drawn = np.array([path.vertices[:4] for path in own.get_paths()])
        np.testing.assert_array_equal(drawn.min(axis=1), found.low[found.sign == sign])
        np.testing.assert_array_equal(drawn.max(axis=1), found.high[found.sign == sign])
    (rest,) = axes.patches
    assert rest.get_hatch() == SIGNS[0].hatch
    assert (*axes.get_xlim(), *axes.get_ylim()) == (
        found.low[:, 0].min(), found.high[:, 0].max(), found.low[:, 1].min(), found.high[:, 1].max(),
    )  # fmt: skip
    left = found.shares[found.sign == 0].sum()
    assert legend(figure) == [
        f"positive: towards AA: {percent(found.positive)}",
        f"sign not proved: {percent(left)}",
        f"negative: away from AA: {percent(found.negative)}",
    ]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("logit of A, player 1", "logit of A, player 2")
    assert inside(figure)


def test_nothing_is_hatched_where_all_is_proved():
    figure = alignment_proof_figure(proved_alignment(HUNT, peer_only(), "CC"))
    assert not figure.axes[0].patches
    assert figure.get_suptitle().replace("\n", " ") == "peer of peer_only on stag_hunt towards CC: positive everywhere"
    assert alignment_proof_figure(cut([1, -1], [[1.0, 2.0], [-2.0, -1.0]], [0.5, 0.5], 2)).axes[0].get_xlabel() == (
        "parameter 1"
    )


def test_bounds_of_other_dimensions_lie_over_their_shares():
    bounds = [[0.5, 1.0], [-2.0, -1.0], [-1.0, 0.5], [1.0, 3.0], [-4.0, -0.5], [-np.inf, np.inf]]
    found = cut([1, -1, 0, 1, -1, 0], bounds, [0.125, 0.25, 0.125, 0.25, 0.125, 0.125])
    figure = draw(found)
    bar, panel = figure.axes
    assert [(own.get_x(), own.get_width()) for own in bar.patches] == [(0.0, 0.375), (0.375, 0.25), (0.625, 0.375)]
    assert [text.get_text() for text in bar.texts] == ["37.5 %", "25.0 %", "37.5 %"]
    expected = {
        1: ([(0.0, 0.25, 1.0, 3.0), (0.25, 0.375, 0.5, 1.0)], SIGNS[1].colour),
        -1: ([(0.625, 0.875, -2.0, -1.0), (0.875, 1.0, -4.0, -0.5)], SIGNS[-1].colour),
    }
    for area, sign in ((panel.collections[0], 1), (panel.collections[2], -1)):
        boxes, colour = expected[sign]
        assert to_hex(area.get_facecolor()[0]).upper() == colour
        for left, right, low, high in boxes:
            middle = (left + right) / 2
            for y in (low, high):
                room = 0.01 * np.sign(low + high)
                inner, outer = (y + abs(room), y - abs(room)) if y == low else (y - abs(room), y + abs(room))
                assert area.get_paths()[0].contains_point((middle, inner))
                assert not area.get_paths()[0].contains_point((middle, outer))
    assert panel.collections[1].get_hatch() == SIGNS[0].hatch
    bottom, top = panel.get_ylim()
    assert bottom < -4.0 < 3.0 < top < 10.0
    assert panel.lines[0].get_ydata() == [0.0, 0.0]
    assert figure.get_suptitle() == (
        "all of lola on made towards CC:\npositive on 37.5 %, negative on 37.5 %, else open"
    )
    assert inside(figure)


def test_a_proof_of_nothing_says_so():
    assert draw(cut([0], [[-1.0, 1.0]], [1.0])).get_suptitle().endswith("towards CC:\nundecided")
    assert (
        draw(cut([0, -1], [[-1.0, 1.0], [-2.0, -1.0]], [0.5, 0.5]))
        .get_suptitle()
        .endswith("negative on 50.0 %, else open")
    )
    assert draw(cut([0], [[-np.inf, np.inf]], [1.0])).axes[1].get_ylim() == (-1.0, 1.0)
    assert inside(draw(replace(cut([1, 0], [[1.0, 2.0], [-1.0, 1.0]], [0.5, 0.5]), target="Stag/Hare/Volunteer")))
    assert alignment_proof_figure(cut([1], [[1.0, 2.0]], [1.0]), title="mine").get_suptitle() == "mine"
    with pytest.raises(InputError, match="expected an AlignmentProof"):
        alignment_proof_figure("CC")
