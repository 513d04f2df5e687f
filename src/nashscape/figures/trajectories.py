"""Pictures of single runs: what is played, what it pays, and what drives it."""

from itertools import cycle

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.dynamics import Run
from nashscape.figures.panels import action_names
from nashscape.figures.style import INK, SMALL, TARGETS, bare, canvas, words

DASHES = ("-", "--", "-.", ":")
TERMS = {"base": TARGETS[0], "own": TARGETS[1], "peer": TARGETS[2], "lookahead": TARGETS[3]}
LOG_SPAN = 30.0
"""Sizes of terms are drawn on a logarithmic scale when the largest is more than this many times the smallest."""


def run_figure(run: Run) -> Figure:
    """Probabilities, payoffs and sizes of the rule's terms over the updates of one run.

    Payoffs are in the units of the game, terms in those units per unit of parameter.
    Players with two actions have one line, the probability of their first; others one line per action.

    Raises:
        InputError: for anything that is not a run.

    Example:
        >>> from nashscape import games, pg, simulate
        >>> figure = run_figure(simulate(games.stag_hunt(), pg(), start=[0.4, 0.7], steps=20))
        >>> [axes.get_ylabel() for axes in figure.axes]
        ['probability', 'payoff', 'size of term']
    """
    if not isinstance(run, Run):
        raise InputError(f"expected a Run such as simulate makes; got {type(run).__name__}")
    names = action_names(run.provenance) or _numbers(run)
    figure, grid = canvas(3, 1, 6.4, 6.6, sharex=True)
    played, paid, driven = grid[:, 0]
    _probabilities(played, run, names)
    for player, (payoff, dash) in enumerate(zip(run.payoffs.T, cycle(DASHES), strict=False)):
        paid.plot(payoff, dash, color=TARGETS[player % len(TARGETS)], label=f"player {player + 1}")
    _terms(driven, run)
    words(played, title="", ylabel="probability")
    played.set_title(f"{run.rule} on {run.game}: {run.outcome}{_hit(run)}", fontsize=10, color=INK)
    words(paid, ylabel="payoff")
    words(driven, ylabel="size of term", xlabel="updates made")
    for axes in (played, paid, driven):
        bare(axes)
        axes.margins(x=0.01)
        if run.first_hit is not None:
            axes.axvline(run.first_hit, color=INK, linewidth=0.8, linestyle=":")
        axes.legend(
            loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=SMALL, frameon=False, handlelength=2.4, borderpad=0.2
        )
    return figure


def _hit(run: Run) -> str:
    return "" if run.first_hit is None else f" (target first held after {run.first_hit} updates, dotted)"


def _numbers(run: Run) -> list[list[str]]:
    return [[f"action {k + 1}" for k in range(own.shape[1])] for own in run.strategies]


def _probabilities(axes: Axes, run: Run, names: list[list[str]]) -> None:
    for player, own in enumerate(run.strategies):
        shown = 1 if own.shape[1] == 2 else own.shape[1]
        for action in range(shown):
            # two-action games: a colour per player; others: a colour per action and a dash per player
            hue = player if shown == 1 else action
            axes.plot(
                own[:, action],
                DASHES[player % len(DASHES)],
                color=TARGETS[hue % len(TARGETS)],
                label=f"player {player + 1}: {names[player][action]}",
            )
    axes.set_ylim(-0.03, 1.03)


def _terms(axes: Axes, run: Run) -> None:
    positive: list[npt.NDArray[np.float64]] = []
    for (name, size), dash in zip(run.terms.items(), cycle(DASHES), strict=False):
        axes.plot(np.where(size > 0, size, np.nan), dash, color=TERMS.get(name, INK), label=name)
        positive.append(size[np.isfinite(size) & (size > 0)])
    known = np.concatenate(positive) if positive else np.zeros(0)
    if known.size and known.max() > LOG_SPAN * known.min():
        axes.set_yscale("log")
