"""Every picture takes a title, a size and a place in a figure of somebody else's."""

import importlib
import inspect

import numpy as np
import pytest
from matplotlib.figure import Figure

import nashscape as ns
from nashscape import InputError, figures
from nashscape.core.files.kinds import OURS
from nashscape.figures.paper import beside, canvas, key, on_paper
from nashscape.figures.style import broken

GAME = ns.games.bimatrix([[3, 0, 1], [1, 2, 0]], [[2, 0, 1], [0, 3, 1]])


@pytest.fixture(scope="module")
def bars():
    """Two panels abreast, with words of many lengths."""
    return ns.equilibria(GAME)


@pytest.fixture(scope="module")
def claims():
    return ns.theory.peer_direction(ns.games.threshold_stag_hunt(3, 2))


def picture_functions():
    for home in OURS.values():
        module, _, name = home.partition(":")
        kind = getattr(importlib.import_module(f"nashscape.{module}"), name)
        where, _, function = kind.picture.partition(":")
        yield getattr(importlib.import_module(where), function)


def test_every_picture_takes_the_same_options():
    functions = set(picture_functions())
    assert len(functions) >= 40
    for draw in functions:
        told = inspect.signature(draw).parameters
        assert {"paper", "options"} & set(told), draw
        assert "title" in told or "options" in told, draw
        assert draw.__doc__
        assert "size" in draw.__doc__ or "options" in told, draw


def test_a_width_alone_keeps_the_letters_and_stands_panels_below_each_other(bars):
    usual, narrow = bars.plot(), bars.plot(size=3.4)
    assert usual.get_size_inches()[0] == pytest.approx(7.4)
    width, height = narrow.get_size_inches()
    assert width == pytest.approx(3.4)
    assert height > 1.8 * usual.get_size_inches()[1]
    rows = [[axes.get_subplotspec().rowspan.start for axes in figure.axes] for figure in (usual, narrow)]
    assert rows == [[0, 0], [0, 1]]
    sizes = [{text.get_fontsize() for text in figure.axes[0].texts} for figure in (usual, narrow)]
    assert sizes[0] == sizes[1]


def test_a_width_and_a_height_are_kept(bars, claims):
    for found in (bars, claims):
        assert found.plot(size=(10.0, 5.6)).get_size_inches() == pytest.approx([10.0, 5.6])
    wide, usual = bars.plot(size=14.8), bars.plot()
    assert wide.get_size_inches() == pytest.approx(2 * usual.get_size_inches())


@pytest.mark.parametrize("size", [0, -1.0, (4.0, 0.0), (1, 2, 3), "wide", np.nan, ()])
def test_other_sizes_are_refused(bars, size):
    with pytest.raises(InputError, match="size is a width, or a width and a height, in inches; got"):
        bars.plot(size=size)


def test_a_picture_takes_the_place_of_an_axes(bars):
    figure = Figure(figsize=(10.0, 4.0))
    left, right = figure.subplots(1, 2)
    left.plot([0, 1], [0, 1])
    part = bars.plot(ax=right, title="mine")
    assert right not in figure.axes
    assert figure.subfigs == [part]
    assert [len(part.axes), len(figure.axes)] == [2, 3]
    assert part.get_suptitle() == "mine"
    figure.draw_without_rendering()
    assert part.bbox.x0 > 0.45 * figure.bbox.width
    assert figure.get_size_inches() == pytest.approx([10.0, 4.0])
    # the next picture is a figure of its own again
    assert bars.plot() is not figure


def test_a_picture_fills_a_figure_or_a_part_of_one(bars):
    whole = Figure(figsize=(8.0, 3.0))
    assert bars.plot(ax=whole) is whole
    parts = Figure(figsize=(8.0, 3.0)).subfigures(1, 2)
    assert bars.plot(ax=parts[1]).axes == parts[1].axes
    assert not parts[0].axes


def test_places_that_are_none_are_refused(bars):
    figure = Figure()
    for place in (figure.add_axes((0, 0, 1, 1)), 3):
        with pytest.raises(InputError, match=r"ax is an axes that stands in a grid, as plt.subplots makes them"):
            bars.plot(ax=place)
    with pytest.raises(InputError, match="give a size or a place, not both"):
        bars.plot(ax=figure.subplots(), size=4.0)


def test_sheets_of_squares_fit_the_paper(monkeypatch):
    hunt = ns.games.stag_hunt()
    maps = ns.basin_map(hunt, [ns.pg(), ns.meta_mapg()], grid=3, steps=5)
    for size, rows in ((None, 1), (4.0, 2), (9.0, 1), ((9.0, 3.0), 1)):
        figure = maps.plot(size=size)
        boxes = [axes.get_position() for axes in figure.axes]
        assert len({round(box.y0, 6) for box in boxes}) == rows
        width, height = figure.get_size_inches()
        for box in boxes:
            assert box.width * width == pytest.approx(box.height * height)
            assert 0 < box.x0 < box.x1 < 1
            assert 0 < box.y0 < box.y1 < 1
    assert maps.plot(title="mine").get_suptitle() == "mine"


def test_a_legend_has_as_many_columns_as_fit():
    def drawn(width, names, columns):
        figure, [[axes]] = canvas(1, 1, width, 3.0)
        for name in names:
            axes.plot([], [], label=name)
        key(figure, columns=columns)
        return figure.legends[0], figure.get_size_inches()[1]

    short, long = ["a", "b", "c", "a"], [f"{k} is a long name of a thing that is told" for k in "abcd"]
    legend, height = drawn(6.0, short, 3)
    assert ([text.get_text() for text in legend.get_texts()], legend._ncols, height) == (["a", "b", "c"], 3, 3.0)
    legend, height = drawn(7.0, long, 4)
    assert legend._ncols == 2
    assert height > 3.1
    legend, _ = drawn(2.0, long, 4)
    assert legend._ncols == 1
    assert all("\n" in text.get_text() for text in legend.get_texts())


def test_several_pictures_stand_below_each_other_on_narrow_paper():
    def one():
        canvas(1, 1, 3.0, 2.0)

    @on_paper
    def several():
        return beside({"a": one, "b": one, "c": one}, "all")

    usual, narrow = several(), several(size=3.5)
    assert usual.get_size_inches() == pytest.approx([9.0, 2.0])
    assert narrow.get_size_inches()[0] == pytest.approx(3.5)
    assert [part.bbox.y0 > narrow.bbox.height * k / 3 - 1 for k, part in enumerate(narrow.subfigs[::-1])] == [True] * 3
    assert {part.bbox.x0 for part in narrow.subfigs} == {0.0}
    assert usual.get_suptitle() == narrow.get_suptitle() == "all"
    assert [part.get_suptitle() for part in usual.subfigs] == ["a", "b", "c"]


def test_numbers_stay_with_what_they_are_of():
    assert broken("reached at T = 5 and lost 0.5 %", 15) == ["reached at", "T = 5 and lost", "0.5 %"]


def test_options_of_no_picture_are_refused(bars):
    with pytest.raises(InputError, match=r"sise.*size"):
        bars.plot(sise=3.0)
    assert figures.Paper.__optional_keys__ == {"size", "ax"}
