"""Pictures of scores in many tasks: percentiles over tasks, and who is nowhere lower than whom."""

from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.score_comparisons import LINES, MARKERS
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.ranking.task_score_results import TaskScores

MOST = 12
"""Agents that are drawn; of more those of the highest medians."""
CURVE = tuple(range(0, 101, 2))
"""Percentiles of which curves are made."""


@or_several
@on_paper
def task_scores_figure(found: TaskScores, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What every agent reaches in all but so many of a hundred tasks, with a band; and who dominates whom.

    Bands hold at all percentiles of all agents together. Marks are at the percentiles by which agents are compared.

    Args:
        found: what `task_scores` gave.
        title: of the figure; by default how many agents and tasks.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.ranking import task_scores
        >>> figure = task_scores_figure(task_scores({"general": [4, 50, 3], "special": [0, 100, 0]}))
        >>> [axes.get_xlabel() for axes in figure.axes]
        ['percentile of tasks, the worst first', 'dominates']
    """
    only(found, TaskScores, "task_scores")
    middles = found.percentiles([50])[0][:, 0]
    shown = np.sort(np.argsort(-middles, kind="stable")[:MOST])
    figure, [[curves, table]] = canvas(1, 2, 8.6, 2.6 + 0.16 * len(shown))
    for row, k in enumerate(shown):
        _curve(curves, found, int(k), row)
    bare(curves)
    curves.set_xlim(-2, 102)
    words(curves, xlabel="percentile of tasks, the worst first", ylabel="normalised score")
    _dominance(table, found, shown)
    key(figure, columns=4)
    more = "" if len(shown) == len(found.agents) else f", {len(shown)} of them"
    head(figure, f"{len(found.agents)} agents in {len(found.tasks)} tasks{more}" if title is None else title)
    return figure


def _curve(axes: Axes, found: TaskScores, k: int, row: int) -> None:
    value, low, high = (own[k] for own in found.percentiles(CURVE))
    colour = TARGETS[row % len(TARGETS)]
    if np.isfinite(low).all() and np.isfinite(high).all():
        axes.fill_between(CURVE, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(CURVE, value, color=colour, linestyle=LINES[row % len(LINES)], label=found.agents[k].replace("$", r"\$"))
    axes.plot(found.levels, found.percentiles()[0][k], MARKERS[row % len(MARKERS)], color=colour, markersize=5,
              markeredgecolor=INK, markeredgewidth=0.6)  # fmt: skip


def _dominance(axes: Axes, found: TaskScores, shown: npt.NDArray[Any]) -> None:
    """A word in each cell in which the agent of the row dominates that of the column, or may."""
    told = found.dominance()
    here, surely, perhaps = (own[np.ix_(shown, shown)] for own in told)
    for r, c in np.argwhere(perhaps):
        word = "surely" if surely[r, c] else "as scored" if here[r, c] else "perhaps"
        axes.text(c, r, word, ha="center", va="center", fontsize=SMALL, color=FAINT if word == "perhaps" else INK,
                  rotation=90 if len(shown) > 5 else 0)  # fmt: skip
    names = [found.agents[k].replace("$", r"\$") for k in shown]
    axes.set_xticks(range(len(shown)), names, rotation=0 if max(map(len, names)) * len(shown) < 28 else 90)
    axes.set_yticks(range(len(shown)), names)
    axes.set_xlim(-0.5, len(shown) - 0.5)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xticks(np.arange(len(shown) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(shown) + 1) - 0.5, minor=True)
    axes.grid(True, which="minor", color="#DDDDDD", linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    words(axes, xlabel="dominates")
