"""Pictures of learning on a lattice: cooperation against exploration, and over time."""

from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.dynamics.lattices.lattice_results import LatticeLearning
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.score_comparisons import LINES, MARKERS
from nashscape.figures.style import FAINT, INK, TARGETS, bare, words

MOST = 6
"""Budgets whose curves are drawn; of more of them some from the least to the most."""


@on_paper
@or_several
def lattice_learning_figure(
    found: LatticeLearning, *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:  # fmt: skip
    """Cooperation at the end against the exploration budget, run by run, and its mean over time for each budget.

    Args:
        found: what `lattice_q_learning` gave.
        title: of the figure; by default how many players, and how many tables they share.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import dynamics, environments
        >>> dilemma = environments.lattice_dilemma(3, 3)
        >>> figure = lattice_learning_figure(dynamics.lattice_q_learning(dilemma, runs=2, rounds=40))
        >>> [axes.get_xlabel() for axes in figure.axes]
        ['exploration budget: mean temperature', 'round']
    """
    only(found, LatticeLearning, "lattice_q_learning")
    figure, [[ends, curves]] = canvas(1, 2, 8.0, 3.4, sharey=True)
    _ends(ends, found)
    _curves(curves, found)
    for axes in (ends, curves):
        bare(axes)
        axes.set_ylim(-0.03, 1.03)
    words(ends, xlabel="exploration budget: mean temperature", ylabel=f"share who play {found.action}")
    words(curves, xlabel="round")
    key(figure, [*ends.get_legend_handles_labels()[0], *curves.get_legend_handles_labels()[0]], columns=4)
    head(figure, f"{found.players} players with {found.sharing}" if title is None else title)
    return figure


def _ends(axes: Axes, found: LatticeLearning) -> None:
    """Every run as a point, and means with their intervals."""
    means = found.estimates
    away = [[own.value - own.low for own in means], [own.high - own.value for own in means]]
    runs = found.final.shape[1]
    axes.plot(np.repeat(found.budgets, runs), found.final.ravel(), linestyle="none", marker="o", markersize=3.5,
              markerfacecolor="none", markeredgecolor=FAINT, label="a run", zorder=2)  # fmt: skip
    axes.errorbar(found.budgets, [own.value for own in means], yerr=np.clip(away, 0, None), color=INK, marker="s",
                  markersize=4, capsize=3, linewidth=1.2, label="mean with 95 % interval", zorder=3)  # fmt: skip


def _curves(axes: Axes, found: LatticeLearning) -> None:
    """Means of windows at their middles; the last window, without learning, is behind a line."""
    count = len(found.budgets)
    windows = found.cooperation.shape[2]
    middles = (np.arange(windows) + 0.5) * found.window
    for row, k in enumerate(np.unique(np.linspace(0, count - 1, min(count, MOST)).round().astype(int))):
        style: dict[str, Any] = {"linestyle": LINES[row], "marker": MARKERS[row], "color": TARGETS[row]}
        axes.plot(middles, found.cooperation[k].mean(axis=0), markersize=3.5, markevery=3, linewidth=1.3,
                  label=f"budget {found.budgets[k]:g}", **style)  # fmt: skip
    axes.axvline((windows - 1) * found.window, color=FAINT, linewidth=1.0, linestyle=":", label="learning ends")
    axes.set_xlim(0, windows * found.window)
