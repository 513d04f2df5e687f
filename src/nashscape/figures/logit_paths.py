"""Pictures of the logit path: what every player plays as it makes fewer errors."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, TARGETS, bare, words
from nashscape.theory.concepts.logit_results import LogitEquilibria

PANEL = 3.2
MOST_PANELS = 4
STYLES: Any = ("-", "--", "-.", ":")


@or_several
@on_paper
def logit_figure(found: LogitEquilibria, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The probability of every action along the path over λ, a panel for each of the first four players.

    A line across stands at the λ that was asked for, with a point at every equilibrium there; dotted lines stand where
    other branches cross the path.

    Args:
        found: what `logit_equilibrium` gave.
        title: of the figure; by default the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import logit_equilibrium
        >>> figure = logit_figure(logit_equilibrium(games.stag_hunt()))
        >>> [axes.get_title() for axes in figure.axes]
        ['player 1', 'player 2']
    """
    only(found, LogitEquilibria, "logit_equilibrium")
    count = min(len(found.players), MOST_PANELS)
    figure, [panels] = canvas(1, count, PANEL * count, 3.2, sharey=True)
    names = list(dict.fromkeys(name for own in found.actions[:count] for name in own))
    looks = {name: (TARGETS[k % len(TARGETS)], STYLES[k % len(STYLES)]) for k, name in enumerate(names)}
    for i, axes in enumerate(panels):
        bare(axes)
        for k, name in enumerate(found.actions[i]):
            colour, style = looks[name]
            axes.plot(found.path, found.path_strategies[i][:, k], color=colour, linestyle=style, linewidth=1.6)
            axes.plot(np.full(len(found), found.precision), found.strategies[i][:, k], "o", color=colour,
                      markeredgecolor=INK, markersize=6)  # fmt: skip
        axes.axvline(found.precision, color=FAINT, linewidth=1.0)
        for crossed in found.branches:
            axes.axvline(crossed, color=INK, linewidth=1.0, linestyle=":")
        axes.set_xscale("symlog", linthresh=max(float(found.path.max()) * 1e-4, 1e-12))
        axes.set_xlim(0, float(found.path.max()) or 1.0)
        axes.set_ylim(-0.03, 1.03)
        words(axes, title=found.players[i], xlabel="precision λ", ylabel="" if i else "probability")
    handles = [Line2D([], [], color=own[0], linestyle=own[1], label=name) for name, own in looks.items()]
    key(figure, handles, columns=6)
    usual = f"{found.game}: quantal responses from the centroid"
    head(figure, usual if title is None else title)
    return figure
