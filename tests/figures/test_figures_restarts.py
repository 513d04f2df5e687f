import numpy as np
import pytest

from nashscape import InputError, figures, games, meta_mapg, pg, restarts
from nashscape.figures.restarting import restart_figure


@pytest.fixture(scope="module")
def found():
    return restarts(games.stag_hunt(), [pg(), meta_mapg()], runs=40, budget=6, steps=60)


@pytest.mark.long
def test_tails_are_shares_of_runs_without_success(found):
    tails = restart_figure(found).axes[0]
    drawn = {line.get_label(): line for line in tails.lines if not line.get_label().startswith("_")}
    assert set(drawn) == {"pg", "meta_mapg"}
    for name, one in found.items():
        first = one.first_success
        shares = [np.mean((first < 0) | (first >= k)) for k in range(1, 7)]
        assert drawn[name].get_xdata().tolist() == [1, 2, 3, 4, 5, 6]
        assert drawn[name].get_ydata().tolist() == pytest.approx(shares)
    assert tails.get_ylabel() == "share of runs not yet at CC"
    assert tails.get_title() == "stag_hunt, n = 40 runs"
    assert len({line.get_linestyle() for line in drawn.values()}) == 2
    assert len({line.get_marker() for line in drawn.values()}) == 2


def test_a_thin_line_is_the_geometric_tail(found):
    tails = restart_figure(found["pg"]).axes[0]
    one = found["pg"]
    p = (one.first_success >= 0).sum() / one.tried.sum()
    thin = next(line for line in tails.lines if line.get_label().startswith("_"))
    assert thin.get_ydata().tolist() == pytest.approx([(1 - p) ** k for k in range(1, 7)])
    labels = [text.get_text() for text in tails.figure.legends[0].get_texts()]
    assert labels == ["pg", "(1 − p)ᵏ, starts all alike", "hollow, pale: fewer than 20 runs made that start"]


def test_hazards_are_shares_of_the_starts_made(found):
    hazards = restart_figure(found).axes[1]
    points = {
        round(float(line.get_xdata()[0]), 9): line.get_ydata()[0]
        for line in hazards.lines
        if len(line.get_xdata()) == 1
    }
    for k in range(6):
        near = [value for x, value in sorted(points.items()) if abs(x - k - 1) < 0.5]
        made = [one for one in found.values() if (one.tried > k).any()]
        assert near == pytest.approx([(one.first_success == k).sum() / (one.tried > k).sum() for one in made])
    bars = sorted(
        tuple(line.get_ydata()) for line in hazards.lines if len(set(line.get_xdata())) == 1 < len(line.get_xdata())
    )
    shares = [share for one in found.values() for share in one.hazards()]
    np.testing.assert_allclose(bars, sorted((share.low, share.high) for share in shares))
    faces = [line.get_markerfacecolor() for line in hazards.lines if len(line.get_xdata()) == 1]
    assert [face == "#FFFFFF" for face in faces] == [share.trials < 20 for share in shares]
    assert {share.trials < 20 for share in shares} == {True, False}
    assert hazards.get_xlabel() == "number of the start, k"
    assert "95 % Wilson" in hazards.get_title().replace("\n", " ")


def test_runs_that_never_succeed_can_be_drawn():
    none = restarts(games.prisoners_dilemma(), pg(), target="CC", runs=5, budget=2, steps=40)
    figure = none.plot()
    assert figure.axes[0].lines[0].get_ydata().tolist() == [1.0, 1.0]
    figures.to_png_bytes(figure)


def test_everything_lies_on_the_page(found):
    figure = restart_figure(found)
    figures.to_png_bytes(figure)
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    assert box.x0 > -0.02
    assert box.y0 > -0.02
    assert box.x1 < page[0] + 0.02
    assert box.y1 < page[1] + 0.02


def test_different_numbers_of_runs_are_told(found):
    more = restarts(games.stag_hunt(), pg(), runs=60, budget=6, steps=60)
    assert restart_figure({"a": found["pg"], "b": more}).axes[0].get_title() == "stag_hunt, n = 40 to 60 runs"


def test_what_does_not_belong_together_is_refused(found):
    for bad in ({}, 3, {"pg": 3}, None):
        with pytest.raises(InputError, match="expected Restarts"):
            restart_figure(bad)
    other = restarts(games.stag_hunt(), pg(), runs=5, budget=3, steps=20)
    with pytest.raises(InputError, match="one game, target and budget"):
        restart_figure({"a": found["pg"], "b": other})
