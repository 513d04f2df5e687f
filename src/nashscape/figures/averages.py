"""Pictures of average play: what deviations from it gain as rounds go by."""

from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, TARGETS, bare, words
from nashscape.theory.concepts.averages import AveragePlay

WIDTH = 5.4


@or_several
@on_paper
def average_figure(found: AveragePlay, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The largest gain of any player against the average joint play, by kind of deviation, over rounds.

    Args:
        found: what `average_play` gave, or several by name.
        title: of the figure; by default the learner and the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import average_play
        >>> axes = average_figure(average_play(games.shapley(), steps=50)).axes[0]
        >>> [line.get_label() for line in axes.lines]
        ['promised', 'apart (Nash)', 'by a swap (correlated)', 'by one action (coarse correlated)']
    """
    only(found, AveragePlay, "average_play")
    figure, [[axes]] = canvas(1, 1, WIDTH, 3.6)
    bare(axes)
    lines = {
        "promised": (found.promised, FAINT, ":"),
        "apart (Nash)": (found.apart, TARGETS[3], "-."),
        "by a swap (correlated)": (found.correlated, TARGETS[1], "--"),
        "by one action (coarse correlated)": (found.coarse, TARGETS[0], "-"),
    }
    for name, (own, colour, style) in lines.items():
        # where nobody gains there is nothing to see on a scale of ratios
        most = own.max(axis=1)
        axes.plot(found.times, np.where(most > 0.0, most, np.nan), style, color=colour, linewidth=1.8, label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    words(axes, xlabel="rounds", ylabel="largest gain, in payoff units")
    key(figure, columns=2)
    usual = f"{found.game}: average play of {found.rule}"
    head(figure, usual if title is None else title)
    return figure
