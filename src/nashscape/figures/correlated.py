"""Pictures of correlated equilibria: what is played together, and what all of them pay beside the Nash equilibria."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.profile_cells import name_cells, write_cells
from nashscape.figures.style import INK, SEQUENTIAL, TARGETS, bare, words
from nashscape.theory.concepts.correlated_results import CorrelatedEquilibrium, goal

WIDTH = 8.4


@or_several
@on_paper
def correlated_figure(found: CorrelatedEquilibrium, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The probability of every joint action as a shade, and the payoffs of all such equilibria as a line per player.

    On each line stand what is paid here, and what the Nash equilibria pay that are known.

    Args:
        found: what `correlated_equilibrium` or `coarse_correlated_equilibrium` gave.
        title: of the figure; by default the concept, what is largest, and the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import correlated_equilibrium
        >>> figure = correlated_figure(correlated_equilibrium(games.chicken()))
        >>> [text.get_text() for text in figure.axes[0].texts]
        ['0.5', '0.25', '0.25', '0']
    """
    only(found, CorrelatedEquilibrium, "correlated_equilibrium")
    rows = len(found.actions[0])
    figure, [[cells, lines]] = canvas(1, 2, WIDTH, 2.2 + min(3.0, 0.35 * max(rows, len(found.players))))
    values = found.distribution.reshape(rows, -1)
    shades = cells.imshow(values, cmap=SEQUENTIAL, aspect="auto", vmin=0.0)
    figure.colorbar(shades, ax=cells, label="probability")
    write_cells(cells, values, shades)
    name_cells(cells, found.players, found.actions)
    _ranges(lines, found)
    key(figure, columns=3)
    usual = f"{found.game}: a {found.concept} equilibrium, {goal(found)}"
    head(figure, usual if title is None else title)
    return figure


def _ranges(axes: Any, found: CorrelatedEquilibrium) -> None:
    """A line for each player from the least to the largest payoff, and points on it."""
    bare(axes)
    places = np.arange(len(found.players))
    axes.hlines(places, *found.ranges.T, color=TARGETS[4], linewidth=7.0, label=f"all {found.concept} equilibria")
    label = "Nash equilibria" if found.nash_complete else "Nash equilibria that are known"
    for own in found.nash:
        axes.plot(own, places, "x", color=INK, markersize=7, label=label)
        label = "_"
    axes.plot(found.payoffs, places, "o", color=TARGETS[1], markeredgecolor=INK, markersize=7, label="this one")
    axes.set_yticks(places, found.players)
    axes.set_ylim(len(places) - 0.5, -0.5)
    words(axes, xlabel="payoff")
