"""Pictures of distances: how far starts lie from a separatrix, the furthest inside first."""

from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import INK, TARGETS, bare, words
from nashscape.selection.edges.separatrices import Distances

INSIDE, OUTSIDE = TARGETS[0], TARGETS[1]


@on_paper
def distance_figure(found: Distances, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Signed distances of the starts in order, each with its error; hollow where the rim of the square is nearer.

    Args:
        found: what `separatrix(…).distances(starts)` gave.
        title: of the figure; by default how many starts lie inside.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, pg, separatrix
        >>> line = separatrix(games.stag_hunt(), pg(), "CC", grid=9)
        >>> figure = distance_figure(line.distance([[0.4, 0.7], [0.2, 0.2], [0.9, 0.9]]))
        >>> figure.axes[0].get_title()
        '1 of 3 starts inside the basin'
    """
    only(found, Distances, "separatrix(…).distance(starts)")
    figure, [[axes]] = canvas(1, 1, 6.0, 3.8)
    order = np.argsort(-found.value, kind="stable")
    places = np.arange(1, len(order) + 1)
    value, error, hollow = found.value[order], found.error[order], found.rim[order] < np.abs(found.value[order])
    for inside, colour, marker, name in ((True, INSIDE, "o", "inside"), (False, OUTSIDE, "s", "outside")):
        own = (value > 0) == inside
        axes.errorbar(
            places[own], value[own], error[own], fmt="none", ecolor=colour, elinewidth=1.2, capsize=2,
        )  # fmt: skip
        for open_, words_ in ((False, ""), (True, ", the rim is nearer")):
            these = own & (hollow == open_)
            if these.any():
                axes.plot(
                    places[these], value[these], marker, color=colour, markersize=5, linestyle="none",
                    markerfacecolor="white" if open_ else colour, label=f"{name}{words_}",
                )  # fmt: skip
    bare(axes)
    axes.axhline(0.0, color=INK, linewidth=0.8)
    if len(order):
        axes.set_xlim(0.5, len(order) + 0.5)
        key(figure, columns=4)
    words(axes, xlabel="starts, the furthest inside first", ylabel="distance (probability)")
    within = int((found.value > 0).sum())
    head(axes, f"{within} of {len(order)} starts inside the basin" if title is None else title)
    return figure
