"""Pictures of optimal strategies, how far they may vary, and of what players can make sure of."""

from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.core.exact_numbers import fraction_text
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.theory.zero_sum.results import SecurityLevels, ZeroSumValue

WIDTH = 7.6


@or_several
@on_paper
def optimal_figure(found: ZeroSumValue, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """A bar for the probability of every action in one optimal strategy, and a line over its range in all.

    Args:
        found: what `zero_sum_value` gave.
        title: of the figure; by default the game and its value.
        **paper: `size` and `ax`, see `Paper`.

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
    usual = f"{found.game}: value {fraction_text(found.value)}"
    head(figure, usual if title is None else title)
    return figure


@or_several
@on_paper
def security_figure(found: SecurityLevels, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What every player can make sure of: by a mixed strategy as a bar, by a single action as a line across it.

    Args:
        found: what `security_levels` gave.
        title: of the figure; by default the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import security_levels
        >>> axes = security_figure(security_levels(games.battle_of_the_sexes())).axes[0]
        >>> [round(float(bar.get_height()), 4) for bar in axes.patches]
        [0.6667, 0.6667]
    """
    only(found, SecurityLevels, "security_levels")
    figure, [[axes]] = canvas(1, 1, 5.0, 3.2)
    bare(axes)
    places = np.arange(len(found.players))
    axes.axhline(0, color=FAINT, linewidth=0.8)
    axes.bar(places, found.values, color=TARGETS[0], width=0.5, label="by mixing")
    pure = np.array(found.pure, dtype=float)
    axes.hlines(pure, places - 0.35, places + 0.35, color=INK, linewidth=2.0, label="by one action")
    axes.set_xticks(places, found.players)
    words(axes, ylabel="payoff that is safe")
    figure.legend(loc="outside lower center", ncols=2, fontsize=SMALL, frameon=False)
    usual = f"what players can make sure of in {found.game}"
    head(figure, usual if title is None else title)
    return figure
