"""Pictures of predictors: their ROC curves, and how the share of gained starts rises with the quantity."""

import itertools
from collections.abc import Mapping
from typing import Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.core import InputError, wilson
from nashscape.figures.given import by_rule
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, TARGETS, bare, words
from nashscape.selection.predictors import Predictor

DASHES = ("-", "--", "-.", ":")
MARKERS = "osD^vP"
ASIDE = 0.012
"""Predictors are drawn so far beside each other."""

PARTS = 10
"""Parts of equally many starts into which they are cut, from the smallest values to the largest."""


@on_paper
def predictor_figure(
    found: Predictor | Mapping[str, Predictor], *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """ROC curves of predictors, and the share of starts gained in every tenth of the starts, ordered by value.

    A diagonal curve, and a flat line, predict nothing. Starts of one value are never parted: tenths that end in such a
    tie are drawn as one, at the mean rank of its starts. Bars are Wilson's intervals where starts were drawn at random.

    Args:
        found: a predictor, or predictors by name, of one rule, baseline and outcome.
        title: of the figure; by default none, since both panels have one.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import entry_probability, games, meta_mapg, pg
        >>> from nashscape.selection import predictor
        >>> entries = entry_probability(games.stag_hunt(), [pg(), meta_mapg()], n=50, steps=50)
        >>> figure = predictor_figure(predictor(entries["meta_mapg"], entries["pg"], list(range(50))))
        >>> figure.axes[0].get_ylabel()
        'share of the gained starts'
    """
    named = by_rule(found, Predictor)
    first = next(iter(named.values()))
    asked = {(one.game, one.rule, one.baseline, one.outcome, one.among) for one in named.values()}
    if len(asked) > 1:
        raise InputError("predictors side by side need one game, rule, baseline, outcome, and the same starts")
    figure, grid = canvas(1, 2, 8.6, 4.0 + 0.17 * len(named))
    curves, ranked = grid[0]
    curves.plot([0, 1], [0, 1], ":", color=FAINT, linewidth=1.0, label="no prediction")
    for k, one in enumerate(named.values()):
        _curve(curves, k, one)
        _ranked(ranked, (k - (len(named) - 1) / 2) * ASIDE, k, one)
    of = "" if first.among == "all" else f" among those that {first.baseline} misses"
    words(curves, title=f"{first.game}: {first.outcome} gained by {first.rule}",
          xlabel="share of the other starts", ylabel="share of the gained starts")  # fmt: skip
    words(ranked, title=f"starts gained over {first.baseline}{of}",
          xlabel="rank of the value, as a share of the starts", ylabel="share of starts gained")  # fmt: skip
    for axes in (curves, ranked):
        bare(axes)
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.02)
    curves.set_aspect("equal")
    key(figure, curves.get_lines())
    if title is not None:
        head(figure, title)
    return figure


def _curve(axes: Axes, k: int, one: Predictor) -> None:
    rank = "" if one.spearman is None else f", Spearman {one.spearman.value:.2f}"
    if one.auc is None:
        share = "all" if one.gained.all() else "no"
        axes.plot([], [], color=TARGETS[k % len(TARGETS)], label=f"{one.by}: {share} starts gained, no curve{rank}")
        return
    false, true = one.roc()
    ends = "" if one.auc.level is None else f" [{one.auc.low:.2f}, {one.auc.high:.2f}]"
    label = f"{one.by}: AUC {one.auc.value:.2f}{ends}{rank}"
    axes.plot(false, true, DASHES[k % len(DASHES)], color=TARGETS[k % len(TARGETS)], linewidth=1.8, label=label)


def _ranked(axes: Axes, aside: float, k: int, one: Predictor) -> None:
    colour, count = TARGETS[k % len(TARGETS)], one.gained.size
    level = None if one.auc is None else one.auc.level
    order = np.argsort(one.values, kind="stable")
    gained, edges = one.gained[order], _edges(one.values[order])
    middles = (edges[1:] + edges[:-1]) / 2 / count + aside
    for x, low, high in zip(middles, edges[:-1], edges[1:], strict=True):
        if level is not None:
            share = wilson(int(gained[low:high].sum()), int(high - low), level)
            axes.plot([x, x], [share.low, share.high], "-", color=colour, linewidth=1.2)
    shares = [gained[low:high].mean() for low, high in itertools.pairwise(edges)]
    axes.plot(middles, shares, DASHES[k % len(DASHES)], marker=MARKERS[k % len(MARKERS)], markersize=4, color=colour)
    axes.axhline(float(gained.mean()), color=INK, linewidth=0.6)


def _edges(ordered: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Where the tenths of values in rising order begin and end, moved to the ends of ties."""
    wanted = np.linspace(0, len(ordered), PARTS + 1)[1:].round().astype(int)
    ends = np.searchsorted(ordered, ordered[np.maximum(wanted, 1) - 1], "right")
    return np.unique(np.concatenate([[0], ends]))
