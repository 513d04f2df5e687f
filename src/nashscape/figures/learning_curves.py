"""Pictures of learning curves: what runs come to, who is in a target, and how long corrections are."""

from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.score_comparisons import LINES, MARKERS
from nashscape.figures.style import FAINT, TARGETS, TEXT, bare, words
from nashscape.selection.comparing.curve_results import LearningCurves

TERMS = {"own": "^", "peer": "o", "lookahead": "s"}
"""The mark of every correction, where there are several."""


@on_paper
@or_several
def learning_curves_figure(found: LearningCurves, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The curve of every arm with its band; below, its share in the target, and the relative norms of corrections.

    Bands are intervals, each of which holds at its moment alone, and of norms the quartiles. Norms are on a logarithmic
    axis, on which those of 0 have no place.

    Args:
        found: what `learning_curves` makes.
        title: of the figure; by default what every arm comes to in the end.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example: `learning_curves(entries, "share of C", target="both hunt").plot()`, see there.
    """
    found = only(found, LearningCurves, "learning_curves")
    terms = list(dict.fromkeys(term for own in found.corrections.values() for term in own))
    panels = 1 + bool(found.target) + bool(terms)
    figure, grid = canvas(panels, 1, 6.4, 1.2 + 2.1 * panels, sharex=True)
    axes, level = list(grid[:, 0]), f"{100 * found.level:g} %"
    for row, name in enumerate(found.curves):
        _curve(axes[0], found, name, row)
        if found.target:
            _share(axes[1], found, name, row)
        if terms:
            _norms(axes[-1], found, name, row, alone=len(terms) == 1)
    for own in axes:
        bare(own)
    words(axes[0], title=f"interquartile means, {level}", ylabel=found.measure)
    if found.target:
        axes[1].set_ylim(-0.03, 1.03)
        words(axes[1], title=f"share of runs: {found.target}, {level}", ylabel="share of runs")
    if terms:
        axes[-1].axhline(1.0, color=FAINT, linewidth=0.8)
        words(axes[-1], title=_told_of_norms(found, terms), ylabel="relative norm")
        axes[-1].set_yscale("log")
    axes[-1].set_xlabel("updates", fontsize=TEXT)
    key(figure, columns=4)
    head(figure, _finding(found) if title is None else title)
    return figure


def _curve(axes: Axes, found: LearningCurves, name: str, row: int) -> None:
    every = found.curves[name]
    _band(axes, found, [one.low for one in every], [one.high for one in every], row)
    _line(axes, found, [one.value for one in every], row, MARKERS[row % len(MARKERS)], label=name)


def _share(axes: Axes, found: LearningCurves, name: str, row: int) -> None:
    every = found.shares[name]
    _band(axes, found, [one.low for one in every], [one.high for one in every], row)
    _line(axes, found, [one.value for one in every], row, MARKERS[row % len(MARKERS)])


def _norms(axes: Axes, found: LearningCurves, name: str, row: int, *, alone: bool) -> None:
    """The corrections of an arm; of several each has a mark of its own."""
    for term, values in found.corrections[name].items():
        low, middle, high = np.where(values > 0, values, np.nan)
        _band(axes, found, low, high, row)
        if alone:
            _line(axes, found, middle, row, MARKERS[row % len(MARKERS)])
        else:
            _line(axes, found, middle, row, TERMS[term], label=f"{term} of {name}")


def _line(axes: Axes, found: LearningCurves, values: object, row: int, marker: str, **more: Any) -> None:
    axes.plot(
        found.updates, np.asarray(values, float), color=TARGETS[row % len(TARGETS)], linestyle=LINES[row % len(LINES)],
        marker=marker, markersize=4, **more,
    )  # fmt: skip


def _band(axes: Axes, found: LearningCurves, low: object, high: object, row: int) -> None:
    """What is shaded; nothing where an interval is the whole line."""
    ends = np.array([low, high], float)
    ends = np.where(np.isfinite(ends).all(axis=0), ends, np.nan)
    axes.fill_between(found.updates, *ends, color=TARGETS[row % len(TARGETS)], alpha=0.18, linewidth=0)


def _told_of_norms(found: LearningCurves, terms: list[str]) -> str:
    """What the panel of norms shows, and whether some have no place there."""
    what = terms[0] if len(terms) == 1 else "corrections"
    zeros = any((own == 0).any() for each in found.corrections.values() for own in each.values())
    return f"{what} over policy gradient, median and quartiles{' (0 not drawn)' if zeros else ''}"


def _finding(found: LearningCurves) -> str:
    """What every arm comes to in the end."""
    last = ", ".join(f"{name} = {own[-1].value:.3g}" for name, own in found.curves.items())
    return f"{found.quantity}, after {found.updates[-1]} updates: {last}"
