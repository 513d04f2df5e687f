"""The picture of a ranking: which ranks are left to each player, and what each got of each other."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, inches, on_paper
from nashscape.figures.profile_cells import write_cells
from nashscape.figures.style import DIVERGING, INK, SMALL, TARGETS, bare, words
from nashscape.ranking.ranking_results import Ranking

MOST = 40
"""Players that are drawn; of more the best."""
UNMET = "#D2D2D2"
FOR_NUMBER = 0.4
"""Inches of a cell from which the share is written into it."""


@or_several
@on_paper
def ranking_figure(found: Ranking, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The rank of every player with those that are left to it, and the share of points that each got of each other.

    Args:
        found: what `rank` gave.
        title: of the figure; by default the method and how many players.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.ranking import rank
        >>> figure = ranking_figure(rank([("ann", "bob", 1), ("bob", "cy", 1), ("ann", "cy", 1)], "copeland"))
        >>> [axes.get_xlabel() for axes in figure.axes[:2]]
        ['rank', 'against']
    """
    only(found, Ranking, "rank")
    shown = min(len(found.players), MOST)
    figure, grid = canvas(1, 2, 8.6, 1.3 + 0.24 * max(shown, 8))
    ladder, table = grid[0]
    _draw_ranks(ladder, found, shown)
    _draw_shares(figure, table, found, shown)
    more = "" if shown == len(found.players) else f", the first {shown} of them"
    head(figure, f"{len(found.players)} players by {found.method}{more}" if title is None else title)
    return figure


def _draw_ranks(axes: Any, found: Ranking, shown: int) -> None:
    """A line from the best to the worst rank that is left, a dot at the rank."""
    bare(axes)
    rows = np.arange(shown)
    axes.hlines(rows, found.best[:shown], found.worst[:shown], color=TARGETS[0], linewidth=4, alpha=0.45)
    axes.plot(found.ranks[:shown], rows, "o", color=TARGETS[0], markersize=5.5)
    axes.set_yticks(rows, found.players[:shown])
    axes.set_ylim(shown - 0.5, -0.5)
    last = int(max(found.worst[:shown].max(), 2))
    axes.set_xlim(0.5, last + 0.5)
    axes.set_xticks(np.unique(np.linspace(1, last, min(last, 8)).round().astype(int)))
    words(axes, xlabel="rank")
    axes.annotate(f"bar: ranks left at {100 * found.level:g} %", (1.0, 1.01), xycoords="axes fraction", ha="right",
                  fontsize=SMALL, color=INK)  # fmt: skip


def _draw_shares(figure: Any, axes: Any, found: Ranking, shown: int) -> None:
    """The share of points of the row against the column; grey where they have not met."""
    points = found.points[:shown, :shown]
    with np.errstate(invalid="ignore"):
        shares = np.where(points + points.T > 0, points / (points + points.T), np.nan)
    shades = axes.imshow(np.ma.masked_invalid(shares), cmap=DIVERGING, vmin=0.0, vmax=1.0, aspect="auto")
    if 0.35 * inches(figure)[0] / shown >= FOR_NUMBER:
        write_cells(axes, shares, shades)
    axes.set_facecolor(UNMET)
    axes.set_xticks(range(shown), found.players[:shown], rotation=90)
    axes.set_yticks(range(shown), [""] * shown)
    words(axes, xlabel="against")
    bar = figure.colorbar(shades, ax=axes, shrink=0.9, pad=0.03)
    bar.set_label("share of points", fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
