"""Pictures of rankings by several methods, of response graphs and of populations: what is where, and how far apart."""

from itertools import combinations

import numpy as np

from nashscape import games
from nashscape.populations import grow
from nashscape.ranking import rank, response_graph

MATCHES = [
    ("ann", "bob", 1),
    ("bob", "cy", 1),
    ("cy", "ann", 1),
    ("ann", "bob", 1),
    ("cy", "dee", 1),
    ("dee", "ann", 0.5),
]


def test_several_methods_have_a_ladder_each_and_one_table_of_points_on_a_page():
    ways = ["bradley-terry", "copeland", "elo", "maximal-lottery", "nash-averaging", "elo:k=8"]
    found = rank(MATCHES, ways)
    figure = found.plot()
    ladders, tables = ([one for one in figure.axes if bool(one.images) is own] for own in (False, True))
    ladders = [one for one in ladders if one.get_xlabel() == "rank"]
    assert [one.texts[0].get_text().partition(", bar")[0] for one in ladders] == ways
    for one, ladder in zip(found.values(), ladders, strict=True):
        assert [tick.get_text() for tick in ladder.get_yticklabels()] == list(one.players)
        np.testing.assert_array_equal(ladder.lines[0].get_xdata(), one.ranks)
    [table] = [one for one in tables if one.get_xlabel() == "against"]
    assert [tick.get_text() for tick in table.get_yticklabels()] == list(found["bradley-terry"].players)
    assert figure.get_size_inches().max() < 15
    assert [tick.get_text() for tick in rank(MATCHES, "elo").plot().axes[1].get_yticklabels()] == [""] * 4


def test_edges_of_one_profile_leave_and_come_from_apart():
    """Of nine profiles on a circle chords from one are 20° apart, which arcs that bow to one side would close."""
    graph = response_graph(np.random.default_rng(0).random((2, 3, 3)))
    axes = graph.plot().axes[1]
    arrows = [text for text in axes.texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == len(graph.edges) == 18
    leaves = {}
    for arrow in arrows:
        bow = np.degrees(np.arctan(2 * arrow.arrow_patch.get_connectionstyle().rad))
        for here, there, turned in ((arrow.xyann, arrow.xy, -bow), (arrow.xy, arrow.xyann, bow)):
            way = np.degrees(np.arctan2(*(np.array(there) - here)[::-1])) + turned
            leaves.setdefault(tuple(np.round(here, 6)), []).append(way)
    assert len(leaves) == 9
    gaps = [abs((a - b + 180) % 360 - 180) for own in leaves.values() for a, b in combinations(own, 2)]
    assert min(gaps) > 19


def test_the_curve_of_a_population_has_half_of_a_wide_page():
    figure = grow(games.shapley(), generations=3, start="first").plot()
    figure.canvas.draw()
    curve, table = (one.get_position() for one in figure.axes[:2])
    assert curve.width * figure.get_size_inches()[0] > 3
    assert curve.width > 0.75 * table.width
