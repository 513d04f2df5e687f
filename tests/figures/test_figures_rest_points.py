"""Marks of rest points: full, half full and empty, so that no colour is needed."""

import numpy as np
import pytest

from nashscape.evolution import evolutionary_basins
from nashscape.figures import evolutionary_basins_figure


def marks(axes):
    lines = [line for line in axes.lines if line.get_marker() not in ("None", "")]
    return [(tuple(np.round(line.get_xydata()[0], 6)), line.get_marker(), line.get_fillstyle()) for line in lines]


@pytest.mark.parametrize(("types", "grid"), [(3, 8), (2, 10)])
def test_every_rest_point_has_the_mark_of_its_kind(types, grid):
    found = evolutionary_basins(np.eye(types), grid=grid)
    figure = evolutionary_basins_figure(found)
    corners = np.array([[0, 0], [1, 0], [0.5, np.sqrt(3) / 2]]) if types == 3 else np.array([[1, 0], [0, 0]])
    wanted = {"attracting": ("o", "full"), "saddle": ("o", "left"), "repelling": ("o", "full")}
    assert marks(figure.axes[0]) == [
        (tuple(np.round(one.shares @ corners, 6)), *wanted[one.attraction]) for one in found.rest_points
    ]
    named = [text.get_text() for text in figure.legends[0].get_texts()][len(found.shares) :]
    kinds = ["attracting", "saddle", "repelling"] if types == 3 else ["attracting", "repelling"]
    assert named == [f"rest point, {kind}" for kind in kinds]
    fills = {line.get_markerfacecolor() for line in figure.axes[0].lines if line.get_marker() == "o"}
    assert fills == {"#222222", "#FFFFFF"}
