"""No picture of the gallery has words that collide or are cut off, hidden data, or things that colours alone tell."""

import numpy as np
import pytest
from checks.gallery import drawings, results
from checks.gallery_results import RESULTS
from checks.picture_faults import faults, lightness, style_of
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from nashscape.core.files.kinds import OURS
from nashscape.figures.style import OUTCOMES, looks

CHEAP = ("CheckedClaims", "Equilibria-unequal", "PeerDirections-three", "StoreDifferences", "Threshold")


def panel(size=(4.0, 3.0)):
    figure = Figure(figsize=size, dpi=100, layout="constrained")
    return figure, figure.subplots()


def test_words_that_overlap_are_found():
    figure, axes = panel()
    axes.text(0.5, 0.5, "one thing")
    axes.text(0.52, 0.51, "another")
    assert faults(figure) == ["'one thing' and 'another' overlap"]
    axes.texts[1].set_position((0.1, 0.2))
    assert faults(figure) == []


def test_marks_of_ticks_that_collide_are_found_and_those_beyond_the_axis_are_not_looked_at():
    figure, axes = panel()
    axes.set_xticks([0.4, 0.45, 3.0], ["a long name", "another one", "unseen"])
    axes.set_xlim(0.0, 1.0)
    assert faults(figure) == ["'a long name' and 'another one' overlap"]


def test_words_that_leave_the_canvas_are_found():
    figure, axes = panel()
    axes.set_xlabel("a label that is far too long for a panel of four inches, which nobody can read to its end")
    assert [fault.endswith("leaves the canvas") for fault in faults(figure)] == [True]


@pytest.mark.parametrize("kind", ["line", "line between its points", "points", "scatter", "bar", "area", "image"])
def test_a_legend_over_data_is_found(kind):
    figure, axes = panel()
    if kind == "line":
        axes.plot([0, 0.9, 1], [0, 0.9, 1], label="data")
    elif kind == "line between its points":
        axes.plot([0, 1], [0, 1], label="data")
    elif kind == "points":
        axes.plot([0, 0.93, 1.5], [0, 0.93, 0], "o", label="data")
    elif kind == "scatter":
        axes.scatter([0, 0.93], [0, 0.93], label="data")
    elif kind == "bar":
        axes.bar([0, 0.9], [1, 1], label="data")
    elif kind == "area":
        axes.fill_between([0, 1], [0, 0], [1, 1], label="data")
    else:
        axes.imshow(np.zeros((2, 2)), extent=(0, 1, 0, 1))
        axes.plot([], [], label="data")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    legend = axes.legend(loc="upper right")
    assert [fault[:35] for fault in faults(figure)] == ["the legend of 'data' covers data of"]
    legend.remove()
    figure.legend(loc="outside lower center")
    assert faults(figure) == []


def test_a_legend_over_words_is_found():
    figure, axes = panel()
    axes.plot([], [], label="data")
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, -0.3))
    axes.set_xlabel("what is below", loc="left")
    assert "the legend of 'data' covers 'what is below'" in faults(figure)


def test_colours_as_bright_as_each_other_need_another_mark():
    figure, axes = panel()
    axes.plot([0, 1], [0, 0], color="#CC79A7", label="one")
    axes.plot([0, 1], [1, 1], color="#009E73", label="other")
    figure.legend(loc="outside lower center")
    assert [fault.endswith("look alike in greys") for fault in faults(figure)] == [True]
    for change in ({"linestyle": "--"}, {"marker": "o"}, {"linewidth": 4.0}, {"color": "#FFFFFF"}):
        before = {name: getattr(axes.lines[1], f"get_{name}")() for name in change}
        axes.lines[1].set(**change)
        figure.legends[0].remove()
        figure.legend(loc="outside lower center")
        assert faults(figure) == [], change
        axes.lines[1].set(**before)


def test_bars_are_looked_at_without_a_legend():
    figure, axes = panel()
    bars = axes.bar([0, 1], [1, 1], color=["#CC79A7", "#009E73"])
    assert len(faults(figure)) == 1
    bars[1].set_hatch("//")
    assert faults(figure) == []


def test_styles_say_what_greys_keep():
    assert style_of(Line2D([], [], linestyle="none")) is None
    assert style_of(Line2D([], [], marker="o", markerfacecolor="#FFFFFF")).hollow
    assert style_of(Patch(facecolor="#000000", alpha=0.5)).colour == (0.5, 0.5, 0.5)
    assert [round(lightness(rgb)) for rgb in ((0, 0, 0), (0.4663, 0.4663, 0.4663), (1, 1, 1))] == [0, 50, 100]


def test_targets_and_outcomes_are_told_apart_in_greys():
    shown = looks([f"t{k}" for k in range(6)])
    areas = {name: style_of(Patch(facecolor=own.colour, hatch=own.hatch)) for name, own in shown.items()}
    assert [(a, b) for a in areas for b in areas if areas[a].alike(areas[b])] == []
    assert len(areas) == 6 * 3 + len(OUTCOMES)


def test_every_kind_of_picture_is_in_the_gallery():
    assert {name.partition("-")[0] for name in RESULTS} == {home.partition(":")[2] for home in OURS.values()} - {
        "Reproduction"
    }


def wrong(names):
    return [
        f"{name} {which}: {fault}"
        for name, result in results(names)
        for which, figure in drawings(result).items()
        for fault in faults(figure)
    ]


@pytest.mark.long
def test_a_few_pictures_have_no_fault_at_their_usual_size_and_at_400_pixels():
    assert wrong(CHEAP) == []


@pytest.mark.long
def test_no_picture_of_the_gallery_has_a_fault_at_its_usual_size_and_at_400_pixels():
    assert wrong([""]) == []
