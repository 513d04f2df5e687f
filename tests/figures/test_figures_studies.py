"""Pictures of studies: what is drawn is chosen by what varies, and holds the numbers of the rows."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nashscape import InputError, figures
from nashscape.core import Status, record
from nashscape.figures.study_parts import parts_of
from nashscape.studies.findings import Findings


def findings(varied, points, quantities, vary=()):
    """Findings with a row for each point, quantity and thing it is of: the value is the function of all three."""
    rows = [
        (point, quantity, of, value(point), text)
        for point in points
        for quantity, of, value, text in quantities
    ]  # fmt: skip
    values = np.array([row[3] for row in rows], float)
    blank = {"number": np.nan, "text": ""}
    columns = {
        "measure": np.array(["basin_map"] * len(rows)),
        **{name: np.array([row[0].get(name, blank[kind]) for row in rows]) for name, kind in varied.items()},
        "quantity": np.array([row[1] for row in rows]),
        "of": np.array([row[2] for row in rows]),
        "value": values,
        "low": values - 0.05,
        "high": values + 0.05,
        "level": np.full(len(rows), 0.95),
        "successes": np.full(len(rows), np.nan),
        "trials": np.full(len(rows), np.nan),
        "text": np.array([row[4] for row in rows]),
        "question": np.array(["q"] * len(rows)),
    }
    made = record("study", {"study": {"name": "made", "vary": list(vary)}}, seed=0)
    return Findings("made", "", varied, columns, {}, "", Status.COMPLETE, made)


def share(of, value):
    return "share", of, value, ""


def test_outcomes_that_came_about_nowhere_are_neither_drawn_nor_listed():
    points = [{"peer": peer} for peer in (0.0, 1.0)]
    quantities = [
        share("CC", lambda p: 0.0), share("DD", lambda p: 0.9), share("noisy", lambda p: 0.1 * p["peer"]),
        share("cycling", lambda p: 0.0), share("passing CC", lambda p: 0.0),
        ("undefined", "welfare", lambda p: 0.0, ""), ("payoff", "player 1", lambda p: 0.0, ""),
    ]  # fmt: skip
    parts = {part.quantity: part for part in parts_of(findings({"peer": "number"}, points, quantities))}
    assert list(parts) == ["share", "payoff"]
    # a target that is never reached is an answer, and so is a payoff of zero
    assert parts["share"].columns["of"].tolist() == ["CC", "DD", "noisy"] * 2
    assert parts["share"].ofs == ("DD", "noisy")
    assert parts["payoff"].columns["value"].tolist() == [0.0, 0.0]


def test_one_number_makes_lines_with_bands_one_for_each_text():
    points = [{"rule": rule, "peer": peer} for rule in ("pg", "lola") for peer in (2.0, 0.0, 1.0)]
    found = findings(
        {"rule": "text", "peer": "number"},
        points,
        [share("CC", lambda p: 0.2 + 0.1 * p["peer"] + 0.3 * (p["rule"] == "lola"))],
    )
    [axes] = found.plot().axes
    lines = axes.get_lines()
    assert [line.get_xdata().tolist() for line in lines] == [[0, 1, 2]] * 2
    np.testing.assert_allclose(lines[0].get_ydata(), [0.2, 0.3, 0.4])
    np.testing.assert_allclose(lines[1].get_ydata(), [0.5, 0.6, 0.7])
    band = axes.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(0.15)
    assert band[:, 1].max() == pytest.approx(0.45)
    assert axes.get_xlabel() == "peer coefficient λ"


def test_two_numbers_make_heat_maps_with_the_first_across():
    points = [{"peer@1": a, "peer@2": b} for a in (0.0, 1.0, 2.0) for b in (0.0, 4.0)]
    found = findings(
        dict.fromkeys(("peer@1", "peer@2"), "number"), points, [share("CC", lambda p: p["peer@1"] / 10 + p["peer@2"])]
    )
    axes = found.plot().axes[0]
    [mesh] = axes.collections
    np.testing.assert_allclose(mesh.get_array().reshape(2, 3), [[0.0, 0.1, 0.2], [4.0, 4.1, 4.2]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == (
        "peer coefficient λ of player 1", "peer coefficient λ of player 2",
    )  # fmt: skip


def grid_of(xs, ys, value):
    points = [{"peer@1": float(a), "peer@2": float(b)} for a in xs for b in ys]
    return findings(dict.fromkeys(("peer@1", "peer@2"), "number"), points, [share("CC", value)])


def test_the_cells_of_a_small_heat_map_have_their_values_written_legibly():
    found = grid_of(range(12), range(12), lambda p: p["peer@1"] / 40 + p["peer@2"] / 30)
    figure = found.plot()
    axes, bar = figure.axes
    [mesh] = axes.collections
    values = mesh.get_array().reshape(12, 12)
    assert len(axes.texts) == 144
    for text in axes.texts:
        i, j = (round(own) for own in text.get_position())
        assert float(text.get_text().replace("−", "-")) == pytest.approx(values[j, i], abs=0.006)
        background, ink = (to_rgb(own) for own in (mesh.cmap(mesh.norm(values[j, i])), text.get_color()))
        assert ratio_of(background, ink) >= 4.5
        assert text.get_fontsize() >= 5
    assert bar.get_ylabel() == "share of runs"
    figure.draw_without_rendering()
    width = axes.get_window_extent().width / 12
    assert all(text.get_window_extent().width < width for text in axes.texts)


def ratio_of(one, other):
    """The contrast of two colours, as the guidelines of accessible pages define it."""
    linear = [[c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in own] for own in (one, other)]
    low, high = sorted(float(np.dot(own, (0.2126, 0.7152, 0.0722))) for own in linear)
    return (high + 0.05) / (low + 0.05)


def test_many_cells_and_cells_without_a_value_have_none_written():
    assert not grid_of(range(13), range(2), lambda p: p["peer@1"]).plot().axes[0].texts
    # one column so narrow that nothing could be read in it
    assert not grid_of((0, 0.01, 9), range(2), lambda p: p["peer@1"] / 9).plot().axes[0].texts
    found = grid_of(range(3), range(2), lambda p: p["peer@1"] / 9 if p["peer@1"] else np.nan)
    assert len(found.plot().axes[0].texts) == 4


def test_values_stand_in_the_middle_of_cells_that_rise_in_ratios():
    axes = grid_of((1, 2, 4, 8), range(2), lambda p: p["peer@1"] / 8).plot().axes[0]
    assert axes.get_xscale() == "log"
    np.testing.assert_allclose([text.get_position()[0] for text in axes.texts][:4], [1, 2, 4, 8])


def test_numbers_that_fill_a_box_are_points_and_signs_have_colours_with_white_between():
    points = [{"game.S": s, "game.T": t} for s, t in ((0.1, 0.9), (0.5, 0.2), (0.8, 0.4))]
    block = {"design": "sobol", "count": 3, "game.S": {"from": 0, "to": 1}, "game.T": {"from": 0, "to": 1}}
    varied = dict.fromkeys(("game.S", "game.T"), "number")
    found = findings(varied, points, [("difference", "CC", lambda p: p["game.S"] - 0.4, "")], [block])
    axes = found.plot().axes[0]
    [dots] = axes.collections
    np.testing.assert_allclose(dots.get_offsets(), [[0.1, 0.9], [0.5, 0.2], [0.8, 0.4]])
    np.testing.assert_allclose(dots.get_array(), [-0.3, 0.1, 0.4])
    assert dots.norm.vmin == pytest.approx(-0.4)
    assert dots.norm.vmax == pytest.approx(0.4)
    without = findings(varied, [{"game.S": s, "game.T": t} for s in (0.0, 1.0) for t in (0.0, 1.0)],
                       [("difference", "CC", lambda p: p["game.S"] - 0.4, "")])  # fmt: skip
    assert without.plot().axes[0].collections[0].get_array().size == 4


def test_texts_alone_make_rows_of_dots_in_the_order_of_the_study():
    points = [{"game": game, "rule": rule} for game in ("b", "a") for rule in ("pg", "lola", "sos")]
    value = {"pg": 0.1, "lola": 0.2, "sos": 0.3}
    found = findings(
        {"game": "text", "rule": "text"},
        points,
        [share("CC", lambda p: value[p["rule"]]), share("DD", lambda p: 1 - value[p["rule"]])],
    )
    panels = found.plot().axes
    assert [axes.get_title() for axes in panels] == ["b", "a"]
    assert [text.get_text() for text in panels[0].get_yticklabels()] == ["pg", "lola", "sos"]
    by_label = sorted((line.get_xdata().tolist() for line in panels[1].get_lines()), key=lambda own: own[0])
    np.testing.assert_allclose(by_label, [[0.1, 0.2, 0.3], [0.9, 0.8, 0.7]])


def test_verdicts_have_a_colour_each():
    points = [{"game.S": s, "game.T": t} for s, t in ((0.1, 0.9), (0.5, 0.2), (0.8, 0.4))]
    block = {"design": "random", "count": 3, "game.S": {}, "game.T": {}}
    varied = dict.fromkeys(("game.S", "game.T"), "number")
    found = findings(varied, points, [("peer_direction", "player 1", lambda p: np.nan, "raises")], [block])
    found.rows["text"][1] = "lowers"
    [axes] = found.plot().axes
    raised, lowered = axes.get_lines()
    assert raised.get_xdata().tolist() == [0.1, 0.8]
    assert lowered.get_xdata().tolist() == [0.5]


def test_replicates_are_drawn_together_with_the_interval_of_all():
    points = [{"peer": peer} for peer in (0.0, 1.0) for _ in range(4)]
    found = findings({"peer": "number"}, points, [share("CC", lambda p: 0.25)])
    found.rows["successes"][:] = [1, 2, 3, 4] * 2
    found.rows["trials"][:] = 10
    [part] = parts_of(found)
    from scipy.stats import beta

    assert part.columns["value"].tolist() == [0.25, 0.25]
    np.testing.assert_allclose(part.columns["low"], beta.ppf(0.025, 10, 31))
    np.testing.assert_allclose(part.columns["high"], beta.ppf(0.975, 11, 30))


def test_outcomes_that_hardly_came_about_are_left_to_the_table():
    found = findings(
        {"peer": "number"},
        [{"peer": 0.0}, {"peer": 1.0}],
        [share("DD", lambda p: 0.9 - p["peer"] / 2), share("noisy", lambda p: 0.01), share("CC", lambda p: 0.1)],
    )
    [part] = parts_of(found)
    assert part.ofs == ("DD", "CC")
    assert "noisy" in part.columns["of"]


def test_what_is_no_finding_and_what_was_not_measured_are_refused():
    found = findings({"peer": "number"}, [{"peer": 0.0}, {"peer": 1.0}], [share("CC", lambda p: p["peer"])])
    with pytest.raises(InputError, match="expected the findings of a study"):
        figures.study_figure(3)
    with pytest.raises(InputError, match="unknown quantity 'shares'; did you mean 'share'"):
        found.plot(quantity="shares")
    with pytest.raises(InputError, match="unknown measure 'entries'"):
        found.plot(measure="entries")
