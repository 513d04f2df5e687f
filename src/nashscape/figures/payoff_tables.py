"""What strategies of two pools get of each other, as a table of shades."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.colors import CenteredNorm

from nashscape.figures.paper import canvas, inches
from nashscape.figures.profile_cells import write_cells
from nashscape.figures.style import DIVERGING, INK, SMALL, TARGETS, bare, words

MOST_NAMED = 16
"""Rows that have their names beside the table."""
FOR_NUMBER = 0.42
"""Inches of a column from which numbers are written into cells."""


def payoffs_drawn(
    figure: Any,
    axes: Any,
    table: npt.NDArray[np.float64],
    names: Sequence[Sequence[str]],
    sides: Sequence[str],
    what: str,
    most: int = 9,
) -> Any:
    """The payoffs of the first side, `[m_1, m_2]`, with names of what each side chooses among, at most so many.

    Returns:
        The shades, for who writes numbers into them.
    """
    half = float(np.abs(table).max()) or 1.0
    shades = axes.imshow(table, cmap=DIVERGING, norm=CenteredNorm(halfrange=half), aspect="auto")
    for side, (set_ticks, label) in enumerate(((axes.set_yticks, axes.set_ylabel), (axes.set_xticks, axes.set_xlabel))):
        every = -(-len(names[side]) // most)
        shown = list(range(0, len(names[side]), every))
        turned = {"rotation": 90} if side else {}
        set_ticks(shown, [names[side][k] for k in shown], fontsize=SMALL, **turned)
        label(f"{what} of {sides[side]}", fontsize=SMALL)
    axes.set_title(f"payoff of {sides[0]}", fontsize=SMALL)
    bar = figure.colorbar(shades, ax=axes, shrink=0.85)
    bar.ax.tick_params(labelsize=SMALL)
    return shades


def bars_and_payoffs(
    numbers: npt.NDArray[np.float64],
    payoffs: npt.NDArray[np.float64],
    names: Sequence[str],
    *,
    xlabel: str,
    what: str,
) -> Any:
    """A number of each as a bar, none of them below 0, and beside it what the row gets of the column; in this order.

    Returns:
        The figure, without a title.
    """
    count, told = len(names), [name.replace("$", "") for name in names]
    figure, [[bars, table]] = canvas(1, 2, 9.2, 1.9 + 0.22 * max(count, 6), width_ratios=[1, 1.7])
    bare(bars)
    bars.barh(range(count), numbers, color=TARGETS[0], height=0.6)
    most = float(numbers.max()) or 1.0
    for k, value in enumerate(numbers.tolist()):
        written = f"{value:.2f}" if value >= 0.005 else "<0.01" if value > 5e-7 else "0"
        bars.text(value + 0.02 * most, k, written, va="center", fontsize=SMALL, color=INK)
    bars.set_yticks(range(count), told, fontsize=SMALL)
    bars.set_ylim(count - 0.5, -0.5)
    bars.set_xlim(0.0, 1.2 * most)
    words(bars, xlabel=xlabel)
    shades = payoffs_drawn(figure, table, payoffs, (told, told), ("the left", "the right"), what, MOST_NAMED)
    if 0.6 * inches(figure)[0] / count >= FOR_NUMBER:
        write_cells(table, payoffs.round(9) + 0.0, shades)
    return figure
