"""Pictures of single runs: what is played, what it pays, and what drives it."""

from itertools import cycle
from typing import Unpack

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.dynamics import Flow, Run
from nashscape.dynamics.played import played
from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.style import INK, SEQUENTIAL, SMALL, TARGETS, bare, words

MARKERS = "osD^vP"
DASHES = ("-", "--", "-.", ":")
TERMS = {"base": TARGETS[0], "own": TARGETS[1], "peer": TARGETS[2], "lookahead": TARGETS[3]}
MOST_NAMED = 16
"""Lines that the legend names."""
LOG_SPAN = 30.0
"""Sizes of terms are drawn on a logarithmic scale when the largest is more than this many times the smallest."""


@on_paper
def run_figure(run: Run, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Probabilities, payoffs and sizes of the rule's terms over the updates of one run.

    Payoffs are in the units of the game, terms in those units per unit of parameter.
    Players with two actions have one line, the probability of their first; others one line per action; in a game
    over states so for every state. In a continuous game lines are coordinates.

    Args:
        run: what `simulate` made.
        title: of the figure; by default rule, game and outcome.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything that is not a run.

    Example:
        >>> from nashscape import games, pg, simulate
        >>> figure = run_figure(simulate(games.stag_hunt(), pg(), start=[0.4, 0.7], steps=20))
        >>> [axes.get_ylabel() for axes in figure.axes]
        ['probability', 'payoff', 'size of term']
    """
    only(run, Run, "simulate")
    figure, grid = canvas(3, 1, 6.4, 6.6, sharex=True)
    above, paid, driven = grid[:, 0]
    chosen(above, np.arange(len(run.theta)), run)
    for player, (payoff, dash) in enumerate(zip(run.payoffs.T, cycle(DASHES), strict=False)):
        paid.plot(payoff, dash, color=TARGETS[player % len(TARGETS)], label=run.players[player])
    _terms(driven, run)
    words(above, title="", ylabel=run.unit)
    head(figure, f"{run.rule} on {run.game}: {run.outcome}{_hit(run)}" if title is None else title)
    words(paid, ylabel="payoff")
    words(driven, ylabel="size of term", xlabel="updates made")
    for axes in (above, paid, driven):
        _finish(axes, run.first_hit)
    return figure


def _hit(run: Run) -> str:
    return "" if run.first_hit is None else f" (target first held after {run.first_hit} updates, dotted)"


def chosen(axes: Axes, times: npt.ArrayLike, path: Run | Flow) -> None:
    """Lines of what is played: where players have one each a colour per player, else per part and a dash per player."""
    lines = played(path)
    parts = 1 + max(line.part for line in lines)
    for k, line in enumerate(lines):
        hue = line.player if parts == 1 else line.part
        few = max(parts, len(path.strategies)) <= len(TARGETS) or parts == 1
        axes.plot(
            times,
            line.values,
            DASHES[line.player % len(DASHES)],
            color=TARGETS[hue % len(TARGETS)] if few else colormaps[SEQUENTIAL](hue / (parts - 1)),
            label=f"{path.players[line.player]}: {line.name}" if k < MOST_NAMED else "_",
            # colours alone do not tell parts from each other in greys
            marker=MARKERS[line.part % len(MARKERS)] if 1 < parts <= len(TARGETS) else None,
            markevery=(k * len(line.values) // (8 * len(lines)), max(1, len(line.values) // 8)),
            markersize=3.5,
        )
    if len(lines) > MOST_NAMED:
        axes.plot([], [], " ", label=f"… and {len(lines) - MOST_NAMED} more")
    if path.unit == "probability":
        axes.set_ylim(-0.03, 1.03)


@on_paper
def flow_figure(flow: Flow, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What is played and what it pays along a flow, over time.

    Args:
        flow: what `flow` or `replicator` made.
        title: of the figure; by default rule, game and outcome.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything that is not a flow.

    Example:
        >>> from nashscape import games, dynamics
        >>> figure = flow_figure(dynamics.replicator(games.stag_hunt(), [0.4, 0.7], time=20.0))
        >>> [axes.get_ylabel() for axes in figure.axes], figure.axes[1].get_xlabel()
        (['probability', 'payoff'], 'time')
    """
    only(flow, Flow, "flow or replicator")
    figure, grid = canvas(2, 1, 6.4, 4.6, sharex=True)
    above, paid = grid[:, 0]
    chosen(above, flow.times, flow)
    for player, (payoff, dash) in enumerate(zip(flow.payoffs.T, cycle(DASHES), strict=False)):
        paid.plot(flow.times, payoff, dash, color=TARGETS[player % len(TARGETS)], label=flow.players[player])
    entered = "" if flow.entry_time is None else f" (target entered at time {flow.entry_time:.3g}, dotted)"
    words(above, ylabel=flow.unit)
    words(paid, ylabel="payoff", xlabel="time")
    head(figure, f"{flow.rule} on {flow.game}: {flow.outcome}{entered}" if title is None else title)
    for axes in (above, paid):
        _finish(axes, flow.entry_time)
    return figure


def _finish(axes: Axes, mark: float | None) -> None:
    bare(axes)
    axes.margins(x=0.01)
    if mark is not None:
        axes.axvline(mark, color=INK, linewidth=0.8, linestyle=":")
    axes.legend(
        loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=SMALL, frameon=False, handlelength=2.4, borderpad=0.2
    )


def _terms(axes: Axes, run: Run) -> None:
    positive: list[npt.NDArray[np.float64]] = []
    for (name, size), dash in zip(run.terms.items(), cycle(DASHES), strict=False):
        axes.plot(np.where(size > 0, size, np.nan), dash, color=TERMS.get(name, INK), label=name)
        positive.append(size[np.isfinite(size) & (size > 0)])
    known = np.concatenate(positive) if positive else np.zeros(0)
    if known.size and known.max() > LOG_SPAN * known.min():
        axes.set_yscale("log")
