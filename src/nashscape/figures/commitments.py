"""Pictures of what a leader can get by commitment, and of minimax winners."""

from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.core.exact_numbers import fraction_text
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.profile_cells import name_cells, write_cells
from nashscape.figures.style import DIVERGING, FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.theory.concepts.minimax_winners import MinimaxWinner
from nashscape.theory.concepts.stackelberg_results import Stackelberg

WIDTH = 7.6


@or_several
@on_paper
def stackelberg_figure(found: Stackelberg, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The commitment as bars over the leader's actions; and what the leader gets at most by what it induces.

    Args:
        found: what `stackelberg` gave.
        title: of the figure; by default who commits itself, and the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import stackelberg
        >>> figure = stackelberg_figure(stackelberg(games.battle_of_the_sexes()))
        >>> [axes.get_xlabel() for axes in figure.axes]
        ['action of player 1', 'reply']
    """
    only(found, Stackelberg, "stackelberg")
    figure, [[mixture, values]] = canvas(1, 2, WIDTH, 3.0)
    for axes in (mixture, values):
        bare(axes)
    i = found.players.index(found.leader)
    mixture.bar(range(len(found.strategy)), np.array(found.strategy, dtype=float), color=TARGETS[0], width=0.6)
    mixture.set_xticks(range(len(found.strategy)), found.actions[i])
    mixture.set_ylim(0, 1)
    words(mixture, xlabel=f"action of {found.leader}", ylabel="probability")
    for place, (_, value) in enumerate(found.choices):
        if value is None:
            values.text(place, 0.5, "never best", rotation=90, ha="center", va="center", fontsize=SMALL, color=INK,
                        transform=values.get_xaxis_transform())  # fmt: skip
        else:
            values.plot(place, float(value), "D", color=TARGETS[0], markersize=7)
    values.axhline(float(found.value), color=TARGETS[5], linewidth=1.2, linestyle="--")
    values.set_xticks(range(len(found.choices)), [name for name, _ in found.choices])
    values.set_xlim(-0.6, len(found.choices) - 0.4)
    words(values, xlabel=found.induced, ylabel=f"{found.leader} gets at most")
    limit = "" if found.attained else ", not attained"
    usual = f"{found.game}: {found.leader} commits itself and gets {fraction_text(found.value)}{limit}"
    head(figure, usual if title is None else title)
    return figure


@or_several
@on_paper
def winner_figure(found: MinimaxWinner, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Who beats whom as shades, and the lottery with how often it beats each alternative.

    Args:
        found: what `minimax_winner` gave.
        title: of the figure; by default the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import minimax_winner
        >>> figure = winner_figure(minimax_winner(games.rock_paper_scissors()))
        >>> [round(float(bar.get_width()), 4) for bar in figure.axes[1].patches]
        [0.3333, 0.3333, 0.3333]
    """
    only(found, MinimaxWinner, "minimax_winner")
    figure, [[cells, bars]] = canvas(1, 2, WIDTH, 2.0 + min(3.0, 0.4 * len(found.alternatives)))
    half = float(found.half)
    reach = float(np.abs(found.matrix - half).max()) or 1.0
    shades = cells.imshow(found.matrix, cmap=DIVERGING, aspect="auto", vmin=half - reach, vmax=half + reach)
    figure.colorbar(shades, ax=cells, label="row against column")
    write_cells(cells, found.matrix, shades)
    name_cells(cells, ("", ""), (found.alternatives, found.alternatives))
    bare(bars)
    places = np.arange(len(found.alternatives))
    bars.barh(places, np.array(found.winner, dtype=float), color=TARGETS[0], height=0.6, label="probability of winner")
    bars.plot(np.array(found.wins, dtype=float), places, "D", color=TARGETS[1], markeredgecolor=INK,
              label="winner against it")  # fmt: skip
    bars.axvline(half, color=FAINT, linewidth=1.0, linestyle="--", label="a tie")
    bars.set_yticks(places, found.alternatives)
    bars.set_ylim(len(places) - 0.5, -0.5)
    words(bars, xlabel="probability, and payoff")
    key(figure, columns=3)
    usual = f"{found.game}: minimax winner"
    head(figure, usual if title is None else title)
    return figure
