"""Pictures of optimal strategies: what each player plays, and how far that may vary."""

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.style import INK, TARGETS, bare, canvas, words, wrapped
from nashscape.theory.zero_sum.results import ZeroSumValue

WIDTH = 7.6


@or_several
def optimal_figure(found: ZeroSumValue, *, title: str | None = None) -> Figure:
    """A bar for the probability of every action in one optimal strategy, and a line over its range in all.

    Args:
        found: what `zero_sum_value` gave.
        title: of the figure; by default the game and its value.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import zero_sum_value
        >>> figure = optimal_figure(zero_sum_value(games.rock_paper_scissors()))
        >>> [axes.get_title() for axes in figure.axes]
        ['player 1', 'player 2']
    """
    only(found, ZeroSumValue, "zero_sum_value")
    figure, [panels] = canvas(1, 2, WIDTH, 3.0, sharey=True)
    for i, axes in enumerate(panels):
        bare(axes)
        own = found.strategies[i]
        places = np.arange(len(own))
        low, high = np.array(found.ranges(i), dtype=float).T
        axes.bar(places, own, color=TARGETS[i], width=0.6)
        axes.vlines(places, low, high, color=INK, linewidth=2.0)
        axes.plot(np.repeat(places, 2), np.stack([low, high], axis=1).ravel(), "_", color=INK, markersize=8)
        axes.set_xticks(places, found.actions[i])
        axes.set_ylim(0, 1)
        words(axes, title=found.players[i], ylabel="" if i else "probability, and its range")
    usual = f"{found.game}: value {found.value}"
    figure.suptitle(wrapped(usual if title is None else title, WIDTH), fontsize=10)
    return figure
