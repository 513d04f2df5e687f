"""Pictures of who is left of a population, of mean shares, and of weak selection on graphs."""

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.core import Estimate, target_code
from nashscape.evolution.fixation_results import Fixation, MeanShares
from nashscape.evolution.weak_selection_results import WeakSelection
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, look, words


@or_several
@on_paper
def fixation_figure(found: Fixation, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """How likely each type is left, and how likely it would be if types made no difference.

    Args:
        found: what `fixation` gave.
        title: of the figure; by default how many members there are.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.evolution import fixation, graph_population
        >>> ring = graph_population([[3, -1], [4, 0]], "ring:6", types="CD", intensity=0.1)
        >>> fixation_figure(fixation(ring, {"C": 1, "D": 5})).axes[0].get_xlabel()
        'probability to be left'
    """
    only(found, Fixation, "fixation")
    figure, axes = _bars(found.types, [found.of(name) for name in found.types], "probability to be left")
    axes.plot(found.neutral, range(len(found.types)), linestyle="", marker="D", markersize=6, markeredgecolor=INK,
              markerfacecolor="none", label="if types made no difference")  # fmt: skip
    axes.legend(fontsize=SMALL, frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    head(figure, f"Which type is left of {found.size} members" if title is None else title)
    return figure


@or_several
@on_paper
def mean_shares_figure(found: MeanShares, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The mean share of each type, with its interval.

    Args:
        found: what `mean_shares` gave.
        title: of the figure; by default how many members, and the mutation.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.evolution import finite_population, mean_shares
        >>> found = mean_shares(finite_population([[1, 1], [1, 1]], 20, mutation=0.1), runs=4, changes=100)
        >>> mean_shares_figure(found).axes[0].get_xlabel()
        'mean share'
    """
    only(found, MeanShares, "mean_shares")
    figure, _ = _bars(found.types, [found.of(name) for name in found.types], "mean share")
    head(figure, f"{found.size} members, mutation {found.mutation:g}" if title is None else title)
    return figure


def _bars(types: Sequence[str], values: Sequence[Estimate], told: str) -> tuple[Figure, Any]:
    """A bar for each type, with its interval."""
    figure, grid = canvas(1, 1, 5.6, 1.7 + 0.4 * len(types))
    axes: Any = grid[0, 0]
    bare(axes)
    for k, one in enumerate(values):
        style = look(target_code(k))
        axes.barh(k, one.value, height=0.62, color=style.colour, hatch=style.hatch, edgecolor=style.ink, linewidth=0.6)
        if one.low < one.high:
            axes.plot([one.low, one.high], [k, k], color=INK, linewidth=1.4, marker="|", markersize=8)
    axes.set_yticks(range(len(types)), types, fontsize=SMALL)
    axes.set_ylim(len(types) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    words(axes, xlabel=told)
    return figure, axes


@or_several
@on_paper
def weak_selection_figure(found: WeakSelection, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """How fast the chance of one cooperator to take over grows with the intensity, over the ratio of benefit to cost.

    Args:
        found: what `weak_selection` gave.
        title: of the figure; by default when cooperation is favoured.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.evolution import weak_selection
        >>> weak_selection_figure(weak_selection("ring:12")).axes[0].get_xlabel()
        'benefit / cost'
    """
    only(found, WeakSelection, "weak_selection")
    figure, grid = canvas(1, 1, 5.6, 3.4)
    axes: Any = grid[0, 0]
    bare(axes)
    here = 0 < found.critical_ratio < np.inf
    ratios = np.array([0.0, 2.0 * found.critical_ratio if here else 10.0])
    axes.plot(ratios, [found.slope(float(ratio)) for ratio in ratios], color=TARGETS[0], linewidth=1.8)
    axes.axhline(0.0, color=FAINT, linewidth=0.8)
    if here:
        axes.plot(found.critical_ratio, 0.0, marker="o", markersize=7, color=INK)
        axes.annotate(f"{found.critical_ratio:.4g}", (found.critical_ratio, 0.0), (0, -16),
                      textcoords="offset points", ha="left", fontsize=SMALL)  # fmt: skip
    axes.set_xlim(*ratios)
    words(axes, xlabel="benefit / cost", ylabel="change of the chance to take over\nper unit of cost and intensity")
    usual = f"{len(found.weights)} nodes, {found.process}: {found.told}"
    head(figure, usual if title is None else title)
    return figure
