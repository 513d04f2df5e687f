import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.quiver import Quiver

from nashscape import InputError, figures, games, lola, meta_mapg, pg
from nashscape.figures.fields import MARKS, SPAN, field_figure, speed_colours, speed_scale
from nashscape.selection.maps.term_fields import term_field

GAME = games.dense(np.array([[[1.3, -0.4], [0.2, 0.9]], [[0.5, 0.1], [-0.7, 0.6]]]), actions=["U", "V"])


@pytest.fixture(scope="module")
def field():
    return term_field(GAME, meta_mapg(), grid=4)


def quiver(axes):
    return next(one for one in axes.collections if isinstance(one, Quiver))


def inside(figure):
    figures.to_png_bytes(figure)
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    return box.x0 > -0.02 and box.y0 > -0.02 and box.x1 < page[0] + 0.02 and box.y1 < page[1] + 0.02


def test_there_is_a_panel_per_term_with_labels(field):
    figure = field_figure(field)
    panels = figure.axes[:4]
    titles = ["base", "own", "peer", "whole direction"]
    assert [axes.get_title() for axes in panels] == [f"meta_mapg: {term}" for term in titles]
    assert {axes.get_xlabel() for axes in panels} == {"P(U) of player 1"}
    assert {axes.get_ylabel() for axes in panels} == {"P(U) of player 2"}
    assert "per unit of step size" in figure.axes[4].get_ylabel()
    assert inside(figure)


def test_arrows_point_where_the_term_moves_whatever_its_size(field):
    for axes, term in zip(field_figure(field).axes, field.terms, strict=False):
        drawn = quiver(axes)
        arrows = np.stack([drawn.U, drawn.V], axis=1)
        velocity = field.velocities[term].reshape(-1, 2)
        cosine = (arrows * velocity).sum(1) / np.linalg.norm(arrows, axis=1) / np.linalg.norm(velocity, axis=1)
        np.testing.assert_allclose(cosine, 1.0, atol=1e-12)
        np.testing.assert_allclose(drawn.get_array(), np.linalg.norm(velocity, axis=1))
        # player 1's probability runs along x: places come in the order of the velocities
        expected = np.stack(np.meshgrid(field.axis, field.axis, indexing="ij"), axis=-1).reshape(-1, 2)
        np.testing.assert_allclose(drawn.XY, expected)
        # arrows never leave their cell, and faster ones are no shorter
        length = np.linalg.norm(arrows, axis=1)
        assert length.max() <= 0.25
        assert (np.diff(length[np.argsort(np.linalg.norm(velocity, axis=1))]) >= -1e-12).all()


def test_all_panels_share_one_scale(field):
    scales = {quiver(axes).get_clim() for axes in field_figure(field).axes[:4]}
    assert len(scales) == 1
    low, high = scales.pop()
    assert high == max(field.speed(term).max() for term in field.terms)
    assert high / SPAN <= low < high


def test_a_term_that_does_nothing_is_drawn_as_dots():
    # nobody's payoff depends on the other's action: the peer term is zero
    payoffs = np.array([[[1.0, 1.0], [0.0, 0.0]], [[2.0, 0.5], [2.0, 0.5]]])
    figure = field_figure(term_field(games.dense(payoffs), lola(), grid=4), terms=["base", "peer"])
    base, peer = figure.axes[:2]
    assert len(quiver(base).U) == 16
    assert len(quiver(peer).U) == 0
    assert max(len(line.get_xdata()) for line in peer.lines) == 16
    assert inside(figure)


def test_equilibria_are_marked_where_they_are(field):
    axes = field_figure(field).axes[0]
    marked = {tuple(np.ravel(line.get_xydata())) for line in axes.lines if line.get_marker() in ("o", "D")}
    assert marked == {one.point for one in field.equilibria}
    assert {one.kind for one in field.equilibria} == {"strict", "mixed"}
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["strict equilibrium", "mixed equilibrium"]
    assert len({(own["marker"], own["markerfacecolor"]) for own in MARKS.values()}) == len(MARKS)


def test_every_rule_has_a_row(field):
    fields = {"pg": term_field(GAME, pg(), grid=4), "meta_mapg": field}
    figure = field_figure(fields)
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert titles[0] == "pg: whole direction"
    assert len(titles) == 5
    top = [axes.get_position().y0 for axes in figure.axes[:5]]
    assert top[0] > top[1] == top[4]
    assert inside(figure)


def test_terms_are_chosen_by_name(field):
    assert [axes.get_title() for axes in field_figure(field, terms="peer").axes[:1]] == ["meta_mapg: peer"]
    with pytest.raises(InputError, match="unknown term"):
        field_figure(field, terms=["lookahead"])
    for bad in ({}, 3, {"pg": 3}):
        with pytest.raises(InputError, match="expected a TermField"):
            field_figure(bad)
    with pytest.raises(InputError, match="one game"):
        field_figure({"a": field, "b": term_field(games.chicken(), pg(), grid=2)})


def test_a_field_draws_itself(field):
    assert field.plot(terms=["own"]).axes[0].get_title() == "meta_mapg: own"


@pytest.mark.parametrize(
    "seen",
    [
        np.eye(3),
        [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
        [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
    ],
    ids=["usual", "deutan", "protan"],
)
def test_speeds_darken_for_all_eyes_and_stand_out_from_white(seen):
    # Viénot, Brettel and Mollon (1999), on linear RGB
    colours = np.array([to_rgb(speed_colours()(x)) for x in np.linspace(0, 1, 32)])
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    light = np.clip(linear @ np.asarray(seen).T, 0, 1) @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(light) < 0).all()
    assert 1.05 / (light[0] + 0.05) > 1.7
    assert 1.05 / (light[-1] + 0.05) > 10


def test_a_scale_ignores_what_is_not_finite():
    scale = speed_scale([np.array([np.nan, 0.0, 2.0]), np.array([np.inf, 0.5])])
    assert (scale.vmin, scale.vmax) == (0.2, 2.0)
    assert speed_scale([np.zeros(3)]).vmax == 1.0
