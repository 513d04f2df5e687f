"""Pictures of rankings: the ranks that are left to each, and what each got of each other; where mutants lead."""

from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, inches, on_paper
from nashscape.figures.profile_cells import write_cells
from nashscape.figures.style import DIVERGING, INK, SMALL, TARGETS, bare, words
from nashscape.ranking.alpha_ranks import AlphaRank
from nashscape.ranking.ranking_results import Ranking

ABREAST = 3
"""Panels in a row, of several methods."""
MOST = 40
"""Players that are drawn; of more the best."""
LONGEST_NAME = 24
MOST_DISCS = 10
"""Profiles that are drawn by α-rank: those with most mass."""
UNMET = "#D2D2D2"
FOR_NUMBER = 0.4
"""Inches of a cell from which the share is written into it."""


@on_paper
def ranking_figure(
    found: Ranking | Mapping[str, Ranking], *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """The rank of every player with those that are left to it, and the share of points that each got of each other.

    Of several methods there are ranks for each, and the shares once, in the order of the first.

    Args:
        found: what `rank` gave, or several by name.
        title: of the figure; by default the method and how many players.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.ranking import rank
        >>> figure = ranking_figure(rank([("ann", "bob", 1), ("bob", "cy", 1), ("ann", "cy", 1)], "copeland"))
        >>> [axes.get_xlabel() for axes in figure.axes[:2]]
        ['rank', 'against']
    """
    several = dict(found) if isinstance(found, Mapping) else {only(found, Ranking, "rank").method: found}
    for one in several.values():
        only(one, Ranking, "rank")
    if not several:
        raise InputError("there are no results to draw")
    first = next(iter(several.values()))
    shown = min(max(len(one.players) for one in several.values()), MOST)
    across = min(len(several) + 1, ABREAST)
    down = -(-(len(several) + 1) // across)
    figure, grid = canvas(down, across, 4.3 * across, (1.3 + 0.24 * max(shown, 8)) * down)
    *ladders, table = grid.ravel()[: len(several) + 1]
    for blank in grid.ravel()[len(several) + 1 :]:
        blank.remove()
    for ladder, (name, one) in zip(ladders, several.items(), strict=True):
        _draw_ranks(ladder, one, min(len(one.players), MOST))
        said = f"bar: ranks left at {100 * one.level:g} %"
        ladder.annotate(f"{name}, {said}" if len(several) > 1 else said, (1.0, 1.01), xycoords="axes fraction",
                        ha="right", fontsize=SMALL, color=INK)  # fmt: skip
    _draw_shares(figure, table, first, min(len(first.players), MOST), named=len(several) > 1)
    more = "" if shown == len(first.players) else f", the first {shown} of them"
    by = f"by {first.method}" if len(several) == 1 else f"by {len(several)} methods"
    head(figure, f"{len(first.players)} players {by}{more}" if title is None else title)
    return figure


def _draw_ranks(axes: Any, found: Ranking, shown: int) -> None:
    """A line from the best to the worst rank that is left, a dot at the rank."""
    bare(axes)
    rows = np.arange(shown)
    axes.hlines(rows, found.best[:shown], found.worst[:shown], color=TARGETS[0], linewidth=4, alpha=0.45)
    axes.plot(found.ranks[:shown], rows, "o", color=TARGETS[0], markersize=5.5)
    axes.set_yticks(rows, [_name(own) for own in found.players[:shown]])
    axes.set_ylim(shown - 0.5, -0.5)
    last = int(max(found.worst[:shown].max(), 2))
    axes.set_xlim(0.5, last + 0.5)
    axes.set_xticks(np.unique(np.linspace(1, last, min(last, 8)).round().astype(int)))
    words(axes, xlabel="rank")


def _name(text: str) -> str:
    """A name as it is, without being read as mathematics, and no longer than there is room for."""
    short = text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
    return short.replace("$", r"\$")


def _draw_shares(figure: Any, axes: Any, found: Ranking, shown: int, *, named: bool) -> None:
    """The share of points of the row against the column; grey where they have not met.

    Rows have names where no ladder of the same order stands beside them.
    """
    points = found.points[:shown, :shown]
    with np.errstate(invalid="ignore"):
        shares = np.where(points + points.T > 0, points / (points + points.T), np.nan)
    shades = axes.imshow(np.ma.masked_invalid(shares), cmap=DIVERGING, vmin=0.0, vmax=1.0, aspect="auto")
    if 0.35 * inches(figure)[0] / shown >= FOR_NUMBER:
        write_cells(axes, shares, shades)
    axes.set_facecolor(UNMET)
    axes.set_xticks(range(shown), [_name(own) for own in found.players[:shown]], rotation=90)
    axes.set_yticks(range(shown), [_name(own) if named else "" for own in found.players[:shown]])
    words(axes, xlabel="against")
    bar = figure.colorbar(shades, ax=axes, shrink=0.9, pad=0.03)
    bar.set_label("share of points", fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)


@or_several
@on_paper
def alpha_rank_figure(found: AlphaRank, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The profiles that have most mass as bars, and where mutants lead from each of them.

    An arrow goes where a mutant takes over more often than if it were no better, the darker the more often. Discs are
    as large as masses.

    Args:
        found: what `alpha_rank` gave.
        title: of the figure; by default the intensity and the size of populations.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.ranking import alpha_rank
        >>> figure = alpha_rank_figure(alpha_rank([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]))
        >>> [axes.get_xlabel() for axes in figure.axes]
        ['mass', '']
    """
    only(found, AlphaRank, "alpha_rank")
    order = found.order[:MOST_DISCS]
    figure, [[bars, graph]] = canvas(1, 2, 8.6, 4.0)
    bare(bars)
    rows = np.arange(len(order))
    bars.barh(rows, found.masses[order], color=TARGETS[0], height=0.6)
    bars.set_yticks(rows, [_name(found.profiles[k]) for k in order])
    bars.set_ylim(max(len(order), 3) - 0.5, -0.5)
    bars.set_xlim(0, 1.08 * max(found.masses.max(), 1e-9))
    words(bars, xlabel="mass")
    _draw_graph(graph, found, order)
    shown = "" if len(order) == len(found.profiles) else f", {len(order)} of {len(found.profiles)} profiles"
    usual = f"α-rank, α = {found.intensity:g}, populations of {found.population}{shown}"
    head(figure, usual if title is None else title)
    return figure


def _draw_graph(axes: Any, found: AlphaRank, order: Any) -> None:
    """Profiles on a circle, arrows between them by how often mutants take over."""
    turns = np.pi / 2 - 2 * np.pi * np.arange(len(order)) / len(order)
    places = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    rates = found.fixation[np.ix_(order, order)]
    for i, j in np.argwhere(rates > 1.0 / found.population + 1e-12):
        arrow = {"arrowstyle": "-|>", "color": INK, "alpha": 0.25 + 0.75 * float(min(rates[i, j], 1.0)),
                 "linewidth": 1.2, "shrinkA": 15, "shrinkB": 15, "connectionstyle": "arc3,rad=0.08"}  # fmt: skip
        axes.annotate("", places[j], places[i], arrowprops=arrow)
    for (x, y), k in zip(places, order, strict=True):
        axes.plot(x, y, "o", color=TARGETS[0], markersize=np.sqrt(60 + 700 * found.masses[k]), zorder=3)
        axes.text(1.3 * x, 1.3 * y, _name(found.profiles[k]), fontsize=SMALL, color=INK, ha="center", va="center")
    axes.set_xlim(-1.6, 1.6)
    axes.set_ylim(-1.55, 1.55)
    axes.set_aspect("equal")
    axes.axis("off")
