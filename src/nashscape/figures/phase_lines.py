"""Pictures of phase diagrams over a coupling alone: shares of all outcomes as areas, thresholds as vertical lines."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.figures.paper import canvas, head, key
from nashscape.figures.phase_parts import ALONG, THRESHOLDS, across, drawn, groups, heading, shares
from nashscape.figures.phase_parts import Threshold as Line
from nashscape.figures.style import INK, SMALL, TARGETS, TEXT, bare, handle, words
from nashscape.selection.phases.phase_results import PhaseDiagram
from nashscape.theory import Threshold


def phase_lines(
    found: PhaseDiagram,
    title: str | None = None,
    beside: Sequence[Threshold] = (),
    steps: tuple[Any, Any] | None = None,
) -> Figure:
    """Shares of every outcome against the coupling, along the diagonal too where that was run, and the transverse rate.

    Called by `phase_figure`, which checks its input.
    """
    # next to the diagonal of a donation game nothing grows or falls to first order at ½
    turning = found.closed is not None and bool(found.closed.transverse_rate.any())
    rows = 1 + (found.diagonal is not None) + turning + len(beside)
    figure, grid = canvas(rows, 1, 6.4, 2.3 * rows + 1.5, sharex=True)
    panels = iter(grid[:, 0])
    lines = list(THRESHOLDS) if found.closed is not None else []
    _areas(next(panels), found, False, lines)
    if found.diagonal is not None:
        _areas(next(panels), found, True, [name for name in lines if name in ALONG])
    if turning:
        _transverse(next(panels), found)
    for k, one in enumerate(beside):
        _beside(next(panels), one, steps if k == 0 else None)
    grid[-1, 0].set_xlabel(across(found), fontsize=TEXT)
    head(figure, heading(found) if title is None else title)
    keys: list[Any] = [handle(group.look, group.label) for group in groups(found) if _occurs(found, group.names)]
    keys += [one.key for _, one in _within(found, lines)]
    key(figure, keys, columns=2)
    return figure


def _areas(axes: Axes, found: PhaseDiagram, diagonal: bool, lines: Sequence[str]) -> None:
    order = np.argsort(found.couplings)
    low = np.zeros(len(order))
    shown = groups(found)
    for group, share in zip(shown, shares(found, shown, diagonal=diagonal)[:, order], strict=True):
        if not np.nanmax(share, initial=0.0) > 0:
            continue
        style = group.look
        axes.fill_between(
            found.couplings[order], low, low + share,
            facecolor=style.colour, hatch=style.hatch, edgecolor=style.ink, linewidth=0.0,
        )  # fmt: skip
        low = low + share
    for at, one in _within(found, lines):
        axes.axvline(at, **one.style)
    axes.set_ylim(0.0, 1.0)
    axes.set_xlim(found.couplings.min(), found.couplings.max())
    words(axes, ylabel="share along the diagonal" if diagonal else "share of starts")


def _transverse(axes: Axes, found: PhaseDiagram) -> None:
    assert found.closed is not None, "drawn where there are closed forms"
    bare(axes)
    order = np.argsort(found.couplings)
    axes.plot(found.couplings[order], found.closed.transverse_rate[order, 0], color=INK, linewidth=1.5)
    axes.axhline(0.0, color=INK, linewidth=0.6)
    for at, one in _within(found, ["leaving"]):
        axes.axvline(at, **one.style)
    words(axes, ylabel="transverse rate at p°, else ½")


def _beside(axes: Axes, one: Threshold, steps: tuple[Any, Any] | None) -> None:
    """What changes its sign over the coupling, with its brackets, and what was measured of it."""
    bare(axes)
    axes.axhline(0.0, color=INK, linewidth=0.6)
    axes.plot(one.values, one.index, color=INK, linewidth=1.5)
    if steps is not None:
        axes.plot(*map(np.asarray, steps), "o", color=TARGETS[1], markeredgecolor=INK, markersize=4, label="one update")
        axes.legend(loc="upper left", fontsize=SMALL, frameon=False)
    for cross in one.brackets:
        axes.axvline(cross.middle, color=INK, linestyle="--", linewidth=1)
        axes.annotate(
            f"{cross.middle:.4g}", (cross.middle, 0.03), xytext=(3, 0), textcoords="offset points",
            xycoords=axes.get_xaxis_transform(), fontsize=SMALL, color=INK,
        )  # fmt: skip
    place = ", ".join(f"{float(own.ravel()[0]):.3g}" for own in one.strategies)
    words(axes, ylabel=one.measured)
    axes.set_title(f"at first probabilities {place}", fontsize=SMALL, loc="right", color=INK)


def _within(found: PhaseDiagram, names: Sequence[str]) -> list[tuple[float, Line]]:
    """The thresholds that lie in the range of couplings."""
    every = [] if found.closed is None else [(float(at[0]), one) for at, one in drawn(found.closed, names)]
    return [(at, one) for at, one in every if found.couplings.min() <= at <= found.couplings.max()]


def _occurs(found: PhaseDiagram, names: tuple[str, ...]) -> bool:
    kinds = [False] if found.diagonal is None else [False, True]
    return any(float(np.nanmax(found.fraction(*names, diagonal=one), initial=0.0)) > 0 for one in kinds)
