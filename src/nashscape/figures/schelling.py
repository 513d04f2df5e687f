"""Pictures of Schelling diagrams: what two actions pay, by how many others choose the first."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, TARGETS, bare, words
from nashscape.theory.schelling_results import SchellingDiagram


@or_several
@on_paper
def schelling_figure(found: SchellingDiagram, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What both actions pay, one curve each, with bands where payoffs are sampled; unsettled comparisons are dotted.

    Args:
        found: what `schelling_diagram` or `sampled_schelling_diagram` gave.
        title: of the figure; by default which dilemma it is.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, theory
        >>> axes = schelling_figure(theory.schelling_diagram(games.public_goods())).axes[0]
        >>> axes.get_title(), axes.get_xlabel()
        ('', 'others playing C')
    """
    only(found, SchellingDiagram, "schelling_diagram")
    figure, grid = canvas(1, 1, 5.2, 3.4)
    axes: Any = grid[0, 0]
    bare(axes)
    others = np.arange(len(found.gains))
    for action, (name, marker) in enumerate(zip(found.actions, ("o", "s"), strict=True)):
        if found.level is not None:
            axes.fill_between(others, found.low[action], found.high[action], color=TARGETS[action], alpha=0.25,
                              linewidth=0)  # fmt: skip
        axes.plot(others, found.payoffs[action], color=TARGETS[action], marker=marker, linestyle=("-", "--")[action],
                  label=name)  # fmt: skip
    for j, k in enumerate(found.unsettled):
        axes.axvline(k, color=FAINT, linestyle=":", linewidth=1.2, zorder=0, label="" if j else "not settled")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    words(axes, xlabel=f"others playing {found.actions[0]}", ylabel="payoff")
    key(figure, axes.get_legend_handles_labels()[0], columns=3)
    head(figure, f"{len(found.gains)} players: {found.dilemma}" if title is None else title)
    return figure
