"""Pictures of what a team makes sure of, apart and together."""

from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import INK, TARGETS, bare, words
from nashscape.theory.concepts.team_results import TeamMaxmin

WIDTH = 6.8


@or_several
@on_paper
def team_figure(found: TeamMaxmin, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The members' mixtures as bars, and a line with what is safe apart, what is possible apart, and what together.

    Args:
        found: what `team_maxmin` gave.
        title: of the figure; by default the game and the adversary.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import team_maxmin
        >>> figure = team_figure(team_maxmin(games.matching_pennies()))
        >>> [tick.get_text() for tick in figure.axes[0].get_xticklabels()]
        ['H', 'T']
    """
    only(found, TeamMaxmin, "team_maxmin")
    figure, [[bars, line]] = canvas(1, 2, WIDTH, 3.0)
    bare(bars)
    bare(line)
    names = [own for name, own in zip(found.players, found.actions, strict=True) if name != found.adversary]
    start, ticks = 0.0, []
    for k, (player, own) in enumerate(zip(found.team, found.strategies, strict=True)):
        places = start + np.arange(len(own))
        bars.bar(places, own, color=TARGETS[k % len(TARGETS)], width=0.7, label=player)
        ticks += list(zip(places.tolist(), names[k], strict=True))
        start += len(own) + 0.6
    bars.set_xticks([place for place, _ in ticks], [name for _, name in ticks])
    bars.set_ylim(0, 1)
    words(bars, xlabel="action", ylabel="probability")
    line.hlines(0.0, found.low, found.high, color=INK, linewidth=3.0)
    line.plot(found.low, 0.0, "o", color=TARGETS[0], markeredgecolor=INK, markersize=8, label="safe apart")
    line.plot(found.high, 0.0, "|", color=INK, markersize=16, markeredgewidth=2.0, label="most possible apart")
    line.plot(float(found.together), 0.0, "D", color=TARGETS[1], markeredgecolor=INK, markersize=8, label="together")
    line.set_yticks([])
    words(line, xlabel="payoff of the team")
    key(figure, columns=4)
    usual = f"{found.game}: the team against {found.adversary}"
    head(figure, usual if title is None else title)
    return figure
