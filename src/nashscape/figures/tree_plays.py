"""Pictures of learners in games in extensive form: how far they are from equilibrium as rounds go by."""

from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import INK, TARGETS, bare, words
from nashscape.theory.trees.play import TreePlay
from nashscape.theory.trees.search import UpdateSearch

WIDTH = 5.4


@or_several
@on_paper
def play_figure(found: TreePlay, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """NashConv of the last strategies and of the averages, over rounds.

    Args:
        found: what `tree_play` gave, or several by name.
        title: of the figure; by default the rule and the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games, learning
        >>> from nashscape.theory import tree_play
        >>> axes = play_figure(tree_play(games.kuhn_poker(), learning.cfr(), steps=50)).axes[0]
        >>> [line.get_label() for line in axes.lines]
        ['last strategies', 'averages']
    """
    only(found, TreePlay, "tree_play")
    figure, [[axes]] = canvas(1, 1, WIDTH, 3.6)
    bare(axes)
    lines = {
        "last strategies": (found.last_regrets, TARGETS[1], "--"),
        "averages": (found.average_regrets, TARGETS[0], "-"),
    }
    for name, (own, colour, style) in lines.items():
        # an equilibrium has no place on a scale of ratios
        total = own.sum(axis=1)
        axes.plot(found.times, np.where(total > 0.0, total, np.nan), style, color=colour, linewidth=1.8, label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    words(axes, xlabel="rounds", ylabel="NashConv, in payoff units")
    key(figure, columns=2)
    head(figure, f"{found.game}: {found.rule}" if title is None else title)
    return figure


@or_several
@on_paper
def search_figure(found: UpdateSearch, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What actions pay at the information set, with intervals, and what is played before and after the search.

    Args:
        found: what `update_search` gave.
        title: of the figure; by default the information set and the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import update_search
        >>> game = games.kuhn_poker()
        >>> [axes.get_xlabel() for axes in search_figure(update_search(game, game.uniform(), 0, "K")).axes]
        ['value from there on', 'probability']
    """
    only(found, UpdateSearch, "update_search")
    places = np.arange(len(found.actions))
    figure, [[left, right]] = canvas(1, 2, 6.4, 1.9 + 0.4 * len(places))
    bare(left)
    bare(right)
    apart = np.stack([found.values - found.low, found.high - found.values])
    left.errorbar(found.values, places, xerr=apart, fmt="o", color=INK, capsize=3)
    right.barh(places - 0.2, found.before, height=0.36, color=TARGETS[1], label="blueprint")
    right.barh(places + 0.2, found.after, height=0.36, color=TARGETS[0], label="search")
    for axes in (left, right):
        axes.set_yticks(places, found.actions)
        axes.set_ylim(len(places) - 0.4, -0.6)
    right.set_xlim(0.0, 1.0)
    words(left, xlabel="value from there on")
    words(right, xlabel="probability")
    key(figure, columns=2)
    head(figure, f"{found.game}: {found.player} at {found.row}" if title is None else title)
    return figure
