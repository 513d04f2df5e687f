"""Joint actions as cells: a row for each action of the first player, a column for all joint actions of the others."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from nashscape.figures.style import SMALL, contrast, words

MOST_WRITTEN = 64
"""Joint actions up to which numbers are written into cells, and columns up to which these are named."""


def name_cells(axes: Axes, players: Sequence[str], actions: Sequence[Sequence[str]]) -> None:
    """The names of the first player's actions at the rows, those of the others' joint actions at the columns."""
    columns = ["/".join(one) for one in product(*actions[1:])]
    axes.set_yticks(range(len(actions[0])), actions[0])
    if len(columns) <= MOST_WRITTEN:
        axes.set_xticks(range(len(columns)), columns, rotation=0 if len(columns) <= 8 else 90)
    words(axes, xlabel=players[1] if len(players) == 2 else "the others", ylabel=players[0])


def write_cells(
    axes: Axes, values: npt.NDArray[np.float64], shades: Any, at: npt.NDArray[np.float64] | None = None
) -> None:
    """The numbers in the cells, where these are not too many, in a colour that stands out from the shade; no NaN.

    Shades are those of the numbers, or of others, `at`.
    """
    if values.size > MOST_WRITTEN:
        return
    for (r, c), value in np.ndenumerate(values):
        if np.isnan(value):
            continue
        colour = contrast(shades.cmap(shades.norm(value if at is None else at[r, c])))
        axes.text(c, r, f"{value:.3g}", ha="center", va="center", fontsize=SMALL, color=colour)
