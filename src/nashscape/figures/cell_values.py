"""Numbers in the cells of a heat map, where there are few enough to be read."""

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from nashscape.figures.style import SMALL, contrast

Floats = npt.NDArray[np.float64]

MOST_CELLS = 12
"""Columns, and rows, up to which cells have numbers."""

LEAST_POINTS = 5.0
"""The smallest size of letters that is read."""

LETTER = 0.6
"""Width of a digit, as a part of the size of its letters."""


def write_values(
    axes: Axes, x: Floats, y: Floats, cells: Floats, *, among: Floats, scale: Any, colours: str, width: float
) -> int:
    """Write the value of every cell into it, black or white by contrast; gives how many were written.

    Nothing is written where there are more than `MOST_CELLS` columns or rows, or the narrowest column is too narrow for
    the longest number; the bar of colours says then what there is to say.

    Args:
        axes: of the map.
        x: edges of the columns, `[n+1]`.
        y: edges of the rows, `[m+1]`.
        cells: values, `[m, n]`; NaN where there is none.
        among: the values of all panels, which have as many decimals.
        scale: from values to colours.
        colours: name of the colour map.
        width: of the panel in inches.
    """
    rows, columns = cells.shape
    if rows > MOST_CELLS or columns > MOST_CELLS:
        return 0
    known = [(j, i) for j, i in np.ndindex(rows, columns) if np.isfinite(cells[j, i])]
    told = {place: short(float(cells[place]), among) for place in known}
    (across, widths), (up, _) = _middles(x, axes.get_xscale()), _middles(y, axes.get_yscale())
    narrowest = width * 72 * float(widths.min() / widths.sum())
    size = min(SMALL, narrowest / (LETTER * max([1.0, *map(_length, told.values())])) * 0.9)
    if size < LEAST_POINTS:
        return 0
    for (j, i), text in told.items():
        colour = contrast(to_hex(colormaps[colours](scale(cells[j, i]))))
        axes.text(
            float(across[i]), float(up[j]), text, ha="center", va="center", fontsize=size, color=colour, clip_on=True
        )
    return len(told)


def _middles(edges: Floats, scale: str) -> tuple[Floats, Floats]:
    """The middles of cells as they are seen, and how wide they are."""
    own = np.log(edges) if scale == "log" else np.asarray(edges, float)
    middles = (own[1:] + own[:-1]) / 2
    return (np.exp(middles) if scale == "log" else middles), np.diff(own)


def short(value: float, among: Floats) -> str:
    """A number as short as its neighbours allow: as many decimals as tell their range in a hundred steps.

    >>> short(0.256, np.array([0.0, 1.0])), short(-0.0312, np.array([-0.03, 0.03])), short(87.3, np.array([4, 90]))
    ('.26', '−.031', '87')
    """
    known = among[np.isfinite(among)]
    spread = float(known.max() - known.min()) or abs(float(known.max())) or 1.0
    decimals = int(np.clip(2 - np.ceil(np.log10(spread) - 1e-9), 0, 6))
    told = f"{value:.{decimals}f}"
    if float(told) == 0:
        return "0"
    return told.replace("-", "−").replace("0.", ".", 1) if abs(value) < 1 else told.replace("-", "−")


def _length(text: str) -> float:
    """In digits: points and signs are narrow."""
    return sum(0.5 if letter in ".−" else 1.0 for letter in text)
