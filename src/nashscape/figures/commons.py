"""Pictures of common pools: the stock over time, and what players took."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.environments.commons.commons_runs import CommonsRun
from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words

MOST = 12
"""Players that have a bar each; of more the first."""


@on_paper
def commons_run_figure(found: CommonsRun, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The stock before every round, its mean and the band in which it is in 90 % of episodes; what each player took.

    Bars of players have the 95 % interval of their mean.

    Args:
        found: what `play_commons` gave.
        title: of the figure; by default the pool and how long it lasted.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import environments
        >>> run = environments.play_commons(environments.fishery(), "greedy", episodes=5)
        >>> [axes.get_xlabel() for axes in commons_run_figure(run).axes]
        ['round', 'taken in an episode']
    """
    only(found, CommonsRun, "play_commons")
    shown = min(len(found.players), MOST)
    figure, grid = canvas(1, 2, 8.4, max(3.0, 1.4 + 0.24 * shown), width_ratios=[1.4, 1.0])
    line, bars = grid.ravel()
    _stock(line, found)
    _takings(bars, found, shown)
    key(figure, line.get_legend_handles_labels()[0], columns=3)
    lasted = f"{found.survived.mean():.3g} of {found.rounds} rounds"
    said = f"{found.pool}, {len(found.survived)} episodes: {lasted}, {found.total.value:.4g} taken by all"
    head(figure, said if title is None else title)
    return figure


def _stock(axes: Any, found: CommonsRun) -> None:
    bare(axes)
    times = np.arange(found.rounds + 1)
    low, high = np.quantile(found.stocks, [0.05, 0.95], axis=0)
    axes.fill_between(times, low, high, color=TARGETS[0], alpha=0.25, linewidth=0, label="90 % of episodes")
    axes.plot(times, found.stocks.mean(axis=0), color=TARGETS[0], marker="o", markersize=3.0, label="mean stock")
    if found.collapse > 0:
        axes.axhline(found.collapse, color=INK, linestyle="--", linewidth=1.0, label="collapses below")
    axes.set_ylim(-0.03 * found.capacity, 1.05 * found.capacity)
    words(axes, xlabel="round", ylabel="stock")


def _takings(axes: Any, found: CommonsRun, shown: int) -> None:
    bare(axes)
    means = list(found.payoff.items())[:shown]
    values = np.array([own.value for _, own in means])
    ends = np.array([[own.value - own.low, own.high - own.value] for _, own in means]).T
    ends = np.where(np.isfinite(ends), ends, 0.0)  # of one episode nothing is known
    axes.barh(range(shown), values, color=TARGETS[1], xerr=ends, error_kw={"ecolor": FAINT, "elinewidth": 1.2})
    axes.set_yticks(range(shown), [name.replace("$", r"\$") for name, _ in means], fontsize=SMALL)
    axes.set_ylim(shown - 0.5, -0.5)
    more = "" if shown == len(found.players) else f", the first {shown} players"
    words(axes, xlabel=f"taken in an episode{more}")
