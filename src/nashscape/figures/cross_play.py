"""Pictures of cross-play: the payoffs of all pairs of runs, in the order of their conventions."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, inches, on_paper
from nashscape.figures.profile_cells import write_cells
from nashscape.figures.style import INK, SEQUENTIAL, SMALL, percent, words
from nashscape.selection.comparing.cross_play import Conventions

PART = 0.62
"""Of the width of the figure that the matrix takes."""
FOR_NUMBER, FOR_NAME = 0.42, 0.135
"""Inches of a cell from which a payoff is written into it, and rows and columns have their names."""


@on_paper
@or_several
def conventions_figure(found: Conventions, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What every run gets with every other, run by run in the order of their conventions, each of which has a frame.

    Args:
        found: what `conventions` makes.
        title: of the figure; by default how many conventions, and how many runs play each.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape.selection import conventions
        >>> conventions_figure(conventions([[1, 0], [0, 1]])).axes[0].get_xlabel()
        'run of player 2'
    """
    found = only(found, Conventions, "conventions")
    order = np.argsort(found.groups, kind="stable")
    figure, grid = canvas(1, 1, 5.6, 4.8)
    axes: Any = grid[0, 0]
    shades = axes.imshow(found.payoffs[np.ix_(order, order)], cmap=SEQUENTIAL, aspect="equal")
    cell = PART * inches(figure)[0] / len(order)
    if cell >= FOR_NUMBER:
        write_cells(axes, found.payoffs[np.ix_(order, order)], shades)
    first = 0
    for k, size in enumerate(np.bincount(found.groups)):
        corner = (first - 0.5, first - 0.5)
        axes.add_patch(Rectangle(corner, size, size, fill=False, edgecolor="#FFFFFF", linewidth=3.2))
        axes.add_patch(Rectangle(corner, size, size, fill=False, edgecolor=INK, linewidth=1.4))
        if size * cell >= FOR_NAME:
            axes.annotate(
                str(k + 1), (1.01, first + (size - 1) / 2), xycoords=("axes fraction", "data"), fontsize=SMALL,
                color=INK, va="center",
            )  # fmt: skip
        first += size
    axes.annotate("convention", (1.0, 1.01), xycoords="axes fraction", fontsize=SMALL, color=INK, ha="center")
    words(axes, xlabel="run of player 2", ylabel="run of player 1")
    if cell >= FOR_NAME:
        ordered = [found.names[k] for k in order]
        long = max(map(len, ordered)) > 2 or len(order) > 12
        axes.set_xticks(range(len(order)), ordered, rotation=90 if long else 0)
        axes.set_yticks(range(len(order)), ordered)
    else:
        axes.set_xticks([])
        axes.set_yticks([])
    bar = figure.colorbar(shades, ax=axes, shrink=0.85, pad=0.06 if inches(figure)[0] > 4 else 0.1)
    bar.set_label("payoff", fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    head(figure, _finding(found) if title is None else title)
    return figure


def _finding(found: Conventions) -> str:
    """How many conventions, how many runs play each, and what crossing costs."""
    shares = ", ".join(percent(one.value) for one in found.shares[:4]) + (", …" if found.count > 4 else "")
    number = "1 convention" if found.count == 1 else f"{found.count} conventions"
    gap = "" if found.gap is None else f"; self-play gets {found.gap.value:.3g} more than cross-play"
    return f"{number} among {len(found.names)} runs: {shares}{gap}"
