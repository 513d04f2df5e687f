from dataclasses import replace

import numpy as np
import pytest

from nashscape import InputError, figures, games, learning, meta_mapg
from nashscape.figures.rule_cards import card_figure, rule_card
from nashscape.figures.style import percent
from nashscape.selection.maps.portraits import portrait


@pytest.fixture(scope="module")
def found():
    return portrait(games.stag_hunt(), meta_mapg(), grid=9, arrows=4, steps=100, starts=[(0.6, 0.55), (0.2, 0.3)])


def inside(figure):
    figures.to_png_bytes(figure)
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    return box.x0 > -0.02 and box.y0 > -0.02 and box.x1 < page[0] + 0.02 and box.y1 < page[1] + 0.02


@pytest.mark.long
def test_the_head_tells_formula_numbers_and_sources(found):
    texts = [text.get_text() for text in card_figure(found).texts]
    assert texts[:3] == ["meta_mapg", "base + η·(μ·own + λ·peer)", "η = 0.55, μ = 0.35, λ = 1.5"]
    assert texts[-1] == "On stag_hunt, without noise. Source: Kim et al. 2021; Foerster et al. 2018."


def test_runs_begin_and_end_where_they_do(found):
    square = card_figure(found).axes[0]
    begins = [tuple(line.get_xydata()[0]) for line in square.lines if line.get_marker() in ("*", "o")]
    ends = [tuple(line.get_xydata()[0]) for line in square.lines if line.get_marker() == "s"]
    for run in found.runs:
        path = np.stack([own[:, 0] for own in run.strategies], axis=1)
        assert tuple(path[0]) in begins
        assert tuple(path[-1]) in ends
    star = next(line for line in square.lines if line.get_marker() == "*")
    assert star.get_xydata()[0].tolist() == pytest.approx([0.6, 0.55])
    assert square.get_xlabel() == "P(C) of player 1"
    assert square.get_ylabel() == "P(C) of player 2"


def test_terms_are_those_of_the_first_run(found):
    driven = card_figure(found).axes[1]
    for line, (name, size) in zip(driven.lines, found.runs[0].terms.items(), strict=True):
        assert line.get_label() == name
        np.testing.assert_array_equal(line.get_ydata(), size)
    assert len({line.get_linestyle() for line in driven.lines}) == 3
    assert "(0.60, 0.55)" in driven.get_title()
    assert driven.get_ylabel() == "size of term,\npayoff per parameter"
    assert driven.get_yscale() == "log"


def test_bars_are_the_shares_of_the_map_with_brackets(found):
    ended = card_figure(found).axes[2]
    names = [tick.get_text() for tick in ended.get_yticklabels()]
    assert names == list(found.basin.outcomes())
    for name, bar, line in zip(names, ended.patches, ended.lines, strict=True):
        share = found.basin.fraction(name)
        assert bar.get_width() == share.value
        assert line.get_xdata().tolist() == [share.low, share.high]
        assert percent(share.value) in [text.get_text() for text in ended.texts]
    assert "[0.05, 0.95]²" in ended.get_title()


def test_everything_lies_on_the_page(found):
    assert inside(card_figure(found))


@pytest.mark.long
def test_long_names_of_outcomes_and_formulas_fit():
    figure = rule_card(games.matching_pennies(), learning.sos(), grid=5, arrows=3, steps=30, starts=[(0.6, 0.6)])
    labels = [tick.get_text() for tick in figure.axes[2].get_yticklabels()]
    assert any("\n" in label for label in labels)
    assert inside(figure)


def test_a_term_that_is_rounding_is_said_to_be_zero(found):
    run = replace(found.runs[0], terms={"base": np.ones(100), "correction": np.full(100, 1e-14)})
    figure = card_figure(replace(found, runs=(run,)))
    assert [line.get_label() for line in figure.axes[1].lines] == ["base", "correction (zero)"]
    assert np.isnan(figure.axes[1].lines[1].get_ydata()).all()


@pytest.mark.long
def test_every_rule_has_a_head_that_fits(found):
    for make in learning.RULES.values():
        figure = card_figure(replace(found, rule=make()))
        assert figure.texts[0].get_text() == make().name
        for text in figure.texts:
            assert text.get_window_extent().x1 < figure.bbox.x1


def test_a_portrait_draws_itself_and_nothing_else_is_a_card(found):
    assert len(found.plot().axes) == 3
    with pytest.raises(InputError, match="expected a Portrait"):
        card_figure(found.basin)
